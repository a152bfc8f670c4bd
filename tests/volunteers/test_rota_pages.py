"""The rota's pages: for the team and those in charge, and for nobody else; what the links in its mails open."""

import re
from datetime import datetime

import pytest
from django.core import mail
from model_bakery import baker

from people import outbox
from people.models import TeamMembership
from portal import clock, tokens
from portal.refusals import Refusal
from tests.conftest import NOW, SHANGHAI
from tests.parallel import at_once
from tests.staff import client_of, staff_user
from volunteers.models import Leave, Swap, Turn
from volunteers.operations import promises, swaps

pytestmark = pytest.mark.django_db
URL = "/lane-600/volunteers/rota/flower/"


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def pair(rota, member):
    first, second = member("单巧云"), member("俞素珍")
    promises.promise(rota, first, 3, at=NOW)
    promises.promise(rota, second, 4, at=NOW)
    return first, second


def row(slot, person):
    return slot.sign_ups.live().get(person=person)


def test_the_team_sees_who_comes_when_and_nobody_else_does(client, rota, pair, slot, make_person, elsewhere):
    stranger = make_person(user=True, name="路人")
    for page in (URL, f"{URL}sheet/", f"{URL}mine/", f"{URL}{slot(27).pk}/"):
        client.logout()
        assert client.get(page).status_code == 302
        client.force_login(stranger.user)
        assert client.get(page).status_code == 404
        client.force_login(pair[1].user)
        text = client.get(page).content.decode()
        assert ("单巧云" in text) == ("mine" not in page)
    assert client.get("/lane-700/volunteers/rota/flower/").status_code == 404


def test_whoever_left_the_team_sees_it_no_longer(client, rota, pair):
    TeamMembership.objects.filter(person=pair[0]).update(until=NOW.date())
    client.force_login(pair[0].user)
    assert client.get(URL).status_code == 404


def test_staff_in_charge_see_it_and_other_roles_do_not(rota, pair, neighbourhood):
    other = baker.make("people.Team", neighbourhood=neighbourhood, code="other")
    seen = {
        "volunteer_coordinator": 200,
        "committee_admin": 200,
        "editor": 404,
        "party_admin": 404,
    }
    for role, status in seen.items():
        assert client_of(staff_user(role, neighbourhood)).get(URL).status_code == status, role
    assert (
        client_of(staff_user("team_leader", neighbourhood, team=rota.team, email="a@example.org")).get(URL).status_code
        == 200
    )
    assert (
        client_of(staff_user("team_leader", neighbourhood, team=other, email="b@example.org")).get(URL).status_code
        == 404
    )


@pytest.mark.parametrize("month", ["2018-12", "2019-01", "nonsense", "2019-99", "\x00", "99999-1", ""])
def test_any_month_is_a_page(client, pair, month):
    client.force_login(pair[0].user)
    assert client.get(URL, {"month": month}).status_code == 200


def test_a_month_costs_the_same_however_many_are_down(client, rota, member, django_assert_max_num_queries):
    first = member("单巧云")
    client.force_login(first.user)
    for number in range(8):
        promises.promise(rota, member(f"队员{number}"), number % 7, at=NOW)
    with django_assert_max_num_queries(12):
        assert client.get(URL).status_code == 200


def test_standing_in_from_the_month(client, rota, pair, slot, down):
    client.force_login(pair[1].user)
    said = client.post(URL, {"slot": slot(27).pk}, follow=True).content.decode()
    assert "You are down for Thu 27 Dec" in said
    assert down(27) == {"单巧云", "俞素珍"}
    assert client.post(URL, {"slot": "9" * 30}).status_code == 404


def test_a_swap_is_asked_for_and_answered_on_the_pages(client, rota, pair, slot, down):
    first, second = pair
    client.force_login(first.user)
    client.post(f"{URL}{slot(27).pk}/", {"do": "swap", "who": f"turn:{row(slot(28), second).pk}"})
    swap = Swap.objects.get()
    assert "You have asked 俞素珍" in client.get(f"{URL}{slot(27).pk}/").content.decode()

    client.force_login(second.user)
    assert "单巧云 asks you for a swap" in client.get(URL).content.decode()
    client.post(f"{URL}swaps/{swap.pk}/", {"answer": "yes"})
    assert (down(27), down(28)) == ({"俞素珍"}, {"单巧云"})


@pytest.mark.parametrize("who", ["", "person:999999", "turn:x", "x", "person:"])
def test_a_wrong_choice_is_a_sentence(client, rota, pair, slot, who):
    client.force_login(pair[0].user)
    page = client.post(f"{URL}{slot(27).pk}/", {"do": "swap", "who": who})
    assert page.status_code == 200
    assert page.context["swap_form"].errors


def test_turns_and_leave_are_ones_own_to_give_and_take_back(client, rota, member, slot, down):
    person = member("尹素娟")
    client.force_login(person.user)
    client.post(f"{URL}mine/", {"do": "turn", "weekday": "3"})
    assert down(27) == {"尹素娟"}
    again = client.post(f"{URL}mine/", {"do": "turn", "weekday": "3"})
    assert "尹素娟 has this turn already" in again.content.decode()
    client.post(f"{URL}mine/", {"do": "leave", "first_day": "2018-12-27", "last_day": "2018-12-27"})
    assert down(27) == set()
    wrong = client.post(f"{URL}mine/", {"do": "leave", "first_day": "昨天", "last_day": "2018-12-27"})
    assert "Please write the day like 2019-02-05" in wrong.content.decode()
    client.post(f"{URL}mine/", {"do": "end-leave", "id": Leave.objects.get().pk})
    assert down(27) == {"尹素娟"}
    client.post(f"{URL}mine/", {"do": "end-turn", "id": Turn.objects.get().pk})
    assert down(27) == set()


def test_nobody_ends_the_turn_of_another(client, rota, pair):
    client.force_login(pair[1].user)
    theirs = Turn.objects.get(person=pair[0])
    assert client.post(f"{URL}mine/", {"do": "end-turn", "id": theirs.pk}).status_code == 404


def test_how_it_went_is_noted_on_the_mornings_page(client, rota, pair, slot):
    client.force_login(pair[0].user)
    with clock.frozen(datetime(2018, 12, 27, 7, 50, tzinfo=SHANGHAI)):
        client.post(f"{URL}{slot(27).pk}/", {"do": "diary", "present": [pair[0].pk], "note": "落叶两大袋"})
        page = client.get(f"{URL}{slot(27).pk}/").content.decode()
    assert "done by one alone" in page
    assert "落叶两大袋" in page


# --- links in mails ---


def link(message) -> str:
    found = re.search(r"http://testserver(/duty/\S+)", message.body)
    assert found, message.body
    return found.group(1)


def test_the_link_of_a_swap_asks_first_and_acts_by_its_button(client, rota, pair, slot, down):
    first, second = pair
    swaps.ask_swap(row(slot(27), first), second, by=first, at=NOW)
    outbox.dispatch()
    address = link(mail.outbox[-1])
    assert client.get(address).status_code == 200
    assert Swap.objects.get().state == "asked"  # opening the link changed nothing
    client.post(address, {"answer": "yes"})
    assert down(27) == {"俞素珍"}
    assert "You said yes" in client.get(address).content.decode()


def test_the_link_of_a_call_takes_the_turn(client, rota, pair, member, slot, down):
    helper = member("尤碧云")
    address = f"/duty/take/{tokens.make('duty-take', slot=slot(27).pk, reader=helper.pk)}/"
    assert "Will you come on Thu 27 Dec?" in client.get(address).content.decode()
    assert down(27) == {"单巧云"}
    client.post(address, {"answer": "take"})
    assert down(27) == {"单巧云", "尤碧云"}


@pytest.mark.parametrize("token", ["x", "é", "a" * 500])
def test_a_tampered_link_is_a_sentence(client, rota, token):
    page = client.get(f"/duty/swap/{token}/")
    assert page.status_code == 400
    assert "This link is not complete or not ours" in page.content.decode()


def test_a_token_of_another_neighbourhood_opens_nothing(client, rota, pair, slot, make_person, elsewhere):
    stranger = make_person(place=elsewhere)
    address = f"/duty/take/{tokens.make('duty-take', slot=slot(27).pk, reader=stranger.pk)}/"
    assert client.get(address).status_code == 400


# --- at once ---


@pytest.mark.django_db(transaction=True)
def test_of_many_who_say_yes_at_once_one_has_the_turn(rota, member, slot):
    first = member("单巧云")
    promises.promise(rota, first, 3, at=NOW)
    helpers = [member(f"队员{number}") for number in range(6)]
    results = at_once(*(lambda one=one: swaps.stand_in(slot(27), one, at=NOW) for one in helpers))
    assert [type(one) for one in results if isinstance(one, Exception)] == [Refusal] * 5
    assert slot(27).sign_ups.filter(status="confirmed").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_plans_at_once_make_each_morning_once(rota, member):
    from volunteers.models import duties
    from volunteers.operations import planning

    for number in range(4):
        Turn.objects.create(rota=rota, person=member(f"队员{number}"), weekday=3, since=rota.since, accepted_at=NOW)
    results = at_once(*(lambda: planning.generate(rota, at=NOW) for _ in range(3)))
    assert [one for one in results if isinstance(one, Exception)] == []
    assert duties().count() == 14
    for slot in duties():
        assert slot.sign_ups.filter(status="confirmed").count() <= 2
