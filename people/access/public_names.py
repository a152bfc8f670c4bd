"""What someone may be called in public (V6): the nickname where its showing was agreed to, else what they are.

Never the full name, the school or the home. Whoever shows who made, said or led something asks here.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Consent, Guardianship, Person
from people.models.person import known_adults
from people.rules.consent import without
from portal import clock


def public_names(people: Iterable[Person], day: date | None = None) -> dict[int, str]:
    """{person id: name}; two queries whatever their number, none for nobody.

    day: when they did it (today); whoever was a minor then stays 小志愿者. Consent is asked for as of now, so that taking
    it back shows at once.
    """
    there = {person.pk: person for person in people}
    nicknamed = [person for person in there.values() if person.nickname and person.anonymised_at is None]
    hidden = {person.pk for person in without(nicknamed, Consent.Purpose.NICKNAME)} if nicknamed else set()
    shown = {person.pk for person in nicknamed} - hidden
    then = day or clock.today()
    return {pk: person.nickname if pk in shown else unnamed(person, then) for pk, person in there.items()}


def with_nickname_shown(rows: QuerySet, path: str = "person__") -> QuerySet:
    """Annotate ``nickname_shown`` for the person at ``path``, without a further query; mirrors :func:`public_names`."""
    guardian = Guardianship.objects.filter(child=OuterRef("person"), guardian=OuterRef("given_by"), ended_at=None)
    adult = known_adults(clock.today(), "person__")
    agreed = (
        Consent.objects.in_force()
        .filter(person=OuterRef(f"{path}pk"), purpose=Consent.Purpose.NICKNAME, person__anonymised_at=None)
        .filter((adult & Q(given_by=F("person"))) | (~adult & Exists(guardian)))
    )
    return rows.annotate(nickname_shown=Exists(agreed))


def name_of(person: Person, nickname_shown: bool, day: date) -> str:
    """For a row of :func:`with_nickname_shown`."""
    return person.nickname if nickname_shown and person.nickname else unnamed(person, day)


def unnamed(person: Person, day: date) -> str:
    return _("a volunteer") if person.is_adult_on(day) else _("a young volunteer")


def credits(people: Iterable[Person], day: date | None = None, *, names: dict[int, str] | None = None) -> list[str]:
    """Names for a line of thanks: the named ones in the order given, then the others as a count. ``names``: if known."""
    people = list(people)
    names = public_names(people, day) if names is None else names
    then = day or clock.today()
    quiet = {True: _("a volunteer"), False: _("a young volunteer")}
    said, counted = [], {True: 0, False: 0}
    for person in people:
        adult = person.is_adult_on(then)
        if names[person.pk] == quiet[adult]:
            counted[adult] += 1
        else:
            said.append(names[person.pk])
    if counted[False]:
        said.append(ngettext("%(n)d young volunteer", "%(n)d young volunteers", counted[False]) % {"n": counted[False]})
    if counted[True]:
        said.append(ngettext("%(n)d volunteer", "%(n)d volunteers", counted[True]) % {"n": counted[True]})
    return said
