"""Everything a reader is in: their bookings and what they are expected at, for "me" and for home."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.models import Activity, SignUp, Status
from activities.pages.own_bookings import OwnBooking, own_bookings
from activities.rules.expected import appointments_of
from people.access.requests import PortalRequest
from people.models import Neighbourhood, Person
from portal import clock
from portal.memo import once

REMEMBERED = timedelta(days=120)
MOST = 80  # rows read for "me": everything to come and the last few weeks, even of somebody on duty twice a week
PAST_SHOWN = 5


@dataclass
class Mine:
    """Everything ``reader`` is in, split as the pages show it. ``expected``: appointments that take no sign-up of theirs."""

    coming: list[OwnBooking]
    past: list[OwnBooking]
    cancelled: list[OwnBooking]
    consents_left: list[SignUp]
    expected: list[Activity]

    @property
    def is_empty(self) -> bool:
        return not (self.coming or self.past or self.cancelled or self.expected)

    @property
    def agenda(self) -> list[tuple[datetime, OwnBooking | None, Activity]]:
        """Sign-ups and meetings in one order of time."""
        entries: list[tuple[datetime, OwnBooking | None, Activity]] = [
            (one.activity.starts_at, one, one.activity) for one in self.coming
        ]
        entries += [(activity.starts_at, None, activity) for activity in self.expected]
        return sorted(entries, key=lambda entry: (entry[0], entry[2].pk))


def mine_of(request: PortalRequest) -> Mine | None:
    """Read once a request: home shows the next of it, and its lists mark what is the reader's own."""
    reader = request.viewer.person
    if reader is None:
        return None
    return once(request, "mine", lambda: read_mine(reader, reader.neighbourhood, clock.now()))


def read_mine(reader: Person, neighbourhood: Neighbourhood, at: datetime) -> Mine:
    """One query for the sign-ups, and those of the kinds of activity that expect people without one."""
    rows = list(
        SignUp.objects.filter(activity__ends_at__gt=at - REMEMBERED)
        .may_be_changed_by(reader, on=clock.local_date(at))
        .with_position()
        .with_consent_of(reader)
        .select_related("person", "booking", "activity__location")
        .order_by("-activity__starts_at", "booking__sequence", "pk")[:MOST]
    )
    for row in rows:
        row.activity.neighbourhood = neighbourhood
    live = own_bookings(rows, reader, at)
    still_on = [one for one in live if one.activity.ends_at > at and one.activity.status == Status.PUBLISHED]
    past = [one for one in live if one.activity.ends_at <= at]
    signed_up = {one.activity.pk for one in live}
    off: dict[int, OwnBooking] = {}
    for row in rows:
        if row.activity.is_cancelled and row.activity.ends_at > at and row.ended_at == row.activity.cancelled_at:
            off.setdefault(row.booking_id, OwnBooking(row.booking, row.activity, reader, at)).rows.append(row)
    left = [
        row
        for row in rows
        if not row.is_live and row.own_consent and row.activity.starts_at > at and not row.activity.is_cancelled
    ]
    return Mine(
        coming=still_on[::-1],
        past=past[:PAST_SHOWN],
        cancelled=list(off.values())[::-1],
        consents_left=left,
        expected=expected_without_sign_up(reader, neighbourhood, at, signed_up),
    )


def expected_without_sign_up(
    reader: Person, neighbourhood: Neighbourhood, at: datetime, signed_up: set[int]
) -> list[Activity]:
    activities = (
        Activity.objects.filter(pk__in=appointments_of(reader).values("pk"), status=Status.PUBLISHED, ends_at__gt=at)
        .exclude(pk__in=signed_up)
        .select_related("location")
        .order_by("starts_at", "pk")[:MOST]
    )
    found = list(activities)
    for activity in found:
        activity.neighbourhood = neighbourhood
    return found
