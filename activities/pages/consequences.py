"""What a staff page says before an activity is cancelled or moved: who will be told, and how."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity, Invitation, SignUp, SignUpStatus
from activities.rules import ages, expected
from activities.rules.recipients import recipients
from people.models import Person
from people.outbox import address_of


@dataclass(frozen=True)
class Audience:
    """``sign_ups``: live rows; ``people``: everyone concerned, with and without a sign-up; then who is told how."""

    sign_ups: int
    waiting: int
    people: int
    by_mail: int
    by_phone: int

    def sentences(self) -> list[str]:
        if not self.people:
            return [_("Nobody has signed up.")]
        found = [
            ngettext("%(n)d person is concerned.", "%(n)d people are concerned.", self.people) % {"n": self.people}
        ]
        if self.waiting:
            found.append(
                ngettext(
                    "%(n)d of them is on the waiting list.", "%(n)d of them are on the waiting list.", self.waiting
                )
                % {"n": self.waiting}
            )
        found.append(
            ngettext("%(n)d person will be told by e-mail.", "%(n)d people will be told by e-mail.", self.by_mail)
            % {"n": self.by_mail}
        )
        if self.by_phone:
            found.append(
                ngettext(
                    "%(n)d person has no e-mail and will stand on the phone list.",
                    "%(n)d people have no e-mail and will stand on the phone list.",
                    self.by_phone,
                )
                % {"n": self.by_phone}
            )
        return found


def audience(activity: Activity) -> Audience:
    """Who would be written to about ``activity`` now; mirrors activities.emails.tell, a family counts as one reader."""
    rows = list(activity.sign_ups.live().select_related("person__user", "booking__made_by__user"))
    concerned = {row.person_id for row in rows}
    extra = {one.person_id for one in expected.pairs([activity.pk])} - concerned
    others = Person.objects.filter(pk__in=extra).select_related("user") if extra else []
    triples = [(row.person, row.booking.made_by, activity) for row in rows]
    triples += [(person, None, activity) for person in others]
    readers = {reader.pk: reader for reader in recipients(triples).values()}
    with_mail = sum(bool(address_of(reader)) for reader in readers.values())
    return Audience(
        sign_ups=len(rows),
        waiting=sum(row.status == SignUpStatus.WAITING for row in rows),
        people=len(triples),
        by_mail=with_mail,
        by_phone=len(readers) - with_mail,
    )


def told_at_once(activity: Activity) -> int:
    """How many are asked one by one, and so are told when the notice goes out; mirrors operations.cannot_come.tell_invited."""
    asked = {one.person_id for one in expected.pairs([activity.pk]) if one.asked}
    observers = activity.invitations.filter(part=Invitation.Part.OBSERVER).values_list("person", flat=True)
    return len(asked | set(observers))


def asked_again(activity: Activity) -> list[str]:
    """What a new time or place means for the children who have a seat (V4)."""
    seated = activity.sign_ups.filter(status=SignUpStatus.CONFIRMED).select_related("person")
    minors = children(seated, activity)
    if not minors:
        return []
    return [
        ngettext(
            "%(n)d child has a seat: its guardians are asked again, and the seat is kept for 48 hours meanwhile.",
            "%(n)d children have seats: their guardians are asked again, and the seats are kept for 48 hours meanwhile.",
            len(minors),
        )
        % {"n": len(minors)}
    ]


def clashes(activity: Activity, starts_at, ends_at) -> list[SignUp]:
    """Seats elsewhere that would overlap the new time, of those who have one here."""
    seated = activity.sign_ups.live().exclude(status=SignUpStatus.WAITING).values("person")
    return list(
        SignUp.objects.clashing(seated, starts_at, ends_at)
        .exclude(activity=activity)
        .select_related("person", "activity")
        .order_by("person", "pk")
    )


def children(rows: Iterable[SignUp], activity: Activity) -> list[Person]:
    return ages.minors_among(activity, [row.person for row in rows])
