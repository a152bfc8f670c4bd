"""Until when may be written who came: from the start until the sheet is closed (docs/rules/service.md, The sheet).

It is closed by an act, else by itself: on the 10th of the month after the activity, after it was entered, where that was
later, or after it was opened again, at 24:00.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from activities.models import Activity, SheetAct
from people.access.viewer import local_midnight, next_midnight
from portal import clock
from portal.dates import moment
from portal.refusals import Refusal

LAST_DAY = 10


def closes_by_itself(since: datetime) -> datetime:
    """The 10th of the month after ``since``, 24:00 in Asia/Shanghai."""
    day = clock.local_date(since)
    after = (day.replace(day=1) + timedelta(days=32)).replace(day=LAST_DAY)
    return next_midnight(after)


@dataclass(frozen=True)
class Sheet:
    """Where an activity's sheet stands. ``last``: the last act on it. ``closes_at``: when it closes by itself, or did."""

    activity: Activity
    last: SheetAct | None

    @property
    def closes_at(self) -> datetime:
        moments = [self.activity.ends_at, self.activity.entered_at, self.last.done_at if self.last else None]
        return closes_by_itself(max(moment for moment in moments if moment is not None))

    @property
    def closed_at(self) -> datetime:
        """When it was or will be closed."""
        if self.last is not None and self.last.act == SheetAct.Act.CLOSED:
            return self.last.done_at
        return self.closes_at

    def is_closed(self, at: datetime) -> bool:
        return self.closed_at <= at

    def is_open(self, at: datetime) -> bool:
        return self.activity.has_started(at=at) and not self.is_closed(at)


def sheet_of(activity: Activity) -> Sheet:
    """One query."""
    return Sheet(activity, activity.sheet_acts.order_by("done_at", "pk").last())


def is_open(activity: Activity, at: datetime) -> bool:
    """Whether it may be written who came; one query once the activity has begun."""
    return activity.has_started(at=at) and sheet_of(activity).is_open(at)


def check_not_closed(activity: Activity, at: datetime) -> None:
    """Refuse what is written onto a closed sheet, with who can open it."""
    sheet = sheet_of(activity)
    if sheet.is_closed(at):
        raise Refusal(
            _(
                "The attendance sheet of “%(title)s” is closed since %(when)s. The volunteer coordinator or the committee"
                " can open it again and say why."
            )
            % {"title": activity.title, "when": moment(sheet.closed_at)},
            about="sheet",
        )


def first_day_open(at: datetime) -> date:
    """Whatever ended from this day on has not been closed by the date yet."""
    day = clock.local_date(at)
    month = day.replace(day=1)
    return (month - timedelta(days=1)).replace(day=1) if day.day <= LAST_DAY else month


def with_open_sheet(at: datetime) -> Q:
    """The same as :func:`is_open`, as a condition on Activity rows."""
    acts = SheetAct.objects.filter(activity=OuterRef("pk")).order_by("-done_at", "-pk")
    since = local_midnight(first_day_open(at))
    reopened = Activity.objects.annotate(
        last_act=Subquery(acts.values("act")[:1]), acted_at=Subquery(acts.values("done_at")[:1])
    ).order_by()
    closed = reopened.filter(last_act=SheetAct.Act.CLOSED).values("pk")
    again = reopened.filter(last_act=SheetAct.Act.REOPENED, acted_at__gte=since).values("pk")
    late = Q(entered_at__gte=since)
    return Q(starts_at__lte=at) & ~Q(pk__in=closed) & (Q(ends_at__gte=since) | late | Q(pk__in=again))
