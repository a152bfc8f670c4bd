"""axe on every page a resident sees, in both languages, in normal and large print, on a phone and on a desk (L7)."""

from datetime import timedelta

import pytest
from model_bakery import baker

from activities.operations import seats
from projects.models import Project, ProjectStage
from tests.browser.conftest import axe, sign_in
from tests.conftest import NOW


@pytest.fixture
def lane(neighbourhood, make_activity, make_person, make_child, resident_text):
    """A neighbourhood where something is going on; returns {page: address}."""
    mother = make_person(user=True, name="裴莉")
    child = make_child(mother, name="满满")
    first = make_activity(title="盖草帘", capacity=3)
    seats.sign_up(first, [mother, child], made_by=mother, at=NOW, guardian_consents=True)
    full = make_activity(title="送汤圆", capacity=1, starts_at=NOW + timedelta(days=2))
    for _ in range(2):
        seats.sign_up(full, [one := make_person()], made_by=one, at=NOW)
    seats.sign_up(full, [mother], made_by=mother, at=NOW)
    off = make_activity(title="故事会", status="cancelled", cancel_reason="寒潮大风")
    article = baker.make(
        "community.Article",
        neighbourhood=neighbourhood,
        kind="notice",
        title="寒潮提醒",
        body="请包裹水管。",
        published_at=NOW,
    )
    origin = baker.make(
        Project, neighbourhood=neighbourhood, slug="cover", title="井盖彩绘", illustration="covers", is_published=True
    )
    project = baker.make(
        Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", derived_from=origin, illustration="wall", is_published=True,
        governance=["self_governance"], themes=["warm_home"], approved=100, spent=90,
    )  # fmt: skip
    baker.make(ProjectStage, project=project, stage="proposed", start=NOW.date(), end=NOW.date())
    base = f"/{neighbourhood.slug}"
    return {
        "mother": mother,
        "public": [
            f"{base}/", f"{base}/calendar/", f"{base}/calendar/?group=volunteering", first.get_absolute_url(), full.get_absolute_url(),
            off.get_absolute_url(), f"{base}/projects/", project.get_absolute_url(), f"{base}/volunteers/", f"{base}/learning/",
            f"{base}/news/", article.get_absolute_url(), "/privacy/", "/accounts/join/", "/accounts/password/", "/nowhere/at/all/",
            f"{base}/activities/999999/", f"{base}/search/", f"{base}/search/?q=草", f"{base}/search/?q=外星人",
        ],
        "own": [
            f"{base}/", f"{base}/calendar/", first.get_absolute_url(), first.get_sign_up_url(), "/me/", "/me/settings/", "/me/consents/",
            "/me/family/add/", f"/me/family/{child.pk}/", f"{first.get_absolute_url()}withdraw/",
        ],
    }  # fmt: skip


LOOKS = [
    ("zh-hans", False, 360),
    ("zh-hans", True, 360),
    ("en", False, 1280),
    ("en", True, 1280),
    ("zh-hans", False, 320),
]


@pytest.mark.parametrize(("language", "large", "width"), LOOKS)
def test_public_pages(lane, open_page, language, large, width):
    page = open_page(language=language, large=large, width=width)
    for address in lane["public"]:
        page.goto(address)
        axe(page)


@pytest.mark.parametrize(("language", "large", "width"), LOOKS)
def test_own_pages(lane, open_page, language, large, width):
    page = open_page(language="en", large=large, width=width)
    sign_in(page, lane["mother"].email)
    page.wait_for_url("**/me/**")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
    for address in lane["own"]:
        page.goto(address)
        axe(page)
