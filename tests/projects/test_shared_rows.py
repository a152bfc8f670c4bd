"""A project's page asks once for what it tells every reader alike; that hides, shows and leaks nothing (DESIGN §6, V5, V6)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from model_bakery import baker

from community.models import Article
from people.models import Consent
from people.operations import consents
from portal import clock
from projects.models import CoverArtist, ProjectArticle, ProjectPhoto, ProjectStage
from tests.conftest import NOW
from tests.projects.conftest import PAINTED
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelved(page_cache, cover_project, commits):
    """The neighbourhood has its version, so shelves are kept from here on."""
    Client().get(cover_project.get_absolute_url())


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def resident(make_person) -> Client:
    return client_of(make_person(user=True).user)


@pytest.fixture
def staff(neighbourhood) -> Client:
    return client_of(staff_user("committee_admin", neighbourhood))


def shown(asker: Client, project) -> str:
    return asker.get(project.get_absolute_url()).content.decode()


def test_the_second_reader_costs_less_than_the_first(cover_project, resident, make_cover, commits):
    with commits():
        make_cover()
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            resident.get(cover_project.get_absolute_url())
        costs.append(len(queries))
    assert costs[1] <= costs[0] - 5


def test_a_name_and_a_photo_go_at_once_when_consent_is_taken_back(
    cover_project, resident, make_person, make_photo, make_cover, commits
):
    with commits():
        painter = make_person(60, nickname="小橙子")
        for purpose in (Consent.Purpose.NICKNAME, Consent.Purpose.PHOTO):
            consents.agree(painter, purpose, actor=painter)
        photo = make_photo("画井盖的人", people=[painter])
        baker.make(ProjectPhoto, project=cover_project, photo=photo)
        baker.make(CoverArtist, cover=make_cover(), person=painter)
    assert "小橙子" in shown(resident, cover_project)
    assert "画井盖的人" in shown(resident, cover_project)

    with commits():
        for purpose in (Consent.Purpose.NICKNAME, Consent.Purpose.PHOTO):
            consents.revoke(painter, purpose, revoked_by=painter)

    page = shown(resident, cover_project)
    assert "小橙子" not in page
    assert "画井盖的人" not in page


def test_what_staff_see_first_is_not_handed_on(cover_project, resident, staff, make_cover, make_person, commits):
    with commits():
        painter = make_person(60, nickname="阿强")
        consents.agree(painter, Consent.Purpose.NICKNAME, actor=painter)
        hidden = make_cover(title="还没公开", is_published=False, painted_on=PAINTED)
        baker.make(CoverArtist, cover=hidden, person=painter)
    assert "还没公开" in shown(staff, cover_project)
    page = shown(resident, cover_project)
    assert "还没公开" not in page
    assert "阿强" not in page


def test_an_article_about_an_inner_meeting_stays_inner(cover_project, resident, staff, make_activity, commits):
    def tell(title, **fields):
        article = baker.make(
            Article,
            neighbourhood=cover_project.neighbourhood,
            title=title,
            published_at=NOW - timedelta(days=1),
            **fields,
        )
        baker.make(ProjectArticle, project=cover_project, article=article)

    with commits():
        tell("大家看")
        tell("党员看", activity=make_activity(visibility="members"))
    for reader, sees in [(staff, True), (resident, False), (Client(), False), (staff, True)]:
        page = shown(reader, cover_project)
        assert "大家看" in page
        assert ("党员看" in page) is sees


def test_an_article_comes_out_at_its_hour_without_a_change(cover_project, resident, commits):
    with commits():
        later = baker.make(
            Article, neighbourhood=cover_project.neighbourhood, title="下午见报", published_at=NOW + timedelta(hours=4)
        )
        baker.make(ProjectArticle, project=cover_project, article=later)
    assert "下午见报" not in shown(resident, cover_project)
    with clock.frozen(NOW + timedelta(hours=5)):
        assert "下午见报" in shown(resident, cover_project)


def test_each_reads_their_own_language_from_one_shelf(cover_project, resident, commits):
    with commits():
        baker.make(ProjectStage, project=cover_project, stage="proposed", order=1, start=PAINTED, end=PAINTED)
    resident.cookies["django_language"] = "zh-hans"
    chinese = shown(resident, cover_project)
    resident.cookies["django_language"] = "en"
    english = shown(resident, cover_project)
    name = ProjectStage.Stage.PROPOSED.label
    with translation.override("zh-hans"):
        assert str(name) in chinese
    assert str(name).capitalize() in english


def test_following_shows_on_ones_own_page_alone(cover_project, resident, make_person, commits):
    follower = make_person(user=True)
    other = client_of(follower.user)
    with commits():
        cover_project.follows.create(person=follower, since=NOW, told_until=NOW)
    assert "No longer follow" in shown(other, cover_project)
    assert "No longer follow" not in shown(resident, cover_project)
