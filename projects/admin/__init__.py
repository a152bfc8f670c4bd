"""Staff pages of this app, one module an idea."""

from projects.admin import covers, garden, garden_today, project, season, today

__all__ = ["covers", "garden", "garden_today", "project", "season", "today"]
