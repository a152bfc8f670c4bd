"""The calendar: which week, which filters, and at what cost."""

from datetime import date, timedelta

import pytest
from model_bakery import baker

from activities.models import Status, kinds
from activities.operations import sign_ups
from activities.pages.calendar_filters import CalendarFilters
from community.models import Meeting
from events.models import LearningEvent
from people.models import Location
from tests.activities.calendar_page import *  # noqa: F403
from tests.activities.calendar_page import SATURDAY, look, titles
from tests.conftest import NOW
from volunteers.models import Shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = NOW.date()  # a Thursday


# --- which week ---


@pytest.mark.parametrize(
    ("query", "monday"),
    [
        ({}, date(2018, 12, 17)),
        ({"week": "2018-W50"}, date(2018, 12, 10)),
        ({"week": "2019-W1"}, date(2018, 12, 31)),
        ({"from": "2019-01-04"}, date(2018, 12, 31)),
        ({"week": "2018-W99"}, date(2018, 12, 17)),
        ({"week": "2018-W53"}, date(2018, 12, 17)),  # 2018 has 52 weeks
        ({"week": "0001-W01"}, date(2018, 12, 17)),
        ({"week": "9999-W52"}, date(2018, 12, 17)),
        ({"week": "２０１８-W51"}, date(2018, 12, 17)),
        ({"week": "2018-W51\x00"}, date(2018, 12, 17)),
        ({"from": "2018-02-30"}, date(2018, 12, 17)),
        ({"from": "9999-12-31"}, date(2018, 12, 17)),
        ({"from": "🌸"}, date(2018, 12, 17)),
    ],
)
def test_an_address_names_a_week_and_a_bad_one_means_this_week(query, monday):
    assert CalendarFilters.read(query, TODAY).monday == monday


def test_the_week_begins_to_be_read_at_today_and_the_days_gone_by_are_quiet(client, url, activity):
    days = look(client, url).context["days"]
    assert [(day.date.day, day.is_past, day.is_today, day.is_tucked) for day in days] == [
        (17, True, False, True),
        (18, True, False, True),
        (19, True, False, True),
        (20, False, True, False),
        (21, False, False, False),
        (22, False, False, False),
        (23, False, False, False),
    ]
    assert not any(day.is_tucked for day in look(client, url, "?week=2018-W51").context["days"])


def test_weeks_lead_to_their_neighbours_and_keep_the_filters(client, url, activity):
    context = look(client, url, "?kind=volunteering&children=1").context
    assert context["previous_url"] == "?week=2018-W50&kind=volunteering&children=1"
    assert context["this_url"] == "?kind=volunteering&children=1"
    assert context["next_url"] == "?week=2018-W52&kind=volunteering&children=1"


def test_another_day_keeps_the_filters(client, url, activity):
    page = look(client, url, "?kind=volunteering&steps=1").content.decode()
    assert '<input type="hidden" name="kind" value="volunteering"><input type="hidden" name="steps" value="1">' in page
    filters = look(client, url, "?kind=volunteering&steps=1&from=2019-01-04").context["filters"]
    assert (filters.monday, filters.opened, filters.kind, filters.switches) == (
        date(2018, 12, 31),
        date(2019, 1, 4),
        "volunteering",
        {"steps"},
    )


def test_the_calendar_ends_where_dates_end(client, url):
    assert look(client, url, "?week=2099-W53").context["next_url"] == ""
    assert look(client, url, "?week=2000-W02").context["previous_url"] == "?week=2000-W01"


def test_what_runs_over_from_last_week_stands_on_monday(client, url, make_activity):
    make_activity(title="守夜", starts_at=NOW - timedelta(days=4), ends_at=NOW - timedelta(days=3))  # Sunday to Monday
    days = look(client, url).context["days"]
    assert [card.activity.title for card in days[0].entries] == ["守夜"]


def test_parts_are_no_appointments(client, url, make_activity):
    whole = make_activity(title="参观")
    make_activity(model=Meeting, kind="meeting", type="party_lecture", title="党课", part_of=whole)
    assert titles(look(client, url)) == ["参观"]


# --- filters ---


@pytest.fixture
def several(make_activity, neighbourhood):
    upstairs = baker.make(Location, neighbourhood=neighbourhood, name="二楼", kind="room", step_free=False)
    make_activity(title="周六带孩子", starts_at=SATURDAY, capacity=3)
    make_activity(title="周五大人", starts_at=NOW + timedelta(days=1), minors="no", location=upstairs)
    make_activity(model=LearningEvent, kind="learning", form="film", edu="theory", title="周日观影", minors="no")
    make_activity(model=Meeting, kind="meeting", type="team_meeting", title="周五例会", open_to=[], minors="no",
                  starts_at=NOW + timedelta(days=1, hours=2))  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["周五大人", "周五例会", "周六带孩子", "周日观影"]),
        ("?kind=volunteering", ["周五大人", "周六带孩子"]),
        ("?kind=learning", ["周日观影"]),
        ("?kind=meetings", ["周五例会"]),
        ("?kind=nonsense", ["周五大人", "周五例会", "周六带孩子", "周日观影"]),
        ("?weekend=1", ["周六带孩子", "周日观影"]),
        ("?weekend=yes", ["周五大人", "周五例会", "周六带孩子", "周日观影"]),
        ("?children=1", ["周六带孩子"]),
        ("?steps=1", ["周五例会", "周六带孩子", "周日观影"]),
        ("?seats=1", ["周五大人", "周六带孩子", "周日观影"]),
        ("?seats=1&kind=volunteering&children=1&weekend=1&steps=1", ["周六带孩子"]),
    ],
)
def test_filters_narrow_the_week(client, url, several, query, expected):
    assert titles(look(client, url, query)) == expected


def test_the_filter_for_seats_leaves_out_what_is_full_closed_or_cancelled(client, url, make_activity, person):
    full = make_activity(title="满", capacity=1, starts_at=SATURDAY)
    sign_ups.sign_up(full, [person], made_by=person, at=NOW)
    make_activity(title="停", starts_at=SATURDAY, status=Status.CANCELLED)
    make_activity(title="截止", starts_at=SATURDAY, signup_until=NOW - timedelta(hours=1))
    make_activity(title="未开", starts_at=SATURDAY, signup_from=NOW + timedelta(hours=1))
    free = make_activity(title="空", starts_at=SATURDAY, capacity=2)
    assert titles(look(client, url, "?seats=1")) == [free.title]


def test_every_filter_has_an_address(client, url, activity):
    filters = look(client, url, "?weekend=1").context["filters"]
    assert [(str(link["label"]), link["url"], link["current"]) for link in filters.kind_links()] == [
        ("All", "?weekend=1", True),
        ("Volunteering", "?kind=volunteering&weekend=1", False),
        ("Learning", "?kind=learning&weekend=1", False),
        ("Deliberations", "?kind=deliberations&weekend=1", False),
        ("Meetings", "?kind=meetings&weekend=1", False),
    ]
    assert [(link["url"], link["current"]) for link in filters.switch_links()][:2] == [
        ("?", True),
        ("?weekend=1&children=1", False),
    ]
    assert set(kinds.groups()) == {"volunteering", "learning", "deliberations", "meetings"}


def test_an_empty_week_says_when_it_goes_on(client, url, make_activity):
    later = make_activity(title="元旦猜谜", starts_at=NOW + timedelta(days=40))
    response = look(client, url)
    assert response.context["next_activity"].pk == later.pk
    assert later.get_absolute_url() in response.content.decode()
    assert "Show everything of this week" in look(client, url, "?kind=learning").content.decode()


def test_an_empty_day_points_to_the_next_thing_with_seats(client, url, make_activity):
    make_activity(title="满了", starts_at=NOW + timedelta(days=1), status=Status.CANCELLED)
    free = make_activity(title="草帘", starts_at=SATURDAY)
    days = look(client, url).context["days"]
    assert [day.hint.pk if day.hint else None for day in days] == [None, None, None, free.pk, None, None, None]


# --- what it costs ---


@pytest.mark.parametrize("length", [1, 50])
def test_the_calendar_costs_the_same_at_any_length(client, url, make_activity, length, django_assert_num_queries):
    for number in range(length):
        make_activity(starts_at=SATURDAY + timedelta(minutes=number), capacity=3)
    with django_assert_num_queries(3):  # the neighbourhood, two weeks of activities with places, their seats
        response = look(client, url)
    assert len(titles(response)) == length


@pytest.mark.parametrize("length", [1, 50])
def test_the_signed_in_calendar_costs_the_same_at_any_length(
    client, url, make_activity, member, hidden, length, django_assert_num_queries
):
    for number in range(length):
        activity = make_activity(starts_at=SATURDAY + timedelta(minutes=number))
        sign_ups.sign_up(activity, [member], made_by=member, at=NOW, accept_clash=True)
    client.force_login(member.user)
    # session, user, person with the neighbourhood, circles, activities, what expects me, my sign-ups
    with django_assert_num_queries(7):
        response = look(client, url)
    assert len(titles(response)) == length + 1


def test_shifts_of_the_calendar_are_rows_of_the_base(client, url, make_activity):
    """One list over all kinds: no query per kind or row."""
    shift = make_activity(starts_at=SATURDAY)
    assert isinstance(shift, Shift)
    (entry,) = [card for day in look(client, url).context["days"] for card in day.entries]
    assert entry.css == "vol"
