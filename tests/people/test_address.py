"""Changing one's address: nothing changes before the new one is proven, and nobody learns who has an account."""

import time

import pytest
from allauth.account.models import EmailAddress

from people.models import User
from tests.staff import client_of, save_page, sign_in, staff_user

pytestmark = pytest.mark.django_db
EMAIL = "/accounts/email/"
CONFIRM = "/accounts/confirm-email/"


@pytest.fixture
def signed_in(client, person):
    EmailAddress.objects.create(user=person.user, email=person.email, verified=True, primary=True)
    sign_in(client, person.user)
    session = client.session  # and proved once more, just now
    session["account_authentication_methods"] = [{"method": "code", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


def change(client, email):
    return client.post(EMAIL, {"email": email, "action_add": ""})


def test_a_new_address_counts_after_its_code(signed_in, person, mailoutbox, code_in):
    old = person.email
    change(signed_in, "new@example.org")
    person.refresh_from_db()
    assert person.email == old
    assert mailoutbox[-1].to == ["new@example.org"]
    assert "nothing changes" in mailoutbox[-1].body

    signed_in.post(CONFIRM, {"code": code_in(mailoutbox[-1].body)})
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert User.objects.get(pk=person.user_id).email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.org", True)]


def test_an_address_of_another_account_is_not_taken(signed_in, person, make_person, mailoutbox, code_in):
    """The answer is the same as for a free address; even with the code (their mailbox) it stays theirs."""
    other = make_person(user=True)
    EmailAddress.objects.create(user=other.user, email=other.email, verified=True, primary=True)
    old = person.email
    change(signed_in, other.email)
    page = signed_in.post(CONFIRM, {"code": code_in(mailoutbox[-1].body)}).content.decode()
    assert "A user is already registered with this email address." in page
    person.refresh_from_db()
    assert person.email == old
    assert EmailAddress.objects.get(email=other.email).user == other.user


@pytest.mark.parametrize("email", ["", "nobody", "a\x00@example.org", "x" * 500 + "@example.org"])
def test_an_address_that_is_none_gets_a_sentence(signed_in, person, email, mailoutbox):
    old = person.email
    assert change(signed_in, email).status_code == 200
    person.refresh_from_db()
    assert person.email == old
    assert not mailoutbox


def test_the_page_speaks_as_the_portal_does_and_names_the_way_back(signed_in, person):
    signed_in.cookies["django_language"] = "zh-hans"
    page = signed_in.get(EMAIL).content.decode()
    assert f"现在发到 <b>{person.email}</b>。" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "Email" not in main


def test_what_was_typed_wrongly_stays_with_a_sentence(signed_in):
    signed_in.cookies["django_language"] = "zh-hans"
    page = change(signed_in, "").content.decode()
    assert "新的邮箱：请填写这一项。" in page
    assert 'value="nobody"' in change(signed_in, "nobody").content.decode()


def test_an_older_session_proves_itself_by_a_code_to_the_old_address(client, person, mailoutbox, code_in):
    """S12: what was typed is taken up again after the proof, and the old address is told."""
    EmailAddress.objects.create(user=person.user, email=person.email, verified=True, primary=True)
    client.force_login(person.user)
    old = person.email
    asked = change(client, "new@example.org")
    assert asked.status_code == 302
    assert "/reauthenticate/code/" in asked.url
    assert not mailoutbox
    sent = client.post(asked.url, {"recipient": old}, follow=True)
    assert mailoutbox[-1].to == [old]
    client.post(sent.redirect_chain[-1][0], {"code": code_in(mailoutbox[-1].body)}, follow=True)
    assert mailoutbox[-1].to == ["new@example.org"]
    client.post(CONFIRM, {"code": code_in(mailoutbox[-1].body)})
    assert User.objects.get(pk=person.user_id).email == "new@example.org"
    assert mailoutbox[-1].to == [old]
    assert "If it was not you, please phone" in mailoutbox[-1].body
    assert "new@example.org" not in mailoutbox[-1].body


def test_staff_who_write_down_another_address_tell_the_old_one(
    make_person, neighbourhood, mailoutbox, django_capture_on_commit_callbacks
):
    """S12: of somebody without an account; whoever has one changes it there."""
    person = make_person(name="汤寿康", email="old@example.org")
    desk = client_of(staff_user("committee_admin", neighbourhood))
    with django_capture_on_commit_callbacks(execute=True):
        save_page(desk, f"/admin/people/person/{person.pk}/change/", email="other@example.org")
    person.refresh_from_db()
    assert person.email == "other@example.org"
    [told] = [one for one in mailoutbox if one.to == ["old@example.org"]]
    assert neighbourhood.phone in told.body
    assert "other@example.org" not in told.body
    assert "汤寿康" not in told.body
