"""P3: a stage for adults only takes no minors at its shifts; whoever is signed up already is listed for staff to decide."""

from datetime import datetime

from django.db.models import Q

from activities.models import Minors, SignUp
from portal import clock
from projects.rules import adults_only
from volunteers.models import Shift

PERMISSION = "activities.view_signup"


def adults_only_where_the_stage_is(shift: Shift, at: datetime) -> None:
    """Asked when a shift is published or moved (activities.rules.publication)."""
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
