"""axe on every page a resident sees, before and after what can go wrong there (L7). What is looked at: addresses.py,
and what a reader of the demo's year comes to by links; an address that neither leads to fails the last test.

Each look is one browser with one page, which goes round everything; the four looks together are both languages in
normal and large print, on a phone and on a desk. On every page nothing scrolls sideways at 320 px, nor at 200 % zoom:
which makes a desk 640 px wide and a phone 180.
"""

import inspect
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from playwright.sync_api import Page

from demo import loader
from people.models import Neighbourhood, User
from tests.browser import addresses, test_coming_in, test_service
from tests.browser.conftest import axe, code_for, sideways
from tests.browser.test_html import fetch_with
from tests.staff import client_of
from tools.crawl import kind_of, walk

LOOKS = [("zh-hans", False, 360), ("en", True, 360), ("zh-hans", True, 1280), ("en", False, 1280)]

#: The kinds of page that the lists of addresses.py go to.
LISTED = {
    "people:home", "people:privacy", "people:accessibility", "people:join", "people:password", "people:me", "people:settings",
    "people:consents", "people:family-add", "people:family-edit", "people:family-remove", "activities:calendar",
    "activities:detail", "activities:sign-up", "activities:withdraw", "projects:list", "projects:detail", "volunteers:list",
    "events:list", "community:news", "community:article", "people:search", "people:join-code", "people:family-guardians",
    "people:guardian-accept", "people:guardian-decision", "people:unsubscribe", "activities:answer", "activities:consent",
    "activities:mail-action", "activities:here", "volunteers:mail", "projects:unfollow", "projects:draft-feedback",
    "projects:feedback-take-back", "projects:story-take-back", "projects:upkeep",
}  # fmt: skip

#: Who goes round the demo's year, and how many pages of a kind each opens: only one project has a wall, or drafts.
READERS = {
    "": 6,  # nobody in particular
    "r009@demo.invalid": 1,  # a mother of two
    "p007@demo.invalid": 1,  # on the rota, and who notes who came to a meeting
    "r001@demo.invalid": 1,  # leader of a building
}
DEMO_LOOKS = [("zh-hans", True, 360), ("en", False, 1280)]  # each language, print and width once

RESIDENTS = {"people", "activities", "projects", "volunteers", "events", "community"}
#: Addresses at which nothing stands: buttons, switches, files, feeds, and what leads elsewhere.
NO_PAGES = {
    "people:root", "people:language", "people:print-size", "people:private-file", "people:private-file-by-name",
    "activities:my-feed", "activities:calendar-ics", "activities:ics", "activities:feed-reset", "activities:seen",
    "volunteers:sheet", "activities:consent-revoke", "projects:drafts", "projects:erase-stamps", "volunteers:swap",
}  # fmt: skip
#: Of the trial and of whoever keeps the server; no resident comes there.
TOOLS = {
    "people:mailbox", "people:mailbox-message", "people:mailbox-html", "people:mailbox-attachment", "people:clock-forward",
    "people:status",
}  # fmt: skip
#: Pages that the demo's year does not lead to; the test that looks at each.
ELSEWHERE = {
    **dict.fromkeys(
        (
            "people:join-name",
            "people:kept-words",
            "people:household-answer",
            "people:household-take-back",
            "activities:cannot-come",
            "activities:here-code",
        ),
        test_coming_in.test_pages_that_no_list_leads_to,
    ),
    "activities:slip": test_service.test_a_leader_writes_a_neighbour_down_and_hands_over_the_slip,
    "volunteers:certificate": test_service.test_what_i_did_and_the_certificate_of_it,
    "volunteers:verify": test_service.test_what_i_did_and_the_certificate_of_it,
}


def names_of(resolver, space: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespace."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from names_of(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif one.name:
            yield f"{space}{one.name}"


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
    page.locator("[name=email]").fill(email)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/code/**")
    axe(page)
    seen.add(kind_of(page.url))
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


def test_every_other_kind_of_page_of_the_demo(own_page):
    """Whatever somebody can reach in the demo's year and no list names: one page of each kind.

    No address of a resident's page is left out: it is in a list, or met here, or another test is named that looks at it.
    """
    loader.load()
    home, others, met = Neighbourhood.objects.get().get_absolute_url(), [], set(LISTED)
    for email, each in READERS.items():
        user = User.objects.get(email=email) if email else None
        client = client_of(user) if user else Client()
        for one in walk(fetch_with(client), [home, "/me/"] if user else [home], each=each):
            assert one.status == 200, f"{one.path}: {one.status}"
            if one.kind not in met:
                others.append((user, one.path))
                met.add(one.kind)
    names = {name for name in names_of(get_resolver()) if name.partition(":")[0] in RESIDENTS}
    assert names - met - NO_PAGES - TOOLS == set(ELSEWHERE)
    assert all("axe(" in inspect.getsource(test) for test in ELSEWHERE.values())

    for language, large, width in DEMO_LOOKS:
        users = {user for user, _path in others}
        pages = {user: own_page(user, language=language, large=large, width=width) for user in users}
        for user, path in others:
            look_at(pages[user], path, large=large, width=width)
