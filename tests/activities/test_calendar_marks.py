"""What stands beside an activity in the calendar: seats in words, and what is mine or my children's."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from model_bakery import baker

from activities.models import Activity, Status
from activities.operations import sign_ups
from activities.pages import listing
from community.models import Meeting
from people.models import Guardianship, Team
from tests.activities.calendar_page import *  # noqa: F403
from tests.activities.calendar_page import SATURDAY, look
from tests.conftest import NOW
from tests.staff import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# --- words beside an activity ---


@pytest.mark.parametrize(
    ("fields", "taken", "word"),
    [
        ({"capacity": None}, 0, "Seats free"),
        ({"capacity": 10}, 7, "Seats free"),
        ({"capacity": 10}, 8, "Few seats left"),
        ({"capacity": 20}, 16, "Few seats left"),
        ({"capacity": 3}, 3, "Full"),
        ({"status": Status.CANCELLED}, 0, "Cancelled"),
        ({"open_to": []}, 0, "No sign-up needed"),
        ({"open_to": [], "visibility": "team"}, 0, "For its members"),
        ({"signup_until": NOW - timedelta(hours=1)}, 0, "Sign-up closed"),
        ({"signup_from": NOW + timedelta(hours=1)}, 0, "Sign-up not open yet"),
    ],
)
def test_seats_are_words_and_never_numbers(client, url, make_activity, make_person, neighbourhood, fields, taken, word):
    if fields.get("visibility"):
        fields = fields | {"team": baker.make(Team, neighbourhood=neighbourhood)}
    activity = make_activity(starts_at=SATURDAY, **fields)
    for _number in range(taken):
        one = make_person()
        sign_ups.sign_up(activity, [one], made_by=one, at=NOW)
    if fields.get("visibility"):  # someone who sees it by role and is not expected
        coordinator = make_person(user=True).user
        grant = {"user": coordinator, "neighbourhood": activity.neighbourhood, "until": None}
        baker.make("people.RoleGrant", role="volunteer_coordinator", **grant)
        sign_in(client, coordinator)
    page = look(client, url).content.decode()
    assert re.findall(r'<span class="seats \w+">([^<]*)</span>', page) == [word]


def test_a_cancelled_activity_stays_struck_through(client, url, make_activity):
    make_activity(title="露天故事会", starts_at=SATURDAY, status=Status.CANCELLED)
    page = look(client, url).content.decode()
    assert 'class="slot vol off"' in page


# --- mine ---


def states(response) -> dict[str, str]:
    return {card.activity.title: card.mine for day in response.context["days"] for card in day.entries}


def test_mine_is_marked_with_its_state_and_my_childrens_with_theirs(client, url, make_activity, person, make_child):
    child = make_child(person)
    coming = make_activity(title="报上了", starts_at=SATURDAY, capacity=2)
    sign_ups.sign_up(coming, [person], made_by=person, at=NOW)
    childs = make_activity(title="孩子的", minors="14_and_over", starts_at=SATURDAY + timedelta(hours=3))
    teenager = make_child(person, 15)
    sign_ups.sign_up(childs, [teenager], made_by=person, at=NOW, guardian_consents=True)
    full = make_activity(title="候补", starts_at=SATURDAY + timedelta(hours=6), capacity=1)
    stranger = baker.make("people.Person", neighbourhood=person.neighbourhood, declared_adult_at=NOW, added_at=NOW)
    sign_ups.sign_up(full, [stranger], made_by=stranger, at=NOW)
    sign_ups.sign_up(full, [person, child], made_by=person, at=NOW, guardian_consents=True)
    make_activity(title="别人的", starts_at=SATURDAY + timedelta(hours=9))
    client.force_login(person.user)
    assert states(look(client, url)) == {"报上了": "confirmed", "孩子的": "confirmed", "候补": "waiting", "别人的": ""}


def test_a_former_ward_is_nobodys_business(client, url, make_activity, person, make_child):
    teenager = make_child(person, 15)
    activity = make_activity(minors="14_and_over", starts_at=SATURDAY)
    sign_ups.sign_up(activity, [teenager], made_by=person, at=NOW, guardian_consents=True)
    Guardianship.objects.update(ended_at=NOW)
    client.force_login(person.user)
    assert states(look(client, url)) == {activity.title: ""}


def test_a_child_who_came_of_age_is_not_marked_for_the_parents(client, url, make_activity, person, make_person):
    grown = make_person(18)
    baker.make(Guardianship, guardian=person, child=grown, declared_at=NOW)
    own = make_activity(title="自己报的", starts_at=SATURDAY)
    sign_ups.sign_up(own, [grown], made_by=grown, at=NOW)
    client.force_login(person.user)
    assert states(look(client, url)) == {"自己报的": ""}


def test_whom_i_signed_up_is_marked_too(client, url, make_activity, person, make_person):
    booked = make_activity(title="替妈妈报的", starts_at=SATURDAY)
    sign_ups.sign_up(booked, [make_person(70)], made_by=person, at=NOW)
    client.force_login(person.user)
    assert states(look(client, url)) == {"替妈妈报的": "confirmed"}


def test_a_member_is_expected_without_signing_up(client, url, hidden, member):
    client.force_login(member.user)
    assert states(look(client, url)) == {"党小组会": "expected"}


def test_a_part_that_expects_me_marks_its_whole(client, url, make_activity, member, group):
    whole = make_activity(title="主题党日", starts_at=SATURDAY)
    make_activity(
        model=Meeting, kind="meeting", type="party_lecture", title="党课", visibility="organisation", organisation=group,
        part_of=whole, open_to=[], starts_at=SATURDAY,
    )  # fmt: skip
    client.force_login(member.user)
    assert states(look(client, url)) == {"主题党日": "expected"}


# --- what it costs ---


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\{#.*?#\}", "", html)).replace("> <", "><").strip()


@pytest.mark.parametrize("mine", ["", "confirmed", "waiting", "expected", "free", "closed"])
@pytest.mark.parametrize("fields", [{}, {"status": Status.CANCELLED, "cancel_reason": "大风 & 雪"}, {"capacity": 2}])
def test_a_card_draws_itself_as_the_component_does(make_activity, neighbourhood, fields, mine):
    """The two must not drift apart: components/_act.html and _slot.html are the look's own."""
    made = make_activity(title="<b>草帘</b>", **fields)
    (activity,) = listing.rows(listing.for_lists(Activity.objects.filter(pk=made.pk)), neighbourhood, at=NOW)
    card = listing.card(activity, mine, at=NOW)
    card.tags, card.css = ["亲子 & 家长"], "vol"
    given = {"activity": activity, "mine": card.mine, "note": card.note, "tag": card.tags[0], "css": card.css}
    assert plain(card.card) == plain(render_to_string("components/_act.html", given))
    assert plain(card.slot) == plain(render_to_string("components/_slot.html", given))
