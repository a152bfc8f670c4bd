"""The locks that every change of seats takes, always in one order (docs/rules/seats.md, Order)."""

from collections.abc import Collection

from activities.models import Activity
from people.models import Person


def lock(activity_id: int, person_ids: Collection[int] = ()) -> Activity:
    """Lock persons by ascending id, then the activity, always in this order, so that nobody waits in a circle.

    SQLite has no row locks: there the IMMEDIATE transaction itself is the lock.
    """
    if person_ids:
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=person_ids).order_by("pk").values_list("pk"))
    return (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood")
        .get(pk=activity_id)
    )
