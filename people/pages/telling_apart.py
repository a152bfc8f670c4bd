"""How a person stands in a box of choices: with building and age group, never the birth date."""

from django.utils.translation import pgettext

from people.models import Person
from people.models.person import ADULT, OWN_DATA_CONSENT
from portal import clock

OLDER = 60


def told_apart(person: Person) -> str:
    """李芳 · 600弄 3号楼 · 60 and over."""
    parts = [person.name, str(person.building or ""), age_group(person)]
    return " · ".join(part for part in parts if part)


def age_group(person: Person) -> str:
    age = person.age_on(clock.today())
    if age is None:
        return pgettext("age group", "adult") if person.declared_adult_at else pgettext("age group", "age not known")
    if age < OWN_DATA_CONSENT:
        return pgettext("age group", "under 14")
    if age < ADULT:
        return pgettext("age group", "14 to 17")
    return pgettext("age group", "60 and over") if age >= OLDER else pgettext("age group", "adult")
