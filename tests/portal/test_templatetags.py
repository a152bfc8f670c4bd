"""Dates, seats and icons as residents read them, in both languages and always in Shanghai."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from activities.pages import seat_states
from portal import dates
from portal.icons import SHAPES
from portal.templatetags import portal

# 01:30 on the 23rd in Shanghai is still the 22nd in UTC.
NIGHT = datetime(2018, 12, 22, 17, 30, tzinfo=UTC)
MORNING = datetime(2018, 12, 23, 1, 30, tzinfo=UTC)


def an_activity(**given) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            "starts_at": MORNING,
            "ends_at": MORNING + timedelta(minutes=90),
            "status": "published",
            "capacity": 20,
            "seats_left": 20,
            **given,
        }
    )


def render(source: str, **context) -> str:
    return Template("{% load portal seats %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("filter_name", "value", "chinese", "english"),
    [
        ("hm", MORNING, "9:30", "9:30"),
        ("hm", time(18, 0), "18:00", "18:00"),
        ("hm", None, "", ""),
        ("day", MORNING, "12月23日 周日", "Sun 23 Dec"),
        ("day", NIGHT, "12月23日 周日", "Sun 23 Dec"),
        ("day", date(2019, 1, 1), "1月1日 周二", "Tue 1 Jan"),
        ("day", None, "", ""),
        ("day_long", MORNING, "2018年12月23日 周日", "Sunday 23 December 2018"),
        ("date_only", MORNING, "2018年12月23日", "23 December 2018"),
        ("day_year", MORNING, "2018年12月23日 周日", "Sun 23 Dec 2018"),
        ("moment", MORNING, "12月23日 周日 9:30", "Sun 23 Dec, 9:30"),
        ("span", an_activity(), "9:30–11:00", "9:30–11:00"),
        ("span", an_activity(ends_at=None), "9:30", "9:30"),
        (
            "span",
            an_activity(ends_at=MORNING + timedelta(hours=24)),
            "12月23日 周日 9:30 – 12月24日 周一 9:30",
            "Sun 23 Dec, 9:30 – Mon 24 Dec, 9:30",
        ),
    ],
)
def test_dates_are_read_in_the_language_of_the_page_and_the_time_of_shanghai(filter_name, value, chinese, english):
    for language, expected in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert render("{{ value|" + filter_name + " }}", value=value) == expected


@pytest.mark.parametrize(
    ("start", "end", "chinese", "english"),
    [
        (date(2018, 12, 17), date(2018, 12, 23), "12月17日–23日", "17–23 Dec"),
        (date(2018, 11, 26), date(2018, 12, 2), "11月26日–12月2日", "26 Nov – 2 Dec"),
        (date(2018, 12, 31), date(2019, 1, 6), "2018年12月31日–2019年1月6日", "31 Dec 2018 – 6 Jan 2019"),
    ],
)
def test_a_week_names_month_and_year_where_they_change(start, end, chinese, english):
    for language, expected in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert dates.days(start, end) == expected


def test_a_plate_is_a_time_of_that_day_in_shanghai():
    with translation.override("en"):
        assert portal.plate(NIGHT, "leafy", "Today") == (
            '<time class="plate leafy" datetime="2018-12-23">'
            "<span><small>Dec</small> <b>23</b> <small>Today</small></span></time>"
        )


def test_a_plate_escapes_its_label_and_knows_only_its_own_tones():
    assert '"><script>' not in portal.plate(MORNING, '"><script>', "<b>")
    assert "&lt;b&gt;" in portal.plate(MORNING, label="<b>")


@pytest.mark.parametrize(
    ("given", "mine", "state"),
    [
        ({"seats_left": None, "capacity": None}, None, "open"),
        ({"seats_left": 5, "capacity": 20}, None, "open"),
        ({"seats_left": 4, "capacity": 20}, None, "few"),
        ({"seats_left": 2, "capacity": 4}, None, "few"),
        ({"seats_left": 0}, None, "full"),
        ({"seats_left": 0}, "confirmed", "booked"),
        ({"seats_left": 0}, SimpleNamespace(status="waiting"), "waiting"),
        ({}, "offered", "offered"),
        ({}, "consent_pending", "pending"),
        ({}, "cancelled", "open"),
        ({}, "lapsed", "open"),
        ({"status": "cancelled"}, "confirmed", "off"),
        ({"status": "done"}, None, "over"),
        ({"status": "done"}, "attended", "here"),
        ({"ends_at": datetime(2018, 12, 20, 1, 0, tzinfo=UTC)}, None, "over"),
    ],
)
def test_public_lists_tell_seats_by_a_word_and_never_by_a_number(given, mine, state):
    assert seat_states.seat_state(an_activity(**given), mine) == state
    with translation.override("en"):
        word = str(seat_states.SEAT_WORDS[state])
        assert render("{% seats activity mine %}", activity=an_activity(**given), mine=mine) == (
            f'<span class="seats {state}">{word}</span>'
        )


def test_every_icon_is_hidden_from_readers_unless_it_is_named():
    for name in SHAPES:
        assert 'aria-hidden="true"' in portal.icon(name)
    assert 'aria-label="Phone &amp; desk"' in portal.icon("phone", "Phone & desk")
    with pytest.raises(KeyError):
        portal.icon("no such thing")
