"""A3: what staff enter is made once, however often the form is sent."""

import pytest
from django.urls import reverse

from people.models import Location, SentForm
from tests.parallel import at_once
from tests.staff import client_of, said, staff_user

ADD = "admin:people_location_add"


@pytest.fixture
def user(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


def form_of(client, **changes) -> dict:
    page = client.get(reverse(ADD))
    return {"code": "gate", "name": "南门", "kind": "gate", "sent_once": page.context["sent_once"], **changes}


@pytest.mark.django_db
def test_the_same_form_sent_again_leads_to_what_was_made(user):
    client = client_of(user)
    form = form_of(client) | {"_continue": "1"}
    first = client.post(reverse(ADD), form)
    again = client.post(reverse(ADD), form | {"code": "gate2"})  # a unique code does not save it here

    location = Location.objects.get()
    assert first.url == again.url == reverse("admin:people_location_change", args=[location.pk])
    assert "nothing was made a second time" in said(again)[-1]


@pytest.mark.django_db
def test_a_second_page_makes_a_second_one(user):
    client = client_of(user)
    client.post(reverse(ADD), form_of(client))
    client.post(reverse(ADD), form_of(client, code="gate2"))
    assert Location.objects.count() == 2


@pytest.mark.django_db
def test_what_was_refused_is_sent_again_under_its_key(user):
    client = client_of(user)
    form = form_of(client)
    page = client.post(reverse(ADD), form | {"name": ""})
    assert page.context["sent_once"] == form["sent_once"]
    assert not SentForm.objects.exists()
    client.post(reverse(ADD), form)
    assert Location.objects.count() == 1


@pytest.mark.django_db
def test_nobody_meets_anothers_key(user, neighbourhood):
    client, other = client_of(user), client_of(staff_user("committee_admin", neighbourhood, "two@example.org"))
    form = form_of(client)
    client.post(reverse(ADD), form)
    other.post(reverse(ADD), form | {"code": "gate2"})
    assert Location.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_key", [True, False])
def test_a_double_click_makes_one(user, has_key):
    """Control: without the key both are made."""
    clients = [client_of(user) for _ in range(2)]
    form = form_of(clients[0])
    if not has_key:
        form.pop("sent_once")
    answers = at_once(
        *[
            lambda client=client, code=code: client.post(reverse(ADD), form | {"code": code})
            for client, code in zip(clients, ("gate", "gate2"), strict=True)
        ]
    )
    assert [answer.status_code for answer in answers] == [302, 302], answers
    assert Location.objects.count() == (1 if has_key else 2)
