"""Whom somebody has to tell about tomorrow by word of mouth: their reminders are only written this evening."""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from activities.models import Activity, ReminderRun, SignUp, Status
from activities.rules import expected
from activities.rules.recipients import recipients
from activities.rules.reminder_times import EVENING
from people.access.viewer import local_midnight, next_midnight
from people.models import Person, User
from people.outbox import address_of
from portal import clock
from portal.by_id import read, with_related


class Untold(NamedTuple):
    """``reader``, who has no e-mail, is to hear of ``activity`` for ``people``; ``entered_by``: who wrote them down."""

    reader: Person
    activity: Activity
    people: list[Person]
    entered_by: set[User]


def of_tomorrow(activities: QuerySet[Activity]) -> list[Untold]:
    """One entry for each person without e-mail and activity of tomorrow whose reminder is not written yet."""
    on = clock.today() + timedelta(days=1)
    coming = activities.filter(
        status=Status.PUBLISHED, part_of=None, starts_at__gte=local_midnight(on), starts_at__lt=next_midnight(on)
    )
    by_id = {activity.pk: activity for activity in coming.select_related("location")}
    written = set(ReminderRun.objects.filter(activity__in=by_id, lead=EVENING).values_list("activity", "revision"))
    by_id = {pk: activity for pk, activity in by_id.items() if (pk, activity.revision) not in written}
    pairs = expected.pairs(list(by_id)) if by_id else []
    people = read(Person.objects, {one.person_id for one in pairs}, "user", "building__leader", "building__compound")
    rows = SignUp.objects.live().filter(activity__in=by_id).order_by()
    booked = with_related(rows, "booking__made_by__user", "booking__made_by__building", "booking__entered_by")
    bookings = {(row.activity_id, row.person_id): row.booking for row in booked}
    groups: dict[int, list[int]] = defaultdict(list)
    for one in pairs:
        groups[one.activity_id].append(one.person_id)
    found: dict[tuple[int, int], Untold] = {}
    for activity_id, group in groups.items():
        activity = by_id[activity_id]
        made_by = {pk: getattr(bookings.get((activity_id, pk)), "made_by", None) for pk in group}
        told = recipients([(people[pk], made_by[pk], activity) for pk in group if pk in people])
        for pk, reader in told.items():
            if address_of(reader):
                continue
            untold = found.setdefault((activity_id, reader.pk), Untold(reader, activity, [], set()))
            untold.people.append(people[pk])
            booking = bookings.get((activity_id, pk))
            if booking is not None and booking.entered_by is not None:
                untold.entered_by.add(booking.entered_by)
    return list(found.values())
