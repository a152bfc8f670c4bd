"""Whose a message is: claimed by one worker for as long as its lease runs, and what becomes of those a dead worker left."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from people.models import Message, Occasion, Person
from portal import by_id, clock

logger = logging.getLogger(__name__)

State = Message.State
WAITING = [State.PENDING, State.IN_DOUBT]
# What was perhaps sent already waits as "in doubt", so that staff see it.
WAIT_AGAIN = Case(When(maybe_doubled=True, then=Value(State.IN_DOUBT.value)), default=Value(State.PENDING.value))


def take_back_lapsed() -> None:
    """What a dead worker left: claimed goes back; sending is in doubt, goes once more, and fails the second time."""
    lapsed = Message.objects.filter(state__in=[State.CLAIMED, State.SENDING], lease_until__lt=clock.real_now())
    if not lapsed.exists():
        return
    nobodys: dict[str, Any] = {"claim": None, "lease_until": None}
    lapsed.filter(state=State.CLAIMED).update(state=WAIT_AGAIN, **nobodys)
    sending = lapsed.filter(state=State.SENDING)
    twice = _("Broken off twice while being sent; it may have arrived. Please ask before sending it again.")
    failed = sending.filter(maybe_doubled=True).update(state=State.FAILED, error=twice, **nobodys)
    once = sending.filter(maybe_doubled=False).update(state=State.IN_DOUBT, maybe_doubled=True, **nobodys)
    logger.warning("Outbox: a worker stopped while sending; %s in doubt, %s failed", once, failed)


def expire_phone_calls() -> None:
    """Nobody is called about what is over."""
    over = Message.objects.filter(channel=Message.Channel.PHONE, state=State.PENDING, expires_at__lte=clock.now())
    if over.exists():
        over.update(state=State.EXPIRED)


def due() -> QuerySet[Message]:
    return Message.objects.filter(
        Q(next_try_at=None) | Q(next_try_at__lte=clock.real_now()),
        channel=Message.Channel.EMAIL,
        state__in=WAITING,
        due_at__lte=clock.now(),
    ).order_by("due_at", "pk")


def lease_end() -> datetime:
    return clock.real_now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def claim(only: Sequence[int] | None, most: int) -> "Batch | None":
    """Take up to ``most`` due messages for this worker alone."""
    rows = due() if only is None else due().filter(pk__in=only)
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic(durable=True):  # inside another transaction nothing here would be committed in time
        pks = list(rows.select_for_update(skip_locked=skip).values_list("pk", flat=True)[:most])
        if not pks:
            return None
        token = uuid4()
        Message.objects.filter(pk__in=pks, state__in=WAITING).update(
            state=State.CLAIMED, claim=token, lease_until=lease_end()
        )
    return Batch.read(token, pks)


@dataclass
class OnItsWay:
    """A message on its way."""

    message: Message
    occasions: list[Occasion] = field(default_factory=list)
    subjects: list[tuple[Occasion, Any]] = field(default_factory=list)
    mail: EmailMessage | None = None


class Batch:
    """Messages claimed by this worker; every change asks that they still are."""

    def __init__(self, claim: UUID, letters: dict[int, OnItsWay]) -> None:
        self.claim = claim
        self.letters = letters
        self.leased = time.monotonic()

    @classmethod
    def read(cls, claim: UUID, pks: list[int]) -> "Batch":
        rows = Message.objects.filter(pk__in=pks, claim=claim).prefetch_related("neighbourhood")
        messages = list(rows.order_by("due_at", "pk"))
        occasions = list(Occasion.objects.filter(message__in=messages).order_by("pk"))
        ids = {message.recipient_id for message in messages} | {occasion.subject_person_id for occasion in occasions}
        people = by_id.read(Person.objects, ids, "user")
        letters: dict[int, OnItsWay] = {}
        for message in messages:
            if message.recipient_id in people:  # else erased this moment, and the message with the person
                message.recipient = people[message.recipient_id]
                letters[message.pk] = OnItsWay(message)
        for occasion in occasions:
            if occasion.message_id not in letters or occasion.subject_person_id not in people:
                continue
            letter = letters[occasion.message_id]
            occasion.message = letter.message
            occasion.recipient = letter.message.recipient
            occasion.subject_person = people[occasion.subject_person_id]
            # The others are what this message stands for besides (About.kind); they are not asked about.
            if occasion.kind == letter.message.kind:
                letter.occasions.append(occasion)
        return cls(claim, letters)

    def part(self, pks: Sequence[int]) -> "Batch":
        """A batch of some of these letters, for the same claim."""
        return Batch(self.claim, {pk: self.letters[pk] for pk in pks})

    def rows(self, pks: Sequence[int]) -> QuerySet[Message]:
        return Message.objects.filter(pk__in=pks, claim=self.claim)

    def close(self, pks: Sequence[int], **changes: Any) -> int:
        """Give rows out of hand in the state that ``changes`` says."""
        return self.rows(pks).update(claim=None, lease_until=None, **changes) if pks else 0

    def drop(self, pks: Sequence[int]) -> None:
        for pk in pks:
            self.letters.pop(pk, None)

    def extend(self, pks: list[int]) -> set[int]:
        """Hold ``pks`` for another lease; returns those that are still this worker's."""
        self.leased = time.monotonic()
        if self.rows(pks).update(lease_until=lease_end()) == len(pks):
            return set(pks)
        return set(self.rows(pks).values_list("pk", flat=True))
