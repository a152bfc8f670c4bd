"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.utils.translation import gettext_lazy as _

from activities.models.kinds import CLASS_HOURS, Kind, activity_kinds
from activities.pages.search import found_as_their_own
from events.pages import home, search
from events.pages.details import learning_details
from events.pages.figures import education
from people.access.roles import Role, allow
from people.pages.figures import figures
from people.pages.panels import home_panels
from people.search import search_kinds


def register() -> None:
    activity_kinds.add(
        Kind(
            code="learning",
            label=_("learning event"),
            model="events.LearningEvent",
            group="learning",
            group_label=_("Learning"),
            detail_template="events/_learning.html",
            details=learning_details,
            group_order=20,
            counts_for=CLASS_HOURS,
        ),
        order=500,
    )
    found_as_their_own.add("learning", order=500)
    search_kinds.add(search.LEARNING, order=15)
    home_panels.add(home.learning_next, order=50)
    figures.add(education, order=20)
    permissions()


def permissions() -> None:
    for role in (Role.PARTY_ADMIN, Role.COMMITTEE_ADMIN):
        allow(role, "events.learningevent", "view", "add", "change", "delete", "attendance")
        allow(role, "events.studycampaign", "view", "add", "change")
        allow(role, "events.site", "view", "add", "change")
    allow(Role.VOLUNTEER_COORDINATOR, "events.learningevent", "view", "add", "change", "delete", "attendance")
    allow(Role.BRANCH_SECRETARY, "events.learningevent", "view")
    allow(Role.VOLUNTEER_COORDINATOR, "events.site", "view")
