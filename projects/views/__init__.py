"""Pages about projects, one module an idea."""
