"""The mailbox and the clock of a trial: never outside trial mode, and a mail's HTML can do nothing (DESIGN.md §2, §4)."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from people import outbox
from people.models import Message, TrialClock
from portal import clock, mailbox, sweeps
from portal.registry import Registry
from tests.people.outbox_sink import NOTE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_messages")]


@pytest.fixture
def trial(settings, tmp_path, at):
    settings.TRIAL = True
    settings.MAILBOX_DIR = tmp_path
    settings.EMAIL_BACKEND = "portal.mail.MailboxBackend"
    TrialClock.objects.create(pk=1, position=at, anchored_at=clock.real_now(), alive_until=clock.real_now())
    return tmp_path


@pytest.fixture
def running(trial, monkeypatch):
    """The trial's own clock instead of the frozen one."""
    monkeypatch.setattr(clock, "_frozen", None)
    monkeypatch.setattr(clock, "_cache", None)
    yield
    monkeypatch.setattr(clock, "_cache", None)


def send(subject="Hello", to="a@example.org", html="<html><head></head><body>hi</body></html>", **fields):
    mail = EmailMultiAlternatives(subject, "hi https://example.org/x", "p@example.org", [to], **fields)
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()
    return mailbox.entries()[0]


# --- the files ---


def test_a_mail_is_a_file_that_any_mail_program_reads(trial, at):
    entry = send("确认：盖草帘 🌱", attachments=[("活动.ics", "BEGIN:VCALENDAR", "text/calendar")])
    mail = mailbox.read(entry.name)

    assert (entry.subject, entry.to, entry.at) == ("确认：盖草帘 🌱", "a@example.org", at)
    assert mail.text.strip() == "hi https://example.org/x"
    assert "hi" in mail.html
    assert [(one.name, one.media_type, one.data) for one in mail.attachments] == [
        ("活动.ics", "text/calendar", b"BEGIN:VCALENDAR")
    ]
    assert [path.suffix for path in trial.iterdir() if path.name.startswith(".")] == []


def test_the_newest_stands_first_and_words_find(trial):
    for number in range(3):
        send(f"Mail {number}", to=f"r{number}@example.org")

    assert [one.subject for one in mailbox.entries()] == ["Mail 2", "Mail 1", "Mail 0"]
    assert [one.subject for one in mailbox.entries("R1@example")] == ["Mail 1"]


def test_a_mail_is_listed_even_if_the_index_lacks_it(trial):
    entry = send("Kept")
    (trial / "index.jsonl").write_text('{"file": "half a li')

    assert mailbox.entries() == [entry]


@pytest.mark.parametrize("name", ["../secret_key", "x.eml", "00000000000000000001-1-1.eml", ".eml", "index.jsonl"])
def test_only_mails_are_read(trial, name):
    assert mailbox.read(name) is None


# --- the pages ---


def addresses(name: str) -> list[str]:
    return [
        reverse("people:mailbox"),
        reverse("people:mailbox-message", args=[name]),
        reverse("people:mailbox-html", args=[name]),
        reverse("people:mailbox-attachment", args=[name, 1]),
    ]


def test_nothing_of_it_exists_outside_a_trial(trial, settings, client):
    """Addresses: the mailbox shows everybody's codes, so it is never available otherwise."""
    entry = send(attachments=[("a.txt", "a", "text/plain")])
    assert [client.get(address).status_code for address in addresses(entry.name)] == [200] * 4

    settings.TRIAL = False
    assert [client.get(address).status_code for address in addresses(entry.name)] == [404] * 4
    assert client.post(reverse("people:clock-forward"), {"step": "hour"}).status_code == 404


def test_the_list_pages_and_finds(trial, client):
    for number in range(27):
        send(f"Mail {number}", html="")
    page = client.get(reverse("people:mailbox"))
    assert len(page.context["page_obj"]) == 25
    assert "Mail 26" in page.text

    second = client.get(reverse("people:mailbox"), {"page": 2})
    assert [one.subject for one in second.context["page_obj"]] == ["Mail 1", "Mail 0"]
    found = client.get(reverse("people:mailbox"), {"q": "mail 13\0"})
    assert [one.subject for one in found.context["page_obj"]] == ["Mail 13"]


def test_an_empty_mailbox_says_what_to_do(trial, client):
    assert client.get(reverse("people:mailbox"), {"page": "x"}).status_code == 200


def test_a_mail_cannot_write_into_the_page(trial, client):
    entry = send("<script>alert(1)</script>", html="<html><head></head><body><script>alert(2)</script></body></html>")
    page = client.get(reverse("people:mailbox-message", args=[entry.name]))

    assert "<script>alert" not in page.text
    assert '<a href="https://example.org/x"' in page.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text


def test_the_html_of_a_mail_runs_nothing_and_loads_nothing(trial, client):
    """Strict content policy: no script, nothing from elsewhere, framed only by us; links open a window of their own."""
    entry = send()
    response = client.get(reverse("people:mailbox-html", args=[entry.name]))
    policy = response["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-popups" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_blank">' in response.text


def test_attachments_are_downloaded_never_shown(trial, client):
    evil = ("x.html", "<script>alert(1)</script>", "text/html")
    entry = send(attachments=[evil, ("a.ics", "BEGIN:VCALENDAR", "text/calendar")])
    page, calendar = (client.get(reverse("people:mailbox-attachment", args=[entry.name, n])) for n in (1, 2))

    assert page["Content-Type"] == "application/octet-stream"
    assert page["Content-Disposition"] == 'attachment; filename="x.html"'
    assert page["X-Content-Type-Options"] == "nosniff"
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert client.get(reverse("people:mailbox-attachment", args=[entry.name, 3])).status_code == 404


@pytest.mark.parametrize("name", ["x", "..", "00000000000000000001-1-1.eml"])
def test_a_mail_that_is_not_there(trial, client, name):
    assert client.get(f"/mailbox/{name}/html/").status_code == 404


# --- the clock ---


def local(moment) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("step", "lands"), [("evening", "2018-12-20 18:00"), ("hour", "2018-12-20 10:00"), ("day", "2018-12-21 09:00")]
)
def test_the_clock_goes_forward(running, client, step, lands):
    """The clock: "to this evening 18:00", "one hour on", "one day on"."""
    response = client.post(reverse("people:clock-forward"), {"step": step})

    assert response.url == reverse("people:mailbox")
    assert local(clock.now()) == lands


def test_after_six_the_evening_is_tomorrows(running, client):
    for _ in range(2):
        client.post(reverse("people:clock-forward"), {"step": "evening"})

    assert local(clock.now()) == "2018-12-21 18:00"


@pytest.mark.parametrize("step", ["", "back", "-1"])
def test_any_other_step_is_refused_with_a_sentence(running, client, step):
    with override("en"):
        response = client.post(
            reverse("people:clock-forward"), {"step": step}, headers={"Accept-Language": "en"}, follow=True
        )

    assert [str(one) for one in response.context["messages"]] == ["Please choose how far the clock shall go."]
    assert local(clock.now()) == "2018-12-20 09:00"


def test_the_clock_is_moved_by_post_and_with_a_token_only(running):
    strict = Client(enforce_csrf_checks=True)

    assert strict.get(reverse("people:clock-forward")).status_code == 405
    assert strict.post(reverse("people:clock-forward"), {"step": "day"}).status_code == 403


def test_every_sweep_runs_after_each_step_and_what_is_due_is_sent(running, client, make_person, monkeypatch):
    """The clock: a jump goes in steps of at most 15 minutes with every sweep run after each."""
    now = clock.now()
    moments = []
    few = Registry("sweeps of this test")
    monkeypatch.setattr(sweeps, "sweeps", few)

    def fails():
        raise RuntimeError("one sweep")

    few.add(fails, order=1)
    few.add(lambda: moments.append(local(clock.now())[-5:]), order=2, name="the hour")
    few.add(outbox.dispatch, order=3)
    outbox.queue(NOTE, make_person(), [outbox.About("x:1")], at=now, due_at=now + timedelta(minutes=40))
    client.post(reverse("people:clock-forward"), {"step": "hour"})

    assert moments == ["09:15", "09:30", "09:45", "10:00"]
    sent = Message.objects.get()
    assert (sent.state, local(sent.sent_at)) == ("sent", "2018-12-20 09:45")


@pytest.mark.parametrize(
    ("span", "lands"), [("9h", "2018-12-20 18:00"), ("30m", "2018-12-20 09:30"), ("1d12h", "2018-12-21 21:00")]
)
def test_trial_clock_moves_the_clock(running, capsys, span, lands):
    call_command("trial_clock", forward=span)

    assert local(clock.now()) == lands
    assert lands[-5:].lstrip("0") in capsys.readouterr().out


@pytest.mark.parametrize("span", ["", "9", "-9h", "0h", "soon"])
def test_trial_clock_refuses_what_is_no_way_forward(running, span):
    with pytest.raises(CommandError, match="no way forward"):
        call_command("trial_clock", forward=span)


def test_trial_clock_only_on_trial():
    with pytest.raises(CommandError, match="not on trial"):
        call_command("trial_clock", forward="9h")
