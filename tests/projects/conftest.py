"""Rows that the tests of projects share: painted covers; a project with versions of its design."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from model_bakery import baker
from PIL import Image

from people.models import Photo, PrivateFile
from portal.files import read_picture
from projects.models import Cover, DesignDraft, DraftImage, FeedbackRound, Project
from tests.conftest import NOW

PAINTED = date(2018, 4, 21)


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever a request before left switched on."""
    with translation.override("en"):
        yield


@pytest.fixture
def make_project(neighbourhood):
    def make(slug: str, **fields) -> Project:
        values = {"neighbourhood": neighbourhood, "title": slug, "is_published": True, "illustration": "wall"}
        return baker.make(Project, slug=slug, **(values | fields))

    return make


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


TODAY = NOW.date()


@pytest.fixture
def project(neighbourhood) -> Project:
    return baker.make(
        Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", illustration="wall", is_published=True
    )


@pytest.fixture
def make_draft(project):
    """The next version, public for three days and open for feedback until tomorrow; ``published=False`` for one in
    preparation, ``round=None`` for none that takes feedback, ``round=(first, last)`` for other days."""

    def make(*, of=None, published=True, round=(TODAY - timedelta(days=3), TODAY + timedelta(days=1)), **fields):
        of = of or project
        number = of.drafts.count() + 1
        values = {
            "version": number,
            "kind": "first" if number == 1 else "revision",
            "summary": "十幅画，前三幅讲周边历史，加入老物件线描",
            "designer": "壁画工作室",
            "published_at": NOW - timedelta(days=3) if published else None,
        } | fields
        draft = baker.make(DesignDraft, project=of, **values)
        file = baker.make(PrivateFile, neighbourhood=of.neighbourhood, content_type="image/png", added_at=NOW)
        photo = baker.make(
            Photo,
            neighbourhood=of.neighbourhood,
            original=file,
            alt=f"第{number}稿的画",
            is_illustration=True,
            width=1200,
            height=300,
            published_at=values["published_at"],
            folder=f"{of.pk}-{number}" if published else "",
        )
        baker.make(DraftImage, draft=draft, photo=photo, columns=6, rows=2)
        if round and published:
            FeedbackRound.objects.create(draft=draft, opens_on=round[0], closes_on=round[1])
        return draft

    return make


@pytest.fixture
def draft(make_draft) -> DesignDraft:
    return make_draft()


@pytest.fixture
def picture():
    """A small picture as it comes out of an upload."""

    def make(width=120, height=30):
        data = BytesIO()
        Image.new("RGB", (width, height), "#A83C28").save(data, "PNG")
        return read_picture(SimpleUploadedFile("wall.png", data.getvalue(), "image/png"))

    return make


@pytest.fixture
def in_english():
    """For tests that read a refusal's words where no request has chosen a language."""
    with translation.override("en"):
        yield
