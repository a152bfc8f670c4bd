"""No input makes a 500 (DESIGN.md §3, Bad input): every address, with the demo year behind it, is given nonsense."""

import re
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from activities.models import Activity
from community.models import Article
from demo import loader
from people.models import Neighbourhood, User
from projects.models import Project
from tests.staff import client_of

NONSENSE = ["", "\x00", "😀 ½", "9" * 40, "2018-13-45", "<b>'\"../" + "a" * 3000]
# A query as a broken client sends it: bytes that are no UTF-8, a half escape, a thousand pages.
RAW_QUERIES = ["%ff%fe=%ff", "page=%", "page=" + "9" * 300, "&&=&=", "next=//evil.example&next=%00"]
NAMES = [
    "page",
    "kind",
    "q",
    "who",
    "place",
    "theme",
    "zoom",
    "booking",
    "booked",
    "copy",
    "next",
    "week",
    "day",
    "weekend",
    "year",
    "o",
    "p",
]
EMAILS = {"resident": "r009@demo.invalid", "staff": "p033@demo.invalid"}
FILLED = re.compile(r"<(?:input|select|textarea|button)[^>]*\bname=\"([^\"]+)\"")

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for found in resolver.url_patterns:
        route = before + str(found.pattern)
        if isinstance(found, URLResolver):
            if "admin" not in route:
                yield from patterns(found, route)
        elif isinstance(found, URLPattern):
            yield route


def addresses(real: dict[str, str]) -> list[tuple[str, bool]]:
    """Each address with what exists (True), and with two kinds of nonsense in its places (False)."""
    found = []
    for route in patterns(get_resolver()):
        if "^" in route:  # allauth's key of a password reset
            found.append(("accounts/password/reset/key/0-x/", True))
            continue
        for kinds in ({}, {"int": "0", "slug": "x", "str": "x"}, {"int": "9" * 30, "slug": "a" * 300, "str": "\x00😀"}):

            def filled(match: re.Match[str], kinds: dict[str, str] = kinds, route: str = route) -> str:
                kind, name = match[1], match[2]
                if name == "code" and "/places/" in route:
                    name = "piece"  # elsewhere a code is a language
                if name == "neighbourhood":
                    return real["neighbourhood"] if kinds.get("slug") != "x" else "nowhere"
                return quote(kinds.get(kind) or real.get(name) or "x", safe="/")

            found.append((re.sub(r"<(\w+):(\w+)>", filled, route), not kinds))
    return sorted(set(found))


class Asker:
    """Asks and notes what answered with 500; an exception inside the portal counts as one."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.client.raise_request_exception = False
        self.broken: set[str] = set()

    def get(self, path: str, query: str = "") -> str:
        response = self.client.get(f"/{path}", QUERY_STRING=query)
        self._note("GET", path, query, response)
        return "" if response.streaming or response.status_code != 200 else response.content.decode(errors="replace")

    def post(self, path: str, fields: dict[str, str]) -> None:
        self._note("POST", path, repr(fields)[:200], self.client.post(f"/{path}", fields))

    def _note(self, method: str, path: str, what: str, response) -> None:
        if response.status_code >= 500:
            self.broken.add(f"{method} /{path[:80]} {what[:160]} {response.status_code}")


@pytest.fixture
def demo(db):
    loader.load()
    place = Neighbourhood.objects.get()
    return {
        "neighbourhood": place.slug,
        "pk": str(Activity.objects.filter(status="published").order_by("-starts_at").values_list("pk", flat=True)[0]),
        "slug": Project.objects.values_list("slug", flat=True)[0],
        "code": "en",
        "piece": "JG-01",
        "size": "large",
        "garden": "green",
        "season": "2019-spring",
        "wall": "wall",
        "number": "1",
        "article": str(Article.objects.values_list("pk", flat=True)[0]),
    }


def as_somebody(role: str) -> Client:
    if role == "nobody":
        return Client()
    return client_of(User.objects.get(email=EMAILS[role]))


@pytest.mark.parametrize("role", ["nobody", "resident"])
def test_no_address_breaks(demo, role):
    asker = Asker(as_somebody(role))
    for path, exists in addresses(demo):
        if path in {"accounts/logout/", "readyz"}:  # the one ends the visit, the other says 503 when nothing works
            continue
        page = asker.get(path)
        if not exists:
            asker.post(path, {})
            continue
        for query in RAW_QUERIES:
            asker.get(path, query)
        names = set(FILLED.findall(page)) - {"csrfmiddlewaretoken"}
        for nonsense in NONSENSE:
            asker.get(path, "&".join(f"{name}={quote(nonsense)}" for name in sorted(names | set(NAMES))))
            asker.post(path, dict.fromkeys(names, nonsense))
            if role == "resident":
                asker.client.force_login(User.objects.get(email=EMAILS[role]))  # some addresses end the visit

    assert sorted(asker.broken) == []


def test_no_list_of_the_staff_breaks(demo):
    asker = Asker(as_somebody("staff"))
    for model, pages in admin.site._registry.items():
        path = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        names = [
            "q",
            "o",
            "p",
            "all",
            "id__exact",
            "e",
            "_popup",
            *(str(name) for name in pages.list_filter if isinstance(name, str)),
        ]
        if pages.date_hierarchy:
            names += [f"{pages.date_hierarchy}__{part}" for part in ("year", "month", "day")]
        asker.get(path)
        # Every name with every nonsense is asked of empty lists elsewhere (test_admin_odd_input); here rows stand in them.
        for name, nonsense in zip(names, cycle(["\x00", "9" * 40, "0"])):
            asker.get(path, f"{name}={quote(nonsense)}")
        for nonsense in ["\x00", "9" * 40]:
            asker.get(path + quote(nonsense, safe="") + "/change/")
        fields = set(FILLED.findall(asker.get(path + "add/"))) - {"csrfmiddlewaretoken"}
        for nonsense in ["\x00", NONSENSE[-1]]:
            asker.post(path + "add/", dict.fromkeys(fields, nonsense))

    assert sorted(asker.broken) == []
