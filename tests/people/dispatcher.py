"""A dispatcher in a process of its own, which a test can have killed at a chosen line; see test_smtp.py.

python -m tests.people.dispatcher '{"database": "…", "port": 1234, "seed": 50, "die": "sending", "after": 25}'
"sweep": all that beat asks for, not only sending.  "at": the time, else 2018-12-20 09:00.
Prints {"states": {...}, "doubled": n} when it lives to the end.
"""

import json
import os
import signal
import sys
from collections import Counter
from datetime import datetime

import django
from django.conf import settings

AT = datetime.fromisoformat("2018-12-20T09:00:00+08:00")


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(where: str, after: int) -> None:
    """Have this very process killed by signal 9 at ``where``, the ``after``-th time it comes there."""
    from people.models import Message
    from people.outbox import sending
    from portal.mail import Carrier

    seen = 0

    def passes() -> None:
        nonlocal seen
        seen += 1
        if seen == after:
            kill()

    send, close, begin = Carrier.send, sending.Batch.close, sending._Run.begin

    def kill_before_sending(carrier, mail):
        passes()
        send(carrier, mail)

    def kill_after_sending(carrier, mail):
        send(carrier, mail)
        passes()

    def kill_after_marking(batch, pks, **changes):
        count = close(batch, pks, **changes)
        if changes.get("state") == Message.State.SENT:
            passes()
        return count

    def kill_while_claimed(run, batch):
        passes()
        begin(run, batch)

    if where == "claimed":
        sending._Run.begin = kill_while_claimed
    elif where == "before sending":
        Carrier.send = kill_before_sending
    elif where == "between sending and marking":
        Carrier.send = kill_after_sending
    elif where == "after marking":
        sending.Batch.close = kill_after_marking


def main(job: dict) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    settings.DATABASES["default"]["NAME"] = job["database"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", job["port"]
    django.setup()

    from people import outbox
    from people.models import Message, Neighbourhood
    from portal import clock, sweeps
    from tests.people import outbox_sink

    outbox.message_kinds.add_all(outbox_sink.KINDS, order=9000)
    with clock.frozen(datetime.fromisoformat(job["at"]) if "at" in job else AT):
        if job.get("seed"):
            place = Neighbourhood.objects.create(slug="sink", name="Sink")
            people = outbox_sink.make_people(place, job["seed"], AT)
            outbox.queue_many(outbox_sink.NOTE, outbox_sink.make_letters(people), at=AT)
        if job.get("lapse"):
            outbox_sink.lapse()
        if job.get("ready"):  # two dispatchers start at once
            print("ready", flush=True)
            sys.stdin.readline()
        if "die" in job:
            arm(job["die"], job.get("after", 1))
        if job.get("sweep"):
            sweeps.run_all()
        elif job.get("dispatch", True):
            outbox.dispatch()
        states = Counter(Message.objects.values_list("state", flat=True))
        doubled = Message.objects.filter(maybe_doubled=True).count()
        print(json.dumps({"states": states, "doubled": doubled}), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
