"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.utils.translation import gettext_lazy as _

from activities import expected, kinds
from community import home, search
from community.details import meeting_details
from community.expected import at_meetings, meetings_of
from people.panels import home_panels
from people.roles import Role, allow


def register() -> None:
    search.register()
    expected.register(expected.Answer(at_meetings, meetings_of, kinds=frozenset({"meeting"})))
    kinds.register(
        kinds.Kind(
            code="meeting",
            label=_("meeting"),
            model="community.Meeting",
            group="meetings",
            group_label=_("Meetings"),
            detail_template="community/_meeting.html",
            details=meeting_details,
            group_order=90,
        )
    )
    home_panels.register(10, home.notices)
    home_panels.register(60, home.news)
    for role in (Role.PARTY_ADMIN, Role.BRANCH_SECRETARY, Role.TEAM_LEADER):
        allow(role, "community.meeting", "view", "add", "change", "delete", "attendance")
        allow(role, "community.absence", "view", "add", "change", "delete")
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        allow(role, "community.article", "view", "add", "change")
    allow(Role.VOLUNTEER_COORDINATOR, "community.article", "view")
