"""Turns are shared out fairly whatever the year brings (G1); property tests on the arithmetic alone."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from volunteers.rules.fairness import ANYWHERE, Slot, share_out

MONDAY = date(2018, 12, 31)


@st.composite
def years(draw):
    """(slots, people always there): weekly promises, people without a weekday, leave, a holiday week, one who leaves."""
    weeks = draw(st.integers(1, 52))
    wanted = draw(st.integers(1, 3))
    promises = {weekday: draw(st.frozensets(st.integers(1, 12), max_size=5)) for weekday in range(7)}
    anywhere = draw(st.frozensets(st.integers(20, 26), max_size=6))
    everyone = frozenset().union(*promises.values()) | anywhere
    away = {
        person: (start, start + length)
        for person, start, length in draw(
            st.lists(
                st.tuples(st.sampled_from(sorted(everyone) or [0]), st.integers(0, 360), st.integers(0, 40)), max_size=4
            )
        )
    }
    leaver, leaves_on = draw(st.sampled_from(sorted(everyone) or [0])), draw(st.integers(0, 360))
    holiday = draw(st.integers(0, 51))
    slots = []
    for number in range(weeks * 7):
        if number // 7 == holiday:
            continue
        there = {
            person
            for person in everyone
            if not (person in away and away[person][0] <= number <= away[person][1])
            and not (person == leaver and number >= leaves_on)
        }
        day = MONDAY + timedelta(days=number)
        slots.append(Slot(day, wanted, promises[day.weekday()] & there, anywhere & there))
    return slots, promises, anywhere, everyone - away.keys() - {leaver}


def by_group(given) -> Counter:
    return Counter((group, person) for chosen in given.values() for person, group in chosen.items())


@settings(max_examples=60, deadline=None)
@given(years())
def test_nobody_who_was_always_there_is_more_than_one_turn_ahead(year):
    slots, promises, anywhere, always = year
    turns = by_group(share_out(slots))
    for group, members in {**promises, ANYWHERE: anywhere}.items():
        counts = [turns[group, person] for person in members & always]
        if group == ANYWHERE:  # who also promised that weekday is no substitute on it, and so had other chances
            counts = [turns[group, person] for person in (members & always) - frozenset().union(*promises.values())]
        assert not counts or max(counts) - min(counts) <= 1


@settings(max_examples=40, deadline=None)
@given(years())
def test_every_slot_is_filled_or_everyone_who_could_is_down(year):
    slots, *_rest = year
    given = share_out(slots)
    for slot in slots:
        chosen = given.get(slot.day, {})
        able = slot.standing | slot.anywhere
        assert set(chosen) <= able
        assert len(chosen) == min(slot.wanted, len(able))


@settings(max_examples=60, deadline=None)
@given(years())
def test_the_same_year_gives_the_same_turns_and_a_second_run_nothing(year):
    slots, *_rest = year
    given = share_out(slots)
    assert share_out(slots) == given
    filled = [
        Slot(
            slot.day, slot.wanted - len(given.get(slot.day, {})), slot.standing, slot.anywhere, given.get(slot.day, {})
        )
        for slot in slots
        if slot.wanted <= len(given.get(slot.day, {}))
    ]
    assert share_out(filled) == {}


@settings(max_examples=60, deadline=None)
@given(years(), st.integers(0, 365))
def test_planning_in_two_runs_is_as_fair_as_in_one(year, cut):
    slots, *_rest = year
    first, rest = slots[:cut], slots[cut:]
    given = share_out(first)
    over = [Slot(slot.day, 0, slot.standing, slot.anywhere, given.get(slot.day, {})) for slot in first]
    assert given | share_out(over + rest) == share_out(slots)


def test_two_of_three_take_turns_in_a_ring():
    days = [MONDAY + timedelta(weeks=number) for number in range(6)]
    given = share_out([Slot(day, 2, frozenset({1, 2, 3})) for day in days])
    assert [set(given[day]) for day in days] == [{1, 2}, {1, 3}, {2, 3}, {1, 2}, {1, 3}, {2, 3}]


def test_whoever_comes_back_from_leave_does_not_make_up_for_it():
    days = [MONDAY + timedelta(weeks=number) for number in range(12)]
    slots = [Slot(day, 1, frozenset({1, 2} if number < 6 else {1, 2, 3})) for number, day in enumerate(days)]
    given = share_out(slots)
    later = Counter(person for day in days[6:] for person in given[day])
    assert later[3] <= 3
