"""How the demo's files are written: what is not as demo/schema.yaml has it is told by file, row and field, all at once."""

import shutil
from functools import lru_cache

import pytest
import yaml

from demo import schema
from demo.schema import FORMS
from demo.source import FOLDER, DemoRefused, Files, Problem, StrictLoader, read

# (file, what stands there once, what stands there instead, row, sentence)
DAMAGES = [
    # references
    (
        "volunteers",
        "id: va01, project: pj_cover",
        "id: va01, project: pj_road",
        "va01",
        "“project” names no project: “pj_road” is nowhere defined.",
    ),
    (
        "volunteers",
        "id: bk01, activity: va16, made_by: r001",
        "id: bk01, activity: va16, made_by: r999",
        "bk01",
        "“made_by” names no person: “r999” is nowhere defined.",
    ),
    (
        "volunteers",
        "{person: r003, status: confirmed}",
        "{person: r003, status: maybe}",
        "bk29",
        "“people[1].status” names no sign-up status: “maybe” is nowhere defined.",
    ),
    (
        "volunteers",
        "id: bk20, activity: va20, made_by: p013, channel: web",
        "id: bk20, activity: va20, made_by: p013, channel: fax",
        "bk20",
        "“channel” names no sign-up channel: “fax” is nowhere defined.",
    ),
    (
        "volunteers",
        "given: {k07: r011}}",
        "given: {k07: r999}}",
        "va22 bk24",
        "“given.k07” names no person: “r999” is nowhere defined.",
    ),
    (
        "manholes",
        "utility: 通信",
        "utility: 自来水",
        "mh08",
        "“utility” names no utility: “自来水” is nowhere defined.",
    ),
    ("garden", "bed: bd8, plant: pl02,", "bed: 8, plant: pl02,", "8 pl02", "“bed” must be the id of a bed, not 8."),
    # what YAML 1.1 makes of it without quotes
    (
        "volunteers",
        'minors: "no", risks: 夜间',
        "minors: no, risks: 夜间",
        "va06",
        '“minors” must be quoted: "no"; bare no is false in YAML 1.1.',
    ),
    (
        "volunteers",
        'date: "2018-04-21", time: ["13:30", "16:30"]',
        'date: 2018-04-21, time: ["13:30", "16:30"]',
        "va01",
        '“date” must be quoted: "2018-04-21" is no text in YAML 1.1 without.',
    ),
    (
        "volunteers",
        'date: "2018-04-21", time: ["13:30", "16:30"]',
        'date: "2018-04-21", time: [13:30, "16:30"]',
        "va01",
        '“time” must be quoted: "13:30" is no text in YAML 1.1 without.',
    ),
    (
        "garden",
        'start_time: "06:30"',
        "start_time: 06:30",
        "duty",
        '“start_time” must be quoted: "06:30" is no text in YAML 1.1 without.',
    ),
    # days, times, numbers, texts
    (
        "garden_duty_log",
        '{date: "2018-11-18", start: "06:30"',
        '{date: "2018-11-31", start: "06:30"',
        "2018-11-31 06:30",
        "“date” must be a day like \"2018-12-20\", not '2018-11-31'.",
    ),
    (
        "volunteers",
        'since: "2018-11-20T19:30"',
        'since: "2018-11-20"',
        "r022 2018-11-20",
        "“since” must be a moment like \"2018-12-20T09:00\", not '2018-11-20'.",
    ),
    (
        "volunteers",
        'date: "2018-04-21", time: ["13:30", "16:30"]',
        'date: "2018-04-21", time: ["16:30", "13:30"]',
        "va01",
        "“time” must be a begin and an end in order, not ['16:30', '13:30'].",
    ),
    (
        "neighbourhood",
        "id: gate_s, name: 南门, kind: gate, x: 50, y: 96",
        "id: gate_s, name: 南门, kind: gate, x: 50, y: 196",
        "gate_s",
        "“y” must be a number between 0 and 100 or null, not 196.",
    ),
    ("manholes", "x: 50, y: 90", "x: -5, y: 90", "mh01", "“x” must be a number between 0 and 100, not -5."),
    (
        "volunteers",
        "people_needed: 4, capacity: 6",
        "people_needed: four, capacity: 6",
        "va20",
        "“people_needed” must be a whole number from 0 up, not 'four'.",
    ),
    (
        "volunteers",
        "people_needed: 4, capacity: 6",
        "people_needed: true, capacity: 6",
        "va20",
        "“people_needed” must be a whole number from 0 up, not True.",
    ),
    ("people", "name: 邰一帆, sex: 女", 'name: " ", sex: 女', "r031", "“name” must be a text, not ' '."),
    ("people", "members: [r015, k13]", "members: r015", "f12", "“members” must be a list, not 'r015'."),
    # nobody who lives is written to, called or identified
    (
        "people",
        'phone: "10000000209"',
        'phone: "13800138000"',
        "r009",
        "“phone” must be a number that begins with 100, which no mobile network has, not '13800138000'.",
    ),
    (
        "people",
        "email: r031@demo.invalid}",
        "email: r031@example.com}",
        "r031",
        "“email” must be an address at demo.invalid, not 'r031@example.com'.",
    ),
    (
        "people",
        "name: 邰一帆, sex: 女",
        "name: 310101199001011234, sex: 女",
        "r031",
        "“name” must be a text, not 310101199001011234.",
    ),
    (
        "people",
        "note: 2018-12 新搬来",
        "note: 证件 310101199001011234",
        "r031",
        "“note” holds something like an ID number; the portal must not need one.",
    ),
    (
        "people",
        "totp_secret: F52L5BTJVN7SXJUFZ34IJBCNJN34R5TA",
        "totp_secret: F52L",
        "p033@demo.invalid p033",
        "“totp_secret” must be a base32 secret of at least 128 bits, not 'F52L'.",
    ),
    # twice
    (
        "people",
        "{id: r031, name: 邰一帆",
        "{id: r030, name: 邰一帆",
        "r030",
        "“id” is used twice; first in people.yaml, residents.",
    ),
    (
        "learning",
        "id: ev02, date:",
        "id: p001, date:",
        "p001",
        "“id” is used twice; first in people.yaml, party_members.",
    ),
    (
        "taxonomy",
        "  - {id: warm_home, name: 温馨家园}",
        "  - {id: waste_sorting, name: 温馨家园}",
        "waste_sorting",
        "“id” is used twice; first in taxonomy.yaml, themes.",
    ),
    (
        "garden_duty_log",
        '{date: "2018-11-19",',
        '{date: "2018-11-18",',
        "2018-11-18 06:30",
        "“date” must be unique, but 2018-11-18 06:30 has 2018-11-18 too.",
    ),
    (
        "volunteers",
        "id: ct02, number: BC600-2018-0002",
        "id: ct02, number: BC600-2018-0001",
        "ct02",
        "“number” must be unique, but ct01 has BC600-2018-0001 too.",
    ),
    (
        "manholes",
        "id: mh02, code: JG-02",
        "id: mh02, code: JG-01",
        "mh02",
        "“code” must be unique, but mh01 has JG-01 too.",
    ),
    (
        "wall",
        "id: wp02, code: QH-02",
        "id: wp02, code: QH-01",
        "wp02",
        "“code” must be unique, but wp01 has QH-01 too.",
    ),
    ("garden", "id: bd2, code: HT-2", "id: bd2, code: HT-1", "bd2", "“code” must be unique, but bd1 has HT-1 too."),
    (
        "organisations",
        "subcommittees: [人民调解, 综合治理,",
        "subcommittees: [人民调解, 人民调解,",
        "residents_committee",
        "“subcommittees[2]” stands twice: “人民调解”.",
    ),
    # fields and sections
    ("people", "{id: r031, name: 邰一帆, sex: 女,", "{id: r031, name: 邰一帆,", "r031", "“sex” is missing."),
    (
        "people",
        "{id: r031, name: 邰一帆,",
        "{id: r031, name: 邰一帆, shoe_size: 38,",
        "r031",
        "“shoe_size” is not known here.",
    ),
    (
        "volunteers",
        "cancelled: {at: ",
        "cancelled: {when: ",
        "va23",
        "“cancelled.at” is missing.",
    ),
    ("content", "schema_version: 1", "schema_version: 2", "", "schema_version must be 1."),
    ("content", "honours:", "honors:", "", "The section “honors” is not known."),
    ("content", "honours:", "honors:", "", "The section “honours” is missing."),
]


@lru_cache
def sound() -> Files:
    files, problems = read(FOLDER, FORMS)
    assert problems == []
    return files


def test_the_files_are_written_as_they_should_be():
    assert schema.problems_with(sound()) == []


@pytest.mark.parametrize(
    ("file", "there", "instead", "row", "sentence"), DAMAGES, ids=[f"{damage[0]}-{damage[3]}" for damage in DAMAGES]
)
def test_what_is_written_otherwise_is_told_by_file_row_and_field(file, there, instead, row, sentence):
    text = (FOLDER / f"{file}.yaml").read_text()
    assert text.count(there) == 1, f"{text.count(there)} times in {file}: {there}"
    damaged = yaml.load(text.replace(there, instead), StrictLoader)

    assert Problem(file, row, sentence) in schema.problems_with(Files(FOLDER, sound().content | {file: damaged}))


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "data")


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

    _files, problems = schema.problems_in(copy)

    assert told in str(problems[0])
    assert {problem.file for problem in problems} == {"partners"}


@pytest.mark.parametrize("file", FORMS)
def test_no_damage_stops_the_judgement(file):
    """Whatever is missing or of another kind becomes a problem, never an error; what hangs on it is not called wrong."""
    content = sound().content

    def judged(change):
        changed = {section: change(content[file][section]) for section in FORMS[file]}
        return schema.problems_with(Files(FOLDER, content | {file: content[file] | changed}))

    for instead in ([], {}, "x", [None], [{}], [{"id": 3}]):
        judged(lambda _rows, instead=instead: instead)
    judged(lambda rows: rows[:1] if isinstance(rows, list) else 7)
    assert {problem.file for problem in judged(lambda _rows: None)} == {file}
    unread = {name: sections for name, sections in content.items() if name != file}
    assert schema.problems_with(Files(FOLDER, unread)) == []


def test_one_slip_is_told_once(copy):
    path = copy / "people.yaml"
    path.write_text(path.read_text().replace("{id: p001, name: 陆蕴芳, sex: 女,", "{id: p001, name: 陆蕴芳,"))

    _files, problems = schema.problems_in(copy)

    assert problems == [Problem("people", "p001", "“sex” is missing.")]


def test_files_with_problems_are_refused_with_all_of_them(copy):
    for name, there, instead in [
        ("people.yaml", "guardian: p013", "guardian: p999"),
        ("manholes.yaml", "id: mh02, code: JG-02", "id: mh02, code: JG-01"),
    ]:
        path = copy / name
        path.write_text(path.read_text().replace(there, instead))

    with pytest.raises(DemoRefused) as refusal:
        schema.checked(copy)

    assert str(refusal.value).splitlines() == [
        "people.yaml, k01: “guardian” names no person: “p999” is nowhere defined.",
        "manholes.yaml, mh02: “code” must be unique, but mh01 has JG-01 too.",
    ]
