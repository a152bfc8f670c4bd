"""What a model, the database or an operation refuses while the demo loads is told by file and row, and nothing is written."""

import shutil
import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from demo import coverage, loader
from demo.source import FOLDER, DemoRefused
from people.models import Neighbourhood

pytestmark = pytest.mark.django_db

# (file, what stands there once, what stands there instead, row, words of which one stands in the sentence)
DAMAGES = [
    # fields of a model: how long, which choices
    ("neighbourhood", "name: 南门, kind: gate", "name: 南门, kind: airport", "gate_s", ["“kind”: Value 'airport'"]),
    ("neighbourhood", "name: 南门,", f"name: {'南' * 90},", "gate_s", ["“name”: Ensure this value has at most"]),
    (
        "people",
        "person: s03, account_role: editor,",
        "person: s03, account_role: janitor,",
        "s03@demo.invalid s03",
        ["“role”: Value 'janitor'"],
    ),
    ("garden", "quantity: 140,", "quantity: 0,", "bd2 pl02", ["“quantity”: Ensure this value is greater"]),
    # rules of a model
    ("learning", '"2019-01-09T18:00"', '"2019-01-12T18:00"', "ev19", ["“signup_until”: Sign-up cannot go on after"]),
    ("volunteers", "min_age: 18, max_age: 65", "min_age: 18, max_age: 5", "va20", ["“max_age”: The highest age lies"]),
    # a row of another kind than is meant
    ("people", "guardian: r015, school_stage", "guardian: k01, school_stage", "k13", ["“guardian” names “k01”, which"]),
    (
        "people",
        "account_role: branch_secretary, scope: br1",
        "account_role: branch_secretary, scope: t_flower",
        "p002@demo.invalid p002",
        ["“scope” names “t_flower”, which is of another kind"],
    ),
    # constraints of the database: in order, set, once
    (
        "projects",
        'start: "2018-04-07", end: "2018-04-13"',
        'start: "2018-04-07", end: "2018-03-13"',
        "pj_cover",
        ["project_stage_ends_after_start"],
    ),
    (
        "projects",
        "decided_by: h01\n    derived_from: null",
        "decided_by: h01\n    derived_from: pj_cover",
        "pj_cover",
        ["project_not_its_own_origin"],
    ),
    (
        "hearings",
        "attended: 22\n    voters: 22",
        "attended: 99\n    voters: 22",
        "h01",
        ["deliberation_attended_at_most_all"],
    ),
    (
        "volunteers",
        "{person: p041, team: t_story, since:",
        "{person: p041, project: pj_wall, team: t_story, since:",
        "p041 pj_wall",
        ["interest_in_one_thing"],
    ),
    (
        "volunteers",
        "{person: r013, team: t_paint, since",
        "{person: r013, project: pj_green, since",
        "r013 pj_green",
        ["interest_in_project_once", "volunteers_interest.project_id"],
    ),
    (
        "volunteers",
        "people: [{person: p013, status: confirmed}]",
        "people: [{person: p022, status: confirmed}]",
        "bk20",
        ["sign_up_live_once", "activities_signup.person_id"],
    ),
    (
        "service_records",
        "hours: 0, method: self_report, confirmed_by: s02, status: rejected",
        "hours: 2.0, method: self_report, confirmed_by: s02, status: confirmed",
        "sr200",
        ["service_once_an_activity", "volunteers_servicerecord.person_id"],
    ),
    # what an operation asks before a result is public, a stage begins, something is planted, or of a guardian
    (
        "projects",
        '{stage: approved, start: "2018-04-07", end: "2018-04-13"',
        '{stage: approved, start: "2018-03-20", end: "2018-04-13"',
        "pj_cover",
        ["“stages” has approved begin while deliberating is still open (P1)."],
    ),
    (
        "garden",
        "bed: bd8, plant: pl02, quantity",
        "bed: bd8, plant: pl08, quantity",
        "bd8 pl08",
        ["is toxic", "poison"],
    ),
    ("garden", ", warn: 汁液刺激，孩子花坛不用；喜全日照，HT-4 只有半日照", "", "sp_2019_spring", ["in the note"]),
    (
        "hearings",
        "{option: 先在主干道 12 个井盖试点, for: 19",
        "{option: 先在主干道 12 个井盖试点, for: 20",
        "h01",
        ["23"],
    ),
    ("hearings", "agreement: 墙前", "decision: 墙前", "h03", ["Write down the agreement"]),
    (
        "volunteers",
        "given: {k07: r011}}",
        "given: {k07: r010}}",
        "va22 bk24",
        ["“given” has r010 agree for k07, but r010 is no guardian of theirs (V4)."],
    ),
]


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "data")


@pytest.mark.parametrize(
    ("file", "there", "instead", "row", "words"), DAMAGES, ids=[f"{damage[0]}-{damage[3]}" for damage in DAMAGES]
)
def test_what_the_portal_refuses_is_told_by_file_and_row_and_nothing_is_written(copy, file, there, instead, row, words):
    path = copy / f"{file}.yaml"
    text = path.read_text()
    assert text.count(there) == 1, f"{text.count(there)} times in {file}: {there}"
    path.write_text(text.replace(there, instead))

    with translation.override("en"), pytest.raises(DemoRefused) as refusal:
        loader.load(copy)

    (problem,) = refusal.value.problems
    assert (problem.file, problem.row) == (file, row), problem
    assert any(word in problem.sentence for word in words), problem
    assert coverage.counts() == {}


def test_the_command_tells_every_problem_and_writes_nothing(copy):
    for name, there, instead in [
        ("people.yaml", "guardian: p013", "guardian: p999"),
        ("manholes.yaml", "id: mh02, code: JG-02", "id: mh02, code: JG-01"),
    ]:
        path = copy / name
        path.write_text(path.read_text().replace(there, instead))

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo", folder=copy, outside_trial=True, stdout=StringIO())

    assert str(refusal.value).splitlines() == [
        "The demo year was not loaded (2 problems):",
        "people.yaml, k01: “guardian” names no person: “p999” is nowhere defined.",
        "manholes.yaml, mh02: “code” must be unique, but mh01 has JG-01 too.",
    ]
    assert not Neighbourhood.objects.exists()


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


def test_a_real_installation_gets_no_accounts_with_published_second_factors():
    with pytest.raises(CommandError, match="this is no trial"):
        call_command("load_demo", stdout=StringIO())

    assert not Neighbourhood.objects.exists()


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
    assert coverage.counts() == {}
