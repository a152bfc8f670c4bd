"""Missing hands, swaps, and how a morning went (G1)."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.utils.translation import override

from activities.operations import sign_ups
from people import outbox
from people.models import Message
from portal import clock, sweeps
from portal.refusals import Refusal
from tests.conftest import NOW, SHANGHAI
from volunteers.models import Swap
from volunteers.operations import diary, promises, swaps, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


EVENING = datetime(2018, 12, 26, 18, 0, tzinfo=SHANGHAI)
MORNING = datetime(2018, 12, 27, 7, 50, tzinfo=SHANGHAI)


@pytest.fixture
def pair(rota, member):
    """One who comes on Thursdays, and another who comes on Fridays."""
    first, second = member("单巧云"), member("俞素珍")
    promises.promise(rota, first, 3, at=NOW)
    promises.promise(rota, second, 4, at=NOW)
    return first, second


def row(slot, person):
    return slot.sign_ups.live().get(person=person)


# --- standing in ---


def test_the_first_to_say_yes_has_the_turn(rota, pair, member, slot, down):
    third, fourth = member("尤碧云"), member("尹素娟")
    swaps.stand_in(slot(27), third, at=NOW)
    assert down(27) == {"单巧云", "尤碧云"}
    with pytest.raises(Refusal, match="Somebody was quicker"):
        swaps.stand_in(slot(27), fourth, at=NOW)
    assert swaps.stand_in(slot(27), third, at=NOW) == row(slot(27), third)  # asking twice is once


def test_missing_hands_are_asked_for_once_a_gap(rota, pair, member, slot):
    """Substitutes first; near the morning the whole team, but nobody who is down or gave it back."""
    substitute, other = member("尤碧云"), member("沈国强")
    rota.substitutes.add(substitute)
    sweep.tend(NOW)
    asked = lambda: set(  # noqa: E731
        Message.objects.filter(
            kind="duty_hands_missing", occasions__key__startswith=f"duty:{slot(27).pk}:"
        ).values_list("recipient__name", flat=True)
    )
    assert asked() == {"尤碧云"}
    before = Message.objects.count()
    sweep.tend(NOW)
    assert Message.objects.count() == before

    sweep.tend(datetime(2018, 12, 26, 9, 0, tzinfo=SHANGHAI))
    assert asked() == {"尤碧云", "沈国强", "俞素珍", "邬丽萍"}
    assert other.name in asked()


def test_nobody_is_asked_at_night_unless_the_morning_is_near(rota, pair, member, slot):
    member("尤碧云")
    night = datetime(2018, 12, 22, 23, 0, tzinfo=SHANGHAI)
    sweep.tend(night)
    keys = Message.objects.filter(kind="duty_hands_missing").values_list("occasions__key", flat=True)
    assert set(keys) == {f"duty:{slot(23).pk}:0"}  # at seven in the morning, eight hours from then


def test_the_leader_is_told_the_evening_before_when_nobody_is_down(rota, pair, slot, team):
    sign_ups.withdraw([row(slot(27), pair[0])], at=NOW, by=pair[0])
    for moment in (EVENING - timedelta(minutes=1), EVENING, EVENING + timedelta(minutes=5)):
        with clock.frozen(moment):
            sweeps.run_all()
        told = [one for one in mail.outbox if "没有人值日" in one.subject or "Nobody is down" in one.subject]
        assert len(told) == (0 if moment < EVENING else 1)
    assert told[0].to == [team.leader.email]


def test_the_leader_without_mail_stands_on_the_phone_list(rota, pair, slot, team):
    leader = team.leader
    leader.email, leader.user = "", None
    leader.save()
    sweep.tend(EVENING)
    warned = Message.objects.get(kind="duty_nobody_tomorrow", occasions__key=f"duty:{slot(27).pk}:0")
    assert warned.channel == Message.Channel.PHONE


def test_a_call_that_was_answered_is_not_sent_any_more(rota, pair, member, slot):
    asked = member("尤碧云")
    sweep.tend(datetime(2018, 12, 26, 9, 0, tzinfo=SHANGHAI))
    swaps.stand_in(slot(27), pair[1], at=NOW)
    with clock.frozen(datetime(2018, 12, 26, 9, 1, tzinfo=SHANGHAI)):
        outbox.dispatch()
    texts = [one.body for one in mail.outbox if one.to == [asked.email]]
    assert not any("12月27日" in text or "27 Dec" in text for text in texts)


# --- swaps ---


def test_a_swap_needs_the_others_yes(rota, pair, slot, down):
    first, second = pair
    swap = swaps.ask_swap(row(slot(27), first), second, by=first, at=NOW, wanted=row(slot(28), second))
    assert (down(27), down(28)) == ({"单巧云"}, {"俞素珍"})
    with pytest.raises(Refusal, match="Only the one who was asked"):
        swaps.answer_swap(swap, agrees=True, by=first, at=NOW)

    swaps.answer_swap(swap, agrees=True, by=second, at=NOW)

    assert (down(27), down(28)) == ({"俞素珍"}, {"单巧云"})
    planning_again = promises.planning.generate(rota, at=NOW)
    assert (planning_again.given, planning_again.freed) == (0, 0)  # the plan does not undo it


def test_a_no_changes_nothing_and_is_told(rota, pair, slot, down):
    first, second = pair
    swap = swaps.ask_swap(row(slot(27), first), second, by=first, at=NOW)
    outbox.dispatch()
    swaps.answer_swap(swap, agrees=False, by=second, at=NOW)
    outbox.dispatch()
    assert down(27) == {"单巧云"}
    assert [one.to for one in mail.outbox] == [[second.email], [first.email]]
    assert "俞素珍" in mail.outbox[1].subject


def test_one_question_a_turn_and_it_can_be_taken_back(rota, pair, member, slot):
    first, second = pair
    third = member("尤碧云")
    swap = swaps.ask_swap(row(slot(27), first), second, by=first, at=NOW)
    with pytest.raises(Refusal, match="Take that question back first"):
        swaps.ask_swap(row(slot(27), first), third, by=first, at=NOW)
    swaps.take_back(swap, by=first, at=NOW)
    with pytest.raises(Refusal, match="settled already"):
        swaps.answer_swap(swap, agrees=True, by=second, at=NOW)
    swaps.ask_swap(row(slot(27), first), third, by=first, at=NOW)


def test_a_turn_that_went_elsewhere_meanwhile_is_not_swapped(rota, pair, slot, down):
    first, second = pair
    swap = swaps.ask_swap(row(slot(27), first), second, by=first, at=NOW, wanted=row(slot(28), second))
    sign_ups.withdraw([row(slot(28), second)], at=NOW, by=second)
    with pytest.raises(Refusal, match="no longer 俞素珍's"):
        swaps.answer_swap(swap, agrees=True, by=second, at=NOW)
    assert down(27) == {"单巧云"}


def test_questions_lapse_when_the_morning_begins(rota, pair, slot):
    first, second = pair
    swaps.ask_swap(row(slot(27), first), second, by=first, at=NOW)
    assert swaps.lapse_swaps(NOW) == 0
    assert swaps.lapse_swaps(MORNING) == 1
    assert Swap.objects.get().state == "lapsed"


# --- how it went ---


@pytest.mark.parametrize(("present", "outcome"), [("ab", "done"), ("a", "partial"), ("", "missed"), ("ac", "swapped")])
def test_the_outcome_follows_from_who_was_there(rota, member, slot, present, outcome):
    people = {"a": member("单巧云"), "b": member("闻建平"), "c": member("尤碧云")}
    for key in "ab":
        promises.promise(rota, people[key], 3, at=NOW)
    noted = diary.record(slot(27), [people[key] for key in present], at=MORNING, by=people["a"], note="落叶两大袋")
    assert (noted.outcome, noted.outcome_note) == (outcome, "落叶两大袋")
    marks = dict(slot(27).sign_ups.values_list("person__name", "status"))
    assert {name for name, status in marks.items() if status == "attended"} == {people[key].name for key in present}


def test_only_those_concerned_write_it_up_and_not_before_it_began(rota, pair, slot):
    first, second = pair
    with pytest.raises(Refusal, match="has not begun yet"):
        diary.record(slot(27), [first], at=NOW, by=first)
    with pytest.raises(Refusal, match="Those who were down for it"):
        diary.record(slot(27), [first], at=MORNING, by=second)
    diary.record(slot(27), [first], at=MORNING + timedelta(days=4), by=first)


def test_leave_of_the_asked_keeps_them_from_being_asked(rota, pair, member, slot):
    away = member("尤碧云")
    promises.take_leave(rota, away, date(2018, 12, 26), date(2018, 12, 28), at=NOW)
    sweep.tend(datetime(2018, 12, 26, 9, 0, tzinfo=SHANGHAI))
    assert not Message.objects.filter(recipient=away, occasions__key__startswith=f"duty:{slot(27).pk}:").exists()
