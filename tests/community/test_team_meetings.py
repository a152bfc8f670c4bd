"""The monthly meeting of a team: planned in time, its record closed, and then read by its members (M8, G2)."""

from datetime import timedelta

import pytest
from django.utils.translation import override
from model_bakery import baker

from community.models import Meeting
from community.operations import sign_record
from people.models import TeamMembership
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def team(neighbourhood):
    return baker.make("people.Team", neighbourhood=neighbourhood, code="flower", name="护花小队")


@pytest.fixture
def leader(team, neighbourhood):
    return staff_user("team_leader", neighbourhood, team=team)


@pytest.fixture
def meeting(make_activity, team, person):
    fields = {
        "team": team,
        "visibility": "team",
        "chair": person,
        "recorder": person,
        "resolutions": ["三月种角堇"],
        "type": "team_meeting",
    }
    return lambda **more: make_activity(
        model=Meeting, kind="meeting", title="护花小队例会", open_to=[],
        **{"starts_at": NOW - timedelta(days=2), "status": "done", **fields, **more},
    )  # fmt: skip


def test_a_closed_record_is_read_only_and_its_members_read_it(client, meeting, leader, team, person, make_person):
    held = meeting()
    for one in (person, absent := make_person(name="霍明")):
        baker.make(TeamMembership, team=team, person=one, since=None, until=None)
    baker.make("community.Absence", meeting=held, person=absent, reason="work")
    client.force_login(person.user)
    assert "三月种角堇" not in client.get(held.get_absolute_url()).content.decode()

    office = client_of(leader)
    url = f"/admin/community/meeting/act/sign-record/?ids={held.pk}"
    shown = office.get(url).content.decode()
    assert "1 of 2 were there." in shown
    assert "霍明: at work" in shown
    assert said(office.post(url, {"ids": held.pk})) == ["The record is signed; the members read what was resolved."]
    held.refresh_from_db()
    assert (held.record_state, held.recorded_at) == ("signed", NOW)
    assert held.history.first().history_user == leader
    assert "三月种角堇" in client.get(held.get_absolute_url()).content.decode()
    assert "signed and stays as it is" in office.get(f"/admin/community/meeting/{held.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"starts_at": NOW + timedelta(days=1)}, "has not taken place yet"),
        ({"status": "cancelled"}, "has not taken place yet"),
        ({"recorder": None}, "who chaired it and who took notes"),
        ({"resolutions": []}, "if nothing was, write that"),
        ({"record_state": "signed"}, "is signed already"),
    ],
)
def test_what_is_not_ready_says_what_is_missing(meeting, leader, fields, words):
    held = meeting(**fields)
    with pytest.raises(Refusal, match=words):
        sign_record(held, at=NOW, by=leader)


def test_the_leader_is_told_what_to_plan_and_to_close(meeting, leader, team, neighbourhood):
    office = client_of(leader)
    page = office.get("/admin/").content.decode()
    assert "no meeting this month yet" in page
    assert f"team={team.pk}" in page
    held = meeting(starts_at=NOW - timedelta(days=40))
    page = office.get("/admin/").content.decode()
    assert f"copy={held.pk}" in page
    assert "Sign the record" in page
    sign_record(held, at=NOW, by=leader)
    meeting(starts_at=NOW + timedelta(days=9), status="published", resolutions=[])
    assert "It is planned, and its records are closed." in office.get("/admin/").content.decode()
    others = client_of(staff_user("committee_admin", neighbourhood)).get("/admin/").content.decode()
    assert "monthly meeting" not in others
