"""axe on every page a resident sees, before and after what can go wrong there (L7). What is looked at: addresses.py.

Each look is one browser with one page, which goes round everything; the four looks together are both languages in
normal and large print, on a phone and on a desk. On every page nothing scrolls sideways at 320 px, nor at 200 % zoom:
which makes a desk 640 px wide and a phone 180.
"""

import pytest
from playwright.sync_api import Page

from config.demo import loader
from config.pages import kind_of, walk
from people.models import Neighbourhood
from tests.browser import addresses
from tests.browser.conftest import axe, code_for, sideways

LOOKS = [("zh-hans", False, 360), ("en", True, 360), ("zh-hans", True, 1280), ("en", False, 1280)]

#: The kinds of page that the lists of addresses.py go to.
LISTED = {
    "people:home", "people:privacy", "people:accessibility", "people:join", "people:password", "people:me", "people:settings",
    "people:consents", "people:family-add", "people:family-edit", "people:family-remove", "activities:calendar",
    "activities:detail", "activities:sign-up", "activities:withdraw", "projects:list", "projects:detail", "volunteers:list",
    "events:list", "community:news", "community:article", "people:search",
}  # fmt: skip


@pytest.fixture
def lane(neighbourhood, make_activity, make_person, make_child, resident_text) -> addresses.Lane:
    return addresses.make_lane(neighbourhood, make_activity, make_person, make_child)


def look_at(page: Page, path: str, *, large: bool, width: int) -> None:
    page.goto(path)
    axe(page)
    for narrow in (640, 320, 180):
        page.set_viewport_size({"width": narrow, "height": 740})
        sideways(page)
    page.set_viewport_size({"width": width, "height": 740})


def send_empty(page: Page) -> None:
    """Empty the last form of the page, send it, and look at what it says."""
    form = page.locator("main form[method=post]").last
    for box in form.locator("input:is([type=text], [type=email], [type=date]):visible").all():
        box.fill("")
    for box in form.locator("input[type=checkbox]:visible").all():
        box.uncheck()
    form.locator("button[type=submit]").last.click()
    page.locator("#errors").wait_for()
    axe(page)


@pytest.mark.parametrize(("language", "large", "width"), LOOKS)
def test_every_page(lane, open_page, language, large, width):
    page = open_page(language=language, large=large, width=width)
    seen = set()
    for part in addresses.PUBLIC:
        for path in part(lane):
            look_at(page, path, large=large, width=width)
            seen.add(kind_of(path))

    page.goto("/accounts/join/?next=/me/")
    send_empty(page)
    email = lane.mother.email
    page.locator("[name=name]").fill("邻居")
    page.locator("[name=email]").fill(email)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/code/**")
    axe(page)
    right = code_for(email)
    page.locator("[name=code]").fill("000000" if right != "000000" else "111111")
    page.locator("main form.panel button[type=submit]").click()
    page.locator("#errors").wait_for()
    axe(page)
    page.locator("[name=code]").fill(right)
    page.locator("main form.panel button[type=submit]").click()
    page.wait_for_url("**/me/**")
    # Signing in asks what language the reader has; the look stays.
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])

    for part in addresses.OWN:
        for path in part(lane):
            look_at(page, path, large=large, width=width)
            seen.add(kind_of(path))
    assert seen >= LISTED
    for part in addresses.REFUSED:
        for path in part(lane):
            page.goto(path)
            send_empty(page)

    # And when it works: signed up, and withdrawn again.
    page.goto(lane.open.get_sign_up_url())
    page.locator("form#sign-up [name=who]").first.check()
    page.locator("form#sign-up button[type=submit]").click()
    page.locator(".success").wait_for()
    axe(page)
    page.goto(f"{lane.open.get_absolute_url()}withdraw/")
    for box in page.locator("main form [type=checkbox][name=who]").all():
        box.check()
    page.locator("main form button[type=submit]").last.click()
    page.locator(".messages, .success").first.wait_for()
    axe(page)


def test_every_other_kind_of_page_of_the_demo(open_page, live_server):
    """Whatever a visitor can reach and no list names: one page of each kind, in all four looks."""
    loader.load()
    page = open_page()

    def fetch(path: str) -> tuple[int, str, str]:
        answer = page.request.get(path)
        kind = answer.headers.get("content-type", "")
        return answer.status, kind, answer.text() if "html" in kind else ""

    others = [one for one in walk(fetch, [Neighbourhood.objects.get().get_absolute_url()]) if one.kind not in LISTED]
    assert {one.status for one in others} <= {200}, [one.path for one in others if one.status != 200]
    for language, large, width in LOOKS:
        look = {"django_language": language, "print_size": "large" if large else "normal"}
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in look.items()]
        )
        page.set_viewport_size({"width": width, "height": 740})
        for one in others:
            look_at(page, one.path, large=large, width=width)
