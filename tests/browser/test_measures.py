"""What can only be measured in a browser: nothing moves when pictures arrive, and large print is calm, not only big."""

import time

import pytest
from playwright.sync_api import expect

from demo import loader
from people.models import Neighbourhood
from tests.browser.conftest import PHONE
from tools.crawl import walk

WATCH = """
window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((entry) => shifts.push(entry.value)))
  .observe({type: "layout-shift", buffered: true});
"""
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='400'/>"
CONTROL = (
    f"<!doctype html><style>img {{ display: block }}</style><img alt='' src='/static/art/mark.svg'><p>{'words ' * 99}"
)
# Type of 24 px for 18 px: a third more lines, each a third higher.
LARGER_TYPE = (24 / 18) ** 2


@pytest.fixture
def year(resident_text, guardian_text):
    """The demo's year, as the trial has it."""
    for text in (resident_text, guardian_text):
        text.delete()
    loader.load()
    return Neighbourhood.objects.get()


def shift(page, path: str) -> float:
    """How much of ``path`` moved by itself on the way from top to bottom (0 nothing, 1 everything)."""
    page.goto(path)
    page.evaluate(
        """async () => { for (let y = 0; y < document.body.scrollHeight; y += 600) {
             scrollTo(0, y); await new Promise((done) => setTimeout(done, 60)); } }"""
    )
    page.wait_for_load_state("networkidle")
    return page.evaluate("shifts.reduce((sum, one) => sum + one, 0)")


def test_nothing_moves_when_pictures_arrive(year, open_page):
    page = open_page()
    page.add_init_script(WATCH)

    def late(route) -> None:
        time.sleep(0.1)  # after the words have been laid out
        route.continue_()

    page.route("**/*.{svg,png,jpg,webp,avif}", late)
    page.route("**/js/*.js", lambda route: route.abort())  # only pictures are asked about here
    page.route("**/control/", lambda route: route.fulfill(content_type="text/html", body=CONTROL))
    assert shift(page, "/control/") > 0.01  # a picture without width and height is found out

    def fetch(path: str) -> tuple[int, str, str]:
        answer = page.request.get(path)
        return (
            answer.status,
            answer.headers["content-type"],
            answer.text() if "html" in answer.headers["content-type"] else "",
        )

    home = year.get_absolute_url()
    with_pictures = [one.path for one in walk(fetch, [home]) if "<img" in one.html.split("<main")[1]]
    assert home in with_pictures
    assert {path: moved for path in with_pictures if (moved := shift(page, path)) > 0.001} == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_home_in_large_print_is_half_of_what_larger_type_would_cost(year, open_page, language):
    heights = {}
    for large in (False, True):
        page = open_page(language=language, large=large, width=PHONE["width"])
        page.goto(year.get_absolute_url())
        heights[large] = page.evaluate("document.documentElement.scrollHeight")
    assert heights[True] <= 0.5 * LARGER_TYPE * heights[False], heights


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_sign_up_stands_on_a_phones_first_screen_below_the_risks(open_page, make_activity, language):
    """V1: whoever presses it has read the risks; but nobody has to scroll past everything else to find it."""
    activity = make_activity(title="元旦亲子数井盖猜谜", capacity=9, text="彩虹小路看12个井盖，每个井盖一个谜语。" * 9)
    page = open_page(language=language)
    page.goto(activity.get_absolute_url())
    risks, button = page.locator("#risk").bounding_box(), page.locator("main a.btn").first.bounding_box()
    bar = page.locator(".tabbar").bounding_box()
    assert risks["y"] + risks["height"] <= button["y"]
    assert button["y"] + button["height"] <= bar["y"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_search_stands_in_the_header_on_every_phone(neighbourhood, open_page, language):
    """Beside the two switches, as large as a thumb, in one line (in large print below the name), without script."""
    for large in (False, True):
        page = open_page(language=language, large=large, width=320, script=False)
        page.goto(neighbourhood.get_absolute_url())
        search = page.get_by_role("banner").get_by_role("link", name="Search" if language == "en" else "搜索")
        box, switches = search.bounding_box(), page.locator(".tools :is(.lang, .lp)")
        assert min(box["width"], box["height"]) >= (60 if large else 44)
        lines = {round(one.bounding_box()["y"]) for one in switches.all()}
        assert len(lines) == 1
        assert large or round(box["y"]) in lines
        name = page.locator(".brand").bounding_box()
        assert name["y"] < box["y"] + box["height"] / 2 < name["y"] + name["height"]
        search.click()
        expect(page.locator("main [type=search]")).to_be_visible()


def test_a_phone_folds_what_is_over_while_desk_and_paper_show_it(year, open_page):
    """P1: the steps of a finished project, its older news; reachable without script."""
    path = f"{year.get_absolute_url()}projects/cover/"
    phone = open_page(script=False)
    phone.goto(path)
    steps = phone.locator(".stages li")
    expect(steps.first).to_be_hidden()
    phone.get_by_text("Now: upkeep.").click()
    expect(steps.first).to_be_visible()
    phone.emulate_media(media="print")
    expect(phone.locator(".fold .news-row").last).to_be_visible()

    desk = open_page(width=1280)
    desk.goto(path)
    expect(desk.locator(".stages li").first).to_be_visible()
    expect(desk.locator(".fold summary").first).to_be_hidden()


LAST_LINES = """
() => [...document.querySelectorAll("main h1, main h2, main h3, main .where .nb, main .none a")].map((one) => {
  const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT), lines = [];
  for (let node; (node = walker.nextNode()); ) for (let at = 0; at < node.length; at++) {
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + 1);
    const box = range.getBoundingClientRect();
    if (!node.data[at].trim() || !box.width) continue;
    const line = lines.find((other) => Math.abs(other.bottom - box.bottom) < box.height / 2);
    if (line) line.text += node.data[at]; else lines.push({bottom: box.bottom, text: node.data[at]});
  }
  return lines.map((line) => line.text);
}).filter((lines) => lines.length > 1)
"""


@pytest.mark.parametrize(("width", "large"), [(360, False), (360, True), (1280, False)])
def test_no_title_leaves_one_character_alone(year, open_page, width, large):
    """L7: a title, and a room with its floor in brackets, breaks so that its last line can be read."""
    page = open_page(language="zh-hans", width=width, large=large)
    found = []
    for path in ("", "calendar/", "projects/", "volunteers/"):
        page.goto(f"{year.get_absolute_url()}{path}")
        found += page.evaluate(LAST_LINES)
    assert found
    assert [lines for lines in found if len(lines[-1]) == 1] == []
    assert [lines for lines in found if "）" in lines[-1] and "（" not in lines[-1] and "委会" in lines[-1]] == []
