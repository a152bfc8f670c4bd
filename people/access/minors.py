"""Who among the staff may see minors' data (V6), as a condition on people and as a question about one.

A role needs the grant ``people.view_minor`` for it; for everybody else a minor's record does not exist in the staff pages,
and where a list cannot do without the row it reads 小志愿者.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from people.access.grants import neighbourhoods_with
from people.models import Consent, Person, User
from people.models.person import known_adults
from people.rules.consent import without
from portal import clock, names

Rows = TypeVar("Rows", bound=QuerySet)

SEES_MINORS = "people.view_minor"


def may_be_named(user: User, path: str = "") -> Q:
    """Rows whose person is known to be adult, or a minor whom ``user`` may see."""
    neighbourhoods = neighbourhoods_with(user, SEES_MINORS)
    return known_adults(clock.today(), path) | Q(**{f"{path}neighbourhood__in": neighbourhoods})


def without_minors(people: Rows, user: User) -> Rows:
    """``people`` without the minors whose data ``user`` has no grant to see."""
    return people.filter(may_be_named(user))


def may_see(user: User, person: Person) -> bool:
    return person.is_adult_on(clock.today()) or person.neighbourhood_id in neighbourhoods_with(user, SEES_MINORS)


def name_for(user: User, person: Person) -> str:
    """The name of ``person``, or what stands in its place for staff without the grant (V6)."""
    return person.name if may_see(user, person) else _("a young volunteer")


def given_name(person: Person) -> str:
    return names.given(person.name)


def spoken_name(user: User, person: Person) -> str:
    """For whoever was told the name and wrote it down: of a minor the given name, unless their role opens the record."""
    return person.name if may_see(user, person) else given_name(person)


def names_for_leader(user: User, people: Iterable[Person]) -> dict[int, str]:
    """{person id: name} for whoever leads them (V6): of minors the agreed nickname, else the given name, unless ``user``
    may see minors' records. Two queries where there are such minors."""
    people = list(people)
    hidden = [person for person in people if not may_see(user, person)]
    with_nickname = [person for person in hidden if person.nickname]
    silent = {person.pk for person in without(with_nickname, Consent.Purpose.NICKNAME)} if with_nickname else set()
    called = {person.pk: person.name for person in people}
    for person in hidden:
        called[person.pk] = person.nickname if person.nickname and person.pk not in silent else given_name(person)
    return called
