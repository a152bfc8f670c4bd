"""axe on every page a resident sees, in both languages, in normal and large print, on a phone and on a desk (L7)."""

from datetime import timedelta

import pytest
from model_bakery import baker

from activities.operations import seats
from config.demo.drawing import picture_for
from projects.models import Cover, PlanPicture, Project, ProjectStage, Trail, TrailPoint, TrailWord
from projects.operations.plan import show_picture
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
    cover = on_the_plan(neighbourhood, origin)
    return {
        "mother": mother,
        "public": [
            f"{base}/", f"{base}/calendar/", f"{base}/calendar/?group=volunteering", first.get_absolute_url(), full.get_absolute_url(),
            off.get_absolute_url(), f"{base}/projects/", project.get_absolute_url(), f"{base}/volunteers/", f"{base}/learning/",
            f"{base}/news/", article.get_absolute_url(), "/privacy/", "/accounts/join/", "/accounts/password/", "/nowhere/at/all/",
            f"{base}/activities/999999/", f"{base}/search/", f"{base}/search/?q=草", f"{base}/search/?q=外星人",
            cover.get_absolute_url(), f"{cover.get_absolute_url()}stamp/", f"{base}/plan/", f"{base}/plan/?zoom=0", f"{base}/trails/lane/",
            f"{base}/trails/lane/sheet/",
        ],
        "own": [
            f"{base}/", f"{base}/calendar/", first.get_absolute_url(), first.get_sign_up_url(), "/me/", "/me/settings/", "/me/consents/",
            "/me/family/add/", f"/me/family/{child.pk}/", f"{first.get_absolute_url()}withdraw/", f"{cover.get_absolute_url()}stamp/",
        ],
    }  # fmt: skip


def on_the_plan(neighbourhood, project) -> Cover:
    """The drawn plan with a trail of two covers, a gate and words about the first cover; returns that."""
    plan = baker.make(
        PlanPicture, neighbourhood=neighbourhood, title="示意图", notice="仅示意", text_alternative="一条路"
    )
    show_picture(plan, picture_for("plan", "plan"))
    trail = baker.make(
        Trail, neighbourhood=neighbourhood, slug="lane", title="彩虹小路", walk_minutes=15, is_published=True
    )
    baker.make("people.Location", neighbourhood=neighbourhood, code="gate", name="南门", kind="gate", x=50, y=96)
    points = []
    for number, theme in enumerate(["water_saving", "clean_air", "clean_plate"], start=1):
        cover = baker.make(
            Cover, neighbourhood=neighbourhood, project=project, code=f"JG-{number:02}", title=f"井盖{number}", kind="cover",
            theme=theme, order=number, x=50, y=90 - 8 * number, is_published=True, owner="物业", utility="rain", mark="雨",
            message="别倒剩汤",
        )  # fmt: skip
        points.append(baker.make(TrailPoint, trail=trail, piece=cover, order=number))
    baker.make(TrailWord, point=points[0], name="老陶", words="好看", said_on=NOW.date(), state="shown")
    return Cover.objects.get(code="JG-01")


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
