"""Writing messages down: a row and its occasions in the caller's transaction, before anything is sent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from people.models import Message, Occasion, OptOut, Person
from people.outbox.kinds import MessageKind
from people.outbox.quiet_hours import quiet_due
from people.outbox.send_now import send_on_commit

CHUNK = 200  # letters written in one transaction by queue_many


@dataclass(frozen=True)
class About:
    """What a message is about: ``key`` names the row (``sign_up:7``), ``revision`` its time and place.

    ``subject_person``: whom it concerns, by default the recipient. ``kind``: code of another kind that this message
    also takes care of, so that it is not told twice (a "moved" mail shortly before the start stands for the reminder).
    """

    key: str
    subject_person: Person | None = None
    revision: int = 1
    kind: str = ""


@dataclass(frozen=True)
class Letter:
    """One message for :func:`queue_many`."""

    recipient: Person
    occasions: Sequence[About]
    due_at: datetime | None = None
    expires_at: datetime | None = None


def address_of(person: Person) -> str:
    """Where a mail to ``person`` goes; empty without an address, or with one from which mails came back."""
    if person.anonymised_at:
        return ""
    found = person.email or (person.user.email if person.user_id and person.user else "")
    return "" if found == person.bounced_address else found


def queue(
    kind: MessageKind,
    recipient: Person,
    occasions: Sequence[About],
    *,
    at: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    starts_at: datetime | None = None,
) -> Message | None:
    """Write one message to ``recipient``, in the caller's transaction; it is sent on commit when it is due.

    at: now, by the portal's clock.  due_at: default at once.  expires_at: nothing is sent from then on.
    starts_at: for what the portal starts by itself (cancelled, moved): such a message keeps quiet hours unless the
    start is within 12 h, and is useless after the start.
    Returns None, and writes nothing, when each occasion was told or queued before, when the recipient does not want
    this optional kind, or was anonymised. Without an e-mail address the message stands on the phone list.
    """
    if recipient.anonymised_at or (kind.optional and _unwanted(kind, [recipient])):
        return None
    if due_at is None:
        due_at = at if starts_at is None else quiet_due(at, starts_at)
    letter = Letter(recipient, occasions, due_at, expires_at or starts_at)
    message, rows = _rows(kind, letter, at)
    if not any(row.kind == kind.code for row in rows):
        return None
    try:
        with transaction.atomic():
            message.save(force_insert=True)
            Occasion.objects.bulk_create(rows)
    except IntegrityError:  # something of it was told before, or is being written by somebody else now
        with transaction.atomic():
            written = _write(kind, [letter], at)
        if not written:
            return None
        message = written[0]
    if message.channel == Message.Channel.EMAIL and message.due_at <= at:
        send_on_commit(message)
    return message


def queue_many(kind: MessageKind, letters: Iterable[Letter], *, at: datetime) -> int:
    """Write many messages (reminders of an evening); returns how many were new. Best called outside a transaction.

    Each chunk is a transaction of its own with the same few queries. Two that run at once wait for each other's chunk
    and then skip what the other wrote: they insert in the same order, so neither deadlocks, and a message that lost
    all its occasions is taken back.
    """
    ordered = sorted((letter for letter in letters if not letter.recipient.anonymised_at), key=_order)
    count = 0
    for chunk in _chunks(ordered):
        with transaction.atomic():
            refused = _unwanted(kind, [letter.recipient for letter in chunk]) if kind.optional else set()
            written = _write(kind, [letter for letter in chunk if letter.recipient.pk not in refused], at)
            count += len(written)
            if any(message.channel == Message.Channel.EMAIL and message.due_at <= at for message in written):
                send_on_commit(None)
    return count


def _write(kind: MessageKind, letters: list[Letter], at: datetime) -> list[Message]:
    """Write the letters without what exists already; needs a transaction. Safe beside others who write the same."""
    drafts = [_rows(kind, letter, at) for letter in letters]
    known = set(
        Occasion.objects.filter(
            recipient__in={letter.recipient.pk for letter in letters},
            key__in={row.key for _, rows in drafts for row in rows},
        ).values_list("recipient_id", "subject_person_id", "key", "kind", "revision")
    )
    drafts = [(message, [row for row in rows if _identity(row) not in known]) for message, rows in drafts]
    drafts = [(message, rows) for message, rows in drafts if any(row.kind == kind.code for row in rows)]
    if not drafts:
        return []
    messages = Message.objects.bulk_create([message for message, _ in drafts])
    # A row that another transaction is inserting makes this wait for its end: committed, it is skipped; else written.
    # All insert in the same order, so that two never wait for each other.
    Occasion.objects.bulk_create(
        sorted((row for _, rows in drafts for row in rows), key=_identity), ignore_conflicts=True
    )
    kept = set(
        Occasion.objects.filter(message__in=messages, kind=kind.code).order_by().values_list("message_id", flat=True)
    )
    if empty := [message.pk for message in messages if message.pk not in kept]:
        Message.objects.filter(pk__in=empty).delete()
    return [message for message in messages if message.pk in kept]


def _rows(kind: MessageKind, letter: Letter, at: datetime) -> tuple[Message, list[Occasion]]:
    recipient = letter.recipient
    address = address_of(recipient)
    message = Message(
        neighbourhood_id=recipient.neighbourhood_id,
        recipient=recipient,
        channel=Message.Channel.EMAIL if address else Message.Channel.PHONE,
        kind=kind.code,
        message_id=new_message_id(),
        queued_at=at,
        due_at=letter.due_at or at,
        expires_at=letter.expires_at,
        address=address,
    )
    rows = [
        Occasion(
            message=message,
            recipient=recipient,
            subject_person=about.subject_person or recipient,
            key=about.key,
            kind=about.kind or kind.code,
            revision=about.revision,
        )
        for about in dict.fromkeys(letter.occasions)
    ]
    return message, sorted(rows, key=_identity)


def _identity(row: Occasion) -> tuple[int, int, str, str, int]:
    return row.recipient_id, row.subject_person_id, row.key, row.kind, row.revision


def _order(letter: Letter) -> tuple[int, str]:
    return letter.recipient.pk, min((about.key for about in letter.occasions), default="")


def _chunks(letters: list[Letter]) -> Iterator[list[Letter]]:
    rest = iter(letters)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _unwanted(kind: MessageKind, people: Iterable[Person]) -> set[int]:
    """Ids of those who said that they do not want this kind."""
    return set(OptOut.objects.filter(kind=kind.code, person__in=people).values_list("person_id", flat=True))


def new_message_id() -> str:
    """Made once per row and never changed, so that a mail sent twice is known as one by the mail programs."""
    return f"<outbox.{uuid4().hex}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"
