"""Staff pages of this app, one module an idea."""

from projects.admin import project

__all__ = ["project"]
