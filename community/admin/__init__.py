"""The staff pages of committee records, one module an idea; Django finds this package as ``community.admin``."""

from community.admin import articles, deliberations, meetings, today

__all__ = ["articles", "deliberations", "meetings", "today"]
