"""Chromium on a phone's screen, against a live server with the clock held; axe looks after every step."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from weakref import WeakSet

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import BrowserContext, Locator, Page

from people.models import User
from portal import clock, sweeps
from tests.conftest import NOW
from tests.staff import client_of, staff_user

AXE = Axe()
PHONE = {"width": 360, "height": 740}


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.fail("No Chromium: as root, apt-get install chromium; or set CHROMIUM.")
    flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    return {
        **browser_type_launch_args,
        "executable_path": found,
        "args": [*flags.split(), "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture(params=["with-script", "without-script"])
def script(request) -> bool:
    """Every resident's way is walked twice: JavaScript is only an extra."""
    return request.param == "with-script"


@pytest.fixture
def open_page(browser, live_server, settings, page_cache) -> Callable[..., Page]:
    """A page of a fresh browser; ``language``, ``large`` print, ``width`` and ``script`` as wished."""
    settings.SITE_URL = live_server.url
    contexts: list[BrowserContext] = []

    def make(*, language: str = "en", large: bool = False, width: int = 360, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={**PHONE, "width": width},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        cookies = [{"name": "django_language", "value": language, "url": live_server.url}]
        if large:
            cookies.append({"name": "print_size", "value": "large", "url": live_server.url})
        context.add_cookies(cookies)
        contexts.append(context)
        page = context.new_page()
        if not script:
            WITHOUT_SCRIPT.add(page)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def own_page(open_page, live_server) -> Callable[..., Page]:
    """``open_page`` of somebody who is signed in; ``None`` is nobody."""

    def make(user: User | None, **look) -> Page:
        page = open_page(**look)
        if user is not None:
            session = client_of(user).cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return make


WITHOUT_SCRIPT: WeakSet[Page] = WeakSet()


def axe(page: Page) -> None:
    """No violation of any axe rule on the page as it stands now, and no sideways scroll.

    Only on pages with script (see ``look``): axe is one, and without it Chromium would never answer.
    """
    assert page not in WITHOUT_SCRIPT, "without script axe never answers"
    page.wait_for_load_state()  # a click comes back when the next page has begun to arrive, not when it stands
    # preload: else it asks for each style sheet once more, wrongly; what is right need not be told in all detail.
    results = AXE.run(page, options={"preload": False, "resultTypes": ["violations"]})
    if results.violations_count:
        pytest.fail(f"{page.url}\n{results.generate_report()}", pytrace=False)
    sideways(page)


def look(page: Page, script: bool) -> None:
    """``axe`` where there is script."""
    if script:
        axe(page)


def follow(where: Locator) -> None:
    """Click a link or a button that leads to another page, and wait until that page stands.

    A look right after a bare click would fall on the page that is being left.
    """
    with where.page.expect_navigation():
        where.click()


def sideways(page: Page) -> None:
    """Nothing is wider than the screen."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider > 0:
        width = page.viewport_size["width"]
        who = page.evaluate(
            """(width) => [...document.querySelectorAll("main *, header *, footer *, nav *")]
              .filter((one) => one.getBoundingClientRect().right > width + 1 && !one.closest(".scroll, .chips"))
              .slice(0, 3).map((one) => one.outerHTML.slice(0, 160))""",
            width,
        )
        pytest.fail(f"{page.url} scrolls sideways by {wider}px at {width}px: {who}", pytrace=False)


@pytest.fixture
def at_time():
    """Move the held clock and run every sweep there, as beat would have."""

    def move(moment: datetime) -> None:
        assert clock.now() >= NOW
        clock._frozen = moment
        sweeps.run_all()

    return move


def mails_to(address: str) -> list:
    return [message for message in mail.outbox if message.to == [address]]


def code_for(address: str) -> str:
    """The code of the newest mail to ``address``."""
    found = re.search(r"\b(\d{6})\b", mails_to(address)[-1].body)
    assert found, mails_to(address)[-1].body
    return found.group(1)


def link_in(message, words: str) -> str:
    """The address that stands below the line ``words`` in the plain text of a mail."""
    lines = [line.strip() for line in message.body.splitlines()]
    return next(lines[index + 1] for index, line in enumerate(lines) if line == words)


def sign_in(page: Page, address: str, *, back_to: str = "/me/") -> None:
    page.goto(f"/accounts/join/?next={back_to}")
    page.get_by_label("E-mail", exact=False).fill(address)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code", exact=False).first.fill(code_for(address))
    page.get_by_role("button", name="Go on").click()


@pytest.fixture
def read_codes(tmp_path):
    """What zbar reads in a picture of the page, as often as it stands there."""
    reader = shutil.which("zbarimg")
    if reader is None:
        sentence = "No QR reader; as root: apt-get install zbar-tools"
        pytest.fail(sentence) if os.environ.get("CI") else pytest.skip(sentence)

    def read(picture: Path) -> list[str]:
        done = subprocess.run(
            [reader, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)], capture_output=True, text=True
        )
        return sorted(done.stdout.split())

    return read


@pytest.fixture
def staff_page(own_page, neighbourhood):
    """A page of somebody who has given their time code."""

    def make(role: str, *, width: int = 1280, script: bool = True, **scope) -> Page:
        user = staff_user(role, neighbourhood, email=f"{role}-{width}-{script}@example.org", **scope)
        return own_page(user, width=width, script=script)

    return make
