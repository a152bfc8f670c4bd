"""Every change with consequences, one module an idea."""
