"""Sending what is due, so that a crash at any line misses nobody and doubles at most the batch in flight.

pending → claimed (lease) → sending → sent | failed | in_doubt | expired. ``sending`` is committed before the first byte
goes out; whoever dies after that leaves rows in doubt, which go once more with the same Message-ID (messages.md).
"""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from people.models import Message, OptOut
from people.outbox.claims import (
    WAIT_AGAIN,
    Batch,
    OnItsWay,
    claim,
    due,
    expire_phone_calls,
    lease_end,
    take_back_lapsed,
)
from people.outbox.envelope import envelope
from people.outbox.kinds import MessageKind, message_kinds
from people.outbox.writing import address_of
from portal import clock
from portal.mail import Carrier, Lost, NotSent, Refused, Unavailable

logger = logging.getLogger(__name__)

State = Message.State
# Real minutes to wait after the first, second … refused try; the last goes for all further ones.
BACK_OFF = (1, 5, 15, 60, 180)
OUTAGE = timedelta(minutes=1)  # how long mails rest when the server takes none at all
CLAIM_SECONDS = 1.0
CLAIM_BATCHES = 10
FRUITLESS = 3  # connections that broke before they carried one mail, until a run gives up


@dataclass
class Tally:
    """What one run did."""

    sent: int = 0
    expired: int = 0
    failed: int = 0
    put_back: int = 0

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.expired} no longer needed, {self.failed} failed, {self.put_back} put back"


def dispatch(only: Sequence[int] | None = None, *, seconds: float = 240) -> Tally:
    """Send what is due, batch by batch, for at most ``seconds``; the next sweep goes on from there.

    only: ids of messages just written; others are left to the minute sweep. Costs 3 queries when nothing is due.
    Any number may run at once, in any number of processes.
    """
    ends = time.monotonic() + seconds
    tally = Tally()
    if only is None:
        take_back_lapsed()
        expire_phone_calls()
        if not due().exists():
            return tally
    with Carrier() as carrier:
        run = _Run(carrier, tally)
        while time.monotonic() < ends and run.goes_on:
            batch = claim(only, run.pace())
            if batch is None:
                break
            run.send(batch)
    if run.outage is not None:
        logger.warning("Outbox: no mail can be handed over: %s", run.outage)
    if tally != Tally():
        logger.info("Outbox: %s", tally)
    return tally


class _Run:
    """One run over batches, with one connection."""

    def __init__(self, carrier: Carrier, tally: Tally) -> None:
        self.carrier = carrier
        self.tally = tally
        self.fruitless = 0
        self.goes_on = True
        self.outage: NotSent | None = None  # why it does not go on
        self.seconds_a_letter: float | None = None  # of the last claim

    def pace(self) -> int:
        """How many to claim: a batch, or with a quick server what it takes in CLAIM_SECONDS.

        "Still wanted?" is asked once a claim, so its answers are never older than that.
        """
        least = settings.OUTBOX_BATCH
        if self.seconds_a_letter is None:
            return least
        return max(least, min(int(CLAIM_SECONDS / self.seconds_a_letter), CLAIM_BATCHES * least))

    def send(self, batch: Batch) -> None:
        """Send a claim, in batches of at most OUTBOX_BATCH that are "sending" at a time."""
        began, size = time.monotonic(), len(batch.letters)
        self.ask_what_is_wanted(batch)
        waiting = list(batch.letters)
        try:
            while waiting and self.goes_on:
                if time.monotonic() - batch.leased > settings.OUTBOX_LEASE_SECONDS / 4:
                    mine = batch.extend(waiting)
                    waiting = [pk for pk in waiting if pk in mine]
                part, waiting = waiting[: settings.OUTBOX_BATCH], waiting[settings.OUTBOX_BATCH :]
                self.send_part(batch.part(part))
        finally:
            self.put_back(batch, waiting)
        self.seconds_a_letter = (time.monotonic() - began) / max(size, 1)

    def send_part(self, batch: Batch) -> None:
        self.render(batch)
        if not batch.letters:
            return
        try:
            self.carrier.open()
        except Unavailable as outage:
            self.goes_on, self.outage = False, outage
            self.put_back(batch, list(batch.letters))
            return
        self.begin(batch)
        self.hand_over(batch)

    # --- before sending ---

    def ask_what_is_wanted(self, batch: Batch) -> None:
        now = clock.now()
        by_kind: dict[str, list[OnItsWay]] = defaultdict(list)
        for letter in batch.letters.values():
            by_kind[letter.message.kind].append(letter)
        optional = [code for code in by_kind if (kind := message_kinds.get(code)) and kind.optional]
        unwanted: set[tuple[int, str]] = set()
        if optional:
            recipients = [letter.message.recipient_id for letter in batch.letters.values()]
            opt_outs = OptOut.objects.filter(person__in=recipients, kind__in=optional)
            unwanted = set(opt_outs.values_list("person_id", "kind"))
        useless: list[int] = []
        no_address: list[int] = []
        for code, letters in by_kind.items():
            kind = message_kinds.get(code)
            if kind is None:
                for letter in letters:
                    self.stumbled(batch, letter, _("Nobody knows how to word this kind of message."))
                continue
            for letter, found in self.load(batch, kind, letters):
                message = letter.message
                letter.subjects = [(row, found[row.pk]) for row in letter.occasions if row.pk in found]
                if (
                    not letter.subjects
                    or _is_over(message, now)
                    or message.recipient.anonymised_at
                    or (message.recipient_id, code) in unwanted
                ):
                    useless.append(message.pk)
                elif not address_of(message.recipient):
                    no_address.append(message.pk)
        self.tally.expired += batch.close(useless, state=State.EXPIRED)
        batch.close(no_address, state=State.PENDING, channel=Message.Channel.PHONE, address="")
        batch.drop(useless + no_address)

    def load(self, batch: Batch, kind: MessageKind, letters: list[OnItsWay]) -> list[tuple[OnItsWay, dict[int, Any]]]:
        """Ask the app once for all; where that fails, once for each, so that one bad row harms nobody else."""
        try:
            found = kind.load([row for letter in letters for row in letter.occasions])
            return [(letter, found) for letter in letters]
        except Exception:
            logger.exception("Outbox: what %s is about could not be read for a batch", kind.code)
        answers = []
        for letter in letters:
            try:
                answers.append((letter, kind.load(letter.occasions)))
            except Exception as error:
                self.stumbled(batch, letter, _describe(error))
        return answers

    def render(self, batch: Batch) -> None:
        for letter in list(batch.letters.values()):
            message = letter.message
            kind = message_kinds.get(message.kind)
            assert kind is not None  # those without one were dropped before
            address = address_of(message.recipient)
            if address != message.address:  # it was changed since the message was written
                message.address = address
                batch.rows([message.pk]).update(address=address)
            try:
                with translation.override(message.recipient.language):
                    letter.mail = envelope(kind, message, kind.render(message, letter.subjects))
            except Exception as error:
                logger.exception("Outbox: message %s could not be worded", message.pk)
                self.stumbled(batch, letter, _describe(error))

    def stumbled(self, batch: Batch, letter: OnItsWay, reason: str) -> None:
        """This one did not get as far as the server; it is tried again some times, then left to staff."""
        self.refused(batch, letter.message, reason, for_good=False)
        batch.drop([letter.message.pk])

    # --- sending ---

    def begin(self, batch: Batch) -> None:
        """Commit ``sending`` before the first byte goes out. Letters whose lease ran out are another's now."""
        batch.leased = time.monotonic()
        pks = list(batch.letters)
        if batch.rows(pks).filter(state=State.CLAIMED).update(state=State.SENDING, lease_until=lease_end()) != len(pks):
            mine = set(batch.rows(pks).filter(state=State.SENDING).values_list("pk", flat=True))
            batch.drop([pk for pk in pks if pk not in mine])

    def hand_over(self, batch: Batch) -> None:
        sent: list[int] = []
        over: list[int] = []
        open_ones = list(batch.letters)  # neither handed over nor given up yet
        in_flight: int | None = None
        try:
            for pk, letter in batch.letters.items():
                if time.monotonic() - batch.leased > settings.OUTBOX_LEASE_SECONDS / 4:
                    mine = batch.extend(open_ones)
                    open_ones = [other for other in open_ones if other in mine]
                if pk not in open_ones:
                    continue
                if _is_over(letter.message, clock.now()):
                    over.append(pk)
                    open_ones.remove(pk)
                    continue
                in_flight = pk
                assert letter.mail is not None
                try:
                    self.carrier.send(letter.mail)
                except Refused as refusal:
                    self.refused(batch, letter.message, str(refusal), for_good=refusal.for_good)
                except Lost as lost:
                    if self.broke(batch, letter.message, lost):
                        open_ones.remove(pk)
                    in_flight = None
                    break
                except Unavailable as outage:
                    self.goes_on, self.outage = False, outage
                    in_flight = None
                    break
                except Exception as error:  # a mail backend's own mistake
                    self.refused(batch, letter.message, _describe(error), for_good=False)
                else:
                    sent.append(pk)
                    self.fruitless = 0
                open_ones.remove(pk)
                in_flight = None
        finally:
            # Also when the worker is told to stop in the middle: what is known is written down. One in flight stays
            # "sending" and becomes in doubt when its lease ends.
            self.tally.sent += batch.close(
                sent, state=State.SENT, sent_at=clock.now(), attempts=F("attempts") + 1, next_try_at=None, error=""
            )
            self.tally.expired += batch.close(over, state=State.EXPIRED)
            self.put_back(batch, [pk for pk in open_ones if pk != in_flight])

    def broke(self, batch: Batch, message: Message, lost: Lost) -> bool:
        """The connection broke with ``message`` in flight; returns whether the message was dealt with."""
        is_fresh = self.carrier.carried == 0
        self.fruitless = self.fruitless + 1 if is_fresh else 0
        if self.fruitless >= FRUITLESS:
            self.goes_on, self.outage = False, lost
        if lost.in_doubt:
            if message.maybe_doubled:
                batch.close([message.pk], state=State.FAILED, error=_cut(str(lost)), attempts=F("attempts") + 1)
                self.tally.failed += 1
            else:
                batch.close(
                    [message.pk],
                    state=State.IN_DOUBT,
                    maybe_doubled=True,
                    attempts=F("attempts") + 1,
                    next_try_at=clock.real_now() + OUTAGE,
                    error=_cut(str(lost)),
                )
                self.tally.put_back += 1
            return True
        if is_fresh:  # perhaps this very mail breaks connections: it steps back so that others get their turn
            self.refused(batch, message, str(lost), for_good=False)
            return True
        return False

    # --- after sending ---

    def put_back(self, batch: Batch, pks: list[int]) -> None:
        """Back to where they waited, none the worse for it; with a rest when the server takes nothing."""
        if not pks:
            return
        changes: dict[str, Any] = {"state": WAIT_AGAIN}
        if self.outage is not None:
            changes |= {"next_try_at": clock.real_now() + OUTAGE, "error": _cut(str(self.outage))}
        self.tally.put_back += batch.close(pks, **changes)

    def refused(self, batch: Batch, message: Message, reason: str, *, for_good: bool) -> None:
        attempts = message.attempts + 1
        changes: dict[str, Any] = {"attempts": attempts, "error": _cut(reason)}
        if for_good or attempts >= settings.OUTBOX_MAX_ATTEMPTS:
            self.tally.failed += batch.close([message.pk], state=State.FAILED, **changes)
        else:
            rest = timedelta(minutes=BACK_OFF[min(attempts, len(BACK_OFF)) - 1])
            changes["next_try_at"] = clock.real_now() + rest
            self.tally.put_back += batch.close([message.pk], state=WAIT_AGAIN, **changes)


def _is_over(message: Message, now: datetime) -> bool:
    return message.expires_at is not None and message.expires_at <= now


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _cut(text: str) -> str:
    """As much as the column holds, without what a text column cannot."""
    return " ".join(text.replace("\0", "").split())[:300]
