"""What the sheet says is what the certificate says and what anybody verifies: came, absent, late, left early, a child."""

from datetime import datetime, timedelta

import pytest
from django.utils.translation import override
from model_bakery import baker

from activities.operations import attendance, sign_ups
from people.models import AccessLog, Consent
from portal import clock
from tests.conftest import NOW, SHANGHAI
from tests.staff import client_of, staff_user
from volunteers.models import Certificate, ServiceRecord
from volunteers.operations import certificates, service

pytestmark = pytest.mark.django_db
START = datetime(2018, 12, 23, 9, 30, tzinfo=SHANGHAI)
EVENING = START.replace(hour=20)
PERIOD = {"since": "2018-12-01", "until": "2018-12-31"}


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def shift(make_activity):
    return make_activity(starts_at=START, ends_at=START + timedelta(hours=2), capacity=10)


@pytest.fixture
def committee(neighbourhood):
    return baker.make("people.Committee", neighbourhood=neighbourhood, can_issue_certificates=True)


@pytest.fixture
def staff(neighbourhood):
    return staff_user("volunteer_coordinator", neighbourhood)


@pytest.fixture
def agree(resident_text):
    def agreed(person, by=None):
        baker.make(Consent, person=person, purpose="record", text=resident_text, given_by=by or person, given_at=NOW)
        return person

    return agreed


@pytest.fixture
def mother(make_person, agree, shift):
    mother = agree(make_person(user=True, name="葛芳"))
    sign_ups.sign_up(shift, [mother], made_by=mother, at=NOW)
    return mother


@pytest.fixture
def child(make_child, agree, shift, mother):
    child = agree(make_child(mother, 9, name="葛小满"), by=mother)
    sign_ups.sign_up(shift, [child], made_by=mother, at=NOW, guardian_consents=True)
    return child


@pytest.mark.parametrize(
    ("who", "mark", "came", "left", "hours"),
    [
        ("mother", "attended", "09:30", "11:30", "2"),
        ("mother", "attended", "09:00", "11:30", "2"),
        ("mother", "attended", "10:00", "11:30", "1.5"),
        ("mother", "attended", "09:30", "10:30", "1"),
        ("child", "attended", "09:30", "11:30", "2"),
        ("mother", "absent", "09:30", "11:30", None),
        ("mother", "excused", "09:30", "11:30", None),
        ("child", "absent", "09:30", "11:30", None),
    ],
    ids=["came", "early", "late", "left early", "child", "absent", "excused", "absent child"],
)
def test_from_the_sheet_to_the_verify_page(client, request, shift, staff, committee, who, mark, came, left, hours):
    """T3, T5: through the pages, from what the leader marks to what a stranger verifies."""
    person = request.getfixturevalue(who)
    mother = request.getfixturevalue("mother")
    office = client_of(staff)
    client.force_login(mother.user)
    client.cookies["django_language"] = "en"
    with clock.frozen(EVENING):
        prefix = f"p{person.pk}"
        office.post(
            f"/lane-600/activities/{shift.pk}/attendance/",
            {f"{prefix}-mark": mark, f"{prefix}-came": came, f"{prefix}-left": left},
        )
        asked = client.post("/me/service/certificate/", {"person": person.pk, "purpose": "", **PERIOD})
        if hours is None:
            assert "There is no confirmed service in this period" in asked.content.decode()
            assert not Certificate.objects.exists()
            return
        row = Certificate.objects.get()
        act = f"/admin/volunteers/certificate/act/issue/?ids={row.pk}"
        office.post(act, {"ids": row.pk, "issuer": committee.pk, "handler": "甲", "responsible": "乙"})
        row.refresh_from_db()
        page = client.get(f"/verify/{row.code}/").content.decode()
    assert f'<dt>Hours</dt><dd class="num">{hours}</dd>' in page


def confirmed(shift, person, staff):
    record = service.enter(shift, person, START, START + timedelta(hours=2), at=EVENING, source="sheet")
    return service.confirm(record, by=staff, at=EVENING)


def issued(person, committee, staff, at=EVENING):
    asked = certificates.ask(
        person, by=person, since=START.date().replace(day=1), until=START.date(), purpose="", at=at
    )
    return certificates.issue(asked, issuer=committee, handler="甲", responsible="乙", by=staff, at=at)


def break_a_rule(how, shift, record):
    if how == "absent":
        shift.sign_ups.filter(person=record.person).update(status="absent")
    elif how == "learning":
        type(shift).objects.filter(pk=shift.pk).update(kind="learning")
    else:
        ServiceRecord.objects.filter(pk=record.pk).update(confirmed_at=START + timedelta(minutes=9))


@pytest.mark.parametrize("how", ["absent", "learning", "future"])
def test_rows_of_before_count_nowhere_and_stand_on_a_list(client, shift, mother, staff, committee, how):
    """T0, T3, T4, T5: never altered in silence; certificates that rest on them are listed too."""
    record = confirmed(shift, mother, staff)
    paper = issued(mother, committee, staff)
    clean = client_of(staff).get("/admin/").content.decode()
    break_a_rule(how, shift, record)
    office = client_of(staff)
    first = office.get("/admin/").content.decode()
    records = office.get("/admin/volunteers/servicerecord/?doubtful=1").context["cl"].result_list
    papers = office.get("/admin/volunteers/certificate/?anew=1").context["cl"].result_list

    assert "All hours and certificates hold." in clean
    assert "Hours and certificates that do not hold" in first
    assert (list(records), list(papers)) == ([record], [paper])
    assert certificates.records_of(mother, paper.since, paper.until) == []
    record.refresh_from_db()
    assert (record.state, record.minutes) == ("confirmed", 120)
    client.force_login(mother.user)
    assert "Not counted for now" in client.get("/me/service/", headers={"accept-language": "en"}).content.decode()


def test_correcting_a_record_marks_its_certificate_for_issuing_anew(client, shift, mother, staff, committee):
    """T0: it stays genuine until then, and the verify page says what is to come."""
    record = confirmed(shift, mother, staff)
    paper = issued(mother, committee, staff)
    service.correct(record, START, START + timedelta(hours=1), 0, reason="早走了", by=staff, at=EVENING)
    paper.refresh_from_db()

    assert (paper.state, paper.outdated_at, paper.total_minutes) == ("issued", EVENING, 120)
    assert list(certificates.to_issue_anew()) == [paper]
    client.cookies["django_language"] = "en"
    assert "A record in it was corrected on" in client.get(f"/verify/{paper.code}/").content.decode()


def test_a_correction_of_the_note_alone_marks_nothing(shift, mother, staff, committee):
    record = confirmed(shift, mother, staff)
    issued(mother, committee, staff)
    service.correct(record, START, START + timedelta(hours=2), 0, reason="看过了", by=staff, at=EVENING)
    assert not certificates.to_issue_anew().exists()


# --- S2: what whoever leads it reads ---


@pytest.fixture
def leader(neighbourhood, shift):
    team = baker.make("people.Team", neighbourhood=neighbourhood, name="护花小队", code="flower")
    shift.team = team
    shift.save()
    return staff_user("team_leader", neighbourhood, team=team)


@pytest.mark.parametrize("query", ["", "?sheet=1"])
def test_the_leader_reads_what_to_call_a_child_and_each_opening_is_logged(shift, mother, child, leader, query):
    """S2: the full name of a child stood on the page and the sheet, unlogged."""
    with clock.frozen(EVENING):
        page = client_of(leader).get(f"/lane-600/activities/{shift.pk}/attendance/{query}").content.decode()
    assert "葛小满" not in page
    assert "小满" in page
    assert "葛芳" in page
    assert list(AccessLog.objects.values_list("person", "user", "page")) == [(child.pk, leader.pk, "sheet")]


def test_a_refusal_says_no_more_of_the_name_than_the_line(shift, mother, child, leader):
    """S2: also in sentences."""
    Consent.objects.filter(person=child, purpose="record").delete()
    with clock.frozen(EVENING):
        page = client_of(leader).post(
            f"/lane-600/activities/{shift.pk}/attendance/",
            {f"p{child.pk}-mark": "attended", f"p{child.pk}-came": "9:30", f"p{child.pk}-left": "11:00"},
        )
    assert "小满 has not agreed to service time" in page.content.decode()
    assert "葛小满" not in page.content.decode()


def test_the_agreed_nickname_goes_first(shift, mother, child, leader, guardian_text):
    child.nickname = "满满"
    child.save()
    baker.make(Consent, person=child, purpose="nickname", text=guardian_text, given_by=mother, given_at=NOW)
    with clock.frozen(EVENING):
        page = client_of(leader).get(f"/lane-600/activities/{shift.pk}/attendance/").content.decode()
    assert "满满" in page
    assert "小满" not in page


def test_staff_with_the_role_read_the_full_name_and_are_logged_too(shift, mother, child, staff):
    with clock.frozen(EVENING):
        page = client_of(staff).get(f"/lane-600/activities/{shift.pk}/attendance/").content.decode()
    assert "葛小满" in page
    assert AccessLog.objects.get().user == staff


def test_attendance_is_noted_where_the_time_may_not_be(shift, make_person, staff):
    """Without consent to records the fact is recorded; the minutes wait."""
    person = make_person(name="路人")
    sign_ups.sign_up(shift, [person], made_by=person, at=NOW)
    attendance.record_attendance(shift, {person.pk: "attended"}, at=EVENING, by=staff)
    assert shift.sign_ups.get().status == "attended"
    assert not ServiceRecord.objects.exists()


def test_the_guardians_number_is_shown_by_a_press_while_it_goes_on_and_logged(shift, mother, child, leader):
    """S2: "call the guardian"."""
    mother.phone = "10000000123"
    mother.save()
    client, sheet = client_of(leader), f"/lane-600/activities/{shift.pk}/attendance/"
    with clock.frozen(START + timedelta(minutes=5)):
        before = client.get(sheet).content.decode()
        shown = client.post(sheet, {"do": f"call-{child.pk}"}).content.decode()
        stranger = client.post(sheet, {"do": f"call-{mother.pk + 999}"})
    with clock.frozen(EVENING):
        late = client.post(sheet, {"do": f"call-{child.pk}"}).content.decode()
    calls = AccessLog.objects.filter(page="call").values_list("person", "user")
    assert "Call the guardian" in before
    assert ["tel:10000000123" in page for page in (before, shown, late)] == [False, True, False]
    assert "shown while it goes on" in late
    assert stranger.status_code == 404
    assert list(calls) == [(child.pk, leader.pk)]
