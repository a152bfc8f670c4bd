"""A rota from standing promises: planning, leave, breaks, people who leave (G1)."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.utils.translation import override
from model_bakery import baker

from activities.models import SignUp
from people import outbox
from people.models import Message, TeamMembership
from portal import clock
from portal.refusals import Refusal
from tests.conftest import NOW, SHANGHAI
from volunteers.models import Leave, Rota, Shift, Turn
from volunteers.operations import planning, promises, swaps

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def promise(rota, person, weekday):
    return promises.promise(rota, person, weekday, at=NOW)


@pytest.fixture
def thursdays(rota, member):
    """Two who come every Thursday, and their names."""
    first, second = member("单巧云"), member("闻建平")
    for person in (first, second):
        promise(rota, person, 3)
    return first, second


def test_a_promise_stands_in_every_slot_of_its_weekday(rota, thursdays, down, slot):
    assert down(27) == {"单巧云", "闻建平"}
    assert down(26) == set()
    assert slot(27).visibility == "team"
    assert not Message.objects.exists()  # the reminder tells; planning itself writes to nobody


def test_slots_are_made_for_the_weeks_ahead_and_never_twice(rota, thursdays):
    """Generation is idempotent (DESIGN.md §2)."""
    before = list(Shift.objects.order_by("pk").values_list("slot_key", flat=True))
    rows = SignUp.objects.count()
    assert len(before) == 14  # tomorrow to the day two weeks from now; this morning has begun

    done = planning.generate(rota, at=NOW)

    assert (done.made, done.given, done.freed) == (0, 0, 0)
    assert list(Shift.objects.order_by("pk").values_list("slot_key", flat=True)) == before
    assert SignUp.objects.count() == rows


def test_a_year_in_one_run_and_again_without_change(rota, member):
    people = [member(f"队员{number}") for number in range(9)]
    for number, person in enumerate(people[:7]):
        Turn.objects.create(rota=rota, person=person, weekday=number, since=rota.since, accepted_at=NOW)
        Turn.objects.create(
            rota=rota, person=people[(number + 1) % 7], weekday=number, since=rota.since, accepted_at=NOW
        )
    for person in people[7:]:
        Turn.objects.create(rota=rota, person=person, weekday=None, since=rota.since, accepted_at=NOW)
    Leave.objects.create(
        rota=rota, person=people[0], first_day=date(2019, 3, 1), last_day=date(2019, 3, 31), told_at=NOW
    )
    baker.make("volunteers.RotaBreak", rota=rota, first_day=date(2019, 2, 4), last_day=date(2019, 2, 10), reason="春节")
    TeamMembership.objects.filter(person=people[3]).update(until=date(2019, 6, 1))

    done = planning.generate(rota, at=NOW, until=date(2019, 12, 19))

    assert done.made == 364 - 7
    assert done.short == {}  # those without a weekday stand in for leave and for whoever left
    assert not SignUp.objects.filter(person=people[0], activity__starts_at__month=3).exists()
    assert not SignUp.objects.filter(
        person=people[3], activity__starts_at__gte=datetime(2019, 6, 1, tzinfo=SHANGHAI)
    ).exists()
    stood_in = Counter(SignUp.objects.filter(person__in=people[7:]).values_list("person__name", flat=True))
    assert sum(stood_in.values()) > 20
    assert max(stood_in.values()) - min(stood_in.values()) <= 1
    monday, wednesday = (
        SignUp.objects.get(person=person, activity__shift__slot_key=f"{rota.team_id}:2019-05-{day:02}")
        for person, day in ((people[0], 6), (people[2], 8))
    )
    swap = swaps.ask_swap(monday, people[2], by=people[0], at=NOW, wanted=wednesday)
    swaps.answer_swap(swap, agrees=True, by=people[2], at=NOW)
    again = planning.generate(rota, at=NOW, until=date(2019, 12, 19))
    assert (again.made, again.given, again.freed) == (0, 0, 0)


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2018, 12, 9), "06:30"),
        (date(2018, 12, 10), "07:00"),
        (date(2019, 2, 28), "07:00"),
        (date(2019, 3, 1), "06:30"),
        (date(2020, 2, 29), "07:00"),
        (date(2020, 3, 1), "06:30"),
        (date(2021, 12, 10), "07:00"),
    ],
)
def test_winter_begins_later_each_year(rota, day, begins):
    """G1."""
    assert rota.starts_on(day).strftime("%H:%M") == begins


def test_leave_frees_the_turns_and_whoever_helps_anywhere_is_put_down_and_told(rota, thursdays, member, down):
    first, _second = thursdays
    helper = member("尹素娟")
    promise(rota, helper, None)

    promises.take_leave(rota, first, date(2018, 12, 25), date(2018, 12, 31), at=NOW)

    assert down(27) == {"闻建平", "尹素娟"}
    assert [(one.kind, one.recipient.name) for one in Message.objects.filter(kind="duty_put_down", recipient=helper)][
        :1
    ] == [("duty_put_down", "尹素娟")]


def test_back_from_leave_earlier_the_turn_is_ones_own_again(rota, thursdays, down):
    first, _second = thursdays
    leave = promises.take_leave(rota, first, date(2018, 12, 25), date(2018, 12, 31), at=NOW)
    assert down(27) == {"闻建平"}

    promises.end_leave(leave, at=NOW)

    assert down(27) == {"闻建平", "单巧云"}


def test_whoever_withdrew_from_a_morning_is_not_put_down_again(rota, thursdays, down, slot):
    from activities.operations import sign_ups

    first, _second = thursdays
    sign_ups.withdraw(list(slot(27).sign_ups.filter(person=first)), at=NOW, by=first)

    planning.generate(rota, at=NOW)

    assert down(27) == {"闻建平"}


def test_a_turn_the_release_before_took_back_is_given_again(rota, thursdays, down, slot):
    """T18: while both releases run, the old one writes its sentence and no code."""
    first, _second = thursdays
    row = slot(27).sign_ups.get(person=first)
    row.status, row.ended_at, row.end_reason = "cancelled", NOW, "值日安排调整"
    row.save()
    assert row.end_code == ""

    planning.generate(rota, at=NOW)

    assert first.name in down(27)


def test_a_turn_that_is_given_back_frees_the_mornings_from_tomorrow_on(rota, thursdays, down):
    first, _second = thursdays
    promises.end_promise(Turn.objects.get(person=first), at=NOW)
    assert down(27) == {"闻建平"}


def test_whoever_left_the_team_is_off_the_rota_with_the_next_plan(rota, thursdays, down):
    first, _second = thursdays
    TeamMembership.objects.filter(person=first).update(until=date(2018, 12, 22))
    planning.generate(rota, at=NOW)
    assert down(27) == {"闻建平"}


def test_somebody_with_a_seat_elsewhere_at_that_time_is_passed_over(rota, member, make_activity, down):
    from activities.operations import sign_ups

    person = member("沈国强")
    begins = datetime(2018, 12, 27, 6, 0, tzinfo=SHANGHAI)
    other = make_activity(title="看日出", starts_at=begins)
    sign_ups.sign_up(other, [person], made_by=person, at=NOW)
    promise(rota, person, 3)
    assert down(27) == set()


def test_called_off_mornings_are_cancelled_and_everyone_told(
    rota, thursdays, slot, down, django_capture_on_commit_callbacks
):
    """Holiday and rain skip (issue: rota)."""
    staff = thursdays[0].user
    _row, cancelled = promises.pause(rota, date(2018, 12, 27), date(2018, 12, 28), "寒潮，路面结冰", at=NOW, by=staff)

    assert cancelled == 2
    assert slot(27).status == "cancelled"
    outbox.dispatch()
    assert {message.to[0] for message in mail.outbox} == {person.email for person in thursdays}
    planning.generate(rota, at=NOW)
    assert Shift.objects.filter(slot_key=f"{rota.team_id}:2018-12-27").count() == 1


def test_a_break_before_the_slots_are_made_makes_none(rota, slot):
    baker.make(
        "volunteers.RotaBreak", rota=rota, first_day=date(2018, 12, 24), last_day=date(2018, 12, 26), reason="整修"
    )
    planning.generate(rota, at=NOW)
    assert [slot(day) is None for day in (23, 24, 25, 26, 27)] == [False, True, True, True, False]


def test_children_are_on_no_rota(rota, make_child, member, down):
    """V4, V5: no path of the rota confirms a minor."""
    child = make_child(member("裴莉"), age=15, name="满满")
    baker.make(TeamMembership, team=rota.team, person=child, since=date(2018, 11, 17), until=None)
    with pytest.raises(Refusal, match="Morning duty is for adults"):
        promise(rota, child, 3)
    Turn.objects.create(rota=rota, person=child, weekday=3, since=rota.since, accepted_at=NOW)
    planning.generate(rota, at=NOW)
    assert down(27) == set()


def test_only_members_promise_turns(rota, make_person, elsewhere):
    stranger = make_person(name="路人")
    with pytest.raises(Refusal, match="does not belong to 护花小队 on that day"):
        promise(rota, stranger, 3)


def test_the_same_turn_twice_is_refused_with_a_sentence(rota, thursdays):
    with pytest.raises(Refusal, match="单巧云 has this turn already"):
        promise(rota, thursdays[0], 3)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (date(2018, 12, 25), date(2018, 12, 24), "The last day lies before the first"),
        (date(2018, 12, 19), date(2018, 12, 24), "Leave begins today at the earliest"),
        (date(2018, 12, 25), date(2020, 1, 1), "give back the turn instead"),
    ],
)
def test_leave_that_cannot_be_is_refused(rota, thursdays, first, last, sentence):
    with pytest.raises(Refusal, match=sentence):
        promises.take_leave(rota, thursdays[0], first, last, at=NOW)


def test_the_reminder_goes_the_evening_before(rota, thursdays):
    from portal import sweeps

    with clock.frozen(datetime(2018, 12, 26, 18, 1, tzinfo=SHANGHAI)):
        sweeps.run_all()
    reminders = [message for message in mail.outbox if "护花小队晨扫" in message.subject]
    assert {message.to[0] for message in reminders if "Reminder" in message.subject or "提醒" in message.subject} == {
        person.email for person in thursdays
    }


def test_the_plan_rolls_on_by_itself(rota, thursdays, slot):
    from volunteers.operations import sweep

    later = NOW + timedelta(days=5)
    assert Rota.objects.get().planned_on == date(2018, 12, 20)
    sweep.plan_ahead(later)
    assert Shift.objects.order_by("-starts_at").first().slot_key == f"{rota.team_id}:2019-01-08"
