"""The page of a meeting: who is named by what (V6), and what is shown of the record (M8)."""

from datetime import date

import pytest
from django.utils import translation
from model_bakery import baker

from activities.models.kinds import activity_kinds as kinds
from community.models import Meeting
from community.pages.meeting_details import meeting_details
from people.models import CommitteePost, PartyMember, PartyOrg, Team
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def branch(neighbourhood):
    return baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", name="第一党支部")


@pytest.fixture
def secretary(make_person, neighbourhood, branch):
    """A Party member with the post 书记, who has not opted in."""
    person = make_person(name="沈桂生", user=True)
    baker.make(PartyMember, neighbourhood=neighbourhood, person=person, branch=branch, group=None, since=None, until=None,
               show_party_identity=False)  # fmt: skip
    baker.make(CommitteePost, org=branch, person=person, post="书记", since=None, until=None)
    return person


@pytest.fixture
def make_meeting(make_activity, branch, secretary):
    def make(**fields) -> Meeting:
        values = {
            "model": Meeting, "kind": "meeting", "type": "branch_general_meeting", "organisation": branch,
            "visibility": "organisation", "chair": secretary, "agenda": ["学习", "表决"], "open_to": [],
        }  # fmt: skip
        return make_activity(**(values | fields))

    return make


def test_inside_people_are_named_with_their_post(make_meeting, secretary, viewer_of):
    details = meeting_details(make_meeting(), viewer_of(secretary.user))
    assert details["chair"] == "沈桂生 (书记)"


def test_in_public_the_post_stands_without_a_name(make_meeting, viewer_of):
    details = meeting_details(make_meeting(visibility="public"), viewer_of())
    assert details["chair"] == "书记"


def test_in_public_the_name_stands_after_opting_in(make_meeting, viewer_of):
    PartyMember.objects.update(show_party_identity=True)
    assert meeting_details(make_meeting(visibility="public"), viewer_of())["chair"] == "沈桂生 (书记)"


def test_opting_in_ends_with_the_membership(make_meeting, viewer_of):
    PartyMember.objects.update(show_party_identity=True, until=date(2018, 12, 1))
    assert meeting_details(make_meeting(visibility="public"), viewer_of())["chair"] == "书记"


def test_in_public_nobody_else_is_named_either_or_the_gap_would_tell(
    make_meeting, make_person, neighbourhood, viewer_of
):
    leader, recorder = make_person(name="田队长"), make_person(name="小叶")
    team = baker.make(Team, neighbourhood=neighbourhood, leader=leader)
    meeting = make_meeting(
        type="team_meeting", organisation=None, team=team, visibility="public", chair=leader, recorder=recorder
    )
    details = meeting_details(meeting, viewer_of())
    assert (details["chair"], details["recorder"]) == ("team leader", "")


def test_a_child_is_named_nowhere(make_meeting, make_person, neighbourhood, viewer_of):
    child = make_person(13, name="小葛", email="")
    team = baker.make(Team, neighbourhood=neighbourhood)
    meeting = make_meeting(
        type="team_meeting", organisation=None, team=team, visibility="team", chair=None, recorder=child
    )
    assert meeting_details(meeting, viewer_of())["recorder"] == "a young volunteer"


@pytest.mark.parametrize(
    ("state", "resolutions"),
    [("planned", []), ("draft", []), ("signed", ["同意"]), ("amended", ["同意"])],
)
def test_resolutions_stand_there_once_the_record_is_signed(make_meeting, viewer_of, state, resolutions):
    meeting = make_meeting(record_state=state, resolutions=["同意"], recorded_at=NOW)
    assert meeting_details(meeting, viewer_of())["resolutions"] == resolutions


def test_the_page_of_a_public_meeting_names_no_member_anywhere(client, make_meeting):
    meeting = make_meeting(visibility="public", open_to=["residents"])
    client.cookies["django_language"] = "en"
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "书记" in page
    assert "<li>表决</li>" in page
    assert "沈桂生" not in page


def test_a_members_meeting_is_not_found_by_its_address(client, make_meeting, secretary):
    meeting = make_meeting()
    assert client.get(meeting.get_absolute_url()).status_code == 404
    client.force_login(secretary.user)
    assert client.get(meeting.get_absolute_url()).status_code == 200


def test_details_cost_at_most_two_queries(make_meeting, make_person, viewer_of, django_assert_num_queries):
    meeting = make_meeting(visibility="public", recorder=make_person())
    with django_assert_num_queries(2):  # the meeting with who opted in, posts of that day
        meeting_details(meeting, viewer_of())


def test_the_registry_knows_it():
    kind = kinds.get("meeting")
    assert kind is not None
    assert kind.details is meeting_details
