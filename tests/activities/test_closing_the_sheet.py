"""Until when may be written who came: closed by an act, else on the 10th of the month after; opened again with a reason."""

from datetime import datetime, timedelta

import pytest

from activities.models import Activity, SheetAct
from activities.operations import attendance, attendance_sheet, sign_ups
from activities.rules.attendance_sheet import is_open, with_open_sheet
from people.models import Team
from portal import clock
from portal.refusals import Refusal
from tests.activities.admin_pages import act
from tests.conftest import NOW, SHANGHAI
from tests.staff import client_of, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

START = datetime(2018, 12, 23, 9, tzinfo=SHANGHAI)
END = START + timedelta(hours=2)
MIDNIGHT = datetime(2019, 1, 11, tzinfo=SHANGHAI)


@pytest.fixture
def shift(make_activity, person):
    shift = make_activity(starts_at=START, ends_at=END)
    sign_ups.sign_up(shift, [person], made_by=person, at=NOW)
    return shift


def opens(activity, at) -> bool:
    """As the question and as the list have it; the two never differ."""
    listed = Activity.objects.filter(with_open_sheet(at), pk=activity.pk).exists()
    assert listed == is_open(activity, at)
    return listed


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (START - timedelta(minutes=1), False),
        (START, True),
        (MIDNIGHT - timedelta(minutes=1), True),
        (MIDNIGHT, False),
        (MIDNIGHT + timedelta(days=40), False),
    ],
)
def test_it_is_open_from_the_start_until_the_tenth_of_the_month_after(shift, moment, expected):
    """T1, T9: one closing rule for attendance, walk-ins and mornings."""
    assert opens(shift, moment) is expected


def test_a_sheet_closes_by_the_month_in_which_the_activity_ends(make_activity):
    long = make_activity(starts_at=START, ends_at=datetime(2019, 1, 2, 12, tzinfo=SHANGHAI))

    assert opens(long, datetime(2019, 2, 10, 23, 59, tzinfo=SHANGHAI))
    assert not opens(long, datetime(2019, 2, 11, tzinfo=SHANGHAI))


def test_closed_by_an_act_and_opened_again_it_closes_by_itself_a_month_later(shift, coordinator):
    attendance_sheet.close(shift, by=coordinator, at=END)
    closed = opens(shift, END)
    attendance_sheet.reopen(shift, reason="补签到表", by=coordinator, at=MIDNIGHT + timedelta(days=9))

    assert not closed
    assert opens(shift, datetime(2019, 2, 10, 23, tzinfo=SHANGHAI))
    assert not opens(shift, datetime(2019, 2, 11, tzinfo=SHANGHAI))
    assert list(SheetAct.objects.values_list("act", "reason")) == [("closed", ""), ("reopened", "补签到表")]


def test_nothing_is_written_onto_a_closed_sheet(shift, person, coordinator):
    with pytest.raises(Refusal, match="is closed since Fri 11 Jan, 0:00"):
        attendance.record_attendance(shift, {person.pk: "attended"}, at=MIDNIGHT, by=coordinator)
    attendance_sheet.reopen(shift, reason="补签到表", by=coordinator, at=MIDNIGHT)

    assert attendance.record_attendance(shift, {person.pk: "attended"}, at=MIDNIGHT, by=coordinator) == 1


@pytest.mark.parametrize(
    ("do", "at", "sentence"),
    [
        (lambda s, by, at: attendance_sheet.close(s, by=by, at=at), START, "It is not over yet"),
        (lambda s, by, at: attendance_sheet.close(s, by=by, at=at), MIDNIGHT, "closed already"),
        (lambda s, by, at: attendance_sheet.reopen(s, reason="补", by=by, at=at), END, "is open"),
        (lambda s, by, at: attendance_sheet.reopen(s, reason=" ", by=by, at=at), MIDNIGHT, "Please say why"),
    ],
)
def test_an_act_that_changes_nothing_is_refused(shift, coordinator, do, at, sentence):
    with pytest.raises(Refusal, match=sentence):
        do(shift, coordinator, at)


def test_what_was_called_off_has_no_sheet(make_activity, coordinator):
    off = make_activity(starts_at=START, ends_at=END, status="cancelled")

    for do in (
        lambda: attendance_sheet.close(off, by=coordinator, at=END),
        lambda: attendance_sheet.reopen(off, reason="补", by=coordinator, at=MIDNIGHT),
    ):
        with pytest.raises(Refusal, match="It did not take place"):
            do()


def test_the_leader_closes_it_and_only_the_coordinator_opens_it_again(neighbourhood, make_activity, desk):
    team = Team.objects.create(neighbourhood=neighbourhood, code="t", name="护花小队")
    shift = make_activity(team=team, starts_at=START, ends_at=END)
    leader = client_of(staff_user("team_leader", neighbourhood, team=team))
    sheet = f"/lane-600/activities/{shift.pk}/attendance/"

    with clock.frozen(END):
        shown = leader.get(sheet).content.decode()
        leader.post(act("close-sheet", shift), {"ids": shift.pk})
        after = leader.get(sheet).content.decode()
        leader.post(act("reopen-sheet", shift), {"ids": shift.pk, "reason": "补签到表"})
        still_closed = not is_open(shift, END)
        offered = desk.get(sheet).content.decode()
        desk.post(act("reopen-sheet", shift), {"ids": shift.pk, "reason": "补签到表"})

    assert "open until Fri 11 Jan, 0:00" in shown
    assert act("close-sheet", shift) in shown
    assert "This sheet is closed since" in after
    assert act("reopen-sheet", shift) not in after
    assert still_closed
    assert act("reopen-sheet", shift) in offered
    assert is_open(shift, END)
