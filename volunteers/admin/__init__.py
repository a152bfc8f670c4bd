"""Staff pages of this app, one module an idea."""

from volunteers.admin import rota, service, shift, today

__all__ = ["rota", "service", "shift", "today"]
