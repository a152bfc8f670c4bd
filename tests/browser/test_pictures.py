"""Before and after by keyboard and without script, nothing that moves while pictures load, and several photos sent at once."""

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from people.models import Photo
from people.operations import photos
from tests.browser.conftest import axe
from tests.browser.test_staff import settled


@pytest.fixture
def pair(make_photo):
    return photos.pair(make_photo("返碱发黑的墙"), make_photo("十幅彩画"), caption="修补前后")


SHOWN = "getComputedStyle(document.querySelector('.compare .after img')).clipPath"


@pytest.mark.parametrize("script", [True, False])
def test_before_and_after_by_keyboard(open_page, pair, neighbourhood, script):
    """S39 and L7: three radios, arrow keys, no script; axe after each choice."""
    page = open_page(script=script)
    page.goto(f"/{neighbourhood.slug}/photos/")
    half = page.get_by_role("radio", name="Half and half")
    half.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="After")).to_be_checked()
    if script:
        assert page.evaluate(SHOWN) == "inset(0px)"
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("radio", name="Before")).to_be_checked()
        assert page.evaluate(SHOWN) == "inset(0px 0px 0px 100%)"
        axe(page)
        page.emulate_media(media="print")
        left, right = (page.locator(f".compare .{side} img").bounding_box() for side in ("before", "after"))
        assert left["x"] + left["width"] <= right["x"]  # side by side on paper


@pytest.mark.parametrize(
    ("language", "large", "width"), [("zh-hans", False, 320), ("en", True, 360), ("zh-hans", False, 1280)]
)
def test_photo_pages(open_page, pair, make_photo, neighbourhood, language, large, width):
    single = make_photo("花坛", caption="栽花", is_illustration=True)
    page = open_page(language=language, large=large, width=width)
    for address in ("photos/", f"photos/{single.pk}/", f"photos/{pair.after_id}/"):
        page.goto(f"/{neighbourhood.slug}/{address}")
        axe(page)


def test_nothing_moves_while_pictures_come(open_page, make_photo, neighbourhood):
    """No layout shift: every picture's place is kept by its width and height."""
    for number in range(5):
        make_photo(f"照片{number}", size=(400, 300))
    page = open_page(width=1280)
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) window.moved += e.value; })"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(f"/{neighbourhood.slug}/photos/")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert page.locator(".gallery img").evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)")
    assert page.evaluate("window.moved") < 0.01


def test_staff_send_several_photos_and_write_what_can_be_seen(staff_page, neighbourhood, photo_folders):
    out = BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "PNG")
    files = [
        {"name": name, "mimeType": "image/png", "buffer": data}
        for name, data in (("一.png", out.getvalue()), ("二.png", b"words"))
    ]
    page = staff_page("committee_admin", width=360)
    page.goto(reverse("admin:people_photo_several"))
    axe(settled(page))
    page.get_by_label("photos").set_input_files(files)
    page.get_by_role("button", name="Keep these photos").click()
    page.get_by_text("Not kept, 二.png").wait_for()
    axe(settled(page))
    page.get_by_label("what can be seen").fill("墙下的花坛")
    page.get_by_role("button", name="Save the words").click()
    page.get_by_text("publish it").wait_for()
    assert Photo.objects.get().alt == "墙下的花坛"
    axe(settled(page))
