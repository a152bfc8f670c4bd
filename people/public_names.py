"""What someone may be called in public (V6): the nickname where its showing was agreed to, else what they are.

Never the full name, the school or the home. Whoever shows who made, said or led something asks here.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import clock
from people.consenting import without
from people.models import Consent, Person


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


def unnamed(person: Person, day: date) -> str:
    return _("a volunteer") if person.is_adult_on(day) else _("a young volunteer")


def credits(people: Iterable[Person], day: date | None = None) -> list[str]:
    """Names for a line of thanks: the named ones in the order given, then the others as a count."""
    people = list(people)
    names = public_names(people, day)
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
