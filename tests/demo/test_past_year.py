"""The year behind the start of the trial: attendance, duties, meetings, flowers and service, with their edge cases."""

import itertools
from collections import Counter
from datetime import date

import pytest
from django.db.models import F

from activities.models import Activity, SignUp
from activities.rules.expected import expected_at
from community.models import Deliberation, Meeting
from demo.areas.service import STATES
from events.models import LearningEvent
from people.models import Channel, CommitteePost, Compound, Guardianship, PartyMember, Person
from portal import clock
from projects.models import PlantCandidate, Project, SeasonPlan, WallStage
from tests.demo.days import PLANNED, SHANGHAI, STARTS, moment, told
from volunteers.models import Certificate, Interest, ServiceRecord, Shift

pytestmark = pytest.mark.django_db


# The year behind: attendance, duties, meetings


def test_where_bookings_and_service_records_meet_the_bookings_count(year, queue, person):
    statuses = queue("va16")

    assert {key: statuses[person(key).name] for key in ("r001", "p022", "p040", "r006")} == {
        "r001": "attended",
        "p022": "attended",
        "p040": "absent",
        "r006": "excused",
    }
    assert Counter(statuses.values()) == {"attended": 12, "absent": 1, "excused": 1}


def test_a_child_that_came_was_booked_with_its_guardian(year, shift, person):
    row = shift("va01").sign_ups.get(person=person("k04"))

    assert (row.status, row.companion, row.booking.made_by, row.booking.channel) == (
        "attended",
        person("r009"),
        person("r009"),
        "paper",
    )
    assert {one.person.name for one in row.booking.sign_ups.all()} == {person("r009").name, person("k04").name}


def test_the_duty_log_is_one_slot_a_morning_for_the_team(year, person):
    planned = Shift.objects.filter(kind="duty", starts_at__gt=moment("2018-12-21T00:00"))
    duties = Shift.objects.filter(kind="duty").exclude(pk__in=planned.values("pk")).order_by("starts_at")

    assert Counter(duties.values_list("outcome", flat=True)) == {
        "done": 27,
        "swapped": 3,
        "partial": 1,
        "missed": 1,
        "pending": 1,
    }
    assert set(duties.values_list("visibility", "capacity")) == {("team", 2)}
    assert {told(one.starts_at)[6:] for one in duties.filter(starts_at__gte=moment("2018-12-10T00:00"))} == {"07:00"}
    missed, last = duties.get(outcome="missed"), duties.last()
    assert (told(missed.starts_at), {row.status for row in missed.sign_ups.all()}) == ("12-06 06:30", {"absent"})
    assert (told(last.starts_at), {row.status for row in last.sign_ups.all()}) == ("12-20 07:00", {"confirmed"})
    swapped = duties.filter(outcome="swapped").first()
    assert {row.person.name: row.status for row in swapped.sign_ups.all()} == {
        person("p021").name: "excused",
        person("r007").name: "attended",
        person("p045").name: "attended",
    }
    assert not SignUp.objects.filter(activity__in=duties).exclude(booking__channel=Channel.ROSTER).exists()


def test_the_mornings_to_come_are_planned_from_the_standing_turns(year, files, person):
    planned = Shift.objects.filter(kind="duty", starts_at__gt=moment("2018-12-21T00:00")).order_by("starts_at")
    weekly = {
        row["weekday"]: {person(key).name for key in row["members"]}
        for row in files.section("garden", "duty")["weekly"]
    }

    assert planned.count() == PLANNED
    assert {told(one.starts_at)[6:] for one in planned} == {"07:00"}
    for one in planned:
        weekday = one.starts_at.astimezone(SHANGHAI).weekday()
        assert {row.person.name for row in one.sign_ups.all()} == weekly[weekday]


def test_the_portal_expects_at_each_meeting_whom_the_ledger_counts(year, files, meeting):
    """M3: members of the day without the exempt, post holders of a committee."""
    rows = files.section("meetings_2018_ledger", "meetings")
    by_start = {
        (one.organisation.code, one.type, one.starts_at): one.pk
        for one in Meeting.objects.exclude(organisation=None).select_related("organisation")
    }
    ids = {row["id"]: by_start[row["org"], row["type"], moment(f"{row['date']}T{row['time'][0]}")] for row in rows}
    expected = expected_at(list(ids.values()))

    assert {row["id"]: len(expected[ids[row["id"]]]) for row in rows} == {
        row["id"]: row["should_attend"] for row in rows
    }


def test_the_exempt_are_expected_nowhere(year, person, meeting):
    for key, held in [("p006", "br1_gm_201812"), ("p023", "br2_gm_201812"), ("p042", "br3_gm_201812")]:
        pk = meeting(held).pk
        assert person(key).pk not in expected_at([pk])[pk]
        assert PartyMember.objects.get(person=person(key)).exempt_from < date(2018, 1, 1)


def test_p014_stays_probationary_until_the_superiors_agree(year, person, meeting):
    assert PartyMember.objects.get(person=person("p014")).status == "probationary"
    general = meeting("br1_gm_201812")
    assert general.resolutions == ["同意蔡晓筠同志按期转为正式党员，报上级党组织审批"]
    assert person("p014").pk in expected_at([general.pk])[general.pk]


def test_the_meeting_without_a_quorum_was_held_again(year, meeting):
    first, again = meeting("br2_gm_201809"), meeting("br2_gm_201809b")

    assert (first.absences.count(), first.resolutions) == (7, ["到会不足半数，不进行表决，改期 9 月 28 日"])
    assert (told(again.starts_at), again.absences.count(), again.status) == ("09-28 14:00", 2, "done")


def test_the_gaps_of_the_ledger_are_still_gaps(year):
    def held(org, type_, month):
        return Meeting.objects.filter(organisation__code=org, type=type_, starts_at__month=month).exists()

    assert not held("br3", "branch_committee_meeting", 9)
    assert not held("g2b", "party_group_meeting", 8)
    assert not held("g4b", "party_group_meeting", 2)
    assert not any(held("br3", "party_lecture", month) for month in (4, 5, 6))
    assert not Meeting.objects.filter(organisation__code="br3", type="democratic_appraisal").exists()
    assert held("br1", "branch_committee_meeting", 9)


def test_a_lecture_within_a_theme_day_is_two_records_and_one_appointment(year, meeting):
    """M9: both are parts of the event, and whoever they expect is expected there."""
    lecture, theme_day = meeting("br1_pl_201801"), meeting("br1_td_201801")

    assert lecture.part_of == theme_day.part_of
    assert lecture.part_of.title == "学习党的十九大精神专题党课"
    parts = [lecture.part_of.parts.filter(meeting__type=one).count() for one in ("party_lecture", "theme_party_day")]
    assert parts == [4, 4]
    assert not Activity.objects.exclude(part_of=None).filter(part_of__part_of__isnull=False).exists()


def test_an_amended_record_says_so(year, meeting):
    assert meeting("br3_cm_201806").record_state == "amended"
    assert told(meeting("br4_cm_201806").recorded_at)[:5] > "06-12"


# The garden


def test_next_spring_has_the_votes_of_the_files_one_for_each_member(files):
    """G2: nobody twice, never more votes than members; whoever has an account can still vote."""
    plan = SeasonPlan.objects.get(season="spring", year=2019)
    rows = next(row for row in files.section("garden", "seasonal_plans") if row["id"] == "sp_2019_spring")
    found = {one.plant.name: one.votes for one in plan.candidates.with_votes().select_related("plant")}
    names = {row["id"]: row["name"] for row in files.section("garden", "plants")}

    assert found == {names[row["plant"]]: row["votes"] for row in rows["candidates"]}
    assert plan.ballots.count() == max(found.values()) <= plan.team.memberships.count()
    assert not plan.ballots.filter(person__user__isnull=False).exists()
    assert plan.decided_by.starts_at > clock.now()
    assert PlantCandidate.objects.exclude(note="").count() == sum("warn" in row for row in rows["candidates"])


# Service (V2, V3): the edge cases of demo/README.md


def test_hours_of_the_year_are_the_minutes_of_the_files(year, files, person):
    for row in files.section("service_records", "records"):
        record = ServiceRecord.objects.get(
            person=person(row["person"]), started_at=moment(f"{row['date']}T{row['in']}"), state=STATES[row["status"]]
        )
        assert (record.minutes, record.source) == (row["minutes"], row["method"])


def test_the_edge_cases_of_service(year, files, person):
    """sr110 was corrected, sr144 has no check-out, sr200 overlaps and was rejected."""
    corrected = ServiceRecord.objects.get(corrections__isnull=False)
    assert (corrected.person, corrected.minutes, corrected.corrections.get().old_minutes) == (person("p014"), 170, 95)
    waiting = ServiceRecord.objects.get(state="pending")
    assert (waiting.person, waiting.minutes, waiting.note) == (person("r022"), None, "缺签退，待队长核实")
    rejected = ServiceRecord.objects.get(state="rejected")
    assert (rejected.person, rejected.note) == (person("r018"), "与同日 sr 记录时间重叠")


def test_who_painted_a_cover_and_tended_the_beds_is_known_by_their_records(year, person):
    """The files say who painted what on which day; the morning's team tends the beds below the wall."""
    own = ServiceRecord.objects.filter(person=person("k06"), pieces__kind="cover")
    assert sorted(own.values_list("pieces__code", flat=True)) == ["JG-01", "JG-07"]
    duties = ServiceRecord.objects.filter(source="roster")
    assert duties.exists()
    assert not duties.filter(pieces=None).exists()


def test_who_painted_the_wall_sees_on_which_panels(year, files, person):
    """Issue 5: "which covers, panels, beds I worked on"; a panel's artists, on the days on which the wall was painted."""
    painting = [
        row for row in files.section("service_records", "records") if row["activity"] in {"va10", "va11", "va12"}
    ]
    expected = {
        (panel["code"], person(key).name, row["date"])
        for panel in files.section("wall", "panels")
        for key in panel["artists"]
        for row in painting
        if row["person"] == key
    }
    linked = ServiceRecord.objects.filter(pieces__code__startswith="QH-").values_list(
        "pieces__code", "person__name", "started_at"
    )

    assert {(code, name, f"{at.astimezone(SHANGHAI):%Y-%m-%d}") for code, name, at in linked} == expected
    assert {code for code, _name, _day in expected} == {f"QH-{number:02}" for number in range(1, 11)}
    assert ("QH-10", person("k06").name, "2018-10-06") in expected  # QH-01 and QH-10 share that day


def test_the_certificates_of_the_year(year, client):
    """ct01 is issued (415 minutes = 6.5 h) and can be verified; ct02 is under review."""
    issued = Certificate.objects.get(state="issued")
    assert (issued.number, issued.hours, issued.total_minutes) == ("BC600-2018-0001", "6.5", 415)
    assert sum(line.minutes for line in issued.lines.all()) == 415
    page = client.get("/verify/7Q4M-2KXD/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "BC600-2018-0001" in page
    assert issued.person.name not in page
    assert Certificate.objects.get(state="requested").person.name


# What only operations would refuse, so that nothing but the year itself keeps it


def test_homes_add_up_to_their_compound(year):
    for compound in Compound.objects.all():
        assert sum(one.households for one in compound.buildings.all()) == compound.households


def test_everybody_can_be_reached(year):
    adults = [one for one in Person.objects.all() if one.is_adult_on(STARTS.date())]
    silent = [one for one in adults if not (one.email or one.phone or (one.told_by_building_leader and one.building))]

    assert silent == []
    assert len(adults) == Person.objects.count() - Guardianship.objects.count()
    assert (
        Person.objects.exclude(phone="").values("phone").distinct().count() == Person.objects.exclude(phone="").count()
    )


def test_children_live_in_the_family_of_an_adult_guardian(year):
    for bond in Guardianship.objects.select_related("guardian", "child"):
        assert bond.guardian.is_adult_on(STARTS.date())
        assert bond.child.families.get() == bond.guardian.families.get()


def test_members_belong_to_a_group_of_their_branch_and_hold_its_posts(year):
    for member in PartyMember.objects.select_related("branch__parent", "group"):
        assert (member.group.kind, member.group.parent) == ("group", member.branch)
        assert (member.branch.kind, member.branch.parent.kind) == ("branch", "general_branch")
    assert not CommitteePost.objects.filter(person__party_memberships=None).exclude(org=None).exists()


def test_money_and_steps_are_in_order(year):
    """P3: nothing begins before the step before is over, plaster dries for ten days; P6: no more is spent than approved."""
    assert not Project.objects.filter(spent__gt=F("approved")).exists()
    steps = list(WallStage.objects.order_by("start"))
    assert [one.step for one in steps] == ["repair", "plaster", "dry", "base_coat", "paint", "seal"]
    assert all(before.end < after.start for before, after in itertools.pairwise(steps))
    assert (steps[2].end - steps[2].start).days + 1 >= 10


def test_notice_of_deliberations_was_given_in_time(year):
    """D1."""
    for one in Deliberation.objects.all():
        assert (clock.local_date(one.starts_at) - one.notice_on).days >= one.notice_days


def test_no_visit_falls_on_a_closing_day_and_no_shift_needs_more_than_it_has_seats(year):
    visits = LearningEvent.objects.exclude(site=None).select_related("site")

    assert [one for one in visits if one.starts_at.astimezone(SHANGHAI).weekday() == one.site.closed_weekday] == []
    assert not Shift.objects.filter(people_needed__gt=F("capacity")).exists()


def test_only_grown_ups_wished_to_be_told_next_time_before_the_clock(year):
    wishes = Interest.objects.select_related("person")

    assert all(one.person.is_adult_on(STARTS.date()) and one.since <= STARTS for one in wishes)
