"""M11: an answer reaches the committee, and a mail that comes back reaches the phone list."""

import socketserver
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from config.settings import environment
from people import outbox
from people.models import Message
from people.outbox import bounces
from people.tasks import read_bounces
from portal.refusals import caught
from tests.conftest import NOW
from tests.people.outbox_sink import NOTE
from tests.staff import client_of, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_messages")]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def sent_to(person, key="row:1", **fields) -> Message:
    message = outbox.queue(NOTE, person, [outbox.About(key)], at=NOW, **fields)
    assert message is not None
    return message


@pytest.fixture
def sent(person) -> Message:
    message = sent_to(person)
    outbox.dispatch()
    message.refresh_from_db()
    assert message.state == "sent"
    return message


def report(message_id: str, *, action: str = "failed", status: str = "5.1.1", headers_only: bool = False) -> bytes:
    """As a mail server writes it (RFC 3464)."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    return f"""\
From: MAILER-DAEMON@mx.example.org
To: portal@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; p1@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: {kind}

From: portal@example.org
Message-ID: {message_id}
Subject: hello

--b--
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_bounce_is_read_and_its_mail_stands_on_the_phone_list(sent, neighbourhood, headers_only):
    waiting = sent_to(sent.recipient, "row:2", due_at=NOW + timedelta(hours=1))
    assert bounces.take(report(sent.message_id, headers_only=headers_only), at=NOW)
    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.state, sent.error) == ("failed", "It came back: 5.1.1 550 5.1.1 no such user")
    assert (waiting.channel, waiting.state) == ("phone", "pending")
    assert list(outbox.phone_list(neighbourhood, at=NOW + timedelta(hours=2))) == [sent, waiting]
    assert sent_to(sent.recipient, "row:3").channel == "phone"  # nothing more is mailed there


def test_another_address_or_sending_again_ends_it(sent):
    person = sent.recipient
    outbox.bounced(sent, at=NOW)
    person.refresh_from_db()
    assert outbox.address_of(person) == ""
    person.email = "new@example.org"
    assert outbox.address_of(person) == "new@example.org"
    person.refresh_from_db()
    sent.refresh_from_db()
    outbox.send_again(sent, at=NOW)
    person.refresh_from_db()
    assert outbox.address_of(person) == sent.address


@pytest.mark.parametrize(
    "raw",
    [
        report("<somebody.else@example.org>"),
        b"Subject: hello\r\n\r\nI will be away.",
        b"",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\xff\xfe\r\n--x--",
    ],
)
def test_anything_else_changes_nothing(sent, raw):
    assert not bounces.take(raw, at=NOW)
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("failed", "4.2.2")])
def test_a_delay_is_no_bounce(sent, action, status):
    assert not bounces.take(report(sent.message_id, action=action, status=status), at=NOW)


def test_what_was_told_by_phone_did_not_bounce(sent, make_person):
    Message.objects.update(channel="phone")
    sent.refresh_from_db()
    with caught() as no:
        outbox.bounced(sent, at=NOW)
    assert no.sentence == "This message did not go by e-mail."


def test_staff_press_that_it_came_back(sent, neighbourhood):
    desk = client_of(staff_user("committee_admin", neighbourhood))
    url = reverse("admin:people_message_act", args=["bounced"])
    answer = desk.post(url, {"ids": [sent.pk], "yes": "1"}, follow=True)
    assert answer.status_code == 200
    sent.refresh_from_db()
    assert sent.state == "failed"
    assert "It came back" in sent.error


def test_staff_see_at_the_person_that_mails_came_back(sent, neighbourhood):
    outbox.bounced(sent, at=NOW)
    desk = client_of(staff_user("committee_admin", neighbourhood))
    shown = desk.get(reverse("admin:people_person_change", args=[sent.recipient_id])).content.decode()
    assert f"Mails to {sent.address} came back" in shown


# --- the mailbox ---


class Imap(socketserver.StreamRequestHandler):
    """As much of IMAP4rev1 as is asked for; ``server.mails`` are {number: (raw, is seen)}."""

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline():
            tag, _space, command = line.strip().decode().partition(" ")
            word = command.split()[0].upper()
            mails = self.server.mails
            if word == "CAPABILITY":
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
            elif word == "LOGIN" and '"secret word"' not in command:
                self.wfile.write(f"{tag} NO wrong\r\n".encode())
                continue
            elif word == "SELECT":
                self.wfile.write(f"* {len(mails)} EXISTS\r\n".encode())
            elif word == "SEARCH":
                new = [str(n) for n, (raw, seen) in mails.items() if not seen and b"multipart/report" in raw]
                self.wfile.write(f"* SEARCH {' '.join(new)}\r\n".encode())
            elif word == "FETCH":
                raw = mails[int(command.split()[1])][0]
                self.wfile.write(f"* {command.split()[1]} FETCH (BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
            elif word == "STORE":
                number = int(command.split()[1])
                mails[number] = (mails[number][0], True)
            elif word == "LOGOUT":
                self.wfile.write(b"* BYE\r\n")
            self.wfile.write(f"{tag} OK done\r\n".encode())


@pytest.fixture
def mailbox(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap) as server:
        server.daemon_threads = True
        server.mails = {}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.BOUNCE_MAILBOX = f"imap://portal:secret%20word@127.0.0.1:{server.server_address[1]}/INBOX"
        yield server
        server.shutdown()


def test_the_mailbox_is_read_and_only_reports_are_touched(mailbox, sent):
    mailbox.mails = {1: (b"Subject: hello\r\n\r\nbody", False), 2: (report(sent.message_id), False)}
    assert read_bounces() == 1
    sent.refresh_from_db()
    assert sent.state == "failed"
    assert [seen for _raw, seen in mailbox.mails.values()] == [False, True]
    assert read_bounces() == 0


def test_a_wrong_password_is_logged_and_breaks_nothing(mailbox, settings, caplog):
    settings.BOUNCE_MAILBOX = settings.BOUNCE_MAILBOX.replace("secret", "wrong")
    assert read_bounces() == 0
    assert "cannot be read" in caplog.text


def test_without_a_mailbox_nothing_is_read(settings):
    settings.BOUNCE_MAILBOX = ""
    assert read_bounces() == 0


@pytest.mark.parametrize("value", ["smtp://host", "imap://", "imap+ssl://u:p@host:x/INBOX"])
def test_a_wrong_setting_is_said_in_a_sentence(monkeypatch, value):
    monkeypatch.setenv("BOUNCE_MAILBOX", value)
    with pytest.raises(environment.SettingError, match="BOUNCE_MAILBOX cannot be read"):
        environment.imap("BOUNCE_MAILBOX", default="")


# --- answers ---


def test_an_answer_reaches_the_committee(person, neighbourhood, settings):
    neighbourhood.email = "committee@example.org"
    neighbourhood.save()
    sent_to(person)
    outbox.dispatch()
    assert mail.outbox[-1].extra_headers["Reply-To"].endswith("<committee@example.org>")


def test_without_one_the_setting_stands_in_and_without_both_there_is_no_such_header(person, settings):
    sent_to(person)
    outbox.dispatch()
    assert "Reply-To" not in mail.outbox[-1].extra_headers
    settings.CONTACT_EMAIL = "office@example.org"
    sent_to(person, "row:2")
    outbox.dispatch()
    assert "office@example.org" in mail.outbox[-1].extra_headers["Reply-To"]


def test_a_code_comes_from_the_portal_by_name_and_says_that_a_machine_wrote_it(client, person, neighbourhood, settings):
    """M11"""
    settings.CONTACT_EMAIL = "office@example.org"
    settings.DEFAULT_FROM_EMAIL = "portal@example.org"
    client.post(reverse("people:join"), {"email": person.email}, follow=True)
    (code,) = mail.outbox
    assert code.message()["From"].endswith("<portal@example.org>")
    assert code.message()["From"] != "portal@example.org"
    assert code.message()["Auto-Submitted"] == "auto-generated"
    assert "office@example.org" in code.message()["Reply-To"]
