"""List-Unsubscribe: a GET changes nothing, one POST is enough, bad tokens get a sentence (DESIGN.md §3)."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from people import outbox
from people.models import OptOut
from people.outbox.envelope import UNSUBSCRIBE
from portal import tokens
from tests.people.outbox_sink import HINT, NOTE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_messages")]


def address(person, kind=HINT) -> str:
    return f"/mail/unsubscribe/{tokens.make(UNSUBSCRIBE, person=person.pk, kind=kind.code)}/"


def test_get_changes_nothing(person, client):
    """GET changes nothing: mail scanners and previews follow links."""
    response = client.get(address(person))

    assert response.status_code == 200
    assert not OptOut.objects.exists()
    assert client.head(address(person)).status_code == 200
    assert not OptOut.objects.exists()


def test_the_one_click_post_of_a_mail_program_acts(person):
    """Messages: one-click; a mail program has neither cookie nor token of ours."""
    program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert program.post(address(person), {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert outbox.stopped(person) == {HINT.code}


def test_the_button_acts_and_can_be_taken_back(person, client, at):
    client.post(address(person))
    assert OptOut.objects.get().since == at

    client.post(address(person), {"resume": "1"})
    assert outbox.stopped(person) == set()


def test_the_page_names_nobody(person, client):
    """Whoever opens a forwarded mail learns neither name nor address."""
    page = client.get(address(person)).text

    assert person.name not in page
    assert person.email not in page


def test_the_page_speaks_as_the_mail_did(make_person, client):
    assert "No more mails of this kind" in client.get(address(make_person(language="en"))).text


def test_a_kind_that_always_goes_cannot_be_stopped(person, client):
    """Messages: confirmations and changes always go."""
    assert client.post(address(person, NOTE)).status_code == 404
    assert not OptOut.objects.exists()


@pytest.mark.parametrize("token", ["x", "a:b:c", "名字", "%00", "x" * 5000])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_tampered_token_gets_a_sentence(client, token, method):
    """Bad input: a sentence, no 500."""
    response = getattr(client, method)(f"/mail/unsubscribe/{token}/", headers={"Accept-Language": "en"})

    assert response.status_code == 404
    assert "This link is not complete" in response.text


def test_an_old_token_gets_a_sentence(person, client, monkeypatch):
    """Tokens expire; their age counts in real time since issue."""
    old = address(person)
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + timedelta(days=30, seconds=5).total_seconds())
    response = client.post(old, headers={"Accept-Language": "en"})

    assert response.status_code == 410
    assert "too old" in response.text
    assert not OptOut.objects.exists()


def test_a_token_is_for_one_action(person, client):
    """Tokens are for one action: one made for another purpose opens nothing."""
    other = tokens.make("withdraw", person=person.pk, kind=HINT.code)

    assert client.post(f"/mail/unsubscribe/{other}/").status_code == 404
    with pytest.raises(tokens.Unreadable):
        tokens.read("withdraw", tokens.make(UNSUBSCRIBE, person=person.pk))


@pytest.mark.parametrize("data", [{}, {"person": None, "kind": HINT.code}, {"person": 10**30, "kind": HINT.code}])
def test_a_token_about_nobody_gets_a_sentence(client, data):
    assert client.get(f"/mail/unsubscribe/{tokens.make(UNSUBSCRIBE, **data)}/").status_code == 404


def test_who_was_erased_has_nothing_to_stop(person, client, at):
    person.anonymised_at = at
    person.save()

    assert client.post(address(person)).status_code == 404
