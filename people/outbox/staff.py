"""What staff see and do: messages that wait, are late, failed or in doubt; sending again; whom to phone."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from people.models import Message, Neighbourhood, Occasion, User
from people.outbox.kinds import message_kinds, urgent_codes
from people.outbox.send_now import send_on_commit
from people.outbox.writing import address_of
from portal.refusals import Refusal

State = Message.State
Channel = Message.Channel
IN_HAND = [State.PENDING, State.CLAIMED, State.SENDING, State.IN_DOUBT]
LATE = timedelta(minutes=30)  # an offer that was not handed over by then is told by phone


def is_late(at: datetime) -> Q:
    """E-mails that should have gone half an hour ago."""
    return Q(channel=Channel.EMAIL, state__in=IN_HAND, due_at__lte=at - LATE)


def is_to_be_told(at: datetime) -> Q:
    """Those somebody must phone: without e-mail, with a failed one, or urgent and late; nothing that is over."""
    without_mail = Q(channel=Channel.PHONE, state=State.PENDING, due_at__lte=at)
    failed = Q(channel=Channel.EMAIL, state=State.FAILED)
    urgent = is_late(at) & Q(kind__in=urgent_codes())
    return (without_mail | failed | urgent) & (Q(expires_at=None) | Q(expires_at__gt=at))


def phone_list(neighbourhood: Neighbourhood, *, at: datetime) -> QuerySet[Message]:
    """Messages to be told by phone or by the building leader, the nearest deadline first."""
    return (
        Message.objects.filter(is_to_be_told(at), neighbourhood=neighbourhood, state__in=[*IN_HAND, State.FAILED])
        .select_related("recipient__building__leader", "recipient__user", "neighbourhood")
        .order_by("expires_at", "due_at", "pk")
    )


def spoken(messages: Iterable[Message]) -> list[tuple[Message, str]]:
    """Each message with the sentence to say, in the reader's language; without those no longer wanted."""
    by_kind: dict[str, list[Message]] = defaultdict(list)
    ordered = list(messages)
    for message in ordered:
        by_kind[message.kind].append(message)
    rows: dict[int, list[Occasion]] = defaultdict(list)
    known = {message.pk: message for message in ordered}
    for occasion in Occasion.objects.filter(message__in=known).select_related("subject_person").order_by("pk"):
        occasion.message = known[occasion.message_id]
        occasion.recipient = occasion.message.recipient
        if occasion.kind == occasion.message.kind:
            rows[occasion.message_id].append(occasion)
    sentences: dict[int, str] = {}
    for code, mine in by_kind.items():
        kind = message_kinds.get(code)
        if kind is None:
            continue
        found: dict[int, Any] = kind.load([row for message in mine for row in rows[message.pk]])
        for message in mine:
            subjects = [(row, found[row.pk]) for row in rows[message.pk] if row.pk in found]
            if subjects:
                sentences[message.pk] = kind.spoken(message, subjects)
    return [(message, sentences[message.pk]) for message in ordered if message.pk in sentences]


def counts(messages: QuerySet[Message], *, at: datetime) -> dict[str, int]:
    """How many of ``messages`` wait, are late, failed, in doubt, and are to be told by phone; one query."""
    return messages.filter(state__in=[*IN_HAND, State.FAILED]).aggregate(
        waiting=Count("pk", filter=Q(channel=Channel.EMAIL, state__in=IN_HAND)),
        late=Count("pk", filter=is_late(at)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        in_doubt=Count("pk", filter=Q(state=State.IN_DOUBT)),
        phone=Count("pk", filter=is_to_be_told(at)),
    )


def send_again(message: Message, *, at: datetime) -> None:
    """Put this very message back to waiting, with its Message-ID, and send it as soon as it is due.

    An address from which mails came back is tried again: staff know better.
    Raises Refusal when it is over, on its way, or the recipient still has no address.
    """
    if message.expires_at is not None and message.expires_at <= at:
        raise Refusal(_("This message is about something that is over."))
    if message.recipient.bounced_address:
        message.recipient.bounced_address = ""
        message.recipient.save(update_fields=["bounced_address"])
    address = address_of(message.recipient)
    if not address:
        raise Refusal(_("There is no e-mail address; please phone."))
    put_back = Message.objects.filter(pk=message.pk).exclude(state__in=[State.CLAIMED, State.SENDING])
    if not put_back.update(
        state=State.PENDING,
        channel=Channel.EMAIL,
        address=address,
        attempts=0,
        next_try_at=None,
        sent_at=None,
        error="",
        handled_by=None,
    ):
        raise Refusal(_("This message is being sent right now."))
    message.refresh_from_db()
    if message.due_at <= at:
        send_on_commit(message)


def mark_told(message: Message, *, by: User, at: datetime) -> None:
    """Note that ``by`` told the recipient; a waiting e-mail about it does not go any more.

    Raises Refusal when the e-mail went, or is going, in the meantime.
    """
    untold = Message.objects.filter(pk=message.pk, state__in=[State.PENDING, State.FAILED, State.IN_DOUBT])
    if not untold.update(
        state=State.SENT,
        channel=Channel.PHONE,
        sent_at=at,
        handled_by=by,
        next_try_at=None,
        claim=None,
        lease_until=None,
    ):
        raise Refusal(_("This message was sent in the meantime."))
    message.refresh_from_db()
