"""S8: what opens minors' data or the Party's records takes two, and neither can be the other's own making."""

import pytest
from django.core import mail
from django.core.management import call_command
from model_bakery import baker

from people.access import second_yes
from people.access.grants import grants_of
from people.access.minors import may_see
from people.models import Message, PartyOrg, Person, RoleGrant, User
from people.operations import role_grants
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.people.admin_pages import do, url
from tests.staff import client_of, grant, said, staff_user

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def boss(neighbourhood) -> User:
    """Made on the server."""
    return staff_user("committee_admin", neighbourhood, "boss@example.org")


@pytest.fixture
def operator(neighbourhood) -> User:
    return staff_user("system_admin", neighbourhood, "operator@example.org")


@pytest.fixture
def second(neighbourhood) -> User:
    user = User.objects.create_user("second@example.org")
    baker.make(Person, neighbourhood=neighbourhood, user=user, email=user.email, name="二号", added_at=NOW)
    return user


def proposed(user: User, place, by: User | None, role: str = "committee_admin", **scope) -> RoleGrant:
    return role_grants.give(RoleGrant(user=user, neighbourhood=place, role=role, **scope), by=by)


def test_which_roles_take_two_follows_from_the_table():
    """S8"""
    needing = {role for role in RoleGrant.Role.values if second_yes.is_needed(role)}
    assert needing == {"committee_admin", "volunteer_coordinator", "party_admin", "branch_secretary"}
    assert second_yes.answering("branch_secretary") >= {"branch_secretary"}
    assert "system_admin" not in {one for role in needing for one in second_yes.answering(role)}


def test_a_system_administrators_second_account_opens_nothing(operator, second, neighbourhood, make_person):
    """S8: the proposal gives nothing, and neither of the two accounts can say yes, whatever else they hold."""
    desk = client_of(operator)
    data = {"user": second.pk, "neighbourhood": neighbourhood.pk, "role": "committee_admin"}
    answer = desk.post(url("people_rolegrant", "add"), data, follow=True)
    assert "This is a proposal." in answer.content.decode()
    proposal = RoleGrant.objects.get(user=second)
    assert proposal.is_waiting
    assert not may_see(fresh(second), make_person(10))
    assert not fresh(second).is_staff

    do(desk, "people_rolegrant", "yes", proposal)
    grant(second, "system_admin", neighbourhood)
    for user in (operator, second):
        with pytest.raises(Refusal, match="Somebody else has to say yes"):
            role_grants.say_yes(proposal, by=fresh(user))
    third = proposed(User.objects.create_user("third@example.org"), neighbourhood, fresh(second))
    with pytest.raises(Refusal):
        role_grants.say_yes(third, by=fresh(operator))
    assert not RoleGrant.objects.in_force(NOW).filter(role="committee_admin").exists()


def test_a_holder_says_yes_on_the_page(boss, operator, second, neighbourhood, make_person):
    proposal = proposed(second, neighbourhood, operator)
    desk = client_of(boss)
    today = desk.get("/admin/").content.decode()
    assert "Roles that wait for a second yes" in today
    assert url("people_rolegrant", "change", proposal.pk) in today
    do(desk, "people_rolegrant", "yes", proposal)
    proposal.refresh_from_db()
    assert (proposal.confirmed_by, proposal.confirmed_at) == (boss, NOW)
    assert may_see(fresh(second), make_person(10))
    assert fresh(second).is_staff
    with pytest.raises(Refusal, match="in force already"):
        role_grants.say_yes(proposal, by=boss)


def test_a_holder_by_the_proposers_doing_cannot_say_yes(boss, operator, second, neighbourhood):
    first = proposed(second, neighbourhood, operator)
    role_grants.say_yes(first, by=boss)
    third = proposed(User.objects.create_user("third@example.org"), neighbourhood, operator)
    with pytest.raises(Refusal, match="whose own role the proposer did not give"):
        role_grants.say_yes(third, by=fresh(second))
    role_grants.say_yes(third, by=boss)


def test_a_holder_elsewhere_and_a_lesser_role_cannot_say_yes(operator, second, neighbourhood, elsewhere):
    proposal = proposed(second, neighbourhood, operator)
    for user in (staff_user("committee_admin", elsewhere), staff_user("volunteer_coordinator", neighbourhood)):
        assert not second_yes.may_answer(user, proposal)


def test_a_proposal_is_taken_back_and_then_takes_no_yes(boss, operator, second, neighbourhood):
    proposal = proposed(second, neighbourhood, operator)
    do(client_of(operator), "people_rolegrant", "end", proposal)
    with pytest.raises(Refusal, match="ended already"):
        role_grants.say_yes(proposal, by=boss)


def test_other_roles_are_in_force_at_once(operator, second, neighbourhood):
    assert not proposed(second, neighbourhood, operator, "editor").is_waiting
    assert [one.role for one in grants_of(fresh(second))] == ["editor"]


def test_the_first_two_come_from_the_server_and_the_third_waits(neighbourhood, caplog):
    caplog.set_level("INFO", "people.operations.role_grants")
    for number in range(3):
        call_command(
            "add_staff", f"s{number}@example.org", "--role", "party_admin", "--neighbourhood", neighbourhood.slug
        )
    assert list(RoleGrant.objects.order_by("pk").values_list("needs_yes", flat=True)) == [False, False, True]
    assert "Role GIVEN: party_admin" in caplog.text
    assert "Role PROPOSED: party_admin" in caplog.text
    answerer = User.objects.get(email="s0@example.org")
    role_grants.say_yes(RoleGrant.objects.get(needs_yes=True), by=answerer)


def test_every_grant_is_mailed_to_the_areas_administrators(
    boss, operator, second, neighbourhood, elsewhere, django_capture_on_commit_callbacks
):
    """S8: made, confirmed, ended; to whom the area knows as a person by the outbox, to others plainly."""
    staff_user("committee_admin", elsewhere)
    person = baker.make(Person, neighbourhood=neighbourhood, user=boss, email=boss.email, name="主任", added_at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        proposal = proposed(second, neighbourhood, operator)
        role_grants.say_yes(proposal, by=boss)
        role_grants.end(proposal, by=operator)
    told = Message.objects.filter(kind="role_grant").order_by("pk")
    assert [row.recipient for row in told if row.recipient != second.people.get()] == [person] * 3
    plain = [one for one in mail.outbox if one.to == [operator.email]]
    assert len(plain) == 3
    assert "second@example.org" in plain[0].body
    assert {address for one in mail.outbox for address in one.to} <= {operator.email, boss.email, second.email}


def test_a_branch_secretary_is_answered_by_the_party_administrator(operator, second, neighbourhood):
    org = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code="b1")
    proposal = proposed(second, neighbourhood, operator, "branch_secretary", org=org)
    party = staff_user("party_admin", neighbourhood)
    assert second_yes.may_answer(party, proposal)
    answer = do(client_of(party), "people_rolegrant", "yes", proposal)
    assert any("In force from now on" in words for words in said(answer))


def test_who_proposed_it_or_receives_it_does_not_say_yes_by_another_role_of_theirs(
    boss, operator, second, neighbourhood
):
    """S8: one person with both roles is still one person."""
    grant(operator, "committee_admin", neighbourhood)
    proposal = proposed(second, neighbourhood, operator)
    grant(second, "committee_admin", neighbourhood)
    for user in (operator, second):
        assert not second_yes.may_answer(fresh(user), proposal)
    assert second_yes.may_answer(boss, proposal)
