"""Who reads a mail about somebody: adults their own, for a minor a guardian (V4)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from activities.models import Activity
from people.models import Guardianship, Person
from portal import by_id, clock


def recipients(triples: Sequence[tuple[Person, Person | None, Activity]]) -> dict[int, Person]:
    """As :func:`readers_for`, on the day of the activity."""
    return readers_for(
        [(person, made_by, clock.local_date(activity.starts_at)) for person, made_by, activity in triples]
    )


def readers_for(triples: Sequence[tuple[Person, Person | None, date]]) -> dict[int, Person]:
    """{person id: who is written to}, for (person, who booked, day) triples; the same few queries for all minors.

    Adults read their own mail; without any channel whoever booked for them does. For minors their guardian does,
    whoever of the guardians booked first of all.
    """
    told: dict[int, Person] = {}
    minors: dict[int, Person | None] = {}
    for person, made_by, on in triples:
        if not person.is_adult_on(on):
            minors[person.pk] = made_by
        elif person.channel or person.user_id or made_by is None:
            told[person.pk] = person
        else:
            told[person.pk] = made_by
    guardians: dict[int, list[Person]] = defaultdict(list)
    if minors:
        bonds = Guardianship.objects.filter(child__in=minors, ended_at=None).order_by("pk")
        for bond in by_id.with_related(bonds, "guardian__user"):
            guardians[bond.child_id].append(bond.guardian)
    for person, made_by, _on in triples:
        if person.pk in minors:
            own = guardians[person.pk]
            told[person.pk] = next((guardian for guardian in own if made_by and guardian.pk == made_by.pk), None) or (
                own[0] if own else made_by or person
            )
    return told
