"""What goes wrong with the code of the join form: wrong, old, too many, of another browser; each gets a sentence."""

import time

import pytest
from django.urls import reverse

from people.models import User
from tests.people.joining import *  # noqa: F403
from tests.people.joining import CODE, JOIN, NAME, join, tell

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


def test_too_many_codes_for_one_address_get_a_page_with_a_sentence(client, mailoutbox):
    for _ in range(3):
        assert join(client).status_code == 302
    response = join(client)
    assert response.status_code == 429
    assert "Please wait a few minutes and try again." in response.content.decode()
    assert len(mailoutbox) == 3
    assert join(client, "another@example.org").status_code == 302


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
