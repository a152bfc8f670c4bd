"""Staff pages of this app, one module an idea."""

from volunteers.admin import rota, shift

__all__ = ["rota", "shift"]
