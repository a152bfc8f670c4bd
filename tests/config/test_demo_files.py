"""The demo's files: a damaged copy is refused before anything is written, with every reason at once."""

import shutil
import stat
from functools import lru_cache
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from config.demo import coverage, form, loader, validation
from config.demo.rules.registry import RULES
from config.demo.schema import SECTIONS
from config.demo.source import FOLDER, Files, Problem, StrictLoader, read
from people.models import Neighbourhood

# (file, what stands there once, what stands there instead, row, words of the sentence)
DAMAGES = [
    # form
    ("volunteers", "id: va01, project: pj_cover", "id: va01, project: pj_road", "va01", "names no project: “pj_road”"),
    (
        "volunteers",
        "id: bk01, activity: va16, made_by: r001",
        "id: bk01, activity: va16, made_by: r999",
        "bk01",
        "names no person",
    ),
    (
        "volunteers",
        'minors: "no", risks: 夜间',
        "minors: no, risks: 夜间",
        "va06",
        'must be quoted: "no"',
    ),
    (
        "volunteers",
        'date: "2018-04-21", time: ["13:30", "16:30"]',
        'date: 2018-04-21, time: ["13:30", "16:30"]',
        "va01",
        "must be a quoted text",
    ),
    ("garden", 'start_time: "06:30"', "start_time: 06:30", "duty", 'must be a quoted text such as "06:30", not 06:30'),
    (
        "garden_duty_log",
        '{date: "2018-11-18", start: "06:30"',
        '{date: "2018-11-31", start: "06:30"',
        "2018-11-31",
        "must look like",
    ),
    ("garden_duty_log", '{date: "2018-11-19",', '{date: "2018-11-18",', "2018-11-18", "must be unique"),
    (
        "volunteers",
        "id: bk20, activity: va20, made_by: p013, channel: web",
        "id: bk20, activity: va20, made_by: p013, channel: fax",
        "bk20",
        "names no sign-up channel",
    ),
    (
        "volunteers",
        "{person: r003, status: confirmed}",
        "{person: r003, status: maybe}",
        "bk29",
        "names no sign-up status",
    ),
    (
        "volunteers",
        "id: ct02, number: BC600-2018-0002",
        "id: ct02, number: BC600-2018-0001",
        "ct02",
        "must be unique, but ct01",
    ),
    ("manholes", "id: mh02, code: JG-02", "id: mh02, code: JG-01", "mh02", "must be unique, but mh01"),
    ("wall", "id: wp02, code: QH-02", "id: wp02, code: QH-01", "wp02", "must be unique"),
    ("garden", "id: bd2, code: HT-2", "id: bd2, code: HT-1", "bd2", "must be unique"),
    (
        "neighbourhood",
        "id: gate_s, name: 南门, kind: gate, x: 50, y: 96",
        "id: gate_s, name: 南门, kind: gate, x: 50, y: 196",
        "gate_s",
        "between 0 and 100",
    ),
    ("manholes", "x: 50, y: 90", "x: -5, y: 90", "mh01", "between 0 and 100"),
    (
        "issues",
        "status: transferred, made_safe_at",
        "status: passed_on, made_safe_at",
        "is16",
        "must be one of submitted",
    ),
    ("people", 'phone: "10000000209"', 'phone: "13800138000"', "r009", "which no mobile network has"),
    ("people", "email: r031@demo.invalid}", "email: r031@example.com}", "r031", "demo.invalid"),
    ("people", "name: 邰一帆, sex: 女", "name: 310101199001011234, sex: 女", "r031", "must be a text"),
    ("people", "note: 2018-12 新搬来", "note: 证件 310101199001011234", "r031", "ID number"),
    ("people", "totp_secret: F52L5BTJVN7SXJUFZ34IJBCNJN34R5TA", "totp_secret: F52L", "p033@demo.invalid", "base32"),
    ("people", "{id: r031, name: 邰一帆", "{id: r030, name: 邰一帆", "r030", "used twice"),
    ("people", "{id: r031, name: 邰一帆, sex: 女,", "{id: r031, name: 邰一帆,", "r031", "“sex” is missing"),
    (
        "people",
        "{id: r031, name: 邰一帆,",
        "{id: r031, name: 邰一帆, shoe_size: 38,",
        "r031",
        "“shoe_size” is not known here",
    ),
    (
        "taxonomy",
        "  - {id: warm_home, name: 温馨家园}",
        "  - {id: waste_sorting, name: 温馨家园}",
        "waste_sorting",
        "used twice",
    ),
    ("learning", "id: ev02, date:", "id: ev01, date:", "ev01", "used twice"),
    ("content", "schema_version: 1", "schema_version: 2", "", "schema_version must be 1"),
    ("content", "honours:", "honors:", "", "“honors” is not known"),
    (
        "organisations",
        "subcommittees: [人民调解, 综合治理,",
        "subcommittees: [人民调解, 人民调解,",
        "residents_committee",
        "stands twice",
    ),
    # people
    (
        "taxonomy",
        'starts_at: "2018-12-20T09:00:00+08:00"',
        'starts_at: "2018-12-21T09:00:00+08:00"',
        "trial_clock",
        "demo_today",
    ),
    (
        "neighbourhood",
        "id: b600_1, compound: c600, name: 1号, floors: 6, households: 48",
        "id: b600_1, compound: c600, name: 1号, floors: 6, households: 49",
        "c600",
        "its buildings have 413",
    ),
    ("neighbourhood", "kind: external, x: null, y: null", "kind: external, x: 3, y: 4", "offsite", "both x and y"),
    ("people", ", email: r031@demo.invalid}\nexternal", "}\nexternal", "r031", "how to reach"),
    ("people", 'phone: "10000000209"', 'phone: "10000000008"', "r009", "p008's already"),
    (
        "people",
        "id: p001, name: 陆蕴芳, sex: 女, birth_year: 1967, org: br1, group: g1a",
        "id: p001, name: 陆蕴芳, sex: 女, birth_year: 1967, org: br1, group: g2a",
        "p001",
        "does not belong to the branch",
    ),
    ("people", "guardian: r015, school_stage", "guardian: k01, school_stage", "k13", "not an adult"),
    ("people", "members: [r015, k13]", "members: [r015, p015]", "k13", "of one family"),
    (
        "people",
        "account_role: branch_secretary, scope: br1",
        "account_role: branch_secretary, scope: t_flower",
        "p002@demo.invalid",
        "needs a Party organisation",
    ),
    ("people", "totp_secret: 3O6IFPTP4BKZTAYKBQTQQV2UBBGTX6D5}", "note: none}", "p001@demo.invalid", "second factor"),
    (
        "organisations",
        "committee: [{person: p001, post: 书记}",
        "committee: [{person: r001, post: 书记}",
        "r001",
        "no Party member",
    ),
    (
        "organisations",
        "name: 一支部第一党小组, parent: br1",
        "name: 一支部第一党小组, parent: gb600",
        "g1a",
        "cannot belong to gb600",
    ),
    ("garden", "leader: p007, founded:", "leader: p011, founded:", "t_flower", "“leader” is p007 here"),
    ("organisations", "{person: d01, unit: u6,", "{person: d01, unit: u4,", "d01", "Does not work at u4"),
    ("volunteers", "{person: r020, project: pj_home,", "{person: k05, project: pj_home,", "k05", "Only grown-ups wish"),
    (
        "volunteers",
        "{person: p041, team: t_story, since:",
        "{person: p041, project: pj_wall, team: t_story, since:",
        "p041",
        "for one project or for one team",
    ),
    ("volunteers", "{person: r013, team: t_paint, since", "{person: r013, project: pj_green, since", "r013", "twice"),
    ("volunteers", 'since: "2018-11-20T19:30"', 'since: "2018-12-20T19:30"', "r022", "after the start of the clock"),
    ("volunteers", "{person: k01, given_by: p013,", "{person: k01, given_by: p025,", "k01", "p025 may not agree"),
    ("volunteers", 'self_consent: "2018-09-01"', 'self_consent: "2018-08-31"', "k03", "must be 14 on that day (V4)"),
    ("volunteers", ', self_consent: "2018-09-01"', "", "k03", "own consent to the data is missing"),
    # Party meetings
    (
        "meetings_2018_ledger",
        "id: g1a_gp_201801, org: g1a",
        "id: g1a_gp_201801, org: br1",
        "g1a_gp_201801",
        "is held by a group",
    ),
    (
        "meetings_2018_ledger",
        'should_attend: 5, attended: 4, absent: [{person: p018, reason: illness}], status: signed, recorded_at: "2018-01-06"',
        'should_attend: 5, attended: 5, absent: [{person: p018, reason: illness}], status: signed, recorded_at: "2018-01-06"',
        "gb600_gc_201801",
        "cannot be 5 (M4)",
    ),
    ("people", 'exempt: 年老体弱, exempt_from: "2017-01-01", ', "", "br1_pl_201801", "15 people are expected (M3)"),
    (
        "meetings_2018_ledger",
        'status: signed, recorded_at: "2018-01-06"',
        "status: planned, recorded_at: ~",
        "gb600_gc_201801",
        "2018-01-05 is over",
    ),
    (
        "meetings_2018_ledger",
        'id: br1_td_201801, org: br1, type: theme_party_day, date: "2018-01-12", time: ["14:00", "16:00"]',
        'id: br1_td_201801, org: br1, type: theme_party_day, date: "2018-01-12", time: ["14:00", "17:00"]',
        "br1_td_201801",
        "not held within its time (M9)",
    ),
    (
        "meetings_2018_ledger",
        "place: room_hall, chair: p016, recorder: p019, topic: 制定年度工作计划",
        "place: room_hall, chair: p002, recorder: p019, topic: 制定年度工作计划",
        "br2_cm_201801",
        "p002 chairs br1_cm_201801 at the same time",
    ),
    (
        "meetings",
        "votes: {eligible: 13, present: 12, for: 11, against: 0, abstain: 1, passed: true}",
        "votes: {eligible: 13, present: 12, for: 11, against: 1, abstain: 1, passed: true}",
        "br1_gm_201803",
        "could be cast (M7)",
    ),
    (
        "meetings",
        "quorum: {eligible: 13, present: 6, required: 7, met: false}",
        "quorum: {eligible: 13, present: 6, required: 7, met: true}",
        "br2_gm_201809",
        "(M5)",
    ),
    (
        "meetings",
        'written_opinions: [{person: p011, submitted: "2018-12-14"',
        'written_opinions: [{person: p011, submitted: "2018-12-15"',
        "br1_gm_201812",
        "handed in before",
    ),
    (
        "meetings",
        "results: {excellent: 4, qualified: 8",
        "results: {excellent: 5, qualified: 7",
        "br4_da_201812",
        "may be excellent (M10)",
    ),
    ("meetings", 'amended: {at: "2018-06-13"', 'amended: {at: "2018-06-01"', "br3_cm_201806", "(M8)"),
    # projects, wall, covers
    (
        "projects",
        '{stage: approved, start: "2018-04-07", end: "2018-04-13"',
        '{stage: approved, start: "2018-03-20", end: "2018-04-13"',
        "pj_cover",
        "while deliberating is still open (P1)",
    ),
    ("projects", "spent: 6215.50", "spent: 9215.50", "pj_cover", "More was spent"),
    (
        "projects",
        "decided_by: h01\n    derived_from: null",
        "decided_by: h01\n    derived_from: pj_green",
        "pj_cover",
        "its own origin",
    ),
    ("projects", "decided_by: h05", "decided_by: h01", "pj_green", "is about pj_cover"),
    (
        "wall",
        'start: "2018-09-17", end: "2018-09-28"',
        'start: "2018-09-17", end: "2018-09-24"',
        "ws3",
        "at least 10 days (P3)",
    ),
    (
        "volunteers",
        'open_to: [residents], minors: "no", risks: 扬尘',
        "open_to: [residents], minors: with_guardian, risks: 扬尘",
        "va07",
        "for adults only",
    ),
    ("wall", "disposition: not_adopted", "disposition: adopted", "fb05", "names the version"),
    (
        "wall",
        "fact_check: sourced, history_year: 1923, sources: [中共三大后中央局机关三曾里遗址词条（公开网页）]",
        "fact_check: sourced, history_year: 1923",
        "wp03",
        "names its sources (P5)",
    ),
    ("manholes", "steps: 12", "steps: 11", "trail_cover", "there are 12 covers"),
    # garden
    (
        "garden",
        "bed: bd8, plant: pl02, quantity",
        "bed: bd8, plant: pl08, quantity",
        "bd8 pl08",
        "the children's bed (G2)",
    ),
    ("garden", "id: bd1, code: HT-1", "id: bd1, code: JG-1", "bd1", "begins with HT-"),
    (
        "garden",
        ", warn: 汁液刺激，孩子花坛不用；喜全日照，HT-4 只有半日照",
        "",
        "sp_2019_spring",
        "needs a warning (G2)",
    ),
    ("garden", "votes: 10,", "votes: 15,", "sp_2019_spring", "the team has 14 members"),
    (
        "garden_duty_log",
        '{date: "2018-12-10", start: "07:00"',
        '{date: "2018-12-10", start: "06:30"',
        "2018-12-10",
        "begins at 07:00",
    ),
    (
        "garden_duty_log",
        "present: [p009], status: partial",
        "present: [p009], status: done",
        "2018-12-13",
        "which is partial, not done (G1)",
    ),
    (
        "garden",
        "attended: 13, absent: [{person: d08",
        "attended: 14, absent: [{person: d08",
        "fm1",
        "cannot be 14 (M4)",
    ),
    # learning
    (
        "learning",
        "edu: revolutionary_tradition, site: st11, open_to: [members, residents], minors: with_guardian, credit_hours: 3, planned: true",
        "edu: revolutionary_tradition, site: st11, open_to: [members, residents], minors: with_guardian, credit_hours: 3",
        "ev19",
        "to come by the clock",
    ),
    ("learning", 'id: ev06, date: "2018-05-11"', 'id: ev06, date: "2018-05-14"', "ev06", "closed on a Monday"),
    (
        "learning",
        'signup_until: "2019-01-09T18:00"',
        'signup_until: "2019-01-12T18:00"',
        "ev19",
        "then the event starts",
    ),
    (
        "learning",
        "residents: [r020], minors: []",
        "residents: [p020], minors: []",
        "ev04",
        "p020 stands among the residents",
    ),
    (
        "learning",
        'person: p011, date: "2018-05-12"',
        'person: p011, date: "2018-05-10"',
        "ev06 p011",
        "comes after the event",
    ),
    # shifts and bookings
    ("volunteers", "people_needed: 4, capacity: 6", "people_needed: 8, capacity: 6", "va20", "there are 6 seats"),
    (
        "volunteers",
        ', cancelled: {at: "2018-12-19T16:00", by: s02, reason: 寒潮大风}, open: false',
        ", open: false",
        "va23",
        "says when, by whom and why",
    ),
    ("volunteers", "revision: 2, moved", "revision: 3, moved", "va24", "this is revision 2"),
    (
        "volunteers",
        'id: bk12, activity: va19, made_by: p041, channel: web, at: "2018-12-15T19:45"',
        'id: bk12, activity: va19, made_by: p041, channel: web, at: "2018-12-20T19:45"',
        "bk12",
        "after the start of the clock",
    ),
    (
        "volunteers",
        'offered_at: "2018-12-20T08:00", offer_until: "2018-12-20T20:00"',
        'offered_at: "2018-12-20T08:00", offer_until: "2018-12-21T08:00"',
        "bk12",
        "ends at 2018-12-20T20:00",
    ),
    (
        "volunteers",
        "people: [{person: r020, status: waiting}]",
        "people: [{person: r020, status: confirmed}]",
        "va19",
        "6 seats are taken, but there are 5",
    ),
    (
        "volunteers",
        "people: [{person: p013, status: confirmed}]",
        "people: [{person: p013, status: attended}]",
        "bk20",
        "still to come",
    ),
    (
        "volunteers",
        "people: [{person: p013, status: confirmed}]",
        "people: [{person: p022, status: confirmed}]",
        "bk20",
        "has a live sign-up for va20 already",
    ),
    (
        "volunteers",
        "{person: r023, status: confirmed}",
        "{person: p020, status: confirmed}",
        "bk19",
        "is not between 18 and 65",
    ),
    (
        "volunteers",
        "people: [{person: k05, status: confirmed, seen_revision: 1}]",
        "people: [{person: k01, status: confirmed, seen_revision: 1}]",
        "bk27",
        "one must be 14",
    ),
    (
        "volunteers",
        "{person: k10, status: confirmed, companion: r013}",
        "{person: k10, status: confirmed}",
        "bk37",
        "needs a companion (V5)",
    ),
    (
        "volunteers",
        'at: "2018-12-16T10:00", entered_by: s02, people: [{person: r020',
        'at: "2018-12-16T08:20", entered_by: s02, people: [{person: r020',
        "bk14",
        "very same time",
    ),
    (
        "volunteers",
        '{activity: va21, booking: bk22, channel: web, at: "2018-12-15T22:00", given: {k08: p038}}',
        '{activity: va21, booking: bk22, channel: web, at: "2018-12-15T22:00", given: {}}',
        "bk22",
        "No consent of a guardian is listed for k08 at va21 (V4)",
    ),
    (
        "volunteers",
        "given: {}, pending: {k11: r014}",
        'at: "2018-12-18T11:00", sheet: s1, entered_by: s02, given: {k11: r014}',
        "bk34",
        "but the consent is given",
    ),
    ("volunteers", "given: {k07: r011}}", "given: {k07: r010}}", "va22 bk24", "r010 is not the guardian of k07"),
    # service
    (
        "service_records",
        'id: sr001, activity: va01, person: k01, date: "2018-04-21", in: "13:35", out: "16:30", break: 10, minutes: 165',
        'id: sr001, activity: va01, person: k01, date: "2018-04-21", in: "13:35", out: "16:30", break: 10, minutes: 175',
        "sr001",
        "are 165 minutes, not 175 (V2)",
    ),
    (
        "service_records",
        'id: sr001, activity: va01, person: k01, date: "2018-04-21"',
        'id: sr001, activity: va01, person: k01, date: "2018-04-22"',
        "sr001",
        "was on 2018-04-21",
    ),
    (
        "service_records",
        "hours: 0, method: self_report, confirmed_by: s02, status: rejected",
        "hours: 2.0, method: self_report, confirmed_by: s02, status: confirmed",
        "sr200",
        "overlaps",
    ),
    (
        "volunteers",
        "total_minutes: 415, hours: 6.5",
        "total_minutes: 415, hours: 6.0",
        "ct01",
        "415 minutes, which are 6.5 hours (V3)",
    ),
    (
        "volunteers",
        "title: 小小彩绘家, team: t_paint, public",
        "title: 小小彩绘家, public",
        "rc3",
        "for a person or for a team",
    ),
    # deliberations, issues
    (
        "hearings",
        'notice: {published: "2018-03-16"',
        'notice: {published: "2018-03-20"',
        "h01",
        "4 days before; a hearing needs 5 (D1)",
    ),
    ("hearings", "attended: 22\n    voters: 22", "attended: 23\n    voters: 22", "h01", "cannot be 23"),
    (
        "hearings",
        "{option: 先在主干道 12 个井盖试点, for: 19",
        "{option: 先在主干道 12 个井盖试点, for: 20",
        "h01",
        "23 votes of 22 voters (D2)",
    ),
    (
        "hearings",
        "residents: {for: 5, against: 0, abstain: 0}",
        "residents: {for: 4, against: 0, abstain: 0}",
        "h01",
        "18 votes for, not 19 (D2)",
    ),
    (
        "hearings",
        "discussed_by: [br1_gm_201803, br2_gm_201803, br3_gm_201803, br4_gm_201803]",
        "discussed_by: [br1_gm_201812]",
        "h01",
        "no branch general meeting before 2018-03-24 (D1)",
    ),
    (
        "hearings",
        "signed_by: [r016, r004, r028]",
        "signed_by: [r016, r004, r001]",
        "h05",
        "signatures of the parties only (D4)",
    ),
    ("issues", 'made_safe_at: "2018-05-03T18:45"', 'made_safe_at: "2018-05-03T21:45"', "is01", "within 2 hours (I1)"),
    (
        "issues",
        "closed: false, next: 物业",
        "closed: true, next: 物业",
        "il05",
        "once it is verified, and not before (I3)",
    ),
    ("issues", 'replied: "2018-04-23"', 'replied: "2018-04-13"', "nd01", "then answered"),
    # what residents read
    (
        "content",
        'published: "2018-03-16", ref: h01, public_until: "2018-03-24"',
        'published: "2018-03-16", ref: h01, public_until: "2018-03-14"',
        "nt02",
        "over before it is out",
    ),
    ("content", "consent: self_and_guardian, ", "", "ts01", "both the child and the guardian"),
    ("content", "明显变好: 121", "明显变好: 120", "su01", "212 answers of 213"),
    (
        "content",
        "alt: 大人孩子在花坛边栽羽衣甘蓝, people: [p007, r022, k10], has_minors: true",
        "alt: 大人孩子在花坛边栽羽衣甘蓝, people: [p007, r022, k10]",
        "ph05",
        "has_minors",
    ),
    (
        "partners",
        "title: 老人智能手机课, when: 每月一次, status: open",
        "title: 老人智能手机课, when: 每月一次, status: matched",
        "pn3",
        "when a match names it",
    ),
]


@lru_cache
def sound() -> Files:
    files, problems = read(FOLDER, SECTIONS)
    assert problems == []
    return files


@lru_cache
def damaged(number: int) -> Files:
    file, there, instead, _row, _words = DAMAGES[number]
    text = (FOLDER / f"{file}.yaml").read_text()
    assert text.count(there) == 1, f"{text.count(there)} times in {file}: {there}"
    return Files(FOLDER, sound().content | {f"{file}.yaml": yaml.load(text.replace(there, instead), StrictLoader)})


def test_the_files_are_as_they_should_be():
    assert validation.judge(sound()) == []


@pytest.mark.parametrize("number", range(len(DAMAGES)), ids=[f"{damage[0]}-{damage[3]}" for damage in DAMAGES])
def test_a_damaged_file_is_refused_by_row_and_reason(number):
    *_where, row, words = DAMAGES[number]

    problems = validation.judge(damaged(number))

    assert [problem for problem in problems if problem.row == row and words in problem.sentence], problems


def test_every_rule_between_rows_has_refused_something():
    silent = {rule.ask.__name__: rule for rule in RULES}
    for number, (file, *_rest) in enumerate(DAMAGES):
        files = damaged(number)
        names, doubles = form.names_in(files)
        changed = Files(FOLDER, {f"{file}.yaml": files.content[f"{file}.yaml"]})
        if doubles or list(form.check_form(changed, names)):
            continue
        for name, rule in list(silent.items()):
            if f"{file}.yaml" in rule.reads and list(rule.ask(files, names)):
                del silent[name]

    assert silent == {}


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "demo")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda path: path.unlink(), "partners.yaml: The file is missing."),
        (lambda path: path.write_text("needs: [1, 2"), "partners.yaml, line 2: This is no valid YAML"),
        (lambda path: path.write_text("- 1\n- 2\n"), "partners.yaml: The file must hold named sections."),
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "partners.yaml: The file cannot be read"),
        (lambda path: path.write_text("needs: []\nneeds: []\n"), "the key “needs” stands twice"),
        (lambda path: path.write_text("needs: !!python/object:os.system {}\n"), "This is no valid YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_of_in_a_sentence(copy, damage, told):
    damage(copy / "partners.yaml")

    _files, problems = validation.problems_in(copy)

    assert told in str(problems[0])
    assert len(problems) == 1 or all(problem.file == "partners.yaml" for problem in problems)


@pytest.mark.django_db
def test_a_damaged_copy_is_refused_with_all_its_problems_before_anything_is_written(copy):
    for name, there, instead in [
        ("people.yaml", "guardian: p013", "guardian: p999"),
        ("projects.yaml", "spent: 6215.50", "spent: 9215.50"),
        ("manholes.yaml", "id: mh02, code: JG-02", "id: mh02, code: JG-01"),
    ]:
        path = copy / name
        path.write_text(path.read_text().replace(there, instead))

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo", folder=copy, outside_trial=True, stdout=StringIO())

    assert str(refusal.value).splitlines() == [
        "The demo year was not loaded (3 problems):",
        "people.yaml, k01: “guardian” names no person: “p999” is nowhere defined.",
        "manholes.yaml, mh02: “code” must be unique, but mh01 has JG-01 too.",
        "projects.yaml, pj_cover: More was spent than approved (P6).",
    ]
    assert not Neighbourhood.objects.exists()


@pytest.mark.parametrize("file", SECTIONS)
def test_no_damage_stops_the_judgement(file):
    """Whatever is missing or of another kind becomes a problem, never an error; what hangs on it is not called wrong."""
    content = sound().content

    def judged(change):
        changed = {section: change(content[file][section]) for section in SECTIONS[file]}
        return validation.judge(Files(FOLDER, content | {file: content[file] | changed}))

    for instead in ([], {}, "x", [None], [{}], [{"id": 3}]):
        judged(lambda _rows, instead=instead: instead)
    judged(lambda rows: rows[:1] if isinstance(rows, list) else 7)
    assert {problem.file for problem in judged(lambda _rows: None)} == {file}
    unread = {name: sections for name, sections in content.items() if name != file}
    assert validation.judge(Files(FOLDER, unread), {file}) == []


def test_one_slip_is_told_once(copy):
    path = copy / "people.yaml"
    path.write_text(path.read_text().replace("{id: p001, name: 陆蕴芳, sex: 女,", "{id: p001, name: 陆蕴芳,"))

    _files, problems = validation.problems_in(copy)

    assert problems == [Problem("people.yaml", "p001", "“sex” is missing.")]


@pytest.mark.django_db
def test_the_command_loads_reports_and_hands_out_the_accounts_to_the_owner_only(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    settings.TRIAL = True
    out = StringIO()

    call_command("load_demo", stdout=out)

    path = tmp_path / "demo_accounts.txt"
    sheet = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for words in (
        "p001@demo.invalid",
        "party_admin",
        "3O6IFPTP4BKZTAYKBQTQQV2UBBGTX6D5",
        "otpauth://totp/",
        "/mailbox/",
    ):
        assert words in sheet
    assert sheet in out.getvalue()
    assert "242  community.Meeting" in out.getvalue()
    assert "hearings.yaml topics_2019 (4)" in out.getvalue()
    with pytest.raises(CommandError, match="database is not empty"):
        call_command("load_demo", stdout=out)
    assert path.read_text() == sheet


@pytest.mark.django_db
def test_a_real_installation_gets_no_accounts_with_published_second_factors():
    with pytest.raises(CommandError, match="this is no trial"):
        call_command("load_demo", stdout=StringIO())

    assert not Neighbourhood.objects.exists()


@pytest.mark.django_db
def test_a_load_that_fails_midway_leaves_nothing(monkeypatch):
    def fail(demo):
        assert Neighbourhood.objects.exists()
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(loader.articles, "load", fail)

    with pytest.raises(RuntimeError, match="the disk is full"):
        loader.load()

    assert coverage.counts() == {}


def test_checking_alone_writes_nothing():
    out = StringIO()

    call_command("load_demo", check=True, stdout=out)

    assert out.getvalue() == "Every file is as it should be.\n"
