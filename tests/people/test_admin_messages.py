"""Staff pages of messages: nobody else's, again or told, and the phone list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.emails import REMINDER
from activities.operations import reminders, sign_ups
from community.models import Meeting
from people.models import Message, PartyOrg
from portal import clock
from tests.conftest import NOW
from tests.people.admin_pages import *  # noqa: F403
from tests.people.admin_pages import do, listed, message_about, url
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


def test_each_role_reads_only_messages_about_what_it_covers(neighbourhood, make_activity, people):
    mine, other = (baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code=code) for code in ("b1", "b2"))
    party = {"model": Meeting, "kind": "meeting", "type": "party_lecture", "visibility": "organisation"}
    own, foreign = (make_activity(organisation=org, **party) for org in (mine, other))
    shift = make_activity()
    invitation = baker.make("activities.Invitation", activity_id=foreign.pk, person=people[0])
    about = {
        "own": message_about(f"meeting:{own.pk}", people[0]),
        "foreign": message_about(f"meeting:{foreign.pk}", people[0]),
        "invited": message_about(f"invitation:{invitation.pk}", people[0]),
        "shift": message_about(f"meeting:{shift.pk}", people[0]),
    }
    seen = {
        role: listed(client_of(staff_user(role, neighbourhood, **scope)), "people_message")
        for role, scope in {
            "branch_secretary": {"org": mine},
            "party_admin": {},
            "volunteer_coordinator": {},
            "system_admin": {},
        }.items()
    }

    assert seen["branch_secretary"] == {about["own"]}
    assert seen["party_admin"] == {about["own"], about["foreign"], about["invited"]}
    assert seen["volunteer_coordinator"] == seen["system_admin"] == {about["shift"]}


def test_words_that_name_a_child_are_for_those_who_may_see_children(
    neighbourhood, party, committee, make_activity, make_person, make_child
):
    """V6: the phone list and the message itself."""
    guardian = make_person(email="", phone="10000000215")
    child = make_child(guardian, name="裴小满")
    org = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    visit = make_activity(organisation=org)
    sign_ups.sign_up(visit, [guardian, child], made_by=guardian, at=NOW, channel="phone")
    message = Message.objects.order_by("pk").first()
    phone_list = reverse("admin:people_message_phone_list")

    for address in (phone_list, url("people_message", "change", message.pk)):
        assert "裴小满" not in party.get(address).content.decode()
        assert "裴小满" in committee.get(address).content.decode()


def test_a_person_s_messages_are_found_from_their_page(committee, activity, people):
    for one in people[:2]:
        sign_ups.sign_up(activity, [one], made_by=one, at=NOW)

    links = [button.url for button in committee.get(url("people_person", "change", people[0].pk)).context["buttons"]]
    found = committee.get(next(link for link in links if "message" in link)).context["cl"].result_list

    assert {message.recipient for message in found} == {people[0]}


def test_addresses_are_not_asked_for_letter_by_letter(system, person, activity):
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)

    response = client_of(system).get(url("people_message", "changelist"), {"address__startswith": person.email[:1]})

    assert response.status_code in {302, 400}


def test_a_failed_message_is_sent_again_or_told(committee, activity, person, people):
    for one in people[:2]:
        sign_ups.sign_up(activity, [one], made_by=one, at=NOW)
    first, second = Message.objects.order_by("pk")
    Message.objects.update(state="failed", attempts=6, error="550")

    do(committee, "people_message", "again", first)
    do(committee, "people_message", "told", second)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state != "failed"
    assert (second.state, second.channel, second.sent_at) == ("sent", "phone", NOW)
    assert second.handled_by.email.startswith("committee_admin")


def test_a_message_that_is_over_is_not_sent_again(committee, person):
    message = message_about("meeting:1", person, expires_at=NOW)

    refused = do(committee, "people_message", "again", message)

    assert said(refused)[-1] == "This message is about something that is over."


def test_messages_of_one_activity_are_found_from_its_page(committee, activity, make_activity, people):
    sign_ups.sign_up(activity, [people[0]], made_by=people[0], at=NOW)
    other = make_activity(title="别的")
    sign_ups.sign_up(other, [people[1]], made_by=people[1], at=NOW, accept_clash=True)

    found = listed(committee, "people_message", about=f"activity:{activity.pk}")

    assert {message.recipient for message in found} == {people[0]}
    for odd in ("activity:", "activity:x", "activity:99999999999999999999", "shift:1", "\0"):
        assert committee.get(url("people_message", "changelist"), {"about": odd}).status_code in {200, 302}


def test_the_phone_list_names_who_tells_whom(committee, activity, make_person, neighbourhood):
    leader = make_person(name="樊桂珍")
    compound = baker.make("people.Compound", neighbourhood=neighbourhood, name="600弄")
    building = baker.make("people.Building", neighbourhood=neighbourhood, compound=compound, name="2号", leader=leader)
    by_phone = make_person(name="阮国樑", email="", phone="10000000008")
    by_leader = make_person(name="汤寿康", email="", told_by_building_leader=True, building=building)
    for one in (by_phone, by_leader):
        sign_ups.sign_up(activity, [one], made_by=one, at=NOW, channel="phone")

    response = committee.get(reverse("admin:people_message_phone_list"))

    groups = {group["caller"]: [str(call.person) for call in group["calls"]] for group in response.context["groups"]}
    assert groups == {"": ["阮国樑"], "樊桂珍": ["汤寿康"]}
    assert "10000000008" in response.content.decode()
    assert committee.get(reverse("admin:people_message_phone_list"), {"place": "lane-700"}).status_code == 404


def test_the_phone_list_says_already_in_the_morning_whom_to_phone_about_tomorrow(
    committee, make_activity, make_person, make_child, neighbourhood
):
    """Their reminders are written at 18:00, when the office is closed; then they stand on the list itself."""
    guardian = make_person(name="蓝英", email="", phone="10000000215")
    with_mail = make_person()
    child = make_child(guardian, name="蓝天宇")
    tomorrow = make_activity(title="手机课", starts_at=NOW + timedelta(days=1))
    later = make_activity(title="写春联", starts_at=NOW + timedelta(days=3))
    sign_ups.sign_up(tomorrow, [guardian, child], made_by=guardian, at=NOW, channel="phone")
    sign_ups.sign_up(tomorrow, [with_mail], made_by=with_mail, at=NOW)
    sign_ups.sign_up(later, [guardian], made_by=guardian, at=NOW)
    address = reverse("admin:people_message_phone_list")

    morning = committee.get(address).context["coming"]
    evening = NOW.replace(hour=18, minute=1)
    with clock.frozen(evening):
        reminders.queue_due(evening)
        then = committee.get(address).context

    assert [[(call.person, call.caller) for call in group["calls"]] for group in morning] == [[(guardian, "")]]
    assert "手机课" in morning[0]["calls"][0].sentence
    assert "蓝天宇" in morning[0]["calls"][0].sentence
    assert then["coming"] == []
    assert any(call.message.kind == REMINDER.code for group in then["groups"] for call in group["calls"])
