"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.utils.translation import gettext_lazy as _

from activities.forms.attendance import sheet_columns
from activities.models.kinds import SERVICE, Kind, activity_kinds
from activities.operations import attendance
from activities.rules import resting
from activities.rules.publication import checks
from people.access.roles import Role, allow
from people.operations import merging
from people.outbox import message_kinds
from people.pages.panels import me_sections
from people.pages.posters import poster_art
from people.pages.staff_jobs import staff_jobs
from portal.sweeps import sweeps
from projects.admin.leads import Lead, leads
from projects.emails.news import news_sources
from projects.pages.sections import piece_sections
from volunteers import admin, emails, forms, tasks
from volunteers.models import Shift
from volunteers.operations import service as service_joined
from volunteers.operations import sheet
from volunteers.pages import by_piece
from volunteers.pages.news import shifts
from volunteers.pages.posters import art_of_shift
from volunteers.pages.shift_details import shift_details
from volunteers.rules import adults_only, not_noted
from volunteers.views import my_rotas, service


def register() -> None:
    kinds_of_shift()
    pages()
    messages()
    staff()
    permissions()
    resting.proofs.add("volunteers.ServiceRecord", order=400)
    sheet_columns.add(forms.TIMES, order=400, name=SERVICE)
    attendance.timekeepers.add(
        attendance.Timekeeper(service_joined.check_in, service_joined.check_out, service_joined.records_at),
        order=400,
        name=SERVICE,
    )
    attendance.followers.add(sheet.write_times, order=400, name=SERVICE)
    merging.before.add(service_joined.no_overlap, order=400)


def kinds_of_shift() -> None:
    for order, (code, label) in enumerate([("shift", _("volunteer shift")), ("duty", _("morning duty"))], start=400):
        activity_kinds.add(
            Kind(
                code=code,
                label=label,
                model="volunteers.Shift",
                group="volunteering",
                group_label=_("Volunteering"),
                detail_template="volunteers/_shift.html",
                details=shift_details,
                group_order=10,
                counts_for=SERVICE,
            ),
            order=order,
        )
        resting.stands.add(not_noted.was_done, order=order, name=code)
        checks.add(adults_only.adults_only_where_the_stage_is, order=order, name=code)


def pages() -> None:
    me_sections.add(my_rotas.mornings_to_note, order=15)
    me_sections.add(my_rotas.my_rotas, order=31)
    me_sections.add(service.my_hours, order=36)
    piece_sections.add(by_piece.hands, order=10)
    poster_art.add(art_of_shift, order=400)


def messages() -> None:
    message_kinds.add_all(emails.KINDS, order=400)
    news_sources.add(shifts, order=400)
    sweeps.add(tasks.tend_rotas, order=40)


def staff() -> None:
    staff_jobs.add(admin.today.children_at_adult_work, order=25)
    staff_jobs.add(admin.rota.short_mornings, order=36)
    staff_jobs.add(admin.shift.thin_shifts, order=37)
    staff_jobs.add(admin.not_noted.mornings_to_note, order=38)
    staff_jobs.add(admin.service.records_to_confirm, order=62)
    staff_jobs.add(admin.service.certificates_asked_for, order=64)
    staff_jobs.add(admin.service.what_does_not_hold, order=67)
    leads.add(Lead(Shift, is_a_beginning=True), order=60)


def permissions() -> None:
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
