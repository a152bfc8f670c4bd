"""From a worded message to the mail that is handed over: headers, addresses, the frame every mail shares."""

from collections.abc import Mapping, Sequence
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from people.models import Message, Neighbourhood
from people.outbox.kinds import Email, MessageKind, message_kinds
from portal import clock, tokens

UNSUBSCRIBE = "unsubscribe"  # purpose of the token


def absolute(path: str) -> str:
    """``path`` with the portal's address before it, for links in mails."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def unsubscribe_url(message: Message) -> str:
    """Where the recipient stops this optional kind; empty for a kind that always goes."""
    kind = message_kinds.get(message.kind)
    if kind is None or not kind.optional:
        return ""
    token = tokens.make(UNSUBSCRIBE, person=message.recipient_id, kind=kind.code)
    return absolute(reverse("people:unsubscribe", args=[token]))


def word(
    template: str,
    message: Message,
    subject: str,
    context: Mapping[str, Any] | None = None,
    attachments: Sequence[tuple[str, bytes, str]] = (),
) -> Email:
    """Render ``<template>.txt`` and ``<template>.html`` on templates/email/base with what every mail needs.

    For use in ``MessageKind.render``, where the recipient's language is active.
    """
    full = {
        "portal_name": settings.PORTAL_NAME,
        "site_url": settings.SITE_URL.rstrip("/"),
        "neighbourhood": message.neighbourhood,
        "recipient": message.recipient,
        "message": message,
        "subject": subject,
        "settings_url": absolute(reverse("people:settings")),
        "unsubscribe_url": unsubscribe_url(message),
        **(context or {}),
    }
    return Email(
        subject=subject,
        text=render_to_string(f"{template}.txt", full),
        html=render_to_string(f"{template}.html", full),
        attachments=attachments,
    )


def envelope(kind: MessageKind, message: Message, email: Email) -> EmailMultiAlternatives:
    """The mail to hand over; ``message.address`` says where it goes."""
    headers = {
        "Message-ID": message.message_id,
        "Date": format_datetime(timezone.localtime(clock.now())),
        "Auto-Submitted": "auto-generated",
        "Content-Language": "zh-Hans" if translation.get_language().startswith("zh") else translation.get_language(),
    }
    if kind.optional:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url(message)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if reply_to := answers_to(message.neighbourhood):
        headers["Reply-To"] = reply_to
    mail = EmailMultiAlternatives(
        subject=" ".join(email.subject.split()),  # a line break in an activity's title must not end the header
        body=email.text,
        from_email=sender(),
        to=[message.address],
        headers=headers,
        attachments=list(email.attachments),
    )
    if email.html:
        mail.attach_alternative(email.html, "text/html")
    calendars = [one for one in email.attachments if one[2].startswith("text/calendar")]
    if len(calendars) == 1:
        # Beside the text as well (RFC 6047): so calendars act on it that leave attachments to their reader.
        _name, content, media_type = calendars[0]
        mail.attach_alternative(content.decode(), media_type)
    return mail


def answers_to(neighbourhood: Neighbourhood | None) -> str:
    """Where an answer to a mail reaches the committee, as a header has it; empty where no address is known."""
    address = (neighbourhood.email if neighbourhood else "") or settings.CONTACT_EMAIL
    return formataddr((str(neighbourhood or settings.PORTAL_NAME), address)) if address else ""


def contact_of(neighbourhood: Neighbourhood) -> tuple[str, str]:
    """(name, address) of whoever invites, in calendars: the committee, else whoever the mails come from."""
    address = neighbourhood.email or settings.CONTACT_EMAIL or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return str(neighbourhood), address


def sender() -> str:
    """The portal's name before the sender's address, unless the setting has a name of its own."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return settings.DEFAULT_FROM_EMAIL if name or not address else formataddr((settings.PORTAL_NAME, address))
