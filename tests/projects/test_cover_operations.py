"""P4: no paint and no public picture without the owner's yes; gas and power never; looked at each quarter."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from portal import clock
from portal.refusals import Refusal
from projects.models import Cover, CoverInspection, CoverRepaint
from projects.operations import covers
from projects.operations.covers import Seen
from tests.conftest import NOW
from tests.projects.conftest import PAINTED

pytestmark = pytest.mark.django_db
BARE = {"painted_on": None, "anti_slip": False, "is_published": False}
SEPTEMBER = date(2018, 9, 28)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"consent_on": None, "consent_by": "", "owner": "市政排水"}, r"Ask the owner of JG-01 \(市政排水\) first"),
        ({"utility": "gas"}, "Covers over gas and electricity are never painted: choose another one"),
        ({"utility": "power"}, "Covers over gas and electricity are never painted: choose another one"),
        ({"mark": ""}, "Write down first which mark of JG-01 stays free of paint"),
    ],
)
def test_neither_painted_nor_published_against_the_rule(make_cover, fields, sentence):
    """P4."""
    cover = make_cover(**(BARE | fields))

    with pytest.raises(Refusal, match=sentence):
        covers.publish(cover)
    with pytest.raises(Refusal, match=sentence):
        covers.paint(cover, painted_on=PAINTED, anti_slip=True)

    cover.refresh_from_db()
    assert (cover.painted_on, cover.is_published) == (None, False)


def test_with_the_owners_yes_it_is_painted_and_shown(make_cover):
    """P4."""
    cover = make_cover(**BARE, consent_on=None, consent_by="")
    covers.record_consent(cover, said_by="物业经理", said_on=date(2018, 4, 6))
    covers.paint(cover, painted_on=PAINTED, anti_slip=True)
    covers.publish(cover)

    cover.refresh_from_db()
    assert (cover.consent_by, cover.painted_on, cover.is_published) == ("物业经理", PAINTED, True)
    covers.withdraw(cover)
    cover.refresh_from_db()
    assert not cover.is_published


@pytest.mark.parametrize(
    ("painted_on", "anti_slip", "sentence"),
    [
        (date(2018, 4, 5), True, "The owner said yes only on Fri 6 Apr 2018"),
        (date(2018, 12, 21), True, "This day is still to come"),
        (PAINTED, False, "Only anti-slip paint goes on a cover"),
    ],
)
def test_painting_is_refused_with_what_to_do(make_cover, painted_on, anti_slip, sentence):
    """P4."""
    with pytest.raises(Refusal, match=sentence):
        covers.paint(make_cover(**BARE), painted_on=painted_on, anti_slip=anti_slip)


@pytest.mark.parametrize(
    ("said_by", "said_on", "sentence"),
    [
        (" ", date(2018, 4, 1), "Write down who said yes"),
        ("物业", date(2018, 12, 21), "This day is still to come"),
        ("物业", date(2018, 5, 1), "the owner's yes has to be from before that"),
    ],
)
def test_a_consent_that_cannot_be_is_refused(make_cover, said_by, said_on, sentence):
    with pytest.raises(Refusal, match=sentence):
        covers.record_consent(make_cover(), said_by=said_by, said_on=said_on)


@pytest.mark.parametrize(
    "fields",
    [{"utility": "gas"}, {"consent_on": None}, {"consent_by": ""}, {"consent_on": date(2018, 5, 1)}],
)
def test_the_database_holds_the_rule_too(make_cover, fields):
    """P4: whatever writes past the operations."""
    with pytest.raises(IntegrityError), transaction.atomic():
        make_cover(**fields)


# --- inspections ---


def states(day=None):
    rows = Cover.objects.with_upkeep()
    return {
        "due": {cover.code for cover in rows.due(day or clock.today())},
        "faded": {cover.code for cover in rows.faded()},
        "loose": {cover.code for cover in rows if cover.loose_open},
    }


def seen(cover, condition, day=SEPTEMBER, note=""):
    return covers.record_round([Seen(cover, condition, note)], inspected_on=day, inspected_by=None, entered_by=None)


def test_a_cover_is_due_a_quarter_after_the_last_look(make_cover):
    """P4: quarterly."""
    cover = make_cover()
    assert cover.next_inspection(None) == date(2018, 7, 21)
    assert states(date(2018, 7, 20))["due"] == set()
    assert states(date(2018, 7, 21))["due"] == {"JG-01"}

    seen(cover, "good")
    assert cover.next_inspection(SEPTEMBER) == date(2018, 12, 28)
    assert states(date(2018, 12, 27))["due"] == set()
    assert states(date(2018, 12, 28))["due"] == {"JG-01"}


def test_a_bare_cover_is_never_due(make_cover):
    cover = make_cover(**BARE)
    assert states()["due"] == set()
    assert cover.next_inspection(None) is None


def test_faded_stays_on_the_list_until_it_is_repainted(make_cover):
    """S20: mh06 faded, then repainted."""
    cover = make_cover()
    seen(cover, "faded")
    assert states()["faded"] == {"JG-01"}

    row = covers.repaint(cover, painted_on=date(2018, 11, 30))
    assert states()["faded"] == set()
    assert covers.repaint(cover, painted_on=date(2018, 11, 30)) == row
    assert CoverRepaint.objects.count() == 1

    seen(cover, "faded", date(2018, 12, 16))
    assert states()["faded"] == {"JG-01"}


def test_loose_is_to_be_reported_until_somebody_was_told(make_cover):
    """P4: it stays open whatever was found later, until a note says to whom it was passed on."""
    cover = make_cover()
    seen(cover, "loose")
    seen(cover, "good", date(2018, 12, 1))
    assert states()["loose"] == {"JG-01"}
    loose = cover.inspections.get(condition="loose")

    with pytest.raises(Refusal, match="Write down to whom it was passed on"):
        covers.pass_on(loose, to=" ", on=SEPTEMBER)
    with pytest.raises(Refusal, match="It was found loose only on Fri 28 Sep 2018"):
        covers.pass_on(loose, to="物业", on=date(2018, 9, 27))
    with pytest.raises(Refusal, match="Only a loose cover is passed on"):
        covers.pass_on(cover.inspections.get(condition="good"), to="物业", on=date(2018, 12, 1))

    covers.pass_on(loose, to="物业", on=SEPTEMBER)
    assert states()["loose"] == set()


@pytest.mark.parametrize(
    ("fields", "day", "sentence"),
    [
        ({}, date(2018, 12, 21), "This day is still to come"),
        ({}, date(2018, 4, 20), "was painted only on Sat 21 Apr 2018"),
        (BARE, SEPTEMBER, "is not painted yet, so there is nothing to inspect. Please record its painting first"),
    ],
)
def test_an_inspection_that_cannot_be_is_refused(make_cover, fields, day, sentence):
    with pytest.raises(Refusal, match=sentence):
        seen(make_cover(**fields), "good", day)


def test_a_round_is_all_or_nothing_and_sent_twice_it_is_one(make_cover, make_person):
    first, second, bare = make_cover(), make_cover(), make_cover(**BARE)
    walker = make_person()
    found = [Seen(first, "good"), Seen(second, "faded", "掉色")]
    enter = lambda seen: covers.record_round(seen, inspected_on=NOW.date(), inspected_by=walker, entered_by=None)  # noqa: E731

    with pytest.raises(Refusal):
        enter([*found, Seen(bare, "good")])
    assert not CoverInspection.objects.exists()

    assert enter(found) == 2
    assert enter(found) == 0
    with pytest.raises(Refusal, match="JG-01 was already looked at that day and found good. Correct it"):
        enter([Seen(first, "loose")])
    assert sorted(CoverInspection.objects.values_list("cover__code", "condition", "inspected_by")) == [
        ("JG-01", "good", walker.pk),
        ("JG-02", "faded", walker.pk),
    ]
