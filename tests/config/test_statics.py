"""On a server a phone asks for one style sheet, which holds every part (first visit within 150 KB)."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import FileSystemStorage
from model_bakery import baker

from config.statics import SHEET, JoinedStaticFilesStorage
from tests.conftest import NOW

SOURCE = Path(settings.BASE_DIR) / "static"


@pytest.fixture
def storage(tmp_path):
    """The sheet, its parts and nothing else, as collectstatic leaves them before it hashes."""
    source = FileSystemStorage(location=SOURCE)
    storage = JoinedStaticFilesStorage(location=tmp_path)
    paths = {}
    for sheet in sorted((SOURCE / "css").rglob("*.css")):
        name = str(sheet.relative_to(SOURCE))
        storage.save(name, sheet.open("rb"))
        paths[name] = (source, name)
    for _name, _hashed, problem in storage.post_process(paths):
        assert not isinstance(problem, Exception), problem
    return storage


def test_the_served_sheet_holds_every_part_and_asks_for_no_other(storage):
    parts = re.findall(r'@import url\("([^"]+)"\)', (SOURCE / SHEET).read_text())
    served = Path(storage.path(storage.stored_name(SHEET))).read_text()

    assert parts
    assert "@import" not in served
    for part in parts:
        first_rule = re.sub(r"/\*.*?\*/\s*", "", (SOURCE / "css" / part).read_text(), flags=re.DOTALL)[:60]
        assert first_rule in served


def test_the_served_sheet_is_small(storage):
    served = Path(storage.path(storage.stored_name(SHEET))).read_bytes()
    assert len(gzip.compress(served)) < 16 * 1024


def test_every_component_is_part_of_the_sheet():
    listed = set(re.findall(r'@import url\("components/([^"]+)"\)', (SOURCE / SHEET).read_text()))
    assert listed == {sheet.name for sheet in (SOURCE / "css/components").glob("*.css")}


def test_what_is_collected_is_small():
    """12 MB in all: collectstatic keeps each file plain and hashed, and both compressed, which is under three times as much."""
    files = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    assert len(files) > 100
    assert sum(Path(file).stat().st_size for file in files) < 4 * 2**20


def test_the_first_visit_to_home_weighs_little(client, neighbourhood, make_activity, storage):
    """DESIGN §6: at most 150 KB compressed without photos. Every drawing counts, those further down too."""
    for number, drawing in enumerate(["covers", "wall", "beds"]):
        baker.make(
            "projects.Project", neighbourhood=neighbourhood, slug=f"p{number}", illustration=drawing, is_published=True
        )
    for number in range(12):
        make_activity(title=f"第{number}场活动", starts_at=NOW + timedelta(days=number // 2, hours=3))
    baker.make("community.Article", 9, neighbourhood=neighbourhood, body="寒潮" * 200, published_at=NOW)

    page = client.get(neighbourhood.get_absolute_url()).content
    linked = re.findall(r'(?:src|<link rel="(?:icon|stylesheet)" href)="/static/([^"]+)"', page.decode())
    weights = {"page": len(gzip.compress(page))}
    for name in set(linked):
        served = Path(storage.path(storage.stored_name(SHEET))) if name == SHEET else SOURCE / name
        weights[name] = len(gzip.compress(served.read_bytes()))
    assert {"css/portal.css", "js/portal.js", "art/lane.svg", "art/cover-01.svg"} <= set(weights)
    assert sum(weights.values()) <= 150_000, weights
