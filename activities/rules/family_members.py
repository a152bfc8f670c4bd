"""Whom a reader may sign up: themself, the children they answer for, and the adults of their family (docs/rules/children.md)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from activities.models import Activity, Audience, Minors, SignUp
from activities.rules import ages, eligibility
from people.models import Family, Guardianship, Person
from portal import clock
from portal.refusals import caught


def household_of(reader: Person, day: date, today: date) -> list[Person]:
    """``reader`` first, then wards, then the rest of the family; each with ``is_ward``. One query.

    A minor decides for nobody else: only themself. Family members who are not wards end up waiting for a guardian's consent
    where one is needed, because ``reader`` cannot give it.
    """
    wards = Guardianship.objects.filter(guardian=reader, ended_at=None, child__in=Person.objects.minors_on(today))
    who = Q(pk=reader.pk)
    if reader.is_adult_on(day):
        families = Family.members.through.objects.filter(family__members=reader)
        who |= Q(pk__in=wards.values("child")) | Q(pk__in=families.values("person"))
    # By name, as Person declares it too, which the type checker would take for a clash.
    bond: dict[str, Any] = {"is_ward": Exists(wards.filter(child=OuterRef("pk")))}
    here = Person.objects.filter(who, neighbourhood=reader.neighbourhood_id, anonymised_at=None)
    people = here.annotate(**bond).order_by("pk")
    return sorted(people, key=lambda person: (person.pk != reader.pk, not person.is_ward, person.pk))


@dataclass
class Member:
    """One of the household as the form shows them. ``sign_up``: their live row here; ``hindrance``: why they cannot join."""

    person: Person
    is_self: bool
    is_ward: bool
    is_minor: bool
    age: int | None
    sign_up: SignUp | None
    hindrance: str

    @property
    def may_be_chosen(self) -> bool:
        return self.sign_up is None and not self.hindrance

    @property
    def words(self) -> str:
        """The small line under the name."""
        if self.sign_up is not None:
            return _("Signed up already")
        if self.hindrance:
            return self.hindrance
        if not self.is_minor:
            return ""
        if self.age is None:
            return _("Age not known, so the rules for children hold")
        return _("%(age)d on the day") % {"age": self.age}


def members(activity: Activity, reader: Person, rows: list[SignUp], *, at: datetime) -> list[Member]:
    """The household of ``reader`` before ``activity``; ``rows``: sign-ups here that the reader may change."""
    day = ages.day_of(activity)
    live = {row.person_id: row for row in rows if row.is_live}
    found = []
    household = household_of(reader, day, clock.local_date(at))
    outside: list[Person] = []
    if not {Audience.RESIDENTS, Audience.FAMILIES} & set(activity.open_to):  # there it matters who comes together
        outside = eligibility.outside_audience(activity, household)
    for person in household:
        minor = not person.is_adult_on(day)
        found.append(
            Member(
                person=person,
                is_self=person.pk == reader.pk,
                is_ward=bool(person.is_ward),
                is_minor=minor,
                age=person.age_on(day),
                sign_up=live.get(person.pk),
                hindrance=eligibility.for_others(activity, person)
                if person in outside
                else ("" if may_declare(person, reader) else hindrance(activity, person)),
            )
        )
    return found


def may_declare(person: Person, reader: Person) -> bool:
    """Whether one tick of the reader can settle their age: nothing at all is known of it."""
    return (
        person.pk == reader.pk
        and person.declared_adult_at is None
        and person.birth_date is None
        and person.birth_year is None
    )


def hindrance(activity: Activity, person: Person) -> str:
    """Why ``person`` alone could never join by age, "" when age does not stand against it."""
    with caught() as no:
        ages.check_ages(activity, [person])
    return no.sentence


def chosen_at_first(activity: Activity, household: list[Member]) -> list[int]:
    """Who is ticked when the form opens: the reader; on family activities also the children, since nobody comes alone."""
    for_families = Audience.FAMILIES in activity.open_to and activity.minors == Minors.WITH_GUARDIAN
    return [
        member.person.pk
        for member in household
        if member.may_be_chosen and (member.is_self or (for_families and member.is_ward and member.is_minor))
    ]
