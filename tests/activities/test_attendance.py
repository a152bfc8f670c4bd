"""Who came: recorded by the people in charge, and by nobody else."""

import time
from datetime import timedelta

import pytest
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import SignUp
from activities.operations import sign_ups
from people.models import RoleGrant, Team, User
from portal import clock
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def staff_of(neighbourhood):
    """A client of staff with a role, who has given a time code."""

    def make(role: str, **scope) -> Client:
        user = User.objects.create_user(f"{role}{scope}@example.org".replace(" ", ""), is_staff=True)
        place = scope.pop("place", neighbourhood)
        baker.make(RoleGrant, user=user, neighbourhood=place, role=role, given_at=NOW, until=None, **scope)
        client = Client()
        client.cookies["django_language"] = "en"
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session["account_authentication_methods_user"] = user_id_to_str(user)
        session.save()
        return client

    return make


@pytest.fixture
def begun(make_activity, make_person, make_child):
    """An activity that three are signed up for and one waits for; it begins in three days."""
    activity = make_activity(capacity=3)
    mother = make_person(name="妈妈")
    child = make_child(mother, 9, name="小鸣")
    sign_ups.sign_up(activity, [mother, child], made_by=mother, at=NOW, guardian_consents=True, note="怕狗")
    sign_ups.sign_up(activity, [make_person(name="老王")], made_by=mother, at=NOW)
    sign_ups.sign_up(activity, [make_person(name="候补的")], made_by=mother, at=NOW)
    return activity


DURING = NOW + timedelta(days=3, minutes=10)


def url(activity) -> str:
    return reverse("activities:attendance", args=["lane-600", activity.pk])


def marks(activity) -> dict[str, str]:
    return dict(activity.sign_ups.values_list("person__name", "status"))


def test_the_coordinator_records_who_came(staff_of, begun):
    client = staff_of("volunteer_coordinator")
    people = {row.person.name: row.person_id for row in begun.sign_ups.select_related("person")}
    with clock.frozen(DURING):
        page = client.get(url(begun)).content.decode()
        client.post(
            url(begun),
            {
                f"p{people['妈妈']}-mark": "attended",
                f"p{people['小鸣']}-mark": "excused",
                f"p{people['候补的']}-mark": "attended",  # has no seat, so nothing is recorded
            },
        )

    assert "怕狗" in page
    assert "with 妈妈" in page
    assert "候补的" not in page
    assert marks(begun) == {"妈妈": "attended", "小鸣": "excused", "老王": "confirmed", "候补的": "waiting"}
    assert SignUp.objects.get(person__name="妈妈").marked_by is not None


def test_a_mark_can_be_corrected_and_shows(staff_of, begun):
    client = staff_of("committee_admin")
    row = begun.sign_ups.get(person__name="老王")
    with clock.frozen(DURING):
        client.post(url(begun), {f"p{row.person_id}-mark": "absent"})
        client.post(url(begun), {f"p{row.person_id}-mark": "attended"})
        page = client.get(url(begun)).content.decode()
    assert marks(begun)["老王"] == "attended"
    assert f'name="p{row.person_id}-mark" value="attended" checked' in page


def test_not_before_it_begins(staff_of, begun):
    client = staff_of("committee_admin")
    person_id = begun.sign_ups.first().person_id
    page = client.get(url(begun)).content.decode()
    refused = client.post(url(begun), {f"p{person_id}-mark": "attended"}).content.decode()
    assert "Attendance can be recorded from Sun 23 Dec, 9:00 on." in page
    assert "Attendance can be recorded once it has begun." in refused
    assert "attended" not in marks(begun).values()


@pytest.mark.parametrize("value", ["waiting", "cancelled", "x", "\x00"])
def test_only_the_three_marks_are_taken(staff_of, begun, value):
    client = staff_of("committee_admin")
    person_id = begun.sign_ups.first().person_id
    with clock.frozen(DURING):
        refused = client.post(url(begun), {f"p{person_id}-mark": value})
    assert "Please choose one of the three." in refused.content.decode()
    assert set(marks(begun).values()) == {"confirmed", "waiting"}


def test_the_sheet_has_lines_to_sign(staff_of, begun):
    page = staff_of("committee_admin").get(url(begun), {"sheet": 1}).content.decode()
    assert page.count('<td class="sign">') == 3
    assert "小鸣" in page


def test_only_staff_in_scope(staff_of, begun, neighbourhood, elsewhere, make_activity):
    team = baker.make(Team, neighbourhood=neighbourhood, name="护花小队")
    own = make_activity(team=team, visibility="team")
    leader = staff_of("team_leader", team=team)

    assert leader.get(url(own)).status_code == 200
    assert leader.get(url(begun)).status_code == 404
    assert staff_of("editor").get(url(begun)).status_code == 404
    assert staff_of("system_admin").get(url(begun)).status_code == 404
    assert staff_of("committee_admin", place=elsewhere).get(url(begun)).status_code == 404


def test_residents_are_sent_away(begun, person):
    client = Client()
    assert client.get(url(begun)).status_code == 302
    client.force_login(person.user)
    assert client.get(url(begun)).status_code == 302
    assert client.get(url(begun), follow=True).status_code == 403


def test_without_the_second_factor_no_names_are_shown(neighbourhood, begun):
    user = User.objects.create_user("clerk@example.org", is_staff=True)
    baker.make(RoleGrant, user=user, neighbourhood=neighbourhood, role="committee_admin", given_at=NOW, until=None)
    client = Client()
    client.force_login(user)
    response = client.get(url(begun), follow=True)
    assert "小鸣" not in response.content.decode()


def test_the_link_to_it_stands_on_the_page_for_staff_alone(staff_of, begun, person):
    resident = Client()
    resident.force_login(person.user)
    assert url(begun) in staff_of("committee_admin").get(begun.get_absolute_url()).content.decode()
    assert url(begun) not in resident.get(begun.get_absolute_url()).content.decode()
