"""A shift's poster wears the picture of its project."""

import pytest
from model_bakery import baker

from people.pages import posters
from projects.models import Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(neighbourhood):
    return baker.make(
        Project, neighbourhood=neighbourhood, slug="p", title="井盖", illustration="covers", is_published=True
    )


def test_covers_stand_in_a_row(make_activity, project):
    found = posters.pictures_of(make_activity(project=project))

    assert len(found) == 7
    assert all(picture.round for picture in found)


@pytest.mark.parametrize(
    ("month", "season"), [(1, "winter"), (4, "spring"), (7, "summer"), (10, "autumn"), (12, "winter")]
)
def test_beds_show_the_season_of_the_day(make_activity, project, at, month, season):
    project.illustration = "beds"
    project.save()

    found = posters.pictures_of(make_activity(project=project, starts_at=at.replace(month=month, day=3)))

    assert [picture.src for picture in found] == [f"/static/art/bed-{season}.svg"]


def test_a_hidden_project_lends_no_picture(make_activity, project):
    project.is_published = False
    project.save()

    assert posters.pictures_of(make_activity(project=project)) == []
    assert posters.pictures_of(make_activity()) == []
