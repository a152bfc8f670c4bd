"""Every page kind that opted into the page cache, with the demo year behind it (DESIGN §3 "GET changes nothing", §6)."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from model_bakery import baker

from demo import loader
from people.models import Neighbourhood
from portal.page_cache import middleware
from projects.models import Piece, Project

LINK = re.compile(r'href="(/[^"#]*)')
MOST = 400  # pages to look through for one of each kind

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def views(resolver: URLResolver) -> Iterator[object]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from views(found)
        elif isinstance(found, URLPattern) and found.callback is not None:
            yield getattr(found.callback, "view_class", found.callback)


def kind_of(path: str) -> object | None:
    try:
        found = resolve(path.partition("?")[0]).func
    except Resolver404:
        return None
    view = getattr(found, "view_class", found)
    return view if "cached_query" in vars(view) else None


@pytest.fixture
def one_of_each(db) -> dict[object, str]:
    """{view: an address}, found by following the links of public pages; the first of each kind that is there."""
    loader.load()
    client, found = Client(), {}
    place = Neighbourhood.objects.get()
    piece = Piece.objects.filter(is_published=True).first() or baker.make(  # a code on a tag in the street, not a link
        Piece, neighbourhood=place, project=Project.objects.filter(is_published=True)[0], code="x", is_published=True
    )
    waiting, seen = [f"/{place.slug}/", f"/{place.slug}/places/{piece.code}/"], set()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        seen.add(path)
        response = client.get(path)
        if response.status_code != 200 or response.streaming:
            continue
        found.setdefault(kind_of(path), path)
        for link in map(unescape, LINK.findall(response.content.decode(errors="replace"))):
            # One page of a kind leads to all the others; new kinds first.
            if link not in seen and link not in waiting and (kind := kind_of(link)) is not None and "?" not in link:
                waiting.insert(0 if kind not in found else len(waiting), link)
    found.pop(None, None)
    return found


def test_every_cached_kind_is_the_same_for_all_and_comes_from_memory(one_of_each, page_cache):
    """No cookie, no token, no session, no form that sends; the second time no query."""
    assert set(one_of_each) == {view for view in views(get_resolver()) if "cached_query" in vars(view)}
    wrong = []
    for path in one_of_each.values():
        client = Client(headers={"accept-language": "zh-hans"})
        first, second = client.get(path), client.get(path)  # the very first gives the neighbourhood its version
        with CaptureQueriesContext(connection) as queries:
            third = client.get(path)
        page = second.content.decode()
        for what, is_right in {
            "is answered": first.status_code == second.status_code == third.status_code == 200,
            "is kept": len(queries) == 0,
            "is the same": first.content == second.content == third.content,
            "has an ETag": "ETag" in third,
            "sets no cookie": not (first.cookies or second.cookies or third.cookies),
            "has no token": "csrfmiddlewaretoken" not in page,
            "has no form that sends": 'method="post"' not in page.lower(),
        }.items():
            if not is_right:
                wrong.append(f"{path} does not hold: {what}")
    assert wrong == []


def test_they_reflect_nothing_of_an_address_and_keep_nothing_made_up(one_of_each, page_cache):
    for path in one_of_each.values():
        client = Client()
        for number in range(3):
            assert client.get(f"{path}?made-up={number}").status_code == 200, path
    assert len(middleware.memory) == 0
