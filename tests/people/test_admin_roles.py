"""Staff pages of Party branches, posts, accounts and roles: within the own branch, and nobody's own roles."""

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.operations import sign_ups
from people.models import CommitteePost, Message, PartyMember, PartyOrg, Person, RoleGrant, Team, User
from tests.conftest import NOW
from tests.people.admin_pages import *  # noqa: F403
from tests.people.admin_pages import do, listed, url
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db


# --- Party and teams: the scope below the neighbourhood ---


def test_a_branch_secretary_sees_members_and_posts_of_the_own_branch(neighbourhood, people):
    mine, other = (baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code=code) for code in ("b1", "b2"))
    group = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", code="b1g", parent=mine)
    members = [
        baker.make(PartyMember, neighbourhood=neighbourhood, person=person, branch=org)
        for person, org in zip(people, (mine, other), strict=False)
    ]
    posts = [baker.make(CommitteePost, person=people[2], org=org, post="书记") for org in (mine, other)]
    client = client_of(staff_user("branch_secretary", neighbourhood, org=mine))

    assert listed(client, "people_partyorg") == {mine, group}
    assert listed(client, "people_partymember") == {members[0]}
    assert listed(client, "people_committeepost") == {posts[0]}
    assert client.get(url("people_partymember", "change", members[1].pk)).status_code == 302


def test_a_group_belongs_to_the_members_branch(party, neighbourhood, people):
    one, two = (baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code=code) for code in ("b1", "b2"))
    group = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", code="g", parent=two)
    data = {"person": people[0].pk, "branch": one.pk, "group": group.pk, "status": "full"}

    refused = party.post(url("people_partymember", "add"), data)
    added = party.post(url("people_partymember", "add"), {**data, "branch": two.pk})

    assert "This group is not one of that branch." in refused.content.decode()
    assert added.status_code == 302


def test_party_posts_are_not_the_committees_to_change(committee, neighbourhood, people):
    org = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code="b1")
    post = baker.make(CommitteePost, person=people[0], org=org, post="书记")

    assert committee.get(url("people_committeepost", "change", post.pk)).status_code == 302
    assert 'name="org"' not in committee.get(url("people_committeepost", "add")).content.decode()


# --- accounts and roles ---


def grant_form(user, place, role: str, **scope) -> dict:
    return {"user": user.pk, "neighbourhood": place.pk, "role": role, **scope}


def test_a_role_is_given_with_who_and_when_and_ended(system, neighbourhood):
    client, user = client_of(system), User.objects.create_user("new@example.org")
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1")
    baker.make(Person, user=user, neighbourhood=neighbourhood, added_at=NOW)

    client.post(url("people_rolegrant", "add"), grant_form(user, neighbourhood, "team_leader", team=team.pk))
    grant = RoleGrant.objects.get(user=user)
    do(client, "people_rolegrant", "end", grant)

    assert (grant.given_by, grant.given_at, grant.team) == (system, NOW, team)
    grant.refresh_from_db()
    assert grant.until == NOW


@pytest.mark.parametrize("role", ["committee_admin", "volunteer_coordinator", "party_admin", "system_admin"])
def test_nobody_gives_themselves_a_role(system, neighbourhood, role):
    client = client_of(system)

    refused = client.post(url("people_rolegrant", "add"), grant_form(system, neighbourhood, role))
    inline = client.get(url("people_user", "change", system.pk)).content.decode()
    own = system.grants.get()
    ended = do(client, "people_rolegrant", "end", own)
    client.post(
        url("people_user", "change", system.pk), {"is_active": "", "grants-TOTAL_FORMS": 0, "grants-INITIAL_FORMS": 0}
    )

    system.refresh_from_db()
    assert "Nobody changes their own roles." in refused.content.decode()
    assert 'name="grants-0-role"' not in inline
    assert 'name="is_staff"' not in inline
    assert ended.status_code == 403
    assert list(system.grants.values_list("role", "until")) == [("system_admin", None)]
    assert system.is_active


def test_a_role_needs_its_own_scope_and_no_other(system, neighbourhood, elsewhere):
    client, user = client_of(system), staff_user("editor", neighbourhood)
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1")
    foreign = baker.make(Team, neighbourhood=elsewhere, code="t1")

    missing = client.post(url("people_rolegrant", "add"), grant_form(user, neighbourhood, "team_leader"))
    needless = client.post(url("people_rolegrant", "add"), grant_form(user, neighbourhood, "editor", team=team.pk))
    other = client.post(url("people_rolegrant", "add"), grant_form(user, neighbourhood, "team_leader", team=foreign.pk))
    place = client.post(url("people_rolegrant", "add"), grant_form(user, elsewhere, "editor"))

    assert "Say what this role is limited to." in missing.content.decode()
    assert "This role is not limited in this way" in needless.content.decode()
    assert "not one of the available choices" in other.content.decode()
    assert place.status_code == 200
    assert user.grants.count() == 1


def test_a_new_account_comes_with_its_first_role(system, neighbourhood):
    client = client_of(system)
    data = {
        "email": "Neu@Example.org",
        "is_active": "on",
        "is_staff": "on",
        "grants-TOTAL_FORMS": 1,
        "grants-INITIAL_FORMS": 0,
    }

    refused = client.post(url("people_user", "add"), data)
    client.post(
        url("people_user", "add"), {**data, "grants-0-neighbourhood": neighbourhood.pk, "grants-0-role": "editor"}
    )

    user = User.objects.exclude(pk=system.pk).get()
    assert refused.status_code == 200
    assert (user.email, user.has_usable_password()) == ("neu@example.org", False)
    assert list(user.grants.values_list("role", "given_by")) == [("editor", system.pk)]


def test_the_system_administrator_sees_no_names_in_the_outbox(system, person, make_child, activity):
    child = make_child(person, name="裴小满")
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    message = Message.objects.get()
    client = client_of(system)

    seen = (
        client.get(url("people_message", "changelist")).content.decode()
        + client.get(url("people_message", "change", message.pk)).content.decode()
    )

    assert person.masked_name in seen
    assert "裴小满" not in seen
    assert person.email not in seen
    assert client.get(reverse("admin:people_message_phone_list")).status_code == 403
    assert client.get(url("people_person", "changelist")).status_code == 403
