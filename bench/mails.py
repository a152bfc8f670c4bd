"""Reminders into a local SMTP sink, beside a bare loop that renders and sends the same over one connection."""

import asyncio
import smtplib
import threading
import time

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from activities.emails import REMINDER
from activities.operations import reminders
from activities.rules import reminder_times
from bench import seed
from bench.report import Line
from people import outbox
from people.models import Message
from portal import clock


class Sink:
    """Takes every mail and keeps only the count; a thread with a small asyncio server."""

    def __init__(self, port: int) -> None:
        self.port, self.count = port, 0
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        threading.Thread(target=self.run, daemon=True).start()
        self.ready.wait(10)

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self.talk, "127.0.0.1", self.port))
        self.ready.set()
        self.loop.run_forever()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.count += 1
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            writer.write(b"250 ok\r\n")
        writer.close()


def bare_loop(messages: list[Message]) -> float:
    """Render and send these over one connection, with everything loaded at once and nothing written down; seconds."""
    start = time.perf_counter()
    rows = list(
        Message.objects.filter(pk__in=[message.pk for message in messages])
        .select_related("recipient", "neighbourhood")
        .prefetch_related("occasions__subject_person")
    )
    attendees = REMINDER.load([occasion for message in rows for occasion in message.occasions.all()])
    with translation.override("zh-hans"), smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as smtp:
        for message in rows:
            email = REMINDER.render(
                message, [(occasion, attendees[occasion.pk]) for occasion in message.occasions.all()]
            )
            mail = EmailMultiAlternatives(
                email.subject,
                email.text,
                "portal@example.org",
                [message.recipient.email],
                attachments=list(email.attachments),
            )
            mail.attach_alternative(email.html, "text/html")
            smtp.sendmail("portal@example.org", [message.recipient.email], mail.message().as_bytes())
    return time.perf_counter() - start


def run(neighbourhood, count: int) -> list[Line]:
    sink = Sink(settings.EMAIL_PORT)
    Message.objects.filter(state=Message.State.PENDING).update(state=Message.State.EXPIRED)  # the storm's own mails
    people = [seed.person(neighbourhood, 100_000 + number) for number in range(count)]
    activity = seed.shift(neighbourhood, days=1, title="提醒", capacity=None)
    seed.book(activity, people)
    evening = max(reminder_times.remind_at(activity), clock.now())
    with clock.frozen(evening):
        start = time.perf_counter()
        written = reminders.queue_due(evening)
        wrote = time.perf_counter() - start
        sample = list(Message.objects.filter(kind=REMINDER.code)[: max(count // 10, 1)])
        bare = bare_loop(sample) * written / len(sample)
        sink.count = 0
        start = time.perf_counter()
        outbox.dispatch()
        took = time.perf_counter() - start
        sent = Message.objects.filter(kind=REMINDER.code, state="sent").count()
        with CaptureQueriesContext(connection) as idle:
            outbox.dispatch()
    return [
        Line("reminders written", f"{written} in {wrote:.1f} s"),
        Line(
            f"dispatch of {written} into an SMTP sink",
            f"{took / bare:.2f} x a bare loop ({took:.1f} s : {bare:.1f} s), {sink.count} arrived, {sent} marked sent",
            "≤ 1.5 x, all once",
            took / bare <= 1.5 and sink.count == sent == written,
        ),
        Line("dispatch with nothing due", f"{len(idle)} queries at {count} sign-ups", "≤ 3", len(idle) <= 3),
    ]
