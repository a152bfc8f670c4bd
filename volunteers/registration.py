"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.utils.translation import gettext_lazy as _

from activities.models import kinds
from activities.rules import publication
from people.access.roles import Role, allow
from people.operations import merging
from people.pages import posters
from portal.panels import me_sections
from portal.sweeps import sweeps
from projects.emails import news
from projects.pages import sections
from volunteers import emails, tasks  # noqa: F401  importing emails registers the kinds of message
from volunteers.operations import service as service_joined
from volunteers.pages import by_piece
from volunteers.pages.news import shifts
from volunteers.pages.posters import art_of_shift
from volunteers.pages.shift_details import shift_details
from volunteers.rules import ages
from volunteers.views import my_rotas, service


def register() -> None:
    news.register(shifts)
    posters.illustrate(art_of_shift)
    sections.piece_sections.register(10, by_piece.hands)
    for code, label in (("shift", _("volunteer shift")), ("duty", _("morning duty"))):
        kinds.register(
            kinds.Kind(
                code=code,
                label=label,
                model="volunteers.Shift",
                group="volunteering",
                group_label=_("Volunteering"),
                detail_template="volunteers/_shift.html",
                details=shift_details,
                group_order=10,
            )
        )
    for code in ("shift", "duty"):
        publication.register(code, ages.adults_only_where_the_stage_is)
    for role in (Role.COMMITTEE_ADMIN, Role.VOLUNTEER_COORDINATOR, Role.TEAM_LEADER):
        allow(role, "volunteers.shift", "view", "add", "change", "delete", "attendance")
        allow(role, "volunteers.rota", "view", "change")
        for model in ("turn", "leave", "rotabreak"):
            allow(role, f"volunteers.{model}", "view", "add")
        allow(role, "volunteers.servicerecord", "view", "add", "change")
        allow(role, "volunteers.servicecorrection", "view")
    for role in (Role.COMMITTEE_ADMIN, Role.VOLUNTEER_COORDINATOR):
        allow(role, "volunteers.rota", "add")
        allow(role, "volunteers.certificate", "view", "change")
        allow(role, "volunteers.certificateline", "view")
    allow(Role.PARTY_ADMIN, "volunteers.shift", "view")
    sweeps.add(tasks.tend_rotas, order=40)
    if service_joined.no_overlap not in merging.before:
        merging.before.append(service_joined.no_overlap)
    me_sections.register(30, my_rotas.my_rotas)
    me_sections.register(35, service.my_hours)
