"""Staff pages of this app, one module an idea."""

from projects.admin import covers, project, today

__all__ = ["covers", "project", "today"]
