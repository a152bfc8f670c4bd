"""Posters and tags on a screen and on paper: a real reader reads the codes, and nothing falls off the sheet."""

import pytest

from people.models import Neighbourhood
from tests.browser.conftest import axe

LONG = "在寒潮来临之前，给弄堂里所有花坛盖上草帘，并把怕冷的花盆搬进居委会一楼"


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 360), ("en", 1280)])
def test_posters_and_tags_are_read_by_a_real_reader(
    open_page, live_server, make_activity, read_codes, tmp_path, language, width
):
    activity = make_activity(capacity=24, text="给花坛盖草帘。" * 9)
    address = f"{live_server.url}{activity.get_absolute_url()}"
    page = open_page(language=language, width=width)

    for kind, expected in (("poster", 1), ("tags", 8)):
        page.goto(f"{activity.get_absolute_url()}{kind}/")
        axe(page)
        page.emulate_media(media="print")
        picture = tmp_path / f"{kind}.png"
        page.set_viewport_size({"width": 800, "height": 1130})  # the paper, at 96 dpi
        page.locator(".sheet").screenshot(path=picture)
        assert read_codes(picture) == [address] * expected
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": width, "height": 740})


@pytest.mark.parametrize("kind", ["poster", "tags"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_even_many_words_stay_on_one_sheet(open_page, make_activity, kind, language):
    Neighbourhood.objects.update(
        organiser="宝昌路600弄居民区党总支、宝昌路600弄居民委员会", office="宝昌路600弄居委会一楼接待窗口"
    )
    activity = make_activity(
        title=(LONG * 4)[:120], text=LONG * 9, location_note=LONG[:30], risks=LONG * 8, safeguards=LONG * 8,
        bring=(LONG * 8)[:160],
        insurance=True, capacity=24, min_age=6, max_age=14, open_to=["members", "residents", "families", "students"],
    )  # fmt: skip
    page = open_page(language=language, width=1280)

    page.goto(f"{activity.get_absolute_url()}{kind}/")

    inner = page.locator(".sheet-in" if kind == "poster" else ".tag-in").first
    assert inner.evaluate("box => box.scrollHeight - box.clientHeight") <= 1
    sheet = page.locator(".sheet").evaluate(
        "box => [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth]"
    )
    assert max(sheet) <= 1
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") + pdf.count(b"/Type /Page ") == 1


def test_the_words_for_a_group_are_copied_with_one_press(open_page, make_activity):
    activity = make_activity()
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(activity.get_absolute_url())
    page.get_by_role("link", name="Poster and words for groups").click()

    page.get_by_role("button", name="Copy").click()

    page.get_by_text("Copied. Now paste it into the group.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#chat").input_value()
    axe(page)
