"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.utils.translation import gettext_lazy as _

from activities.models import kinds
from events.pages import home, search
from events.pages.details import learning_details
from events.pages.figures import education
from people.access.roles import Role, allow
from people.pages import figures
from portal.panels import home_panels


def register() -> None:
    search.register()
    figures.register(20, education)
    kinds.register(
        kinds.Kind(
            code="learning",
            label=_("learning event"),
            model="events.LearningEvent",
            group="learning",
            group_label=_("Learning"),
            detail_template="events/_learning.html",
            details=learning_details,
            group_order=20,
        )
    )
    home_panels.register(50, home.learning_next)
    for role in (Role.PARTY_ADMIN, Role.COMMITTEE_ADMIN):
        allow(role, "events.learningevent", "view", "add", "change", "delete", "attendance")
        allow(role, "events.studycampaign", "view", "add", "change")
        allow(role, "events.site", "view", "add", "change")
    allow(Role.VOLUNTEER_COORDINATOR, "events.learningevent", "view", "add", "change", "delete", "attendance")
    allow(Role.BRANCH_SECRETARY, "events.learningevent", "view")
    allow(Role.VOLUNTEER_COORDINATOR, "events.site", "view")
