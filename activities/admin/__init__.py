"""The staff pages of activities: the base of every kind's admin, sign-ups entered for others, and the jobs of today."""

from activities.admin import arrival_slips, circulars, listing, phone_calls, today
from activities.admin.base import ActivityAdmin, InvitationInline

__all__ = ["ActivityAdmin", "InvitationInline", "arrival_slips", "phone_calls", "circulars", "listing", "today"]
