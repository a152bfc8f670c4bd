"""Bookings that tests of seats start from, and what became of them."""

from activities.operations import sign_ups
from tests.conftest import NOW


def statuses(activity) -> list[str]:
    return list(activity.sign_ups.order_by("booking__sequence", "pk").values_list("status", flat=True))


def book(activity, *people, at=NOW, **options):
    return sign_ups.sign_up(activity, list(people), made_by=options.pop("made_by", people[0]), at=at, **options)
