"""Entering mornings that took place before the rota stood in the portal (T1), to be noted one by one."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User
from portal import clock
from portal.dates import day_long
from portal.refusals import Refusal
from volunteers.models import Rota, Shift
from volunteers.operations import planning

MOST = 62  # days at once: two months


@transaction.atomic
def enter(rota: Rota, first: date, last: date, weekdays: Collection[int], *, at: datetime, by: User) -> list[Shift]:
    """Make the mornings of these weekdays (0 Monday) that are not there yet, each with the day of its entry.

    Nobody is put down and nobody is told: who was there is noted afterwards, as of that day. Days off and mornings that
    stand already are passed over. All or nothing.
    """
    if last < first:
        raise Refusal(_("The last day lies before the first."), about="last_day")
    if last >= clock.local_date(at):
        raise Refusal(_("Only days before today are entered afterwards; those to come are planned."), about="last_day")
    if (last - first).days >= MOST:
        raise Refusal(_("Please enter at most two months at a time."), about="first_day")
    founded = rota.team.founded_on
    if founded is not None and first < founded:
        raise Refusal(
            _("%(team)s was founded on %(day)s; before that it had no mornings.")
            % {"team": rota.team, "day": day_long(founded)},
            about="first_day",
        )
    year = planning.Year(rota, first, last)
    there = planning.slots_of(rota, first, last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    wanted = [day for day in days if day.weekday() in weekdays and day not in there and not year.is_off(day)]
    made = [planning.make_slot(rota, day, entered_at=at, by=by) for day in wanted]
    return [slot for slot in made if slot is not None]
