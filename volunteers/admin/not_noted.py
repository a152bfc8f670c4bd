"""Mornings that nobody noted: on the team leader's first page from noon, on the coordinator's after three days (T9)."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.grants import grants_of, neighbourhoods_with
from people.access.requests import StaffRequest
from people.access.roles import Role
from people.admin.party import covered
from people.admin.shared import ListFilter, list_url
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day, span
from volunteers.admin.rota import morning_url
from volunteers.models import Shift
from volunteers.rules import not_noted

MOST = 100


class NotNoted(ListFilter):
    """What waits, and T0: what nobody can note any more unless its sheet is opened again."""

    title = gettext_lazy("how the morning went")
    parameter_name = "noted"

    def lookups(self, request, model_admin):
        return [("no", _("not noted yet")), ("never", _("not noted, and the sheet is closed"))]

    def queryset(self, request, queryset):
        rows = {"no": not_noted.to_note, "never": not_noted.never_noted}.get(self.value())
        return queryset.filter(pk__in=rows(clock.now()).order_by().values("pk")) if rows else queryset


def mornings_to_note(request: StaffRequest) -> Job | None:
    permission = "volunteers.change_shift"
    neighbourhoods = neighbourhoods_with(request.user, permission)
    if not neighbourhoods:
        return None
    at = clock.now()
    grants = [grant for grant in grants_of(request.user) if grant.neighbourhood_id in neighbourhoods]
    led = {grant.team_id for grant in grants if grant.role == Role.TEAM_LEADER}
    leads_only = all(grant.role == Role.TEAM_LEADER for grant in grants)
    waited = covered(request.user, permission, team="team") & Q(starts_at__lt=at - not_noted.WAITS_FOR_THE_TEAM)
    rows = not_noted.to_note(at).filter(Q(team__in=led) | waited, neighbourhood__in=neighbourhoods)
    found = list(rows.select_related("team__neighbourhood")[:MOST])
    return Job(
        _("Mornings that nobody noted"),
        len(found),
        list_url(Shift, kind="duty", noted="no"),
        [
            Line(f"{day(slot.starts_at)} {span(slot)}", str(slot.team), morning_url(slot), _("Note"))
            for slot in found[:SHOWN]
        ],
        nothing=_("Every morning is noted that still can be.")
        if leads_only
        else _("No morning waits to be noted for more than three days."),
        urgent=bool(found),
    )
