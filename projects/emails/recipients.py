"""Who reads a mail about what somebody said or follows: children's mails go to their guardian, or nowhere (V4)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from people import outbox
from people.models import Guardianship, Person
from portal import by_id


def recipients(people: Iterable[Person], day: date) -> dict[int, Person]:
    """{person id: who is written to}, without those to whom nothing can be sent; the same queries for all children.

    From 14 on one decides about one's own data, so the mail is one's own; below, and where the age is not known, the
    guardian who has answered for the child longest gets it.
    """
    own: list[Person] = []
    children: list[Person] = []
    for person in people:
        (own if person.gives_own_data_consent_on(day) else children).append(person)
    told = {person.pk: person for person in own}
    guardians: dict[int, list[Person]] = defaultdict(list)
    if children:
        bonds = Guardianship.objects.filter(child__in=children, ended_at=None).order_by("pk")
        for bond in by_id.with_related(bonds, "guardian__user"):
            guardians[bond.child_id].append(bond.guardian)
    for child in children:
        reached = [guardian for guardian in guardians[child.pk] if outbox.address_of(guardian)]
        if reached:
            told[child.pk] = reached[0]
    return {pk: reader for pk, reader in told.items() if outbox.address_of(reader)}
