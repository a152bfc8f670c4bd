"""Staff pages of this app, one module an idea."""

from projects.admin import covers, garden, garden_today, plan, project, season, today, trails

__all__ = ["covers", "garden", "garden_today", "plan", "project", "season", "today", "trails"]
