"""Age on the day of an activity (V4, V5): who counts as a minor there, and who is too young or too old for it.

Everything fails closed: an unknown age counts as under 14, and the refusal says how to mend it.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from activities.models import Activity, Minors
from people.models import Person
from portal import clock
from portal.refusals import AGE_UNKNOWN, Refusal, caught


def day_of(activity: Activity) -> date:
    return clock.local_date(activity.starts_at)


def minors_among(activity: Activity, people: Iterable[Person]) -> list[Person]:
    """Everyone not known to be 18 on the day of the activity."""
    day = day_of(activity)
    return [person for person in people if not person.is_adult_on(day)]


def check_minors_rule(activity: Activity, person: Person) -> None:
    """V4, V5: whether minors of that age come at all, whoever agrees to it."""
    day = day_of(activity)
    adult, age = person.is_adult_on(day), person.age_on(day)
    if not adult and age is None and activity.minors != Minors.WITH_GUARDIAN:
        raise Refusal(
            _("We do not know whether %(name)s is 18. Please confirm it under “Me”, or let a parent do the signing up.")
            % {"name": person.name},
            person,
            code=AGE_UNKNOWN,
        )
    if not adult and activity.minors == Minors.NO:
        raise Refusal(
            _(
                "%(name)s cannot join: this is for adults only. Sign up without them, or choose an activity that is open to children."
            )
            % {"name": person.name},
            person,
        )
    if activity.minors == Minors.FROM_14 and age is not None and age < 14:
        raise Refusal(
            _(
                "%(name)s cannot join: one must be 14 on the day. Sign up without them, or choose an activity that is open to children."
            )
            % {"name": person.name},
            person,
        )


def check_ages(activity: Activity, people: list[Person]) -> None:
    """V4: the age on the day, in Shanghai; an unknown age counts as under 14."""
    day = day_of(activity)
    for person in people:
        check_minors_rule(activity, person)
        adult = person.is_adult_on(day)
        age = person.age_on(day)
        lowest = age if age is not None else (18 if adult else 0)
        if activity.min_age is not None and lowest < activity.min_age:
            raise Refusal(
                _("%(name)s cannot join: one must be at least %(age)d on the day.")
                % {"name": person.name, "age": activity.min_age},
                person,
            )
        oldest = person.oldest_age_on(day)
        if activity.max_age is not None and oldest is not None and oldest > activity.max_age:
            raise Refusal(
                _("%(name)s cannot join: one must be at most %(age)d on the day.")
                % {"name": person.name, "age": activity.max_age},
                person,
            )


def fits_age(activity: Activity, person: Person) -> bool:
    """Whether ``check_ages`` would let ``person`` in: of whoever is signed up already, asks no database."""
    with caught() as no:
        check_ages(activity, [person])
    return no.refusal is None
