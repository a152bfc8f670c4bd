"""Staff find and change what lies within their role's scope, and nothing else; lists of it cost the same at any length."""

from datetime import timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import Activity, Invitation, SignUp, Status
from activities.operations import sign_ups
from activities.rules.staff_scope import covers, scope
from community.models import Meeting
from events.models import LearningEvent
from people.models import PartyOrg, Team
from tests.activities.admin_pages import act, draft_form, enter, meeting_of, page
from tests.conftest import NOW
from tests.staff import client_of, grant, said, staff_user
from volunteers.models import Shift

pytestmark = pytest.mark.django_db


# --- scope ---


def test_a_branch_secretary_finds_only_the_own_branch_and_its_groups(neighbourhood, branches, make_activity):
    mine = [meeting_of(make_activity, branches[code]) for code in ("br1", "br1g")]
    others = [meeting_of(make_activity, branches[code]) for code in ("br2", "br2g")]
    client = client_of(staff_user("branch_secretary", neighbourhood, org=branches["br1"]))
    list_page = client.get(page("changelist", model="community_meeting"))

    assert set(list_page.context["cl"].result_list) == set(mine)
    for meeting in others:
        for name in ("change", "history", "delete"):
            response = client.get(page(name, meeting.pk, model="community_meeting"))
            assert (response.status_code, response.headers.get("Location")) == (302, reverse("admin:index"))
        gone = client.post(act("cancel", meeting, model="community_meeting"), {"ids": meeting.pk, "reason": "x"})
        assert "none of yours" in said(gone)[-1]
    assert {meeting.status for meeting in Meeting.objects.all()} == {Status.PUBLISHED}


def test_a_coordinator_finds_no_party_meeting_anywhere(desk, branches, make_activity, neighbourhood):
    shift = make_activity(title="盖草帘")
    visit = make_activity(
        model=LearningEvent, kind="learning", title="党员参观", organisation=branches["br1"], visibility="organisation"
    )
    public = make_activity(model=LearningEvent, kind="learning", title="看电影")
    meeting_of(make_activity, branches["br1"])

    everything = desk.get(page("changelist", model="activities_activity")).context["cl"].result_list
    events = desk.get(page("changelist", model="events_learningevent")).context["cl"].result_list
    search = desk.get(
        reverse("admin:autocomplete"),
        {"term": "党", "app_label": "volunteers", "model_name": "shift", "field_name": "part_of"},
    )

    assert {row.title for row in everything} == {shift.title, public.title}
    assert {row.pk for row in events} == {public.pk}
    assert search.json()["results"] == []
    assert desk.get(page("change", visit.pk, model="events_learningevent")).status_code == 302


def test_a_team_leader_finds_only_the_own_team(neighbourhood, make_activity):
    mine, other = (baker.make(Team, neighbourhood=neighbourhood, code=code, name=code) for code in ("t1", "t2"))
    own, foreign = make_activity(team=mine), make_activity(team=other)
    client = client_of(staff_user("team_leader", neighbourhood, team=mine))

    listed = client.get(page("changelist")).context["cl"].result_list
    teams = client.get(page("changelist", model="people_team")).context["cl"].result_list

    assert [row.pk for row in listed] == [own.pk]
    assert list(teams) == [mine]
    assert client.get(page("change", foreign.pk)).status_code == 302
    assert client.get(page("enter", foreign.pk)).status_code == 302


def test_nobody_puts_a_row_outside_of_the_own_scope(neighbourhood, branches, make_activity):
    client = client_of(staff_user("branch_secretary", neighbourhood, org=branches["br1"]))
    data = {
        **draft_form(title="支部大会"),
        "type": "branch_general_meeting",
        "organisation": str(branches["br2"].pk),
        "visibility": "organisation",
        "agenda": "",
        "absences-TOTAL_FORMS": "0",
        "absences-INITIAL_FORMS": "0",
    }

    foreign = client.post(page("add", model="community_meeting"), data)
    own = client.post(page("add", model="community_meeting"), {**data, "organisation": str(branches["br1"].pk)})

    assert "not one of the available choices" in foreign.content.decode()
    assert own.status_code == 302, own.content.decode()
    assert [meeting.organisation for meeting in Meeting.objects.all()] == [branches["br1"]]


def test_the_two_ways_to_tell_the_scope_agree(neighbourhood, branches, make_activity, elsewhere):
    """For rows in the database and for one in memory."""
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1")
    rows = [
        make_activity(),
        make_activity(team=team),
        make_activity(team=team, visibility="team"),
        make_activity(organisation=branches["br1"]),
        *(meeting_of(make_activity, org) for org in branches.values()),
        make_activity(neighbourhood=elsewhere, location=None),
    ]
    for role, limits in {
        "volunteer_coordinator": {},
        "committee_admin": {},
        "party_admin": {},
        "editor": {},
        "branch_secretary": {"org": branches["br1"]},
        "team_leader": {"team": team},
        "system_admin": {},
    }.items():
        user = staff_user(role, neighbourhood, **limits)
        for permission in ("activities.view_activity", "volunteers.change_shift", "community.view_meeting"):
            found = set(Activity.objects.filter(scope(user, permission)).values_list("pk", flat=True))
            assert found == {row.pk for row in rows if covers(user, permission, row)}, (role, permission)


@pytest.mark.parametrize("field", ["location", "team", "organisation", "part_of", "invite_first", "project", "stage"])
def test_a_foreign_neighbourhoods_id_in_any_field_gets_a_sentence(desk, elsewhere, make_activity, field):
    project = baker.make("projects.Project", neighbourhood=elsewhere, slug="x", title="他处项目")
    row = {
        "location": lambda: baker.make("people.Location", neighbourhood=elsewhere),
        "team": lambda: baker.make(Team, neighbourhood=elsewhere),
        "organisation": lambda: baker.make(PartyOrg, neighbourhood=elsewhere),
        "part_of": lambda: make_activity(neighbourhood=elsewhere, location=None, title="他处活动"),
        "invite_first": lambda: make_activity(neighbourhood=elsewhere, location=None, title="他处活动"),
        "project": lambda: project,
        "stage": lambda: baker.make("projects.ProjectStage", project=project, stage="proposed"),
    }[field]()
    before = Shift.objects.count()

    response = desk.post(page("add"), draft_form(**{field: str(row.pk)}))

    assert response.status_code == 200
    assert "not one of the available choices" in response.content.decode()
    assert "他处" not in response.content.decode()
    assert Shift.objects.count() == before


def test_staff_of_two_areas_cannot_mix_them(coordinator, desk, elsewhere, location, neighbourhood):
    grant(coordinator, "volunteer_coordinator", elsewhere)

    response = desk.post(page("add"), draft_form(neighbourhood=str(elsewhere.pk), location=str(location.pk)))

    assert "This belongs to another residential area." in response.content.decode()
    assert not Shift.objects.exists()


def test_people_of_another_area_cannot_be_entered_or_invited(desk, activity, elsewhere, make_person):
    stranger = make_person(place=elsewhere, name="外区人")

    entered = enter(desk, activity, people=[stranger.pk])
    invited = desk.post(
        page("change", activity.pk),
        draft_form(
            **{
                "invitations-TOTAL_FORMS": "1",
                "invitations-0-person": str(stranger.pk),
                "invitations-0-part": "observer",
                "invitations-0-activity": str(activity.pk),
            }
        ),
    )

    assert "Nobody of that number can be signed up here." in entered.content.decode()
    assert "not one of the available choices" in invited.content.decode()
    assert "外区人" not in entered.content.decode() + invited.content.decode()
    assert not SignUp.objects.exists()
    assert not Invitation.objects.exists()


def test_a_sign_up_of_another_activity_is_not_found_below_this_one(desk, activity, make_activity, person):
    other = make_activity(starts_at=NOW + timedelta(days=8))
    row = sign_ups.sign_up(other, [person], made_by=person, at=NOW).sign_ups.get()

    assert desk.get(page("withdraw", activity.pk, row.pk)).status_code == 404


def test_a_team_leader_reads_no_childs_name(neighbourhood, make_activity, person, make_child):
    """V6: minors' data is for the roles that have the grant."""
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1", name="护花小队")
    activity = make_activity(team=team, capacity=9)
    child = make_child(person, name="裴小满")
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    leader = client_of(staff_user("team_leader", neighbourhood, team=team))
    row = activity.sign_ups.get(person=child)

    seen = leader.get(page("change", activity.pk)).content.decode()
    listed = leader.get(page("changelist", model="activities_signup")).content.decode()
    withdrawing = leader.get(page("withdraw", activity.pk, row.pk)).content.decode()
    telling = leader.get(act("told", row, model="activities_signup")).content.decode()
    coordinator = client_of(staff_user("volunteer_coordinator", neighbourhood))

    assert "a young volunteer" in seen
    assert "裴小满" not in seen + listed + withdrawing + telling
    assert "裴小满" in coordinator.get(page("change", activity.pk)).content.decode()


def test_a_team_leader_finds_no_child_among_the_members_or_by_searching(
    neighbourhood, make_activity, person, make_child
):
    """V6."""
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1", name="小彩笔志愿队")
    child = make_child(person, name="裴小满")
    for member in (person, child):
        baker.make("people.TeamMembership", team=team, person=member)
    activity = make_activity(team=team)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    leader = client_of(staff_user("team_leader", neighbourhood, team=team))

    members = leader.get(page("changelist", model="people_teammembership"))
    own_team = leader.get(page("change", team.pk, model="people_team"))
    found = leader.get(page("changelist", model="activities_signup"), {"q": "裴小满"})

    assert [row.person for row in members.context["cl"].result_list] == [person]
    assert "裴小满" not in own_team.content.decode()
    assert person.name in own_team.content.decode()
    assert list(found.context["cl"].result_list) == []


# --- how many queries ---


@pytest.mark.parametrize("length", [1, 50])
@pytest.mark.parametrize(
    ("model", "role"),
    [
        (Shift, "volunteer_coordinator"),
        (LearningEvent, "committee_admin"),
        (Meeting, "party_admin"),
        (Activity, "committee_admin"),
    ],
)
def test_lists_cost_the_same_at_any_length(
    neighbourhood, branches, make_activity, people, length, model, role, django_assert_max_num_queries
):
    kinds = {Shift: "shift", LearningEvent: "learning", Meeting: "meeting", Activity: "shift"}
    child = Shift if model is Activity else model
    party = {"organisation": branches["br1"], "visibility": "organisation"} if model is Meeting else {}
    for _n in range(length):
        made = make_activity(model=child, kind=kinds[model], capacity=9, **party)
        booking = baker.make("activities.Booking", activity_id=made.pk, sequence=1, made_by=people[0], made_at=NOW)
        baker.make("activities.SignUp", activity_id=made.pk, booking=booking, person=people[0], status="confirmed")
    client = client_of(staff_user(role, neighbourhood))
    client.get(page("changelist", model=f"{model._meta.app_label}_{model._meta.model_name}"))

    with django_assert_max_num_queries(15):
        response = client.get(page("changelist", model=f"{model._meta.app_label}_{model._meta.model_name}"))

    assert len(response.context["cl"].result_list) == length
