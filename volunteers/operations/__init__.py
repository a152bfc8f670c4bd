"""What changes a rota, with everything that follows; docs/rules/rota.md."""
