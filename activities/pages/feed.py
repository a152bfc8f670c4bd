"""What stands in someone's own calendar feed: where they and their children are expected, and what they no longer are.

The feed is read by machines without a log-in and may end up in other people's calendars. So it holds only what its owner
may see on the portal, and names a child only where the owner has several to tell apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Event

from activities.emails import ics
from activities.models import SEAT_KEPT, Activity, SignUp, SignUpStatus, Status
from activities.rules import expected
from people.access.viewer import Viewer
from people.models import Guardianship, Person
from portal import clock

KEPT = timedelta(days=60)  # what is over stays this long, so that a calendar does not lose last week
MOST = 500
SHOWN = [*SEAT_KEPT, SignUpStatus.ATTENDED]


def events_of(viewer: Viewer, *, at: datetime) -> list[Event]:
    """The owner's entries in order of time; a handful of queries whatever their number."""
    owner = viewer.person
    if owner is None:
        return []
    bonds = Guardianship.objects.filter(guardian=owner, ended_at=None).select_related("child")
    today = clock.local_date(at)
    # Whoever has come of age keeps their own calendar.
    children = {row.child_id: row.child for row in bonds if not row.child.is_adult_on(today)}
    rows: dict[int, list[SignUp]] = defaultdict(list)
    recent = SignUp.objects.filter(person__in=[owner.pk, *children], activity__ends_at__gte=at - KEPT)
    for row in recent.only("activity_id", "person_id", "status", "settled_at").order_by("pk"):
        rows[row.activity_id].append(row)
    activities = (
        Activity.objects.visible_to(viewer)
        .appointments()
        .exclude(status=Status.DRAFT)
        .filter(ends_at__gte=at - KEPT)
        .filter(Q(pk__in=rows) | Q(pk__in=expected.appointments_of(owner).values("pk")))
        .select_related("location", "neighbourhood")
        .order_by("starts_at", "pk")[:MOST]
    )
    found = (entry(activity, rows.get(activity.pk, []), owner, children, at=at) for activity in activities)
    return [one for one in found if one is not None]


def entry(
    activity: Activity, rows: list[SignUp], owner: Person, children: dict[int, Person], *, at: datetime
) -> Event | None:
    """One activity as the owner should find it in their calendar; None where it should not stand there."""
    if not rows:
        return ics.event(activity)  # expected as a member or invited, cancelled or not
    changes = len(rows) - 1 + sum(not row.is_live for row in rows)
    coming = [row for row in rows if row.status in SHOWN]
    if not coming:
        had_a_seat = any(row.settled_at for row in rows if not row.is_live)
        if not had_a_seat or activity.starts_at <= at or any(row.is_live for row in rows):
            return None  # never was in the calendar, or is over
        return ics.event(activity, people=who(rows, owner, children), withdrawn=True, changes=changes)
    tentative = all(row.status == SignUpStatus.OFFERED for row in coming)
    return ics.event(activity, people=who(coming, owner, children), tentative=tentative, changes=changes)


def who(rows: Iterable[SignUp], owner: Person, children: dict[int, Person]) -> str:
    """Whom a guardian has to take along, in as few words as do; "" for the owner alone."""
    ids = {row.person_id for row in rows}
    going = [child for pk, child in children.items() if pk in ids]
    if not going:
        return ""
    if len(children) == 1:
        names = _("your child")
    elif len(going) == len(children):
        names = _("all your children")
    else:
        names = _(", ").join(child.nickname or given_name(child) for child in going)
    return _("you and %(children)s") % {"children": names} if owner.pk in ids else names


def given_name(child: Person) -> str:
    """Without the family name: the first word of a name with spaces, else all but the first character."""
    words = child.name.split()
    if len(words) > 1:
        return words[0]
    return child.name[1:] or child.name
