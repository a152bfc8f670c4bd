"""Changing one's address: nothing changes before the new one is proven, and nobody learns who has an account."""

import pytest
from allauth.account.models import EmailAddress

from people.models import User

pytestmark = pytest.mark.django_db
EMAIL = "/accounts/email/"
CONFIRM = "/accounts/confirm-email/"


@pytest.fixture
def signed_in(client, person):
    EmailAddress.objects.create(user=person.user, email=person.email, verified=True, primary=True)
    client.force_login(person.user)
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
