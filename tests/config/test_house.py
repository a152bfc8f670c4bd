"""The house of DESIGN.md §1 and §2: links point down the tower, and time comes from one clock."""

import ast

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
