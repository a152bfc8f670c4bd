"""Answers public pages from memory, and keeps those that are made. Stands right behind WhiteNoise, so a hit costs little."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_request

from portal import clock
from portal.page_cache import version
from portal.page_cache.memory import Memory, Page

memory = Memory()

SLOT = timedelta(minutes=5)
TRIAL_SLOT = timedelta(minutes=1)  # the banner of a trial names the minute
LONGEST_ADDRESS = 300
# What a page may vary by: all of it stands in the key, or is taken off the request before the page is made.
VARY = {"cookie", "accept-language", "accept-encoding"}
# What in-app browsers and shared links add to an address; no page reads it.
NOISE = re.compile(r"utm_\w+|isappinstalled|from|scene|nsukey")
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


@dataclass(frozen=True, slots=True)
class PageKey:
    """What is asked for; two readers with equal wishes get the same bytes."""

    slug: str
    host: str
    scheme: str
    path: str
    query: str  # only what the page reads, in its own order
    language: str
    is_large: bool


@lru_cache(maxsize=2048)
def _page_at(path: str, urlconf: str) -> tuple[str, tuple[str, ...]] | None:
    """(neighbourhood's slug, known query parameters) of a page that may be cached."""
    try:
        found = resolve(path, urlconf)
    except Resolver404:
        return None
    # Its own word, not one inherited: a page built on a cached one may carry a form.
    view = getattr(found.func, "view_class", found.func)
    query, slug = vars(view).get("cached_query"), found.kwargs.get("neighbourhood")
    return None if query is None or slug is None else (slug, query)


class PageCacheMiddleware:
    """Whoever has a session or a message waiting is never answered from here, and nothing of theirs is kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = self.key(request)
        if key is None:
            return self.get_response(request)
        # Before anything is read for the page: what changes while it is made must make it old.
        known = version.current(key.slug)
        state = (known, self.slot())
        if known is None:
            memory.clear()  # what changes while no version can be read would go unseen
        elif (page := memory.get(key, state)) is not None:
            return self.answer(request, page)
        if request.method == "HEAD":
            return self.get_response(request)
        self.make_anyones(request, key)
        response = self.get_response(request)
        if not self.may_be_kept(request, response):
            return response
        page = self.page(response, state)
        if known is None:
            version.begin(key.slug)
        else:
            memory.put(key, page, limit=settings.PAGE_CACHE_BYTES)
        return self.answer(request, page)

    @staticmethod
    def key(request: HttpRequest) -> PageKey | None:
        """None: not a page to be cached, or not for this reader."""
        if not settings.PAGE_CACHE_BYTES or request.method not in {"GET", "HEAD"}:
            return None
        raw = request.META.get("QUERY_STRING", "")
        if len(request.path_info) + len(raw) > LONGEST_ADDRESS:
            return None
        found = _page_at(request.path_info, settings.ROOT_URLCONF)
        if found is None:
            return None
        cookies = request.COOKIES
        if settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies:
            return None
        try:
            host = request.get_host()
        except DisallowedHost:
            return None  # refused further down, with a sentence
        slug, names = found
        query = QueryDict(mutable=True)
        if raw:
            if any(name not in names and not NOISE.fullmatch(name) for name in request.GET):
                return None  # made anew each time: whoever makes addresses up fills no memory with them
            for name in names:
                if name in request.GET:
                    query[name] = request.GET[name]
        return PageKey(
            slug=slug,
            host=host,
            scheme=request.scheme or "",
            path=request.path,
            query=query.urlencode(),
            language=get_language_from_request(request),
            is_large=cookies.get("print_size") == "large",
        )

    @staticmethod
    def slot() -> int:
        length = TRIAL_SLOT if clock.is_trial() else SLOT
        return int(clock.now().timestamp() // length.total_seconds())

    @staticmethod
    def make_anyones(request: Any, key: PageKey) -> None:
        """Take off the request what is not in its wish, so that nothing of this reader can get into the page."""
        request.META["QUERY_STRING"] = key.query
        request.GET = QueryDict(key.query)
        request.COOKIES = {settings.LANGUAGE_COOKIE_NAME: key.language}
        if key.is_large:
            request.COOKIES["print_size"] = "large"
        request.META["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in request.COOKIES.items())
        request.META["HTTP_ACCEPT_LANGUAGE"] = key.language
        for header in ("HTTP_REFERER", "HTTP_USER_AGENT", "HTTP_AUTHORIZATION"):
            request.META.pop(header, None)

    @staticmethod
    def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
        policy = response.headers.get("Cache-Control", "")
        vary = {name.strip().lower() for name in response.headers.get("Vary", "").split(",")} - {""}
        return (
            response.status_code == 200
            and not response.streaming
            and not response.cookies
            and not response.has_header("Content-Encoding")
            and "no-store" not in policy
            and "private" not in policy
            and vary <= VARY
            and not getattr(getattr(request, "session", None), "accessed", False)
        )

    @staticmethod
    def page(response: Any, state: Any) -> Page:
        patch_vary_headers(response, ["Accept-Encoding", "Accept-Language", "Cookie"])
        # A browser keeps it and asks each time whether it is still the same; that answer is small.
        response.headers.setdefault("Cache-Control", "no-cache")
        body = response.content
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'  # weak: one for both encodings
        packed = gzip.compress(body, compresslevel=6, mtime=0)
        return Page(state, packed, len(body), etag, {**response.headers, "ETag": etag})

    @staticmethod
    def answer(request: HttpRequest, page: Page) -> HttpResponseBase:
        takes_gzip = GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None
        headers = dict(page.headers)
        headers["Content-Length"] = str(len(page.body) if takes_gzip else page.length)
        if takes_gzip:
            headers["Content-Encoding"] = "gzip"
        response = HttpResponse(headers=headers)
        if "HTTP_IF_NONE_MATCH" in request.META:
            unchanged = get_conditional_response(request, etag=page.etag, response=response)
            if unchanged is not None and unchanged is not response:
                return unchanged
        if request.method != "HEAD":
            response.content = page.body if takes_gzip else gzip.decompress(page.body)
        return response
