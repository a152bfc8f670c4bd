"""Staff pages of this app, one module an idea."""

from volunteers.admin import rota, service, shift

__all__ = ["rota", "service", "shift"]
