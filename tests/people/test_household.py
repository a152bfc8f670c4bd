"""A7: a couple with one mailbox, a grandmother without any: named by one, known by their own yes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from activities.operations import sign_ups
from activities.rules.family_members import household_of
from people.emails import household_url
from people.models import Consent, HouseholdAdult, Person, PossibleDuplicate, User
from people.operations import household
from people.outbox.sending import dispatch
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(make_person) -> Person:
    return make_person(user=True, name="王芳", language="en")


@pytest.fixture
def mine(me) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(me.user)
    return client


def names_of(reader: Person) -> list[str]:
    return [person.name for person in household_of(reader, NOW.date(), NOW.date())]


def test_the_second_of_a_couple_is_named_and_agrees_by_the_shared_mailbox(me, mine, activity):
    """A7: the second name was dropped without a word; now it is asked for, and bookable after its own yes."""
    answer = mine.post(reverse("people:household-add"), {"name": "李 国强"}, follow=True).content.decode()
    assert "李国强" in answer
    row = HouseholdAdult.objects.get()
    assert not Person.objects.filter(name="李国强").exists()  # the name alone is kept
    assert names_of(me) == ["王芳"]
    dispatch()
    assert mail.outbox[0].to == [me.email]
    assert "李国强" in mail.outbox[0].subject

    url = household_url(row)
    opened = Client().get(url).content.decode()
    assert "Are you 李国强?" in opened
    assert "Please tick this if it is so" in Client().post(url, {"agrees": "on"}).content.decode()
    assert not Person.objects.filter(name="李国强").exists()
    Client().post(url, {"adult": "on", "agrees": "on"})
    Client().post(url, {"adult": "on", "agrees": "on"})  # pressed twice
    husband = Person.objects.get(name="李国强")
    assert (husband.email, husband.user, husband.is_adult_on(NOW.date())) == (me.email, None, True)
    assert Consent.objects.in_force().filter(person=husband, purpose="data", given_by=husband).exists()
    assert not PossibleDuplicate.objects.exists()
    assert names_of(me) == ["王芳", "李国强"]
    assert sign_ups.sign_up(activity, [me, husband], made_by=me, at=NOW).sign_ups.count() == 2


def test_a_grandmother_says_it_to_the_committee(me, neighbourhood):
    """A7: a recorded helper's tick, with who heard it and how."""
    row = household.add_adult(me, "外婆", at=NOW)
    clerk = staff_user("committee_admin", neighbourhood)
    office = client_of(clerk)
    url = reverse("admin:people_householdadult_act", args=["heard"]) + f"?ids={row.pk}"
    done = office.post(url, {"ids": row.pk, "channel": "in_person"}, follow=True)
    assert "can be signed up" in said(done)[-1]
    row.refresh_from_db()
    assert (row.state, row.entered_by, row.channel) == ("agreed", clerk, "in_person")
    assert (row.person.email, names_of(me)) == ("", ["王芳", "外婆"])


@pytest.mark.parametrize("case", ["late", "taken back", "own household", "double", "too many", "minor"])
def test_what_is_refused(me, make_person, case):
    with translation.override("en"):
        row = household.add_adult(me, "李国强", at=NOW)
        match case:
            case "late":
                with pytest.raises(Refusal, match="no longer open"):
                    household.agree(row, at=NOW + timedelta(days=15))
            case "taken back":
                household.take_back(row, by=me, at=NOW)
                with pytest.raises(Refusal, match="no longer open"):
                    household.agree(row, at=NOW)
            case "own household":
                with pytest.raises(Refusal, match="Somebody else"):
                    household.agree(row, at=NOW, by=User.objects.get(pk=me.user_id), channel="in_person")
            case "double":
                with pytest.raises(Refusal, match="on your page already"):
                    household.add_adult(me, "李國強", at=NOW)
            case "too many":
                for number in range(3):
                    household.add_adult(me, f"张{'一二三'[number]}", at=NOW)
                with pytest.raises(Refusal, match="First let those"):
                    household.add_adult(me, "赵六", at=NOW)
            case "minor":
                with pytest.raises(Refusal, match="18 or over"):
                    household.add_adult(make_person(15), "李国强", at=NOW)
    assert not Person.objects.filter(name="李国强").exists()


def test_it_is_taken_back_on_the_page_and_by_nobody_else(me, mine, make_person):
    row = household.add_adult(me, "李国强", at=NOW)
    household.agree(row, at=NOW)
    url = reverse("people:household-take-back", args=[row.pk])
    stranger = Client()
    stranger.force_login(make_person(user=True).user)
    assert stranger.post(url).status_code == 404
    assert "李国强" in mine.get(url).content.decode()
    assert names_of(me) == ["王芳", "李国强"]
    mine.post(url)
    assert names_of(me) == ["王芳"]
    assert Person.objects.filter(name="李国强").exists()


@pytest.mark.parametrize("token", ["x", "a:b:c"])
def test_a_wrong_link_is_a_sentence(token):
    answer = Client(headers={"accept-language": "en"}).get(reverse("people:household-answer", args=[token]))
    assert answer.status_code == 410
