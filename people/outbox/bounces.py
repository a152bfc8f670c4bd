"""Mails that come back later: read from a mailbox, or typed by staff. Who cannot be reached by mail is phoned.

A bounce counts only when it names the Message-ID of a mail of ours, which nobody can guess.
"""

import email
import imaplib
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.message import Message as Mail
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from people.models import Message
from people.outbox.writing import address_of
from portal import clock
from portal.refusals import Refusal, caught

logger = logging.getLogger(__name__)

State = Message.State
MOST = 200  # reports read at one go; the rest a few minutes later
OPEN = [State.PENDING, State.IN_DOUBT]
MESSAGE_ID = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True)
class Report:
    """What a delivery status report (RFC 3464) says: of which mail, and why it did not arrive for good."""

    message_id: str
    why: str


def bounced(message: Message, *, at: datetime, why: str = "") -> None:
    """The mail came back: it stands on the phone list, with everything else that still waits for that address.

    The address is not written to again until staff send something again or the person has another.
    Raises Refusal for what did not go by mail.
    """
    with transaction.atomic():
        fresh = Message.objects.select_for_update(of=("self",)).select_related("recipient__user").get(pk=message.pk)
        if fresh.channel != Message.Channel.EMAIL or fresh.state not in {State.SENT, State.IN_DOUBT, State.FAILED}:
            raise Refusal(_("This message did not go by e-mail."))
        person = fresh.recipient
        if fresh.address == address_of(person):
            person.bounced_address = fresh.address
            person.save(update_fields=["bounced_address"])
            waiting = Message.objects.filter(Q(recipient=person), channel=Message.Channel.EMAIL, state__in=OPEN)
            waiting.exclude(pk=fresh.pk).update(state=State.PENDING, channel=Message.Channel.PHONE, address="")
        fresh.state = State.FAILED
        fresh.error = _("It came back: %(why)s") % {"why": why or _("the address does not take mail")}
        fresh.error = fresh.error[:300]
        fresh.save(update_fields=["state", "error"])
    message.refresh_from_db()


def report_in(raw: bytes) -> Report | None:
    """The report in a mail as it came; None for anything else, and for mere delays."""
    mail = email.message_from_bytes(raw, policy=policy.default)
    if not isinstance(mail, EmailMessage) or mail.get_content_type() != "multipart/report":
        return None
    why, message_id = "", ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            why = why or failure_in(part)
        elif kind in {"message/rfc822", "text/rfc822-headers"}:
            message_id = message_id or id_in(part)
    return Report(message_id, why) if why and message_id else None


def failure_in(part: EmailMessage) -> str:
    """Why, of the first recipient whom the mail did not reach for good; "" where there is none."""
    for block in inner(part):
        status = str(block.get("Status", "")).strip()
        if str(block.get("Action", "")).strip().lower() == "failed" and not status.startswith("4"):
            said = str(block.get("Diagnostic-Code", "")).partition(";")[2].strip()
            return " ".join(f"{status} {said}".split()) or "failed"
    return ""


def inner(part: EmailMessage) -> list[Mail]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Mail)] if isinstance(payload, list) else []


def id_in(part: EmailMessage) -> str:
    """The Message-ID of the mail that came back, whole or its headers alone."""
    if whole := inner(part):
        found = str(whole[0].get("Message-ID", ""))
    else:
        text = part.get_payload(decode=True)
        found = str(email.message_from_bytes(text if isinstance(text, bytes) else b"").get("Message-ID", ""))
    known = MESSAGE_ID.search(found)
    return known.group() if known else ""


def take(raw: bytes, *, at: datetime) -> bool:
    """Act on one mail of the mailbox; returns whether it was the bounce of a mail of ours."""
    report = report_in(raw)
    message = Message.objects.filter(message_id=report.message_id).first() if report else None
    if report is None or message is None:
        return False
    with caught() as no:  # told by phone meanwhile
        bounced(message, at=at, why=report.why)
    return no.refusal is None


def read_mailbox() -> int:
    """Read the reports that came to BOUNCE_MAILBOX since the last time; returns how many were bounces. The sweep's work.

    Nothing happens where no mailbox is set. Only reports are touched, and marked as read one by one.
    """
    if not settings.BOUNCE_MAILBOX:
        return 0
    count = 0
    try:
        with mailbox(settings.BOUNCE_MAILBOX) as box:
            for number, raw in unread_reports(box):
                count += take(raw, at=clock.now())
                box.store(number, "+FLAGS", "(\\Seen)")
    except (imaplib.IMAP4.error, OSError) as error:
        logger.warning("The mailbox for bounces cannot be read: %s", error)
    return count


def mailbox(address: str) -> imaplib.IMAP4:
    """Signed in, with the folder open: ``imap+ssl://user:password@host:993/INBOX``."""
    url = urlsplit(address)
    host, timeout = url.hostname or "", settings.EMAIL_TIMEOUT
    if url.scheme == "imap+ssl":
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, url.port or 993, timeout=timeout)
    else:
        box = imaplib.IMAP4(host, url.port or 143, timeout=timeout)
    try:
        box.login(unquote(url.username or ""), unquote(url.password or ""))
        state, said = box.select(url.path.strip("/") or "INBOX")
        if state != "OK":
            raise imaplib.IMAP4.error(said)
    except Exception:
        with suppress(imaplib.IMAP4.error, OSError):
            box.shutdown()
        raise
    return box


def unread_reports(box: imaplib.IMAP4) -> Iterator[tuple[str, bytes]]:
    _state, found = box.search(None, "UNSEEN", "HEADER", "Content-Type", "multipart/report")
    for number in (found[0] or b"").split()[:MOST]:
        _state, parts = box.fetch(number.decode(), "(BODY.PEEK[])")
        for part in parts:
            if isinstance(part, tuple):
                yield number.decode(), part[1]
