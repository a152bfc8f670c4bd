"""How many children there may be for each adult (V5): at sign-up, and again when an adult leaves (docs/rules/children.md)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext

from activities.models import SEAT_KEPT, Activity, Minors, SignUp, SignUpStatus
from activities.rules.ages import day_of, minors_among
from people.models import Person
from portal.refusals import Refusal

#: Children are counted with every seat they hold, adults with one that is theirs or has been offered.
CHILDREN_IN = SEAT_KEPT
ADULTS_IN = [SignUpStatus.CONFIRMED, SignUpStatus.OFFERED]


@dataclass(frozen=True)
class Balance:
    """``limit``: children for each adult; None where nothing is said."""

    adults: int
    children: int
    limit: int | None

    @property
    def holds(self) -> bool:
        return self.limit is None or self.children <= self.limit * self.adults

    @property
    def adults_missing(self) -> int:
        return 0 if self.holds or not self.limit else -(-self.children // self.limit) - self.adults


def balance(activity: Activity, rows: Iterable[SignUp], more: Collection[Person] = ()) -> Balance:
    """Of those among ``rows`` (with their persons) who count, and of ``more`` who would come along."""
    day = day_of(activity)
    adults = children = 0
    for row in rows:
        if row.person.is_adult_on(day):
            adults += row.status in ADULTS_IN
        else:
            children += row.status in CHILDREN_IN
    grown = sum(person.is_adult_on(day) for person in more)
    return Balance(adults + grown, children + len(more) - grown, activity.children_per_adult)


def balance_with(activity: Activity, more: Collection[Person] = ()) -> Balance:
    """As it stands under the lock; no query where no limit is set."""
    if activity.children_per_adult is None:
        return Balance(0, 0, None)
    rows = activity.sign_ups.filter(status__in=CHILDREN_IN).exclude(person__in=[person.pk for person in more])
    return balance(activity, rows.select_related("person"), more)


def check_ratio(activity: Activity, people: Collection[Person]) -> None:
    """Refuse children for whom there would be too few adults; adults alone are always welcome."""
    if not minors_among(activity, people):
        return
    found = balance_with(activity, people)
    if not found.holds:
        raise Refusal(
            ngettext(
                "There may be %(limit)d child for each adult here. %(missing)d more adult is needed: please sign up together"
                " with another adult.",
                "There may be %(limit)d children for each adult here. %(missing)d more is needed: please sign up together with"
                " another adult.",
                found.limit or 0,
            )
            % {"limit": found.limit, "missing": found.adults_missing}
        )


def what_becomes_of_the_children(activity: Activity) -> str:
    """To be told to an adult who has just left; "" while there are enough."""
    found = balance_with(activity)
    if found.holds:
        return ""
    return ngettext(
        "Without you there is one adult too few for the children who are signed up. They keep their seats; the committee looks"
        " for another adult and tells the parents if none is found.",
        "Without you there are %(n)d adults too few for the children who are signed up. They keep their seats; the committee"
        " looks for others and tells the parents if none are found.",
        found.adults_missing,
    ) % {"n": found.adults_missing}


def left_alone(activity: Activity, rows: Collection[SignUp]) -> list[SignUp]:
    """Children whose companion has no seat any more (V5); ``rows``: all live ones of the activity."""
    if activity.minors != Minors.WITH_GUARDIAN:
        return []
    sure = {row.person_id for row in rows if row.status in ADULTS_IN}
    day = day_of(activity)
    return [
        row
        for row in rows
        if row.status in CHILDREN_IN and not row.person.is_adult_on(day) and row.companion_id not in sure
    ]
