"""Who may know of an activity (DESIGN §2): each test first makes one that could leak."""

from datetime import timedelta

import pytest
from model_bakery import baker

from activities.models import Activity, Invitation
from activities.rules.expected import appointments_of
from community.models import Article, Meeting
from people.models import CommitteePost, PartyMember, PartyOrg, RoleGrant, Team, User
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(neighbourhood):
    top = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="general_branch")
    return baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", parent=top)


@pytest.fixture
def group(neighbourhood, branch):
    return baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", parent=branch)


@pytest.fixture
def meeting(make_activity, group):
    return make_activity(
        model=Meeting,
        kind="meeting",
        type="party_group_meeting",
        organisation=group,
        visibility="organisation",
        open_to=[],
    )


@pytest.fixture
def staff(neighbourhood):
    def make(role, **scope):
        user = User.objects.create_user(f"{role}@example.org", is_staff=True)
        baker.make(RoleGrant, user=user, neighbourhood=neighbourhood, role=role, given_at=NOW, until=None, **scope)
        return user

    return make


def sees(viewer) -> list[str]:
    return list(Activity.objects.visible_to(viewer).values_list("title", flat=True))


def member(person, branch, group=None, **fields):
    return baker.make(
        PartyMember, neighbourhood=branch.neighbourhood, person=person, branch=branch, group=group, **fields
    )


def test_a_party_groups_meeting_is_seen_by_its_members_only(meeting, branch, group, make_person, viewer_of):
    insider, colleague, resident = make_person(user=True), make_person(user=True), make_person(user=True)
    member(insider, branch, group)
    member(colleague, branch)
    assert sees(viewer_of(insider.user)) == [meeting.title]
    assert sees(viewer_of(colleague.user)) == sees(viewer_of(resident.user)) == sees(viewer_of()) == []


def test_membership_counts_on_the_day(meeting, branch, group, make_person, viewer_of):
    day = meeting.starts_at.date()
    future, past = make_person(user=True), make_person(user=True)
    member(future, branch, group, since=day + timedelta(days=1))
    member(past, branch, group, until=day)
    assert sees(viewer_of(future.user)) == sees(viewer_of(past.user)) == []


def test_staff_see_party_meetings_by_role_and_scope(meeting, branch, staff, neighbourhood, viewer_of):
    other = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    assert sees(viewer_of(staff("party_admin"))) == [meeting.title]
    secretary = staff("branch_secretary", org=branch)
    assert sees(viewer_of(secretary)) == [meeting.title]
    RoleGrant.objects.filter(user=secretary).update(org=other)
    assert sees(viewer_of(User.objects.get(pk=secretary.pk))) == []
    for role in ("committee_admin", "volunteer_coordinator", "editor", "issue_handler", "system_admin"):
        assert sees(viewer_of(staff(role))) == []


def test_committee_meetings_are_the_post_holders(make_activity, branch, make_person, viewer_of):
    make_activity(
        model=Meeting, kind="meeting", type="branch_committee_meeting", organisation=branch, visibility="organisation",
        post_holders_only=True, open_to=[], title="支委会",
    )  # fmt: skip
    holder, plain = make_person(user=True), make_person(user=True)
    member(holder, branch)
    member(plain, branch)
    baker.make(CommitteePost, org=branch, committee=None, person=holder, post="书记")
    assert sees(viewer_of(holder.user)) == ["支委会"]
    assert sees(viewer_of(plain.user)) == []


def test_the_invited_see_it_and_observers_are_not_expected(meeting, make_person, viewer_of):
    observer = make_person(user=True)
    baker.make(Invitation, activity=meeting.activity_ptr, person=observer, part="observer")
    assert sees(viewer_of(observer.user)) == [meeting.title]
    assert not appointments_of(observer).exists()


def test_a_teams_duty_is_the_teams(make_activity, neighbourhood, people, make_person, viewer_of):
    leader, outsider = make_person(user=True), make_person(user=True)
    team = baker.make(Team, neighbourhood=neighbourhood, leader=leader)
    make_activity(team=team, visibility="team", kind="duty", title="晨扫")
    assert sees(viewer_of(leader.user)) == ["晨扫"]
    assert sees(viewer_of(outsider.user)) == []


def test_drafts_are_for_staff_in_scope(make_activity, person, staff, viewer_of):
    make_activity(status="draft", title="草稿")
    assert sees(viewer_of(person.user)) == sees(viewer_of()) == []
    assert sees(viewer_of(staff("volunteer_coordinator"))) == ["草稿"]


def test_another_neighbourhoods_activity_does_not_leak(make_activity, elsewhere, staff, viewer_of):
    activity = make_activity()
    assert sees(viewer_of(None, elsewhere)) == []
    assert sees(viewer_of(staff("party_admin"), elsewhere)) == []
    assert sees(viewer_of()) == [activity.title]


def test_news_about_a_hidden_activity_is_hidden(meeting, neighbourhood, viewer_of):
    baker.make(Article, neighbourhood=neighbourhood, title="漏了", published_at=NOW, activity=meeting.activity_ptr)
    baker.make(Article, neighbourhood=neighbourhood, title="公开", published_at=NOW)
    assert list(Article.objects.visible_to(viewer_of()).values_list("title", flat=True)) == ["公开"]
