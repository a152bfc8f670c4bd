"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.utils.translation import gettext_lazy as _

from activities.models import kinds
from activities.rules import expected, publication
from community.operations.deliberations import notice_is_in_time
from community.pages import home, search
from community.pages.meeting_details import meeting_details
from community.pages.results import deliberation_details
from community.rules.expected import at_deliberations, at_meetings, deliberations_of, meetings_of
from people.access.roles import Role, allow
from portal.panels import home_panels


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
    expected.register(expected.Answer(at_deliberations, deliberations_of, kinds=frozenset({"deliberation"})))
    kinds.register(
        kinds.Kind(
            code="deliberation",
            label=_("deliberation"),
            model="community.Deliberation",
            group="deliberations",
            group_label=_("Deliberations"),
            detail_template="community/_deliberation.html",
            details=deliberation_details,
            group_order=30,
        )
    )
    publication.register("deliberation", notice_is_in_time)
    home_panels.register(10, home.notices)
    home_panels.register(45, home.results)
    home_panels.register(60, home.news)
    for role in (Role.PARTY_ADMIN, Role.BRANCH_SECRETARY, Role.TEAM_LEADER):
        allow(role, "community.meeting", "view", "add", "change", "delete", "attendance")
        allow(role, "community.absence", "view", "add", "change", "delete")
    allow(Role.COMMITTEE_ADMIN, "community.deliberation", "view", "add", "change", "delete", "attendance")
    for model in ("participant", "side", "opinion", "option", "followup"):
        allow(Role.COMMITTEE_ADMIN, f"community.{model}", "view", "add", "change", "delete")
        allow(Role.EDITOR, f"community.{model}", "view")
    for role in (Role.EDITOR, Role.VOLUNTEER_COORDINATOR):
        allow(role, "community.deliberation", "view")
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        allow(role, "community.article", "view", "add", "change")
        allow(role, "community.articlephoto", "view", "add", "change", "delete")
    allow(Role.VOLUNTEER_COORDINATOR, "community.article", "view")
