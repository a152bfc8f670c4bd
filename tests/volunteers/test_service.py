"""Service records: in and out, overlaps, who confirms, corrections (V2); hours agree everywhere."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.utils.translation import override
from model_bakery import baker
from openpyxl import load_workbook

from activities.models import SignUp
from activities.operations import sign_ups
from people.models import Consent
from portal import clock
from portal.refusals import Refusal
from tests.conftest import NOW, SHANGHAI
from tests.parallel import at_once
from tests.staff import client_of, staff_user
from volunteers.models import ServiceRecord
from volunteers.models.service import half_hours, hours_and_minutes, served
from volunteers.operations import certificates, diary, promises, service
from volunteers.pages import my_service

pytestmark = pytest.mark.django_db
START = datetime(2018, 12, 23, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def agreed(resident_text):
    """Lets somebody agree to records of service time (V5)."""

    def agree(person, by=None):
        baker.make(Consent, person=person, purpose="record", text=resident_text, given_by=by or person, given_at=NOW)
        return person

    return agree


@pytest.fixture
def shift(make_activity):
    return make_activity(title="盖草帘", starts_at=START, ends_at=START + timedelta(hours=2), capacity=10)


@pytest.fixture
def helper(make_person, agreed, shift):
    person = agreed(make_person(user=True, name="尹素娟"))
    sign_ups.sign_up(shift, [person], made_by=person, at=NOW)
    return person


@pytest.fixture
def staff(neighbourhood):
    return staff_user("volunteer_coordinator", neighbourhood)


def at(hour: int, minute: int = 0) -> datetime:
    return START.replace(hour=hour, minute=minute)


def entered(shift, person, start, end, **more):
    return service.enter(shift, person, start, end, at=at(23), source="sheet", **more)


@pytest.mark.parametrize(
    ("start", "end", "pause", "minutes"),
    [((13, 35), (16, 30), 10, 165), ((9, 30), (11, 30), 0, 120), ((9, 0), None, 0, None), ((9, 0), (9, 5), 30, 0)],
)
def test_minutes_are_out_minus_in_minus_breaks(start, end, pause, minutes):
    """V2."""
    assert served(at(*start), at(*end) if end else None, pause) == minutes


@pytest.mark.parametrize(
    ("minutes", "hours", "words"), [(415, "6.5", "6:55"), (29, "0", "0:29"), (60, "1", "1:00"), (0, "0", "0:00")]
)
def test_a_total_is_floored_once_to_the_half_hour(minutes, hours, words):
    assert (half_hours(minutes), hours_and_minutes(minutes)) == (hours, words)


def test_in_and_out_by_the_code_at_the_spot(client, shift, helper, neighbourhood):
    client.force_login(helper.user)
    url = f"/lane-600/activities/{shift.pk}/here/"
    with clock.frozen(at(9, 20)):
        assert client.get(url).status_code == 200
        assert not ServiceRecord.objects.exists()  # a scanner that follows the link does nothing
        client.post(url, {"do": "in"})
        client.post(url, {"do": "in"})
    with clock.frozen(at(11, 40)):
        client.post(url, {"do": "out"})
    record = ServiceRecord.objects.get()
    assert (record.minutes, record.state, record.source) == (140, "pending", "qr")


@pytest.mark.parametrize(("hour", "ok"), [(8, False), (9, True), (12, False)])
def test_checking_in_is_possible_around_the_time_only(shift, helper, hour, ok):
    if ok:
        service.check_in(shift, helper, at=at(hour))
    else:
        with pytest.raises(Refusal, match="from an hour before the start until the end"):
            service.check_in(shift, helper, at=at(hour))


def test_without_a_check_out_it_is_pending_and_counts_nothing(shift, helper, staff):
    """sr144: nobody guesses the end."""
    record = service.check_in(shift, helper, at=at(9, 30))
    with pytest.raises(Refusal, match="Nobody knows when 尹素娟 left"):
        service.confirm(record, by=staff, at=at(20))
    assert my_service.of(helper).minutes == 0


def test_overlaps_are_refused_whatever_the_source(shift, helper, make_activity, staff):
    """sr200."""
    other = make_activity(title="看展板", starts_at=START + timedelta(minutes=30), ends_at=START + timedelta(hours=3))
    sign_ups.sign_up(other, [helper], made_by=helper, at=NOW, accept_clash=True)
    entered(shift, helper, at(9, 30), at(11, 30))
    with pytest.raises(Refusal, match="has a record for that time already: “盖草帘”"):
        entered(other, helper, at(10), at(12))
    entered(other, helper, at(11, 30), at(12))  # one after the other is no overlap


def test_nobody_confirms_their_own_or_their_childs(
    shift, helper, staff, make_child, agreed, make_person, neighbourhood
):
    record = entered(shift, helper, at(9, 30), at(11, 30))
    with pytest.raises(Refusal, match="Nobody confirms their own service"):
        service.confirm(record, by=helper.user, at=at(20))
    mother = make_person(user=True)
    child = make_child(mother, name="满满")
    agreed(child, by=mother)
    sign_ups.sign_up(shift, [mother, child], made_by=mother, at=NOW, guardian_consents=True)
    theirs = entered(shift, child, at(9, 30), at(11, 30))
    with pytest.raises(Refusal, match="or that of their children"):
        service.confirm(theirs, by=mother.user, at=at(20))
    assert service.confirm(theirs, by=staff, at=at(20)).state == "confirmed"


def test_a_correction_keeps_what_stood_before(shift, helper, staff):
    """sr110."""
    record = service.confirm(entered(shift, helper, at(9, 30), at(11, 5)), by=staff, at=at(20))
    service.correct(record, at(9, 30), at(11, 30), 10, reason="签到漏扫，按签到表更正", by=staff, at=at(21))
    record.refresh_from_db()
    was = record.corrections.get()
    assert (record.minutes, record.state) == (110, "confirmed")
    assert (was.old_minutes, was.reason, was.corrected_by) == (95, "签到漏扫，按签到表更正", staff)


@pytest.mark.parametrize(
    ("start", "end", "pause", "sentence"),
    [
        ((11, 0), (10, 0), 0, "The end must lie after the start"),
        ((0, 10), (22, 0), 0, "longer than a day's service"),
        ((9, 0), (10, 0), 60, "The breaks are as long as the service itself"),
    ],
)
def test_times_that_cannot_be_are_refused(shift, helper, start, end, pause, sentence):
    with pytest.raises(Refusal, match=sentence):
        entered(shift, helper, at(*start), at(*end), break_minutes=pause)


def test_without_consent_to_records_nothing_is_recorded(shift, make_person):
    """V5: consent is per purpose."""
    person = make_person(user=True, name="路人")
    sign_ups.sign_up(shift, [person], made_by=person, at=NOW)
    with pytest.raises(Refusal, match="has not agreed to service time being recorded"):
        entered(shift, person, at(9, 30), at(11, 30))


def test_whoever_was_not_signed_up_is_not_recorded(shift, make_person, agreed):
    with pytest.raises(Refusal, match="is not signed up for “盖草帘”"):
        entered(shift, agreed(make_person()), at(9, 30), at(11, 30))


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("consent_pending", "has not agreed to “盖草帘” yet"), ("offered", "Please take it first")],
)
def test_a_seat_that_waits_for_a_yes_checks_nobody_in(
    shift, make_person, make_child, agreed, guardian_text, status, sentence
):
    """V4: between the hour before the start and the lapse at the start a child without consent was let in."""
    child = agreed(make_child(make_person(), 15))
    agreed(child, by=child.guardianships_as_child.get().guardian)
    row = baker.make(SignUp, activity=shift, booking__activity=shift, person=child, status=status)
    with pytest.raises(Refusal, match=sentence):
        service.check_in(shift, child, at=at(9))
    with pytest.raises(Refusal, match=sentence):
        entered(shift, child, at(9, 30), at(11))
    row.status = "confirmed"
    row.save()
    assert service.check_in(shift, child, at=at(9)).person == child


def test_a_done_morning_writes_its_minutes(rota, member, agreed, slot, staff):
    """G1."""
    person = agreed(member("单巧云"))
    promises.promise(rota, person, 3, at=NOW)
    moment = datetime(2018, 12, 27, 8, tzinfo=SHANGHAI)
    diary.record(slot(27), [person], at=moment, by_staff=staff)
    record = ServiceRecord.objects.get()
    assert (record.minutes, record.state, record.source) == (45, "confirmed", "roster")


def test_the_sheet_is_typed_back_line_by_line(shift, helper, staff, make_person, agreed):
    other = agreed(make_person(name="沈国强"))
    sign_ups.sign_up(shift, [other], made_by=other, at=NOW)
    client = client_of(staff)
    url = f"/lane-600/activities/{shift.pk}/service/"
    data = {
        f"p{helper.pk}-came": "9:30",
        f"p{helper.pk}-left": "11:30",
        f"p{other.pk}-came": "半夜",
        f"p{other.pk}-left": "11:00",
    }
    with clock.frozen(at(20)):
        assert client.get(url).status_code == 200
        page = client.post(url, data)
    assert page.status_code == 200
    text = page.content.decode()
    assert "半夜" in text  # what was typed stays
    assert ServiceRecord.objects.get().person == helper  # the good line is kept


def test_the_sheet_is_for_staff_in_scope(client, shift, helper, elsewhere):
    url = f"/lane-600/activities/{shift.pk}/service/"
    client.force_login(helper.user)
    assert client.get(url).status_code in {302, 403, 404}
    assert client_of(staff_user("volunteer_coordinator", elsewhere)).get(url).status_code == 404


def test_hours_agree_to_the_minute_on_the_page_in_the_admin_in_the_export_and_on_the_certificate(
    client, shift, helper, staff, make_activity, neighbourhood
):
    """V2, V3: one column, wherever it is read; what waits counts nowhere."""
    day_after = START + timedelta(days=1)
    second = make_activity(title="浇水", starts_at=day_after, ends_at=day_after + timedelta(hours=1))
    third = make_activity(
        title="扫地", starts_at=day_after + timedelta(hours=2), ends_at=day_after + timedelta(hours=3)
    )
    for one in (second, third):
        sign_ups.sign_up(one, [helper], made_by=helper, at=NOW)
    late = START + timedelta(days=1, hours=10)
    for activity, minutes, counts in ((shift, 95, True), (second, 50, True), (third, 31, False)):
        end = activity.starts_at + timedelta(minutes=minutes)
        record = service.enter(activity, helper, activity.starts_at, end, at=late, source="sheet")
        if counts:
            service.confirm(record, by=staff, at=late)
    office, english = client_of(staff), {"accept-language": "en"}
    client.force_login(helper.user)
    client.cookies["django_language"] = "en"

    own = my_service.of(helper)
    assert (own.minutes, own.total) == (145, "2")
    assert sum(line.minutes for line in own.by_month) == sum(line.minutes for line in own.by_place) == 145
    assert '<b class="num">2</b> hours' in client.get("/me/service/", headers=english).content.decode()

    confirmed = "/admin/volunteers/servicerecord/?state__exact=confirmed"
    shown = office.get(confirmed).context["cl"].result_list
    assert sorted(record.time for record in shown) == ["0:50", "1:35"]

    picked = [record.pk for record in shown][:1]  # "all that the filter shows" may be ticked with one
    table = office.post(confirmed, {"action": "export", "_selected_action": picked, "select_across": "1"})
    lines = list(load_workbook(BytesIO(table.content)).active.values)[1:]
    assert sum(line[6] for line in lines) == 145

    committee = baker.make("people.Committee", neighbourhood=neighbourhood, can_issue_certificates=True)
    asked = certificates.ask(helper, by=helper, since=START.date(), until=day_after.date(), purpose="", at=late)
    done = certificates.issue(asked, issuer=committee, handler="甲", responsible="乙", by=staff, at=late)
    assert (done.total_minutes, done.hours) == (145, "2")
    assert sorted(line.time for line in done.lines.all()) == ["0:50", "1:35"]
    assert '<dt>Hours</dt><dd class="num">2</dd>' in client.get(f"/verify/{done.code}/").content.decode()


def test_an_own_report_waits_to_be_confirmed(client, shift, helper):
    client.force_login(helper.user)
    with clock.frozen(at(20)):
        client.post("/me/service/", {"activity": shift.pk, "came": "9:30", "left": "11:00", "break_minutes": "0"})
        wrong = client.post("/me/service/", {"activity": shift.pk, "came": "x", "left": "11:00", "break_minutes": "0"})
    record = ServiceRecord.objects.get()
    assert (record.source, record.state, record.minutes) == ("self_report", "pending", 90)
    assert wrong.status_code == 200


@pytest.mark.parametrize("length", [1, 30])
def test_my_service_costs_the_same_at_any_length(client, helper, make_activity, length, django_assert_max_num_queries):
    for number in range(length):
        activity = make_activity(
            starts_at=START - timedelta(days=number + 1),
            ends_at=START - timedelta(days=number + 1) + timedelta(hours=1),
        )
        baker.make(
            ServiceRecord, neighbourhood=helper.neighbourhood, activity_id=activity.pk, person=helper, minutes=60,
            state="confirmed", started_at=activity.starts_at, ended_at=activity.ends_at, entered_at=NOW, source="sheet",
        )  # fmt: skip
    client.force_login(helper.user)
    with django_assert_max_num_queries(10):
        assert client.get("/me/service/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_entries_of_one_time_at_once_are_one(shift, helper, make_activity):
    """Overlaps are looked for behind the person's lock."""
    other = make_activity(title="看展板", starts_at=START, ends_at=START + timedelta(hours=2))
    sign_ups.sign_up(other, [helper], made_by=helper, at=NOW, accept_clash=True)
    results = at_once(
        *(lambda one=one: entered(one, helper, at(9, 30), at(11, 30)) for one in (shift, other, shift, other))
    )
    assert ServiceRecord.objects.count() == 1
    assert [type(one) for one in results].count(Refusal) == 3
