"""Which optional kinds of message somebody does not want."""

from datetime import datetime

from people.models import OptOut, Person
from people.outbox.kinds import MessageKind


def stop(person: Person, kind: MessageKind, *, at: datetime) -> None:
    """No more of this kind, also not what is written and waits. Asking twice is the same as once."""
    OptOut.objects.get_or_create(person=person, kind=kind.code, defaults={"since": at})


def resume(person: Person, kind: MessageKind) -> None:
    OptOut.objects.filter(person=person, kind=kind.code).delete()


def stopped(person: Person) -> set[str]:
    """Codes of the kinds that ``person`` does not want."""
    return set(OptOut.objects.filter(person=person).values_list("kind", flat=True))
