"""The code at the spot, and those who come without a seat."""

from datetime import datetime, timedelta

import pytest
from django.utils.translation import override
from model_bakery import baker

from activities.models import WalkIn
from activities.operations import attendance, sign_ups
from activities.rules.spot_code import word_of
from events.models import LearningEvent
from people.models import Consent
from portal import clock
from portal.refusals import Refusal
from tests.activities.admin_pages import act
from tests.conftest import NOW, SHANGHAI
from tests.staff import client_of, staff_user
from volunteers.models import ServiceRecord
from volunteers.operations import service

pytestmark = pytest.mark.django_db
START = datetime(2018, 12, 23, 9, 30, tzinfo=SHANGHAI)
END = START + timedelta(hours=2)
DURING = START + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"
    with override("en"):
        yield


@pytest.fixture
def shift(make_activity):
    return make_activity(starts_at=START, ends_at=END, capacity=2)


@pytest.fixture
def mother(make_person):
    return make_person(user=True, name="葛芳")


@pytest.fixture
def child(make_child, mother):
    return make_child(mother, 9, name="葛小满")


@pytest.fixture
def family(shift, mother, child):
    sign_ups.sign_up(shift, [mother, child], made_by=mother, at=NOW, guardian_consents=True)
    return mother, child


@pytest.fixture
def staff(neighbourhood):
    return staff_user("volunteer_coordinator", neighbourhood)


def agree(person, by, text):
    baker.make(Consent, person=person, purpose="record", text=text, given_by=by, given_at=NOW)


def here(activity, word=None) -> str:
    base = f"/lane-600/activities/{activity.pk}/here/"
    return base if word is None else f"{base}{word}/"


def press(client, activity, people, word=None, at=DURING, **more):
    with clock.frozen(at):
        return client.post(here(activity, word), {"people": [one.pk for one in people], **more}, follow=True)


@pytest.mark.parametrize(("printed", "source"), [("right", "qr"), ("wrong", "self_report"), (None, "self_report")])
def test_only_the_printed_word_makes_it_the_code(client, shift, family, resident_text, printed, source):
    """T6: a POST from home, 40 minutes before, made a record of source qr."""
    mother, _child = family
    agree(mother, mother, resident_text)
    client.force_login(mother.user)
    word = {"right": word_of(shift), "wrong": "0" * 12, None: None}[printed]
    press(client, shift, [mother], word, at=START - timedelta(minutes=40))
    assert ServiceRecord.objects.get().source == source


def test_the_sheet_of_before_says_what_it_counts_as(client, shift, family):
    """T6: addresses printed without the word lead to a page that explains."""
    client.force_login(family[0].user)
    with clock.frozen(DURING):
        old = client.get(here(shift)).content.decode()
        new = client.get(here(shift, word_of(shift))).content.decode()
    assert "counts as your own report" in old
    assert "counts as your own report" not in new


def test_each_activity_has_a_word_of_its_own(make_activity):
    words = {word_of(make_activity()) for _number in range(5)}
    assert len(words) == 5


def test_staff_hang_up_the_address_with_the_word(shift, family, staff):
    for query in ("", "?sheet=1"):
        page = client_of(staff).get(f"/lane-600/activities/{shift.pk}/attendance/{query}").content.decode()
        assert here(shift, word_of(shift)) in page


def test_a_parent_checks_in_the_whole_booking_with_one_tick_for_the_record(client, shift, family, resident_text):
    """T7, T8: children were left out, and newcomers without the consent refused at the spot."""
    mother, child = family
    client.force_login(mother.user)
    with clock.frozen(DURING):
        page = client.get(here(shift, word_of(shift))).content.decode()
    press(client, shift, [mother, child], word_of(shift), agrees="on")

    assert "葛小满" in page
    assert "Our service time may be recorded" in page
    assert "“My page” under “What I agreed to”" in page
    assert "What I agreed to</h1>" in client.get("/me/consents/").content.decode()
    assert set(shift.sign_ups.values_list("status", flat=True)) == {"attended"}
    assert set(ServiceRecord.objects.values_list("person", "source")) == {(mother.pk, "qr"), (child.pk, "qr")}


def test_without_the_tick_it_is_noted_that_they_came(client, shift, family):
    """T3, T8: check-in sets attendance; no consent, no time."""
    mother, child = family
    client.force_login(mother.user)
    page = press(client, shift, [child], word_of(shift)).content.decode()
    assert "No time is recorded for 葛小满" in page
    assert dict(shift.sign_ups.values_list("person__name", "status")) == {"葛芳": "confirmed", "葛小满": "attended"}
    assert not ServiceRecord.objects.exists()


def test_leaving_ends_everybodys_time(client, shift, family, resident_text):
    mother, child = family
    client.force_login(mother.user)
    press(client, shift, [mother, child], word_of(shift), agrees="on")
    with clock.frozen(END):
        client.post(here(shift, word_of(shift)), {"do": "out"})
    assert set(ServiceRecord.objects.values_list("minutes", flat=True)) == {110}


@pytest.mark.parametrize("named", ["nobody", "a stranger"])
def test_nobody_else_is_checked_in(client, shift, family, make_person, named):
    client.force_login(family[0].user)
    press(client, shift, [] if named == "nobody" else [make_person()], word_of(shift))
    assert set(shift.sign_ups.values_list("status", flat=True)) == {"confirmed"}


def test_a_shift_without_sign_up_takes_whoever_may_come(client, make_activity, mother, child, resident_text):
    """T2: its printed code refused everybody."""
    open_shift = make_activity(starts_at=START, ends_at=END, open_to=[], capacity=1)
    client.force_login(mother.user)
    press(client, open_shift, [mother, child], word_of(open_shift), agrees="on")
    assert set(WalkIn.objects.values_list("person__name", "consent_by")) == {("葛芳", ""), ("葛小满", "葛芳")}
    assert ServiceRecord.objects.count() == 2
    assert not open_shift.sign_ups.exists()


def test_a_child_is_no_walk_in_where_only_adults_come(client, make_activity, mother, child):
    adults = make_activity(starts_at=START, ends_at=END, open_to=[], minors="no")
    with pytest.raises(Refusal, match="this is for adults only"):
        attendance.check_in(adults, [child], by=mother, with_code=True, at=DURING)


def test_whoever_has_no_seat_is_told_whom_to_speak_to(client, shift, make_person):
    """T1: the way out named one that was closed."""
    stranger = make_person(user=True)
    client.force_login(stranger.user)
    with clock.frozen(DURING):
        page = client.get(here(shift, word_of(shift))).content.decode()
    assert "Whoever leads it enters you on the sheet" in page


def test_at_a_film_checking_in_sets_attendance_only(client, make_activity, mother, resident_text):
    """T5."""
    film = make_activity(model=LearningEvent, kind="learning", starts_at=START, ends_at=END)
    sign_ups.sign_up(film, [mother], made_by=mother, at=NOW)
    agree(mother, mother, resident_text)
    client.force_login(mother.user)
    page = press(client, film, [mother], word_of(film)).content.decode()
    assert film.sign_ups.get().status == "attended"
    assert not ServiceRecord.objects.exists()
    assert "I am leaving" not in page


# --- walk-ins ---


def test_staff_enter_somebody_who_came_without_a_seat(shift, family, make_person, staff, resident_text):
    """T1: 已经开始或结束，不能再报名. The capacity of two stays true, and the time is typed on the same sheet."""
    person = make_person(name="路过")
    agree(person, person, resident_text)
    office = client_of(staff)
    sheet = f"/lane-600/activities/{shift.pk}/attendance/"
    with clock.frozen(DURING):
        link = office.get(sheet).content.decode()
        office.post(act("walk-in", shift), {"ids": shift.pk, "person": person.pk, "consent_by": ""})
    with clock.frozen(END):
        office.post(
            sheet, {f"p{person.pk}-mark": "attended", f"p{person.pk}-came": "9:40", f"p{person.pk}-left": "11:30"}
        )
    assert act("walk-in", shift) in link
    assert WalkIn.objects.get().person == person
    assert shift.sign_ups.holding_seats().count() == 2
    assert ServiceRecord.objects.get().minutes == 110


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [(START - timedelta(minutes=1), "has not begun yet"), (datetime(2019, 1, 11, tzinfo=SHANGHAI), "is closed since")],
)
def test_walk_ins_are_entered_from_the_start_until_the_sheet_is_closed(shift, make_person, staff, moment, sentence):
    """T1."""
    with pytest.raises(Refusal, match=sentence):
        attendance.walk_in(shift, make_person(), at=moment, by=staff)


def test_before_the_end_a_minor_needs_the_guardians_yes_and_afterwards_the_fact_is_recorded(shift, child, staff):
    """T1: service minutes wait for the consent."""
    with pytest.raises(Refusal, match="ask a guardian first"):
        attendance.walk_in(shift, child, at=DURING, by=staff)
    attendance.walk_in(shift, child, at=END, by=staff)
    with pytest.raises(Refusal, match="has not agreed to service time"):
        service.enter(shift, child, START, END, at=END, source="sheet")
    assert WalkIn.objects.get().person == child


def test_before_the_end_what_speaks_against_it_is_said_once(make_activity, child, staff):
    """T1: ages, adults-only, children for each adult."""
    adults = make_activity(starts_at=START, ends_at=END, minors="no")
    with pytest.raises(Refusal, match="this is for adults only"):
        attendance.walk_in(adults, child, at=DURING, by=staff, consent_by="妈妈，电话")
    attendance.walk_in(adults, child, at=DURING, by=staff, consent_by="妈妈，电话", accept=True)
    assert WalkIn.objects.get().consent_by == "妈妈，电话"


def test_a_walk_in_is_once_and_no_second_seat(shift, family, make_person, staff):
    person = make_person()
    first = attendance.walk_in(shift, person, at=DURING, by=staff)
    assert attendance.walk_in(shift, person, at=DURING, by=staff) == first
    with pytest.raises(Refusal, match="stands on the sheet already"):
        attendance.walk_in(shift, family[0], at=DURING, by=staff)


def test_entered_by_mistake_they_leave_the_sheet_unless_time_is_recorded(shift, make_person, staff, resident_text):
    """T3: nothing is removed in silence."""
    person = make_person()
    agree(person, person, resident_text)
    attendance.walk_in(shift, person, at=DURING, by=staff)
    record = service.enter(shift, person, START, END, at=END, source="sheet")
    with pytest.raises(Refusal, match="please reject that record first"):
        attendance.record_attendance(shift, {person.pk: "absent"}, at=END, by=staff)
    service.reject(record, reason="没来", by=staff, at=END)
    attendance.record_attendance(shift, {person.pk: "absent"}, at=END, by=staff)
    assert not WalkIn.objects.exists()


def test_the_words_name_the_page_as_it_is_headed_in_chinese_too(client, shift, family):
    """T8: 我同意的事项 was no page of that name."""
    client.cookies["django_language"] = "zh-hans"
    client.force_login(family[0].user)
    with clock.frozen(DURING), override("zh-hans"):
        page = client.get(here(shift, word_of(shift))).content.decode()
        heading = client.get("/me/consents/").content.decode()
        with pytest.raises(Refusal, match="“我同意过什么”"):
            service.enter(shift, family[0], START, None, at=DURING, source="sheet")
    assert "“我同意过什么”" in page
    assert "<h1>我同意过什么</h1>" in heading
