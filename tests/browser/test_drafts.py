"""One design's whole way: said by a newcomer on the picture, typed in at the desk, answered, taken in, final, followed."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from model_bakery import baker
from playwright.sync_api import expect

from portal.files import read_picture
from projects.models import Feedback, Project
from projects.operations import drafts, feedback
from tests.browser.conftest import axe, code_for, follow, look, mails_to
from tests.conftest import NOW
from tests.staff import staff_user

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def picture():
    from io import BytesIO

    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (1200, 300), "#FBF7EC").save(data, "PNG")
    return read_picture(SimpleUploadedFile("wall.png", data.getvalue(), "image/png"))


@pytest.fixture
def wall(neighbourhood, picture, resident_text):
    """A project whose second version takes feedback until tomorrow; the first has answered feedback with pins."""
    project = baker.make(
        Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", illustration="wall", is_published=True
    )
    clerk = staff_user("committee_admin", neighbourhood)

    def version(kind, items=(), **fields):
        made = drafts.prepare(project, kind=kind, summary="十幅画，前三幅讲周边历史", designer="壁画工作室", **fields)
        drafts.add_image(made, picture, alt="十幅画")
        return drafts.publish(
            made, at=NOW, by=clerk, takes_in=items, closes_on=TODAY + DAY if kind != "final" else None
        )

    first = version("first")
    image = first.images.get()
    spot = feedback.Spot(image, 12.5, 30)
    said = [
        feedback.give(first, words, at=NOW, by=clerk, channel="wechat_group", spot=spot) for words in ("画历史", "淡")
    ]
    said.append(feedback.give(first, "加广告", at=NOW, by=clerk, channel="paper_box"))
    for item, disposition in zip(said, ["adopted", "partly_adopted", "not_adopted"], strict=True):
        feedback.answer(item, disposition=disposition, reply="写明理由", at=NOW, by=clerk)
    return project, version("revision", items=[Feedback.objects.get(pk=said[0].pk)]), version


def test_the_whole_way_of_a_design(wall, open_page, script, at_time):
    project, second, version = wall
    page = open_page(script=script)
    page.goto(project.get_absolute_url())
    look(page, script)
    follow(page.get_by_role("link", name="Say what you think"))
    look(page, script)

    # a newcomer presses a part of the picture, writes, and is asked who they are; the words stay
    page.get_by_label("What would you like to say?").fill("这里画书馆")
    page.get_by_role("button", name="Part C2").click()
    look(page, script)
    expect(page.get_by_label("What would you like to say?")).to_have_value("这里画书馆")
    page.locator("#say").get_by_role("button", name="Send").click()
    page.get_by_label("E-mail", exact=False).fill("new@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code", exact=False).first.fill(code_for("new@example.org"))
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Your name", exact=False).fill("新邻居")
    page.get_by_label("I am 18 or over").check()
    page.get_by_label("may keep my name", exact=False).check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Your words are still here.")).to_be_visible()
    look(page, script)
    page.locator("#say").get_by_role("button", name="Send").click()
    expect(page.get_by_text("Only you can read the words yet")).to_be_visible()
    look(page, script)
    item = Feedback.objects.get(text="这里画书馆")
    assert item.part == "C2"

    # nothing is sent that nobody wrote
    page.goto(second.get_feedback_url())
    page.locator("#say").get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, script)

    # the keyboard wipes one version over the other
    page.goto(second.page("draft-compare", 1))
    page.get_by_label("Half and half").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Version 2")).to_be_checked()
    look(page, script)

    page.goto(project.get_absolute_url())
    page.get_by_role("button", name="Follow this project").click()
    expect(page.get_by_role("button", name="No longer follow")).to_be_visible()
    page.goto("/me/")
    look(page, script)
    page.goto(f"{project.get_absolute_url()}follow/")
    look(page, script)

    # answered, taken in, and told by one mail
    feedback.answer(item, disposition="adopted", reply="列为第二幅", at=NOW)
    version("final", items=[Feedback.objects.get(pk=item.pk)], notice_from=TODAY, notice_until=TODAY + 7 * DAY)
    at_time(NOW + timedelta(minutes=10))
    told = [one for one in mails_to("new@example.org") if "A new version" in one.subject]
    assert len(told) == 1

    # final after the notice, told at once, and not again in the week's news
    at_time(NOW + 8 * DAY)
    third = project.drafts.get(version=3)
    drafts.finalise(third, at=NOW + 8 * DAY)
    page.goto(third.get_absolute_url())
    expect(page.get_by_text("The final design")).to_be_visible()
    look(page, script)
    at_time(NOW + 8 * DAY + timedelta(minutes=40))
    at_time(NOW.replace(day=28, hour=19))
    assert [one.subject for one in mails_to("new@example.org")].count("The design is final: 故事墙") == 1
    assert [one for one in mails_to("new@example.org") if "This week" in one.subject] == []


@pytest.mark.parametrize(("language", "large", "width"), [("zh-hans", True, 360), ("zh-hans", False, 1280)])
def test_pages_of_a_design(wall, open_page, language, large, width):
    project, second, _version = wall
    first = project.drafts.get(version=1)
    page = open_page(language=language, large=large, width=width)
    for address in (
        first.get_absolute_url(),
        second.get_absolute_url(),
        second.get_feedback_url(),
        second.page("draft-compare", 1),
    ):
        page.goto(address)
        axe(page)
