"""Every kind of page, found as a reader finds it: by following links. What tests and the gallery look at.

A new page that something links to is found without being listed anywhere.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from html import unescape
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve

#: (status, type of content, text) of an address; what asks may be Django's test client or a browser's.
Fetch = Callable[[str], tuple[int, str, str]]

# Switches are no pages; leaving would end the walk; the staff's pages are Django's and are looked at by their own tests.
PASSED_BY = {"people:language", "people:print-size", "account_logout", "public-file", "people:private-file"}
PASSED_BY_SPACES = {"admin"}
LINK = re.compile(r"<a\b[^>]*?\bhref=\"([^\"]+)\"")


class Page(NamedTuple):
    kind: str  # the address's name, activities:detail; of a refusal its status, 404
    path: str  # with its query
    status: int
    html: str


def kind_of(path: str) -> str:
    """The name of the address ``path`` has in urls.py; "" where there is no page to look at."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return ""
    if match.view_name in PASSED_BY or PASSED_BY_SPACES & set(match.namespaces):
        return ""
    return match.view_name or match.route


def walk(fetch: Fetch, starts: Iterable[str], *, each: int = 1) -> list[Page]:
    """Up to ``each`` pages of every kind that can be reached from ``starts``, in the order they are met.

    Of one kind those come first that are nearest; an address with a query is asked for only where no plain one is known.
    """
    waiting, known, met = deque(starts), set(starts), Counter[str]()
    later: deque[str] = deque()  # filters, other weeks: pages again, so they wait until the plain ones are through
    pages = []
    while waiting or later:
        path = waiting.popleft() if waiting else later.popleft()
        kind = kind_of(path)
        if not kind or met[kind] >= each:
            continue
        status, content_type, text = fetch(path)
        if not content_type.startswith("text/html"):
            continue
        kind = kind if status == 200 else str(status)  # a refusal is a kind of its own
        met[kind] += 1
        pages.append(Page(kind, path, status, text))
        for href in LINK.findall(text):
            address = urldefrag(urljoin(path, unescape(href))).url
            if address.startswith("/") and not address.startswith("//") and address not in known:
                known.add(address)
                (later if "?" in address else waiting).append(address)
    return pages
