"""Where a reader stands: their bookings and what each asks of them, for the activity's page, "me" and home."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.emails import promise
from activities.models import COMING, Activity, Booking, SignUp, SignUpStatus, Status
from activities.rules import ages, eligibility
from people.models import Person
from portal import clock
from portal.dates import moment

# What a booking of several people is called when they differ: the first of these that anyone is in.
ORDER = [
    SignUpStatus.OFFERED,
    SignUpStatus.CONSENT_PENDING,
    SignUpStatus.WAITING,
    SignUpStatus.CONFIRMED,
    SignUpStatus.ATTENDED,
    SignUpStatus.EXCUSED,
    SignUpStatus.ABSENT,
]


def named(rows: Iterable[SignUp]) -> str:
    return _(", ").join(dict.fromkeys(row.person.name for row in rows))


@dataclass
class OwnBooking:
    """One booking as its reader sees it: the live rows of it that the reader may change, at the moment ``at``.

    Rows need ``ahead``, ``own_consent`` and ``is_ward`` (SignUpQuerySet.with_position, with_consent_of).
    """

    booking: Booking
    activity: Activity
    reader: Person
    at: datetime
    rows: list[SignUp] = field(default_factory=list)

    @property
    def status(self) -> str:
        found = {row.status for row in self.rows}
        return next((status for status in ORDER if status in found), self.rows[0].status)

    @property
    def names(self) -> str:
        return named(self.rows)

    def of(self, *statuses: str) -> list[SignUp]:
        return [row for row in self.rows if row.status in statuses]

    @property
    def coming(self) -> list[SignUp]:
        return self.of(*COMING)

    @property
    def waiting(self) -> list[SignUp]:
        return self.of(SignUpStatus.WAITING)

    @property
    def offered(self) -> list[SignUp]:
        return self.of(SignUpStatus.OFFERED)

    @property
    def ahead(self) -> int:
        return self.rows[0].ahead

    @property
    def place_in_queue(self) -> str:
        if too_many := eligibility.too_many_words(self.activity, len(self.waiting)):
            return too_many
        if not self.ahead:
            return _("You are the next to get a seat.")
        return ngettext("%(count)d booking waits before you.", "%(count)d bookings wait before you.", self.ahead) % {
            "count": self.ahead
        }

    @property
    def asks_fewer(self) -> bool:
        """There is room for some of the first in the queue, who may come with fewer."""
        if not self.waiting or self.booking.asked_fewer_at is None or self.ahead or self.is_over:
            return False
        return getattr(self.activity, "seats_left", None) != 0  # counted on the activity's page; taken since

    @property
    def lacks_consent(self) -> list[SignUp]:
        """Minors who have a seat only until a guardian agrees."""
        return self.of(SignUpStatus.CONSENT_PENDING)

    @property
    def consent_until(self) -> datetime | None:
        return min((row.consent_until for row in self.lacks_consent if row.consent_until), default=None)

    @property
    def may_consent(self) -> bool:
        return not self.is_over and bool(to_decide(self.rows))

    @property
    def consents(self) -> list[SignUp]:
        """Rows of children to whose coming the reader has agreed here."""
        return [row for row in self.rows if row.own_consent]

    @property
    def unseen_move(self) -> bool:
        return any(row.seen_revision < self.activity.revision for row in self.rows) and not self.is_over

    @property
    def is_over(self) -> bool:
        return self.activity.status != Status.PUBLISHED or self.activity.is_closed(at=self.at)

    @property
    def may_withdraw(self) -> bool:
        """Until the start; after the deadline it is late, and taken all the same."""
        return not self.is_over

    @property
    def late_words(self) -> str:
        """What is different after the deadline for whoever has a seat, "" before."""
        if self.is_over or self.activity.may_withdraw(at=self.at) or not self.of(SignUpStatus.CONFIRMED):
            return ""
        return _(
            "The time to withdraw ended on %(when)s. Please tell us all the same: whoever is in charge hears it at once."
        ) % {"when": moment(self.activity.cancel_ends_at)}

    @property
    def withdrawal_words(self) -> str:
        """Why the reader cannot withdraw here any more, "" while they can."""
        activity = self.activity
        if activity.is_cancelled:
            return _("This activity has been cancelled. You need not do anything.")
        if self.is_over:
            return _("It has begun; attendance is recorded by the people in charge.")
        return ""

    @property
    def sentences(self) -> list[str]:
        """What to know now, the most pressing first."""
        said = []
        if self.offered and self.booking.offer_until:
            said.append(
                _("A seat is kept for %(names)s until %(when)s. Then it goes to the next neighbour.")
                % {"names": named(self.offered), "when": moment(self.booking.offer_until)}
            )
        if self.lacks_consent and self.consent_until:
            said.append(
                _("For %(names)s a guardian's consent is still missing. The seat is kept until %(when)s.")
                % {"names": named(self.lacks_consent), "when": moment(self.consent_until)}
            )
        if self.waiting:
            said.append(self.place_in_queue)
            if self.asks_fewer:
                said.append(_("There is room for some of you: you may come with fewer, or go on waiting together."))
            elif eligibility.fits_ever(self.activity, len(self.waiting)):
                said.append(_("We write as soon as a seat is free for you."))
        if self.coming and not self.is_over:
            said.append(promise(self.activity, self.reader, self.at))
        return said


def to_decide(rows: Iterable[SignUp]) -> list[SignUp]:
    """Rows of the reader's wards that want a guardian's yes or no: the seat waits for it, or will when their turn comes."""
    later = {SignUpStatus.WAITING, SignUpStatus.OFFERED}
    return [
        row
        for row in rows
        if row.is_ward  # type: ignore[attr-defined]
        and (row.status == SignUpStatus.CONSENT_PENDING or (row.status in later and not row.has_consent))
        and not row.person.is_adult_on(ages.day_of(row.activity))
    ]


def own_bookings(rows: Iterable[SignUp], reader: Person, at: datetime) -> list[OwnBooking]:
    """Group rows by booking, in the order they come; rows that have ended are left out."""
    found: dict[int, OwnBooking] = {}
    for row in rows:
        if not row.is_live:
            continue
        if row.booking_id not in found:
            found[row.booking_id] = OwnBooking(row.booking, row.activity, reader, at)
        found[row.booking_id].rows.append(row)
    return list(found.values())


def rows_of(reader: Person, activity: Activity, *, at: datetime) -> list[SignUp]:
    """The live sign-ups of ``activity`` that ``reader`` may change, with what :class:`OwnBooking` reads. One query."""
    rows = list(
        SignUp.objects.live()
        .filter(activity=activity)
        .may_be_changed_by(reader, on=clock.local_date(at))
        .with_position()
        .with_consent_of(reader)
        .select_related("person", "booking", "companion")
        .order_by("booking__sequence", "pk")
    )
    for row in rows:
        row.activity = activity  # spares a query each, and carries the seats counted on it
    return rows
