"""Whom the office will have to phone about tomorrow: their reminders are only written this evening, when nobody is there."""

from collections import defaultdict
from datetime import timedelta

from django.utils.translation import gettext as _

from activities import expected
from activities.emails import recipients
from activities.lead_times import EVENING
from activities.models import Activity, ReminderRun, SignUp, Status
from activities.staff_scope import scope
from people import clock, message_scope, minors
from people.admin.messages import Call, coming_calls
from people.models import Neighbourhood, Person, User
from people.outbox import address_of
from people.templatetags.portal import day, span
from people.viewer import local_midnight, next_midnight


def tomorrow(user: User, place: Neighbourhood) -> list[Call]:
    """One call for each person without e-mail and activity of tomorrow whose reminder is not written yet."""
    on = clock.today() + timedelta(days=1)
    activities = (
        Activity.objects.filter(scope(user, message_scope.VIEW), neighbourhood=place, status=Status.PUBLISHED)
        .appointments()
        .filter(starts_at__gte=local_midnight(on), starts_at__lt=next_midnight(on))
        .select_related("location")
    )
    by_id = {activity.pk: activity for activity in activities}
    written = set(ReminderRun.objects.filter(activity__in=by_id, lead=EVENING).values_list("activity", "revision"))
    by_id = {pk: activity for pk, activity in by_id.items() if (pk, activity.revision) not in written}
    pairs = expected.pairs(list(by_id)) if by_id else []
    people = Person.objects.select_related("user", "building__leader", "building__compound").in_bulk(
        {one.person_id for one in pairs}
    )
    rows = SignUp.objects.live().filter(activity__in=by_id).select_related("booking__made_by__user")
    made_by = {(row.activity_id, row.person_id): row.booking.made_by for row in rows}
    calls: dict[tuple[int, int], tuple[Person, list[Person]]] = {}
    for activity_id, group in _grouped(pairs).items():
        activity = by_id[activity_id]
        told = recipients(
            [(people[pk], made_by.get((activity_id, pk)), activity) for pk in group if pk in people]  # type: ignore[misc]
        )
        for pk, reader in told.items():
            if not address_of(reader):
                calls.setdefault((activity_id, reader.pk), (reader, []))[1].append(people[pk])
    found = []
    for (activity_id, _reader), (reader, about) in calls.items():
        activity = by_id[activity_id]
        if not minors.may_see(user, reader):
            continue
        sentence = _("“%(title)s”, %(when)s, %(where)s (%(people)s)") % {
            "title": activity,
            "when": f"{day(activity.starts_at)} {span(activity)}",
            "where": activity.location or "–",
            "people": _(", ").join(minors.name_for(user, person) for person in about),
        }
        found.append(Call(reader, sentence, activity.starts_at))
    return found


def _grouped(pairs) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for one in pairs:
        groups[one.activity_id].append(one.person_id)
    return groups


if tomorrow not in coming_calls:
    coming_calls.append(tomorrow)
