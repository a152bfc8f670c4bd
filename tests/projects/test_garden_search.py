"""A bed is found by its name and by what grows there now."""

import pytest
from model_bakery import baker

from people.models import SearchDocument
from people.search import search_kinds as kinds
from projects.models import Bed, Plant, Planting, Project
from projects.pages.search_garden import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bed(neighbourhood):
    project = baker.make(Project, neighbourhood=neighbourhood, slug="green", title="墙下添绿", is_published=True)
    return baker.make(
        Bed, neighbourhood=neighbourhood, project=project, code="HT-01", title="第一花坛", kind="bed", is_published=True
    )


def kept():
    return SearchDocument.objects.filter(kind="bed").values_list("title", "body")


def test_what_grows_there_is_found_and_what_was_taken_out_is_not(
    bed, neighbourhood, at, django_capture_on_commit_callbacks
):
    plant = baker.make(Plant, neighbourhood=neighbourhood, name="角堇")
    with django_capture_on_commit_callbacks(execute=True):
        planting = baker.make(Planting, bed=bed, plant=plant, quantity=9, planted_on=at.date(), ended_on=None)
    assert list(kept()) == [("HT-01 第一花坛", "角堇")]
    assert words_of(bed) == "角堇"

    with django_capture_on_commit_callbacks(execute=True):
        planting.ended_on = at.date()
        planting.save()
    assert list(kept()) == [("HT-01 第一花坛", "")]


def test_a_hidden_bed_is_not_found(bed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        bed.is_published = False
        bed.save()

    assert list(kept()) == []
    assert kinds.get("bed").label
