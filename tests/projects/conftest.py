"""Rows that the tests of projects share."""

from datetime import date

import pytest
from django.utils import translation
from model_bakery import baker

from projects.models import Cover, Project

PAINTED = date(2018, 4, 21)


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever a request before left switched on."""
    with translation.override("en"):
        yield


@pytest.fixture
def cover_project(neighbourhood):
    return baker.make(
        Project,
        neighbourhood=neighbourhood,
        slug="cover",
        title="井盖彩绘",
        is_published=True,
        pieces_note="燃气井盖不画",
    )


@pytest.fixture
def make_cover(neighbourhood, cover_project):
    count = 0

    def make(**fields) -> Cover:
        nonlocal count
        count += 1
        values = {
            "neighbourhood": neighbourhood, "project": cover_project, "code": f"JG-{count:02}", "title": f"井盖{count}",
            "order": count, "kind": "cover", "theme": "water_saving", "is_published": True, "utility": "rain",
            "mark": "雨", "owner": "物业",
            "consent_by": "物业经理", "consent_on": date(2018, 4, 6), "painted_on": PAINTED, "anti_slip": True,
        }  # fmt: skip
        return baker.make(Cover, **(values | fields))

    return make
