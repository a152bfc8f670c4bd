"""Every other way in is the join form too: a password, a time code, signing out."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse

from people.models import ConsentText, Person, User
from tests.people.joining import *  # noqa: F403
from tests.people.joining import CODE, NAME, join

pytestmark = pytest.mark.django_db


def totp_code(secret: str) -> str:
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/", "/accounts/login/code/"])
def test_every_way_in_is_the_same_form(client, address):
    assert "Sign in or join" in client.get(address).content.decode()


def test_a_page_for_people_leads_to_the_form_and_back(client):
    response = client.get("/me/")
    assert response.url == "/accounts/login/?next=/me/"


def test_a_password_still_works_for_who_has_one(client, person):
    person.user.set_password("a long enough word")
    person.user.save()
    EmailAddress.objects.create(user=person.user, email=person.email, verified=True, primary=True)
    response = client.post(
        "/accounts/password/?next=/lane-600/",
        {"login": person.email, "password": "a long enough word", "next": "/lane-600/"},
    )
    assert response.url == "/lane-600/"


def test_a_wrong_password_gets_a_sentence(client, person):
    response = client.post("/accounts/password/", {"login": person.email, "password": "wrong"})
    assert "The email address and/or password you specified are not correct." in response.content.decode()


def test_signing_out_needs_the_button(client, person):
    """GET changes nothing."""
    client.force_login(person.user)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_staff_with_a_time_code_give_it_after_the_code(client, mailoutbox, code_in, person):
    """The second proof is allauth's own stage, and the wish survives it too."""
    User.objects.update(is_staff=True)
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person.user, secret)
    assert Authenticator.objects.count() == 1
    join(client, person.email, next="/admin/")

    response = client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session

    response = client.post(response.url, {"code": totp_code(secret)})
    assert response.url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_words_agreed_to_can_be_read_and_looking_writes_nothing(client, mailoutbox, code_in, resident_text):
    resident_text.body_en = "I agree to what stands here."
    resident_text.save()
    join(client)
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    page = client.get(NAME).content.decode()
    assert "The words you agree to (居民告知书 1.0)" in page
    assert "I agree to what stands here." in page
    resident_text.delete()
    assert "The words you agree to (0)" in client.get(NAME).content.decode()
    assert not ConsentText.objects.exists()


def test_on_a_new_device_the_pages_speak_the_language_of_the_settings(mailoutbox, code_in, person):
    from django.test import Client

    Person.objects.update(language="en")
    client = Client(headers={"accept-language": "zh-hans"})
    join(client, person.email)
    response = client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    assert response.cookies["django_language"].value == "en"
