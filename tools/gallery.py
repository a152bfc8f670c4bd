"""Pictures of every kind of page, to be looked at before a change to the look lands (docs/look.md).

.venv/bin/python -m tools.gallery --out DIR
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape, unescape
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.request import urlopen

import django
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.template.loader import render_to_string

from tools.crawl import Page, walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = (360, 768, 1280)
A4 = 794  # CSS pixels
HIGHEST = 14_000  # of one picture
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --hide-scrollbars"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
PRINTS = ("normal", "large")
#: Who looks: {name: (e-mail of the demo, where they start, which kinds of page are theirs)}.
READERS = {
    "visitor": (
        "",
        [
            *("/lane-600/", "/lane-600/calendar/", "/privacy/", "/accounts/join/", "/nowhere/", "/verify/0/"),
            *("/lane-600/search/", "/lane-600/search/?q=井盖", "/lane-600/search/?q=外星人"),
        ],
        "",
    ),
    "resident": (
        "r009@demo.invalid",
        ["/lane-600/", "/me/", "/lane-600/calendar/"],
        r"people:(home|me|family|consents|settings|mailbox)|activities:(calendar|detail|sign-up|withdraw|answer|consent)"
        r"|volunteers:(my-|certificate)|account_",
    ),
    "gardener": (
        "p007@demo.invalid",
        [
            "/lane-600/volunteers/rota/t_flower/",
            "/lane-600/places/HT-3/upkeep/",
            "/lane-600/stories/tell/",
            "/lane-600/projects/green/flowers/2019-spring/",
            "/lane-600/projects/wall/follow/",
            "/lane-600/places/JG-01/stamp/",
        ],
        r"projects:(upkeep|season|story-tell|follow|stamp)$|volunteers:(rota|promises|morning|my-)",
    ),
    "leader": (
        "r001@demo.invalid",
        ["/lane-600/building/", "/me/next-time/"],
        r"activities:(building|neighbour|slip)|volunteers:next-time",
    ),
    "newcomer": ("r031@demo.invalid", ["/lane-600/", "/me/"], r"people:(home|me)$|activities:sign-up"),
}
EACH = {"activities:detail": 4, "projects:detail": 3, "people:search": 3, "404": 2}
#: Whose form is sent without what it needs, so that its sentences are seen too.
REFUSED = r"people:(join|family-add|settings)"
#: Pages that need something broken; they stand on nothing, so they are shown as they are.
BROKEN = ("400", "500", "503")
#: Who works in the staff pages, which lists of theirs are shown (each with its first record), and which acts of a record.
STAFF = "p033@demo.invalid"
DESK = (
    "projects/project", "projects/designdraft", "projects/feedback", "projects/cover", "projects/seasonplan",
    "volunteers/shift", "volunteers/rota", "volunteers/servicerecord", "volunteers/certificate", "projects/planpicture",
    "community/deliberation", "community/article", "activities/circular", "people/photo", "people/person", "people/message",
    "projects/wall", "projects/wallpanel", "projects/wallstage", "projects/oralhistory", "projects/trail", "projects/bed",
)  # fmt: skip
RECORD = re.compile(r"<th class=\"field-[^\"]*\"><a href=\"([^\"]+/change/)")
ACTS = re.compile(r"href=\"(/[^\"]+/(attendance|service|enter)/)")
TOOLS = re.compile(
    r"<a href=\"(/admin/\w+/\w+/[^\"]*?([a-z]+(?:-[a-z]+)*)/(?:\?[^\"]*)?)\"[^>]*class=\"(?:act|addlink)"
)
SECRET = re.compile(r"^(\S+@\S+) .*\n\s+password\s+\S+\n\s+TOTP\s+(\S+)$", re.MULTILINE)


class Shot(NamedTuple):
    name: str
    path: str
    reader: str
    is_sent: bool = False  # the page's form, without what it needs
    is_stale: bool = False  # as if the page had been open for days


class CannotBegin(Exception):
    """A sentence that says what is missing."""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tools.gallery",
        description="Make pictures of every kind of page from a fresh trial: each width, language and print size, and on paper.",
    )
    made.add_argument("--out", required=True, type=Path, help="folder for the pictures; made if missing")
    made.add_argument("--only", default="", help="a regular expression that names of pages must contain")
    made.add_argument("--widths", nargs="*", type=int, default=WIDTHS, help="in CSS pixels (360 768 1280)")
    made.add_argument("--languages", nargs="*", choices=list(LANGUAGES), default=list(LANGUAGES))
    made.add_argument("--prints", nargs="*", choices=PRINTS, default=PRINTS)
    made.add_argument("--no-paper", action="store_true", help="no picture of the printed page")
    return made


def main(arguments: list[str]) -> None:
    options = vars(parser().parse_args(arguments))
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise CannotBegin("The gallery needs Playwright: python3 bootstrap.py test installs it.") from error
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise CannotBegin("No Chromium: as root, apt-get install chromium; or set CHROMIUM.")
    options["out"].mkdir(parents=True, exist_ok=True)
    with trial() as (base, passwords, secrets), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        made = Gallery(browser, base, passwords, options, secrets).make(print)
        browser.close()
    (options["out"] / "index.html").write_text(contact_sheet(made), encoding="utf-8")
    print(f"{len(made)} pictures; look at them: {options['out'] / 'index.html'}")


@contextmanager
def trial() -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """A server with the demo year in a folder that goes away again: (its address, {e-mail: password}, {e-mail: TOTP})."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="portal-gallery-") as folder:
        for_all = {"DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL", "ENV_FILE", "SITE_URL"}
        environment = {key: value for key, value in os.environ.items() if key not in for_all}
        environment |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.local"}
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "prepare"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        sheet = (Path(folder) / "demo_accounts.txt").read_text(encoding="utf-8")
        passwords = dict(re.findall(r"^(\S+@\S+) .*\n\s+password\s+(\S+)$", sheet, re.MULTILINE))
        server = subprocess.Popen(
            [*manage, "serve", "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        base = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{base}/healthz", server)
            yield base, passwords, dict(SECRET.findall(sheet))
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen, seconds: int = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            urlopen(address, timeout=2).close()  # our own server
            return
        except OSError:
            time.sleep(0.2)
    raise CannotBegin("The trial for the gallery did not start; python3 bootstrap.py serve says why.")


class Gallery:
    def __init__(
        self,
        browser: "Browser",
        base: str,
        passwords: dict[str, str],
        options: dict[str, Any],
        secrets: dict[str, str] | None = None,
    ) -> None:
        self.browser, self.base, self.passwords, self.options = browser, base, passwords, options
        self.secrets = secrets or {}

    def make(self, tell) -> list[tuple[Shot, str]]:
        """[(what is shown, file name)]"""
        made = []
        for reader, (email, starts, own) in {**READERS, "staff": (STAFF, [], "")}.items():
            context = self.browser.new_context(base_url=self.base, reduced_motion="reduce", locale="zh-CN")
            if email:
                self.sign_in(context, email)
            shots = list(self.shots(context, reader, starts, own) if starts else self.staff_pages(context, reader))
            if not email:
                shots += self.broken(context)
            for language, size in product(self.options["languages"], self.options["prints"]):
                context.add_cookies(self.cookies(language, size))
                for shot in shots:
                    if size != "normal" and shot.path.startswith("/admin/"):
                        continue  # Django's pages know one size
                    made += [(shot, name) for name in self.pictures(context, shot, language, size)]
                tell(f"{reader}: {len(shots)} pages, {language}, {size} print")
            context.close()
        return made

    def sign_in(self, context: "BrowserContext", email: str) -> None:
        page = context.new_page()
        page.goto("/accounts/password/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(self.passwords[email])
        page.locator("main form [type=submit]").first.click()
        page.wait_for_load_state()
        if page.locator("[name=code]").count():
            page.locator("[name=code]").fill(time_code(self.secrets[email]))
            page.locator("main form [type=submit]").first.click()
        page.wait_for_url("**/me/**")
        page.close()

    def cookies(self, language: str, size: str) -> list[Any]:
        values = {"django_language": LANGUAGES[language], "print_size": size}
        return [{"name": name, "value": value, "url": self.base} for name, value in values.items()]

    def shots(self, context: "BrowserContext", reader: str, starts: list[str], own: str) -> Iterator[Shot]:
        def fetch(path: str) -> tuple[int, str, str]:
            answer = context.request.get(path)
            kind = answer.headers.get("content-type", "")
            return answer.status, kind, answer.text() if "html" in kind else ""

        met: Counter[str] = Counter()
        for page in walk(fetch, starts, each=max(EACH.values())):
            met[page.kind] += 1
            if met[page.kind] > EACH.get(page.kind, 1) or not re.search(own, page.kind):
                continue
            name = self.name_of(page, reader, met[page.kind])
            if re.search(self.options["only"], name):
                yield Shot(name, page.path, reader)
            if re.search(REFUSED, page.kind) and re.search(self.options["only"], refused := f"{name}-refused"):
                yield Shot(refused, page.path, reader, is_sent=True)
            if page.kind == "people:join" and re.search(self.options["only"], stale := f"{reader}-403-csrf"):
                yield Shot(stale, page.path, reader, is_sent=True, is_stale=True)

    def broken(self, context: "BrowserContext") -> list[Shot]:
        """Each at an address that only this browser knows."""
        shots = []
        for status in BROKEN:
            path = f"/broken/{status}/"
            html = render_to_string(f"{status}.html", {"phone": "10000000001"})
            context.route(
                f"**{path}", lambda route, _request, html=html: route.fulfill(content_type="text/html", body=html)
            )
            shots.append(Shot(f"visitor-{status}", path, "visitor"))
        return [shot for shot in shots if re.search(self.options["only"], shot.name)]

    def staff_pages(self, context: "BrowserContext", reader: str) -> Iterator[Shot]:
        """The staff's first page, their lists with the first record of each, and what is done from there, each kind once."""
        found = {f"{reader}-today": "/admin/"}
        acts: set[str] = set()
        for model in DESK:
            name, path = f"{reader}-{model.replace('/', '-')}", f"/admin/{model}/"
            found[name] = path
            text = context.request.get(path).text()
            if record := RECORD.search(text):
                found[f"{name}-change"] = record[1]
                text += context.request.get(record[1]).text()
            for act, word in ACTS.findall(text):
                found[f"{name}-{word}"] = act
            for act, word in TOOLS.findall(text):
                if word not in acts:
                    acts.add(word)
                    found[f"{name}-{word}"] = unescape(act)
        for name, path in found.items():
            if re.search(self.options["only"], name):
                yield Shot(name, path, reader)
            if path.endswith("/add/") and re.search(self.options["only"], refused := f"{name}-refused"):
                yield Shot(refused, path, reader, is_sent=True)

    @staticmethod
    def name_of(page: Page, reader: str, number: int) -> str:
        return "-".join([reader, page.kind.replace(":", "-")] + ([str(number)] if number > 1 else []))

    def pictures(self, context: "BrowserContext", shot: Shot, language: str, size: str) -> Iterator[str]:
        page = context.new_page()
        for width in self.options["widths"]:
            page.set_viewport_size({"width": width, "height": 800})
            self.open(page, shot)
            # The whole page as one high screen: the bar stands at its foot, and lazy pictures are fetched.
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": min(height, HIGHEST)})
            page.wait_for_load_state("networkidle")
            yield self.keep(page, f"{shot.name}.{width}.{language}.{size}.png")
        if not self.options["no_paper"] and not shot.is_sent:  # nobody prints a form that was refused
            page.emulate_media(media="print")
            page.set_viewport_size({"width": A4, "height": 1123})
            self.open(page, shot)
            yield self.keep(page, f"{shot.name}.paper.{language}.{size}.png", full_page=True)
        page.close()

    @staticmethod
    def open(page, shot: Shot) -> None:
        page.goto(shot.path)
        if shot.is_sent:
            form = page.locator("main form[method=post]").last
            for box in form.locator("input:is([type=text], [type=email], [type=date]):visible").all():
                box.fill("")
            if shot.is_stale:
                form.locator("[name=csrfmiddlewaretoken]").evaluate("box => box.value = 'x'")
            with page.expect_navigation():
                form.evaluate("form => HTMLFormElement.prototype.submit.call(form)")

    def keep(self, page, name: str, **options: Any) -> str:
        page.screenshot(path=self.options["out"] / name, **options)
        return name


def time_code(secret: str) -> str:
    """What an authenticator shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def contact_sheet(made: list[tuple[Shot, str]]) -> str:
    """One page with all pictures, a page's own beside each other; it lies beside them and is shown to nobody else."""
    by_shot: dict[Shot, list[str]] = {}
    for shot, name in made:
        by_shot.setdefault(shot, []).append(name)
    parts = [
        f"<h2>{escape(shot.name)} <small>{escape(shot.path)}</small></h2><p>"
        + " ".join(
            f'<a href="{name}"><img src="{name}" alt="{name}" height="420" loading="lazy"></a>' for name in names
        )
        for shot, names in by_shot.items()
    ]
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title>{"".join(parts)}'


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    django.setup()
    try:
        main(sys.argv[1:])
    except CannotBegin as sentence:
        sys.exit(str(sentence))
