"""Who is not on the list is written down by a leader who may look nobody up; staff say who it was."""

from datetime import datetime, timedelta

import pytest
from model_bakery import baker

from activities.models import ArrivalSlip, WalkIn
from activities.operations import arrival_slips, sign_ups
from people.models import Team
from portal import clock
from portal.refusals import Refusal
from tests.conftest import NOW, SHANGHAI
from tests.staff import client_of, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
START = datetime(2018, 12, 23, 9, 30, tzinfo=SHANGHAI)
END = START + timedelta(hours=2)
DURING = START + timedelta(minutes=10)


@pytest.fixture
def team(neighbourhood):
    return baker.make(Team, neighbourhood=neighbourhood, code="t", name="护花小队")


@pytest.fixture
def shift(make_activity, team):
    return make_activity(team=team, starts_at=START, ends_at=END, capacity=2)


@pytest.fixture
def leader(neighbourhood, team):
    return staff_user("team_leader", neighbourhood, team=team)


def sheet(shift) -> str:
    return f"/lane-600/activities/{shift.pk}/attendance/"


def typed(**more):
    return {"do": "slip", "slip-name": "小明", "slip-phone": "", "slip-consent_by": "", **more}


MINOR = {"slip-is_minor": "on", "slip-phone": "10000000123", "slip-consent_by": "妈妈，电话"}


def slip_of(shift, **fields):
    return ArrivalSlip.objects.create(
        **{"activity": shift, "name": "小明", "written_at": DURING, "is_minor": True, "consent_by": "妈妈", **fields}
    )


def test_the_answer_is_the_same_whether_they_are_known_or_not(shift, leader, make_child, make_person):
    """S2: a slip never says who is known."""
    make_child(make_person(), 9, name="小明")
    client, answers = client_of(leader), []
    with clock.frozen(DURING):
        for name in ("小明", "从未见过"):
            page = client.post(sheet(shift), typed(**MINOR, **{"slip-name": name}), follow=True)
            answers.append([str(message) for message in page.context["messages"]])
    assert answers[0] == answers[1] == ["The slip is written; the committee finds out who it was."]
    assert ArrivalSlip.objects.filter(person=None, settled_at=None, written_by=leader).count() == 2
    assert not WalkIn.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slip-consent_by": ""}, "ask a guardian first"),
        ({"slip-phone": ""}, "Please write the guardian&#x27;s phone number"),
    ],
)
def test_before_the_end_no_minor_without_a_guardian(shift, leader, changes, sentence):
    """T1, S2: what was typed stays."""
    with clock.frozen(DURING):
        page = client_of(leader).post(sheet(shift), typed(**{**MINOR, **changes})).content.decode()
    assert sentence in page
    assert 'value="小明"' in page
    assert not ArrivalSlip.objects.exists()


@pytest.mark.parametrize("moment", [START - timedelta(minutes=1), datetime(2019, 1, 11, tzinfo=SHANGHAI)])
def test_only_while_the_sheet_is_open(shift, leader, moment):
    with clock.frozen(moment):
        client_of(leader).post(sheet(shift), typed())
    assert not ArrivalSlip.objects.exists()


def test_staff_say_who_it_was_and_it_becomes_a_walk_in(shift, desk, coordinator, leader, make_child, make_person):
    """T1, S2."""
    child = make_child(make_person(), 9, name="葛小明")
    slip = slip_of(shift)
    with clock.frozen(END):
        first = desk.get("/admin/").content.decode()
        desk.post(f"/admin/activities/arrivalslip/act/match/?ids={slip.pk}", {"ids": slip.pk, "person": child.pk})
    slip.refresh_from_db()
    assert "Arrival slips to match" in first
    assert (slip.person, slip.settled_by) == (child, coordinator)
    assert (WalkIn.objects.get().person, WalkIn.objects.get().consent_by) == (child, "妈妈")


def test_one_who_was_on_the_list_after_all_is_marked_as_come(shift, coordinator, make_person):
    person = make_person()
    sign_ups.sign_up(shift, [person], made_by=person, at=NOW)
    arrival_slips.match(slip_of(shift), person, by=coordinator, at=END)
    assert shift.sign_ups.get().status == "attended"
    assert not WalkIn.objects.exists()


def test_a_slip_is_settled_once(shift, coordinator, make_person):
    slip = slip_of(shift, phone="10000000123")
    arrival_slips.set_aside(slip, by=coordinator, at=END)
    with pytest.raises(Refusal, match="settled already"):
        arrival_slips.match(slip, make_person(), by=coordinator, at=END)
    slip.refresh_from_db()
    assert (slip.name, slip.phone, slip.consent_by) == ("–", "", "")


def test_leaders_do_not_read_the_list_of_slips(shift, leader):
    slip_of(shift)
    assert client_of(leader).get("/admin/activities/arrivalslip/").status_code == 403
