"""Who took part, month by month: attendances at public activities, children and adults apart (S4, S21)."""

from collections import defaultdict
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from activities.models import SignUp, SignUpStatus, Visibility
from activities.pages.thanks import FEWEST
from people.access.viewer import Viewer
from people.models import Person
from people.pages.figures import Figure
from portal import clock
from portal.dates import month_words

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTHS = 12


def participation(viewer: Viewer) -> Figure | None:
    """The last twelve months with any; a number below five is not told, as neighbours could tell who they are (V6)."""
    today = clock.today()
    first = date(today.year - 1, today.month, 1)
    known = Person.objects.exclude(birth_date=None, birth_year=None)
    came = SignUp.objects.filter(
        activity__neighbourhood=viewer.neighbourhood,
        activity__visibility=Visibility.PUBLIC,
        activity__starts_at__date__gte=first,
        activity__starts_at__lte=clock.now(),
        status=SignUpStatus.ATTENDED,
    ).annotate(
        month=TruncMonth("activity__starts_at", tzinfo=SHANGHAI),
        is_minor=Exists(known.minors_on(today).filter(pk=OuterRef("person"))),
    )
    months: dict[date, dict[bool, int]] = defaultdict(lambda: {True: 0, False: 0})
    for month, is_minor, number in came.order_by().values_list("month", "is_minor").annotate(Count("pk")):
        months[month.date()][is_minor] = number
    if not months:
        return None
    lines = [
        (month_words(month), [told(months[month][False]), told(months[month][True])])
        for month in sorted(months)[-MONTHS:]
    ]
    return Figure(
        key="participation",
        title=_("Who took part, month by month"),
        lede=_("Attendances at activities that were open to everybody. Numbers below five are not told."),
        first=_("Month"),
        series=[_("Adults"), _("Children")],
        lines=lines,
    )


def told(number: int) -> int | None:
    return number if number == 0 or number >= FEWEST else None
