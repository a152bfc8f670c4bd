"""The house of DESIGN.md §1 and §2: links point down the tower, time comes from one clock, files stand in rooms."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from config.settings.environment import BASE_DIR

FLOOR = {"people": 0, "activities": 1, "community": 2, "projects": 3, "volunteers": 4, "events": 4}
# Learning events know neither projects nor shifts, although projects stand a floor below them.
FORBIDDEN_PAIRS = {("events", "projects"), ("events", "volunteers"), ("volunteers", "events")}

# Where real time is meant, each with its reason.
OTHER_CLOCKS = {
    "portal/clock.py": "it is the clock",
    "people/outbox": "leases and tokens are measured in real time, through clock.real_now()",
}
FORBIDDEN_CALLS = {
    ("timezone", "now"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
}


def links():
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and getattr(field, "related_model", None):
                yield model, field


def points_up(app, target):
    return app in FLOOR and target in FLOOR and (FLOOR[target] > FLOOR[app] or (app, target) in FORBIDDEN_PAIRS)


def test_no_link_points_up_the_tower():
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model, field in links()
        if points_up(model._meta.app_label, field.related_model._meta.app_label)
    ]

    assert upward == []
    assert len(list(links())) > 20  # the walk sees the models at all


def test_the_walk_would_see_a_link_that_points_up():
    assert points_up("people", "activities")
    assert points_up("events", "projects")
    assert not points_up("projects", "community")


def other_clocks(source):
    """The lines of ``source`` that read another clock than portal.clock, as ``{line: what}``."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (owner, node.attr) in FORBIDDEN_CALLS:
                found[node.lineno] = f"{owner}.{node.attr}"
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            found[node.value.lineno] = node.arg
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if (node.module or "").startswith("django.db.models.functions") and "Now" in names:
                found[node.lineno] = "Now"
            if node.module == "django.utils.timezone" and "now" in names:
                found[node.lineno] = "timezone.now"
            if node.module == "time" and "time" in names:
                found[node.lineno] = "time.time"
    return found


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils import timezone\nx = timezone.now()",
        "import datetime\nx = datetime.datetime.now()",
        "from datetime import date\nx = date.today()",
        "import time\nx = time.time()",
        "f(default=timezone.now)",
        "f(auto_now_add=True)",
        "from django.db.models.functions import Now",
    ],
)
def test_the_scan_finds_each_other_clock(source):
    assert len(other_clocks(source)) == 1


@pytest.mark.parametrize("app", ["portal", *settings.DOMAIN_APPS])
def test_domain_code_reads_no_other_clock(app):
    found = [
        f"{path.relative_to(BASE_DIR)}:{line} {what}"
        for path in sorted((BASE_DIR / app).rglob("*.py"))
        if "migrations" not in path.parts and not str(path.relative_to(BASE_DIR)).startswith(tuple(OTHER_CLOCKS))
        for line, what in other_clocks(path.read_text()).items()
    ]

    assert found == []


# --- rooms ---

APPS = ["people", "activities", "community", "projects", "volunteers", "events"]
ROOMS = {
    "models", "rules", "emails", "operations", "pages", "forms", "admin", "views", "templatetags", "management", "migrations",
}  # fmt: skip
ROOT = {"__init__", "apps", "urls", "registration", "tasks"}
ROOMS_OF_PEOPLE = {"access", "outbox", "search", "media"}
# One more file each app may have in its root, and why.
ONE_MORE = {"people": "adapters"}  # sessions that are open name its class as the backend they were made by


def stands_in_root(app: str) -> set[str]:
    found = {path.name.removesuffix(".py") for path in (BASE_DIR / app).iterdir()}
    return {name for name in found if not name.startswith(("__pycache__", "."))}


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_rooms_and_nothing_else_in_its_root(app):
    known = ROOT | ROOMS | ({ONE_MORE[app]} if app in ONE_MORE else set())
    if app == "people":
        known |= ROOMS_OF_PEOPLE

    assert stands_in_root(app) - known == set()


def test_the_ground_floor_stays_small():
    """portal/ is read by whoever comes new: at most 3,000 lines. What serves one room of people stands in that room."""
    lines = sum(len(path.read_text().splitlines()) for path in (BASE_DIR / "portal").rglob("*.py"))
    assert lines <= 3000


FOLDERS = ["portal", "config", "demo", *APPS]


def sources(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted((BASE_DIR / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(BASE_DIR))


# --- imports within functions ---

OURS = {"portal", "config", "demo", *APPS}
# What has to be imported late, and why; ``ready()`` may, as models are there by then.
LATE_IMPORTS: dict[str, str] = {}


def late_imports(source: str) -> list[int]:
    """Lines on which something of ours is imported within a function other than ``ready``."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if getattr(function, "name", "") == "ready":
            continue
        for node in ast.walk(function):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "."]
            if any(name.split(".")[0] in {"", *OURS} for name in names):
                found.append(node.lineno)
    return found


def test_the_scan_sees_a_late_import():
    assert late_imports("def f():\n    from people import x") == [2]
    assert late_imports("def f():\n    import people.models") == [2]
    assert late_imports("class C:\n    def ready(self):\n        from people import x") == []
    assert late_imports("def f():\n    from django import x") == []


def test_what_is_ours_is_imported_at_the_top():
    late = {
        f"{name_of(path)}:{line}"
        for path in sources(*FOLDERS)
        for line in late_imports(path.read_text())
        if name_of(path) not in LATE_IMPORTS
    }

    assert late == set()
    assert len(LATE_IMPORTS) <= 2


# --- what the type checker is told to overlook ---

MOST_IGNORED = 30  # may only go down
IGNORE = re.compile(r"#\s*type:\s*ignore(?P<codes>\[[a-z, -]+\])?")


def ignored() -> list[tuple[str, str]]:
    """(where, codes) of every ``type: ignore`` in the apps."""
    return [
        (f"{name_of(path)}:{number}", found["codes"] or "")
        for path in sources(*FOLDERS)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (found := IGNORE.search(line))
    ]


def test_the_type_checker_overlooks_little():
    assert len(ignored()) <= MOST_IGNORED
    assert [where for where, codes in ignored() if not codes] == []  # each says what it overlooks


# --- operations ---


def unexplained(source: str) -> list[str]:
    """Public functions of a module that have no docstring."""
    return [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]


def test_the_scan_sees_an_operation_without_a_docstring():
    assert unexplained("def a(): ...\ndef _b(): ...\ndef c():\n    'd'") == ["a"]


@pytest.mark.parametrize("app", APPS)
def test_operations_say_what_they_do(app):
    found = {
        f"{name_of(path)} {name}"
        for path in sources(app)
        if "operations" in path.parts or path.name == "operations.py"
        for name in unexplained(path.read_text())
    }

    assert found == set()


# --- one way into a booking's queue ---

#: Who makes bookings: an operation, which hands it to ``queue.join``; the demo year and the bench, which write what has
#: long happened, ended rows and all, into tables where nobody else stands.
MAKERS_OF_BOOKINGS = {
    "activities/operations/sign_ups.py", "volunteers/operations/planning.py", "demo/areas/sign_ups.py", "bench/seed.py",
}  # fmt: skip


def makes_bookings(code: str) -> bool:
    calls = (ast.unparse(node.func) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return any(re.fullmatch(r"(\w+\.)?Booking(\.objects\.\w*create\w*)?|.*\.bookings\.create", call) for call in calls)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("Booking(activity=one)", True),
        ("models.Booking.objects.get_or_create(activity=one)", True),
        ("one.bookings.create(made_by=she)", True),
        ("Booking.objects.filter(activity=one)", False),
    ],
)
def test_the_scan_sees_a_booking_being_made(code, found):
    assert makes_bookings(code) is found


def test_bookings_come_into_the_queue_one_way():
    files = [file for app in [*APPS, "config", "demo", "bench"] for file in (BASE_DIR / app).rglob("*.py")]
    texts = {str(one.relative_to(BASE_DIR)): one.read_text() for one in files if "migrations" not in one.parts}
    assert {name for name, text in texts.items() if makes_bookings(text)} == MAKERS_OF_BOOKINGS
    for name in ("activities/operations/sign_ups.py", "volunteers/operations/planning.py"):
        assert "queue.join(" in texts[name]
    assert {name for name, text in texts.items() if "next_sequence(" in text} == {"activities/operations/queue.py"}
