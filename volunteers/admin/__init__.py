"""Staff pages of this app, one module an idea."""

from volunteers.admin import not_noted, rota, service, shift, today

__all__ = ["not_noted", "rota", "service", "shift", "today"]
