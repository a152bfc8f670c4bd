"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.utils.translation import gettext_lazy as _

from activities import kinds
from people import posters, sweeps
from people.operations import merging
from people.panels import me_sections
from people.roles import Role, allow
from projects import news, sections
from volunteers import by_piece, emails, tasks  # noqa: F401  importing emails registers the kinds of message
from volunteers.details import shift_details
from volunteers.news import shifts
from volunteers.operations import service as service_joined
from volunteers.posters import art_of_shift
from volunteers.views import rota, service


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
    sweeps.register(tasks.tend_rotas)
    if service_joined.no_overlap not in merging.before:
        merging.before.append(service_joined.no_overlap)
    me_sections.register(30, rota.my_rotas)
    me_sections.register(35, service.my_hours)
