"""The demo year: read from demo/*.yaml, checked as a whole, then loaded in one transaction (docs/demo.md)."""
