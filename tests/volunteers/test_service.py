"""Service records: in and out, overlaps, who confirms, corrections (V2); hours agree everywhere."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.utils.translation import override
from model_bakery import baker
from openpyxl import load_workbook

from activities.models import Activity, SignUp
from activities.operations import attendance, sign_ups
from activities.rules.spot_code import word_of
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
    url = f"/lane-600/activities/{shift.pk}/here/{word_of(shift)}/"
    with clock.frozen(at(9, 20)):
        assert client.get(url).status_code == 200
        assert not ServiceRecord.objects.exists()  # a scanner that follows the link does nothing
        client.post(url, {"people": [helper.pk]})
        client.post(url, {"people": [helper.pk]})
    with clock.frozen(at(11, 40)):
        client.post(url, {"do": "out"})
    record = ServiceRecord.objects.get()
    assert (record.minutes, record.state, record.source) == (130, "pending", "qr")  # from the start, not from 9:20


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


@pytest.fixture
def sheet(shift):
    return f"/lane-600/activities/{shift.pk}/attendance/"


def test_the_sheet_is_typed_back_line_by_line(shift, helper, staff, make_person, agreed, sheet):
    other = agreed(make_person(name="沈国强"))
    sign_ups.sign_up(shift, [other], made_by=other, at=NOW)
    client = client_of(staff)
    data = {
        f"p{helper.pk}-mark": "attended",
        f"p{helper.pk}-came": "9:30",
        f"p{helper.pk}-left": "11:30",
        f"p{other.pk}-mark": "attended",
        f"p{other.pk}-came": "半夜",
        f"p{other.pk}-left": "11:00",
    }
    with clock.frozen(at(20)):
        assert client.get(sheet).status_code == 200
        page = client.post(sheet, data)
    assert page.status_code == 200
    text = page.content.decode()
    assert "半夜" in text  # what was typed stays
    assert ServiceRecord.objects.get().person == helper  # the good line is kept


def test_the_old_address_of_the_times_leads_to_the_sheet(client, shift, sheet):
    response = client.get(f"/lane-600/activities/{shift.pk}/service/")
    assert (response.status_code, response["Location"]) == (301, sheet)


@pytest.mark.parametrize("mark", ["absent", "excused"])
def test_the_absent_get_no_hours_from_the_prefilled_sheet(shift, helper, staff, sheet, mark):
    """T3: a child marked as absent got 1:30 from the times that stood there beforehand."""
    with clock.frozen(at(20)):
        page = client_of(staff).get(sheet)
        fields = [field for line in page.context["lines"] for field in line.asked]
        data = {field.html_name: f"{field.value():%H:%M}" if field.value() else "" for field in fields}
        client_of(staff).post(sheet, {**data, f"p{helper.pk}-mark": mark})
    assert data[f"p{helper.pk}-left"] == "11:30"  # something stood there
    assert shift.sign_ups.get().status == mark
    assert not ServiceRecord.objects.exists()


def test_times_of_somebody_absent_are_a_question_not_a_record(shift, helper, staff, sheet):
    """T3."""
    with clock.frozen(at(20)):
        page = client_of(staff).post(sheet, {f"p{helper.pk}-mark": "absent", f"p{helper.pk}-came": "9:40"})
    assert "Whoever was not there has no times" in page.content.decode()
    assert shift.sign_ups.get().status == "confirmed"


@pytest.mark.parametrize("mark", ["absent", "excused"])
def test_whoever_is_marked_absent_has_no_record_and_a_record_no_absence(shift, helper, staff, mark):
    """T3: neither after the other, whoever writes it; nothing is removed in silence."""
    record = entered(shift, helper, at(9, 30), at(11, 30))
    with pytest.raises(Refusal, match="please reject that record first"):
        attendance.record_attendance(shift, {helper.pk: mark}, at=at(20), by=staff)
    service.reject(record, reason="没来", by=staff, at=at(20))
    attendance.record_attendance(shift, {helper.pk: mark}, at=at(20), by=staff)
    with pytest.raises(Refusal, match="is marked as not there"):
        entered(shift, helper, at(9, 30), at(11, 30))


def test_a_pending_record_of_somebody_absent_is_not_confirmed(shift, helper, staff):
    """T3, T0: rows of before stand beside an absence; confirming one is refused."""
    record = entered(shift, helper, at(9, 30), at(11, 30))
    shift.sign_ups.update(status="absent")
    with pytest.raises(Refusal, match="By the sheet 尹素娟 was not at"):
        service.confirm(record, by=staff, at=at(20))


def test_confirmed_service_says_that_they_came(shift, helper, staff):
    """T3: one truth about who was there."""
    service.confirm(entered(shift, helper, at(9, 30), at(11, 30)), by=staff, at=at(20))
    assert shift.sign_ups.get().status == "attended"


def test_no_time_is_later_than_now(shift, helper, staff, sheet):
    """T4: nine minutes after the start everybody was confirmed to the planned end."""
    with clock.frozen(at(9, 39)):
        page = client_of(staff).get(sheet)
        values = {field.name: field.value() for line in page.context["lines"] for field in line.asked}
        refused = client_of(staff).post(
            sheet,
            {f"p{helper.pk}-mark": "attended", f"p{helper.pk}-came": "9:30", f"p{helper.pk}-left": "11:30"},
        )
        with pytest.raises(Refusal, match="nobody has left later than that"):
            service.enter(shift, helper, at(9, 30), at(11, 30), at=at(9, 39), source="sheet")
    assert values["left"] is None
    assert "nobody has left later than that" in refused.content.decode()
    assert not ServiceRecord.objects.exists()


def test_an_early_leaver_is_typed_before_the_end(shift, helper, staff, sheet):
    """T4."""
    with clock.frozen(at(10, 30)):
        client_of(staff).post(
            sheet, {f"p{helper.pk}-mark": "attended", f"p{helper.pk}-came": "9:30", f"p{helper.pk}-left": "10:20"}
        )
    record = ServiceRecord.objects.get()
    assert (record.minutes, record.state) == (50, "confirmed")


def test_a_correction_is_no_later_than_now_either(shift, helper, staff):
    """T4."""
    record = service.enter(shift, helper, at(9, 30), None, at=at(9, 40), source="sheet")
    with pytest.raises(Refusal, match="nobody has left later than that"):
        service.correct(record, at(9, 30), at(11, 30), 0, reason="补", by=staff, at=at(9, 50))


def test_time_counts_from_the_start_and_the_arrival_is_kept(shift, helper, staff, sheet):
    """T5: check-in from 14:14 counted for 15:00; whoever confirms reads both times and the plan."""
    service.check_in(shift, helper, at=at(8, 44))
    service.check_out(shift, helper, at=at(11))
    with clock.frozen(at(20)):
        page = client_of(staff).get(sheet).content.decode()
        client_of(staff).post(sheet, {f"p{helper.pk}-mark": "attended", f"p{helper.pk}-confirm": "on"})
    record = ServiceRecord.objects.get()
    assert (record.minutes, record.state, record.arrived_at) == (90, "confirmed", at(8, 44))
    assert "came at 8:44, counts from 9:30" in page
    assert "planned 9:30–11:30" in page


def test_the_leader_says_otherwise_with_a_reason(shift, helper, staff):
    """T5: a correction may count from the arrival."""
    record = entered(shift, helper, at(9), at(11, 30))
    service.correct(record, at(9), at(11, 30), 0, reason="提前搬工具", by=staff, at=at(21))
    assert (record.minutes, ServiceRecord.objects.get().minutes) == (120, 150)


def test_whoever_forgot_to_check_out_is_finished_on_the_sheet(shift, helper, staff, sheet):
    service.check_in(shift, helper, at=at(9, 30))
    with clock.frozen(at(20)):
        client_of(staff).post(sheet, {f"p{helper.pk}-mark": "attended", f"p{helper.pk}-left": "11:10"})
    record = ServiceRecord.objects.get()
    assert (record.minutes, record.state, record.source) == (100, "confirmed", "qr")


@pytest.mark.parametrize("kind", ["learning", "meeting", "deliberation"])
def test_films_and_meetings_never_write_service(shift, helper, kind):
    """T5: /here/ on a learning event wrote 2:00 of service."""
    Activity.objects.filter(pk=shift.pk).update(kind=kind)
    shift.kind = kind
    with pytest.raises(Refusal, match="does not count as volunteer service"):
        entered(shift, helper, at(9, 30), at(11, 30))


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
