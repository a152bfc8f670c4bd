"""Who among the staff may see minors' data (V6), as a condition on people and as a question about one.

A role needs the grant ``people.view_minor`` for it; for everybody else a minor's record does not exist in the staff pages,
and where a list cannot do without the row it reads 小志愿者.
"""

from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from people.access.grants import neighbourhoods_with
from people.models import Person, User
from people.models.person import known_adults
from portal import clock

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
    """Without the family name: the first word of a name with spaces, else all but the first character."""
    words = person.name.split()
    if len(words) > 1:
        return words[0]
    return person.name[1:] or person.name


def spoken_name(user: User, person: Person) -> str:
    """For whoever was told the name and wrote it down: of a minor the given name, unless their role opens the record."""
    return person.name if may_see(user, person) else given_name(person)
