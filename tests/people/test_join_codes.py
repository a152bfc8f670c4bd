"""What goes wrong with the code of the join form: wrong, old, too many, of another browser; each gets a sentence."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from people.models import CodeAsked, User
from people.operations import log_in_codes
from portal import clock
from tests.people.joining import *  # noqa: F403
from tests.people.joining import CODE, JOIN, NAME, join, tell
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db


def test_a_wrong_code_gets_a_sentence_and_the_right_one_still_works(client, mailoutbox, code_in):
    join(client)
    code = code_in(mailoutbox[0].body)
    wrong = "000000" if code != "000000" else "111111"

    page = client.post(CODE, {"code": wrong}).content.decode()
    assert "This is not the code we sent last. You can try it 4 more times." in page

    assert client.post(CODE, {"code": code}).url == NAME


@pytest.mark.parametrize("typed", ["{0}{1}{2} {3}{4}{5}", " {0}{1}{2}-{3}{4}{5} ", "full width"])
def test_a_code_is_read_as_people_type_it(client, mailoutbox, code_in, typed):
    join(client)
    code = code_in(mailoutbox[0].body)
    if typed == "full width":
        typed = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert client.post(CODE, {"code": typed.format(*code)}).url == NAME


def test_after_five_wrong_codes_a_new_one_is_needed(client, mailoutbox, code_in):
    join(client, next="/lane-600/")
    code = code_in(mailoutbox[0].body)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(4):
        client.post(CODE, {"code": wrong})
    response = client.post(CODE, {"code": wrong}, follow=True)

    assert response.redirect_chain[-1][0] == "/accounts/join/?next=%2Flane-600%2F"
    assert "That was not the code, several times." in response.content.decode()
    assert 'value="new@example.org"' in response.content.decode()  # nothing has to be typed again
    client.post(CODE, {"code": code})
    assert not User.objects.exists()


def test_an_expired_code_gets_a_sentence_and_a_way_on(client, mailoutbox, code_in, monkeypatch):
    join(client, next="/lane-600/")
    later = time.time() + 16 * 60
    monkeypatch.setattr(time, "time", lambda: later)

    response = client.post(CODE, {"code": code_in(mailoutbox[0].body)}, follow=True)
    assert "The code has expired." in response.content.decode()
    assert 'name="next" value="/lane-600/"' in response.content.decode()
    assert not User.objects.exists()


def test_without_a_pending_code_one_is_led_to_the_form(client):
    response = client.post(CODE, {"code": "123456"}, follow=True)
    assert response.redirect_chain == [("/accounts/join/", 302)]
    assert "Please give your e-mail address first; then we send a code." in response.content.decode()


def test_a_code_sent_twice_leads_on(client, mailoutbox, code_in):
    join(client)
    code = code_in(mailoutbox[0].body)
    client.post(CODE, {"code": code})
    assert client.post(CODE, {"code": code}).url == NAME
    tell(client)
    assert client.post(CODE, {"code": code}).url == reverse("people:me")
    assert tell(client).url == reverse("people:me")
    assert User.objects.count() == 1


def test_a_code_of_another_browser_is_worth_nothing(client, mailoutbox, code_in, django_user_model):
    from django.test import Client

    join(client)
    stranger = Client()
    assert stranger.post(CODE, {"code": code_in(mailoutbox[0].body)}).url == JOIN
    assert not User.objects.exists()


def test_a_new_code_replaces_the_old_one(client, mailoutbox, code_in):
    join(client)
    response = client.post(CODE, {"action": "resend"}, follow=True)
    assert "A new code is on its way." in response.content.decode()
    old, new = (code_in(mail.body) for mail in mailoutbox)
    if old != new:
        client.post(CODE, {"code": old})
        assert not User.objects.exists()
    assert client.post(CODE, {"code": new}).url == NAME


def browser() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    return client


def test_nobody_locks_an_address_out_and_each_browser_has_its_own_code(mailoutbox, code_in, monkeypatch):
    """S6: after a stranger's many requests the owner waits a little, is told until when, and gets in."""
    for _ in range(12):
        assert join(browser(), "mine@example.org").status_code == 302
    assert len(mailoutbox) == 3
    owner = browser()
    page = owner.get(join(owner, "mine@example.org").url)
    assert page.status_code == 200
    assert "Your mail leaves at" in page.content.decode()
    assert 1 < int(page["Refresh"]) <= 182
    assert len(mailoutbox) == 3
    later = clock.real_now() + timedelta(seconds=int(page["Refresh"]))
    monkeypatch.setattr(clock, "real_now", lambda: later)
    page = owner.get(CODE).content.decode()
    assert "We have sent a code of six digits" in page
    assert len(mailoutbox) == 4
    assert owner.post(CODE, {"code": code_in(mailoutbox[-1].body)}).url == NAME


def test_wrong_codes_of_a_stranger_do_not_spend_the_owners_tries(mailoutbox, code_in):
    """S6"""
    stranger, owner = browser(), browser()
    join(owner, "mine@example.org")
    right = code_in(mailoutbox[-1].body)
    for _ in range(5):
        join(stranger, "mine@example.org")
        for number in range(6):
            stranger.post(CODE, {"code": f"{number}" * 6})
    assert owner.post(CODE, {"code": right}).url == NAME


def test_tries_are_counted_in_the_database(client, mailoutbox, code_in):
    """S6: an old copy of the session brings no tries back, with or without a cache."""
    join(client)
    session = dict(client.session)
    right = code_in(mailoutbox[-1].body)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(4):
        client.post(CODE, {"code": wrong})
    cache.clear()
    assert CodeAsked.objects.get().tries == 4
    CodeAsked.objects.update(tries=5)
    assert dict(client.session)["account_login"] == session["account_login"]
    assert client.post(CODE, {"code": right}, follow=True).redirect_chain[-1][0].startswith(JOIN)
    assert not User.objects.exists()


def test_the_same_browser_is_told_when_the_code_was_sent(client, mailoutbox):
    """S6: it belongs to this browser; another one gets a mail of its own."""
    join(client)
    answer = client.get(join(client).url).content.decode()
    assert "it is still good" in answer
    assert len(mailoutbox) == 1
    other = browser()
    assert "it is still good" not in other.get(join(other).url).content.decode()
    assert len(mailoutbox) == 2


def test_sixty_newcomers_on_one_network_pass(mailoutbox):
    """S10"""
    for number in range(60):
        assert join(browser(), f"n{number}@example.org").status_code == 302
    assert len(mailoutbox) == 60


def test_one_origin_does_not_flood_mailboxes(mailoutbox, monkeypatch, neighbourhood):
    """S10: by plus-addresses three mails leave at once; by invented ones as many as an event has."""
    for number in range(20):
        join(browser(), f"same+{number}@example.org")
    assert len(mailoutbox) == 3
    monkeypatch.setattr(log_in_codes, "ADDRESSES_PER_ORIGIN", 5)
    answers = [join(browser(), f"n{number}@example.org") for number in range(8)]
    assert [answer.status_code for answer in answers] == [302] * 4 + [200] * 4
    page = answers[-1].content.decode()
    assert "Very many addresses were entered from this network" in page
    assert neighbourhood.phone in page
    assert join(browser(), "n1@example.org").status_code == 302  # whoever has begun goes on


def test_a_flood_from_everywhere_slows_all_and_is_shown_to_staff(mailoutbox, monkeypatch, neighbourhood, client):
    """S10: slower, never refused; a warning in the log and on the staff's first page."""
    monkeypatch.setattr(log_in_codes, "MANY", 2)
    for number in range(4):
        CodeAsked.objects.create(mailbox=f"m{number}", origin=f"o{number}", asked_at=clock.real_now())
    page = client.get(join(client).url).content.decode()
    assert "Your mail leaves at" in page
    assert not mailoutbox
    desk = client_of(staff_user("committee_admin", neighbourhood))
    assert "Codes for unusually many addresses" in desk.get("/admin/").content.decode()
    CodeAsked.objects.all().delete()
    assert "Codes for unusually many addresses" not in desk.get("/admin/").content.decode()


def test_a_mail_server_that_is_down_gets_a_sentence(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    page = join(client).content.decode()
    assert "We could not send a mail there just now." in page
    assert 'value="new@example.org"' in page


def test_an_inactive_account_is_told_so(client, mailoutbox, code_in, person):
    User.objects.update(is_active=False)
    join(client, person.email)
    response = client.post(CODE, {"code": code_in(mailoutbox[0].body)}, follow=True)
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
