"""The demo year: its files (data/), its drawings and what loads them into an empty trial (docs/demo.md)."""
