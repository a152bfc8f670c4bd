"""Staff pages of this app, one module an idea."""

from projects.admin import (
    covers,
    drafts,
    drafts_today,
    feedback,
    garden,
    garden_today,
    plan,
    project,
    season,
    stories,
    today,
    trails,
    wall,
)

__all__ = [
    "covers",
    "drafts",
    "drafts_today",
    "feedback",
    "garden",
    "garden_today",
    "plan",
    "project",
    "season",
    "stories",
    "today",
    "trails",
    "wall",
]
