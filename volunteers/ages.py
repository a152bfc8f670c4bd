"""P3: a stage for adults only takes no minors at its shifts; whoever is signed up already is listed for staff to decide."""

from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from activities import publication
from activities.models import Minors, SignUp
from activities.staff_scope import scope
from people import clock, minors, today
from people.admin.shared import admin_url, list_url
from people.auth import neighbourhoods_with
from people.templatetags.portal import day
from people.today import SHOWN, Job, Line
from projects import adults_only
from volunteers.models import Shift

PERMISSION = "activities.view_signup"


def adults_only_where_the_stage_is(shift: Shift, at: datetime) -> None:
    """Asked when a shift is published or moved (activities.publication)."""
    if is_for_adults(shift):
        shift.minors = Minors.NO


def is_for_adults(shift: Shift) -> bool:
    if shift.starts_at is None:
        return False
    steps = adults_only.steps_for_adults(shift.project)
    return adults_only.is_for_adults(shift.stage, clock.local_date(shift.starts_at), steps)


def children_signed_up(shifts) -> list[SignUp]:
    """Live sign-ups of minors at those of ``shifts`` that are for adults only and still to come."""
    for_adults = Q(stage__adults_only=True) | Q(minors=Minors.NO)
    return adults_only.minors_signed_up(shifts.filter(for_adults, starts_at__gt=clock.now()).order_by().values("pk"))


def children_at_adult_work(request: HttpRequest) -> Job | None:
    """For the staff's first page: none of these lost their seat by itself."""
    if not neighbourhoods_with(request.user, PERMISSION):  # type: ignore[arg-type]
        return None
    rows = children_signed_up(Shift.objects.filter(scope(request.user, PERMISSION)))  # type: ignore[arg-type]
    return Job(
        _("Minors signed up for work that is for adults only"),
        len(rows),
        list_url(SignUp, when="coming"),
        [
            Line(
                _("%(name)s, “%(title)s”") % {"name": minors.name_for(request.user, row.person), "title": row.activity},  # type: ignore[arg-type]
                day(row.activity.starts_at),
                f"{admin_url(Shift(pk=row.activity_id))}#bookings",
                _("Decide"),
            )
            for row in rows[:SHOWN]
        ],
        nothing=_("No minor is signed up where only adults may work."),
        urgent=bool(rows),
    )


def register() -> None:
    for code in ("shift", "duty"):
        publication.register(code, adults_only_where_the_stage_is)
    today.register(25, children_at_adult_work)
