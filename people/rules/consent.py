"""Whose consent counts for whom, by age on the day (V4; docs/rules/children.md).

Only reads; people.operations.consents writes.
"""

from collections.abc import Callable, Iterable
from datetime import date

from people.models import Consent, Guardianship, Person
from portal import clock
from portal.registry import Registry

Purpose = Consent.Purpose
SELF, GUARDIAN = "self", "guardian"

#: Upper apps look again at what a person may do when their guardians, their age or the consent to their data has changed.
#: Called in the transaction of whoever changed it, with the person locked. activities: 100.
on_change = Registry[Callable[[Person], None]]("what follows from changed consents")


def look_again(person: Person) -> None:
    for look in on_change:
        look(person)


def who_decides(person: Person, purpose: str, on: date) -> str:
    """SELF or GUARDIAN: whose consent to ``purpose`` counts on that day.

    From 14 it is one's own for one's data; all else is the guardian's until 18. An unknown age counts as under 14.
    """
    if person.is_adult_on(on) or (purpose == Purpose.DATA and person.gives_own_data_consent_on(on)):
        return SELF
    return GUARDIAN


def decides_alone(person: Person, purpose: str, on: date) -> bool:
    """From 14, with an account of one's own: no guardian's tick gives or takes back what is one's own to decide."""
    return person.user_id is not None and who_decides(person, purpose, on) == SELF


def is_guardian(guardian: Person, child: Person) -> bool:
    return Guardianship.objects.filter(guardian=guardian, child=child, ended_at=None).exists()


def has(person: Person, purpose: str, on: date | None = None) -> bool:
    """Whether a consent in force covers ``person`` on that day (today), given by whoever decides at that age."""
    return not without([person], purpose, on)


def taken_back(people: Iterable[Person], purpose: str) -> list[Person]:
    """Those of ``people`` who, or whose guardian, took back what they had agreed to; who was never asked is none of them."""
    people = list(people)
    once = Consent.objects.filter(person__in=people, purpose=purpose).exclude(revoked_at=None)
    ids = set(once.values_list("person", flat=True))
    return without([person for person in people if person.pk in ids], purpose) if ids else []


def without(people: Iterable[Person], purpose: str, on: date | None = None) -> list[Person]:
    """Those of ``people`` whom no consent to ``purpose`` covers on that day; two queries whatever their number."""
    people = list(people)
    day = on or clock.today()
    given = set(
        Consent.objects.in_force().filter(person__in=people, purpose=purpose).values_list("person_id", "given_by_id")
    )
    pairs = Guardianship.objects.filter(child__in=people, ended_at=None).values_list("child_id", "guardian_id")
    covered = {(child, SELF) for child, giver in given if child == giver}
    covered |= {(child, GUARDIAN) for child, guardian in pairs if (child, guardian) in given}
    return [person for person in people if (person.pk, who_decides(person, purpose, day)) not in covered]
