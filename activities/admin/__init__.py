"""The staff pages of activities: the base of every kind's admin, sign-ups at the desk, and the jobs of today."""

from activities.admin import calls, circulars, listing, today
from activities.admin.base import ActivityAdmin, InvitationInline

__all__ = ["ActivityAdmin", "InvitationInline", "calls", "circulars", "listing", "today"]
