"""Helpers of the outbox's tests, also in other processes: kinds to send, a real SMTP sink, and rows to send."""

import logging
import re
from collections import Counter
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from django.core.mail.backends.base import BaseEmailBackend

from people import outbox
from people.models import Message, Neighbourhood, Person

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells of each command


class Note(outbox.MessageKind):
    """Says hello; what is unwanted, unreadable or cannot be worded is told by the occasion's key."""

    def load(self, occasions):
        if any("unreadable" in row.key for row in occasions):
            raise LookupError("no such row")
        return {row.pk: row.subject_person.name for row in occasions if "unwanted" not in row.key}

    def render(self, message, subjects):
        if any("unwordable" in row.key for row, _ in subjects):
            raise KeyError("no word for it")
        names = "、".join(name for _, name in subjects)
        return outbox.Email(f"致{names}", f"{names}，你好", f"<p>{names}，你好</p>", [("a.txt", b"a", "text/plain")])

    def spoken(self, message, subjects):
        return "Say hello to " + ", ".join(name for _, name in subjects)


NOTE = Note("test_note", "Note")
HINT = Note("test_hint", "Hint", optional=True)
CALL = Note("test_call", "Call", urgent_call=True)


KINDS = (NOTE, HINT, CALL)  # of the fixture ``test_messages``


def make_people(neighbourhood: Neighbourhood, count: int, at: datetime) -> list[Person]:
    return Person.objects.bulk_create(
        Person(neighbourhood=neighbourhood, name=f"居民{n}", email=f"r{n}@example.org", added_at=at)
        for n in range(count)
    )


def make_letters(people: list[Person], *, about: str = "x", **fields) -> list[outbox.Letter]:
    return [outbox.Letter(person, [outbox.About(f"{about}:{person.pk}")], **fields) for person in people]


def lapse() -> int:
    """As if every lease had run out."""
    return Message.objects.exclude(lease_until=None).update(
        lease_until=datetime.fromisoformat("2018-01-01T00:00+08:00")
    )


def rested() -> int:
    """As if every pause after a failure were over."""
    return Message.objects.exclude(next_try_at=None).update(
        next_try_at=datetime.fromisoformat("2018-01-01T00:00+08:00")
    )


class _AnyPort(Controller):
    """aiosmtpd knocks at its own door once it listens; with port 0 it first has to know which."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Sink:
    """A real SMTP server on this machine that keeps what it is given; as a context manager it has ``port``.

    answers: {address: SMTP answer to RCPT}.  closes: addresses at whose RCPT the server just closes the connection.
    swallows: addresses whose mail is taken without an answer, the connection being closed instead.
    """

    def __init__(self, answers=None, closes=(), swallows=()):
        self.answers, self.closes, self.swallows = answers or {}, set(closes), set(swallows)
        self.mails: list[tuple[str, str]] = []  # (Message-ID, address)
        self.bytes: dict[str, bytes] = {}  # {address: its last mail}
        self.connections = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.closes:
            server.transport.close()
            return "421 closing"
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message_id = re.search(rb"^Message-ID: *(\S+)", envelope.content, re.MULTILINE | re.IGNORECASE)[1].decode()
        for address in envelope.rcpt_tos:
            self.mails.append((message_id, address))
            self.bytes[address] = envelope.content
        if self.swallows.intersection(envelope.rcpt_tos):
            self.swallows.difference_update(envelope.rcpt_tos)
            server.transport.close()
        return "250 OK"

    def __enter__(self):
        self.controller = _AnyPort(self, hostname="127.0.0.1", port=0)
        self.controller.start()
        self.port = self.controller.port
        return self

    def __exit__(self, *_):
        self.controller.stop()

    @property
    def addresses(self) -> list[str]:
        return sorted(address for _, address in self.mails)

    @property
    def doubled(self) -> set[str]:
        """Addresses that got more than one mail; every copy must carry the same Message-ID."""
        times = Counter(address for _, address in self.mails)
        return {address for address, number in times.items() if number > 1}

    def mail_to(self, address: str) -> EmailMessage:
        return message_from_bytes(self.bytes[address], policy=policy.default)

    def ids_of(self, address: str) -> set[str]:
        return {message_id for message_id, to in self.mails if to == address}


def use_sink(settings, sink: Sink) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


class BrokenBackend(BaseEmailBackend):
    """A mail backend with a mistake of its own."""

    def send_messages(self, email_messages):
        raise RuntimeError("a mistake")


IN_A_WEEK = timedelta(days=7)
