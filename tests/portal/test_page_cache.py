"""DESIGN.md §6: public pages from memory; never another's, and as if made anew (docs/rules/caching.md)."""

import gzip
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from model_bakery import baker

from people.models import Neighbourhood
from portal.page_cache import middleware, version
from portal.page_cache.memory import OVERHEAD, Memory, Page
from tests.portal.kept_pages import *  # noqa: F403
from tests.portal.kept_pages import CALENDAR

pytestmark = pytest.mark.django_db


def test_a_page_is_made_once(warm, costs):
    warm()
    assert costs() == 0
    assert costs("/lane-600/") > 0


def test_a_member_neither_gets_nor_fills_the_cache(warm, costs, client, make_activity, person, neighbourhood):
    make_activity(title="周末盖草帘")
    member = Client()
    member.force_login(person.user)
    for _ in range(3):
        page = member.get(CALENDAR)
        assert person.name in page.content.decode()
        assert page["Cache-Control"] == "private, no-store"
    assert len(middleware.memory) == 0

    assert person.name not in warm()
    assert costs(CALENDAR, member) > 0
    assert person.name in member.get(CALENDAR).content.decode()


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
def test_whoever_has_a_session_or_a_message_waiting_is_not_answered_from_memory(warm, costs, client, cookie):
    warm()
    client.cookies[cookie] = "anything"
    assert costs() > 0
    assert "ETag" not in client.get(CALENDAR)


def test_what_only_members_may_see_is_not_left_for_others(page_cache, client, make_activity, make_person):
    """A member looks first; whoever comes after gets a page of their own."""
    from people.models import Team, TeamMembership

    member = make_person(user=True)
    team = baker.make(Team, neighbourhood=member.neighbourhood, name="护花小队")
    baker.make(TeamMembership, team=team, person=member, since=None, until=None)
    make_activity(title="队员例会", visibility="team", team=team)
    signed_in = Client()
    signed_in.force_login(member.user)
    assert "队员例会" in signed_in.get(CALENDAR).content.decode()
    for _ in range(3):
        assert "队员例会" not in client.get(CALENDAR).content.decode()
    assert "队员例会" in signed_in.get(CALENDAR).content.decode()


def test_language_and_print_size_are_never_mixed(page_cache, neighbourhood):
    def ask(language: str, size: str) -> str:
        reader = Client()
        reader.cookies["django_language"] = language
        reader.cookies["print_size"] = size
        response = reader.get(CALENDAR)
        assert response["Content-Language"] == language
        return response.content.decode()

    wishes = [(language, size) for language in ("zh-hans", "en") for size in ("normal", "large")]
    for _ in range(3):
        for language, size in wishes:
            page = ask(language, size)
            assert ('<html lang="zh-Hans"' in page) == (language == "zh-hans")
            assert ("日历" in page) == (language == "zh-hans")
            assert ('class="large-print"' in page) == (size == "large")
    assert len(middleware.memory) == len(wishes)


def test_the_browsers_language_counts_where_no_cookie_does(page_cache, client, neighbourhood):
    for _ in range(3):
        for asked, lang in (("en-GB,en;q=0.8", "en"), ("zh-CN,zh;q=0.9", "zh-Hans"), ("fr", "zh-Hans")):
            page = Client().get(CALENDAR, headers={"accept-language": asked}).content.decode()
            assert f'<html lang="{lang}"' in page
    assert len(middleware.memory) == 2


def test_neighbourhoods_are_never_mixed(warm, client, elsewhere, make_activity):
    make_activity(title="六百弄的事")
    assert "六百弄的事" in warm()
    assert "六百弄的事" not in warm("/lane-700/calendar/")
    assert "七百弄居民区" in client.get("/lane-700/calendar/").content.decode()
    assert "七百弄居民区" not in client.get(CALENDAR).content.decode()


def test_pages_of_two_hosts_are_kept_apart(page_cache, client, neighbourhood):
    """A page may name the host it was asked at, as addresses in shared links do."""
    for host in ("localhost", "127.0.0.1", "localhost", "localhost"):
        assert client.get(CALENDAR, headers={"host": host}).status_code == 200
    assert len(middleware.memory) == 2


def test_phones_ask_whether_it_is_still_the_same(warm, client, commits, neighbourhood):
    warm()
    first = client.get(CALENDAR)
    assert first["Cache-Control"] == "no-cache"
    assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(first["Vary"].split(", "))
    again = client.get(CALENDAR, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    with commits():
        Neighbourhood.objects.update(slogan="新口号")
    changed = client.get(CALENDAR, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert "新口号" in changed.content.decode()


def test_it_is_compressed_for_whoever_takes_that(warm, client):
    plain = warm()
    packed = client.get(CALENDAR, headers={"accept-encoding": "gzip, deflate, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.encode()) / 2
    assert gzip.decompress(packed.content).decode() == plain
    for refused in ("", "br", "gzip;q=0, br", "identity"):
        assert "Content-Encoding" not in client.get(CALENDAR, headers={"accept-encoding": refused})


def test_a_head_request_has_the_headers_alone(warm, client):
    warm()
    full, head = client.get(CALENDAR), client.head(CALENDAR)
    assert head.content == b""
    assert (head["Content-Length"], head["ETag"]) == (full["Content-Length"], full["ETag"])


def test_kept_pages_carry_every_header_of_fresh_ones(page_cache, settings, client, neighbourhood):
    settings.PAGE_CACHE_BYTES = 0
    fresh = client.get(CALENDAR)
    settings.PAGE_CACHE_BYTES = 2**20
    for _ in range(3):
        kept = client.get(CALENDAR)
    for name in fresh.headers:
        if name not in {"Vary", "Content-Security-Policy"}:  # CSP has no order
            assert kept[name] == fresh[name], name
    assert sorted(kept["Content-Security-Policy"].split("; ")) == sorted(fresh["Content-Security-Policy"].split("; "))


@pytest.mark.parametrize("host", ["evil.example", "lane.evil.example:80", "a" * 300])
def test_a_wrong_host_is_refused_and_leaves_nothing(warm, client, host):
    warm()
    assert client.get(CALENDAR, headers={"host": host}).status_code == 400
    assert len(middleware.memory) == 1


def test_made_up_queries_leave_nothing(warm, client):
    warm()
    for number in range(20):
        assert client.get(CALENDAR, {"x": number}).status_code == 200
        assert client.get(CALENDAR, {"week": "9" * 400}).status_code == 200
    assert len(middleware.memory) == 1


def test_known_parameters_are_pages_of_their_own(warm, client, make_activity):
    make_activity(title="二十三日的事", minors="no")
    assert "二十三日的事" in warm()
    assert "二十三日的事" not in warm(f"{CALENDAR}?children=1")
    assert "二十三日的事" not in warm(f"{CALENDAR}?week=2019-W30")
    assert "二十三日的事" in client.get(CALENDAR).content.decode()
    assert len(middleware.memory) == 3


def test_what_in_app_browsers_add_is_dropped(warm, costs, client):
    plain = warm("/lane-600/news/")
    address = "/lane-600/news/?from=singlemessage&isappinstalled=0&utm_source=poster"
    assert costs(address) == 0
    assert client.get(address).content.decode() == plain


def test_nothing_of_the_first_reader_is_left_for_the_next(page_cache, client, neighbourhood):
    strange = {"accept-language": "en", "user-agent": "Tracker/1.0", "referer": "http://testserver/secret"}
    for _ in range(2):
        client.get("/lane-600/news/?utm_source=secret-poster", headers=strange)
    page = client.get("/lane-600/news/", headers={"accept-language": "en"}).content.decode()
    assert "secret" not in page
    assert "Tracker" not in page


@pytest.mark.parametrize(
    "change",
    [
        lambda response: response.set_cookie("x", "y"),
        lambda response: setattr(response, "status_code", 404),
        lambda response: response.headers.__setitem__("Cache-Control", "no-store"),
        lambda response: response.headers.__setitem__("Cache-Control", "private"),
        lambda response: response.headers.__setitem__("Vary", "User-Agent"),
        lambda response: response.headers.__setitem__("Content-Encoding", "br"),
    ],
)
def test_what_is_not_for_everybody_is_not_kept(change):
    may = middleware.PageCacheMiddleware.may_be_kept
    response = HttpResponse("page")
    nobody = SimpleNamespace(session=SimpleNamespace(accessed=False))
    assert may(nobody, response)
    assert not may(SimpleNamespace(session=SimpleNamespace(accessed=True)), response)
    change(response)
    assert not may(nobody, response)


def test_a_page_that_is_not_there_is_not_kept(page_cache, client, neighbourhood):
    for _ in range(3):
        assert client.get("/lane-999/calendar/").status_code == 404
        assert client.get("/lane-600/activities/999/").status_code == 404
    assert len(middleware.memory) == 0
    assert version.current("lane-999") is None


def test_without_the_shared_cache_every_page_is_made_anew(warm, client, monkeypatch, commits, neighbourhood):
    warm()

    class Away:
        def __getattr__(self, name):
            raise ConnectionError

    with monkeypatch.context() as away:
        away.setattr(version, "caches", {"shared": Away()})
        with commits():
            Neighbourhood.objects.update(slogan="断线时的口号")
        assert "断线时的口号" in client.get(CALENDAR).content.decode()
    assert "断线时的口号" in client.get(CALENDAR).content.decode()


def test_memory_stays_within_its_bytes_and_drops_the_longest_unused():
    memory, limit = Memory(), 10 * (OVERHEAD + 100)

    def page(state: int = 1, size: int = 100) -> Page:
        return Page(state, b"x" * size, size, "")

    for key in range(10):
        memory.put(key, page(), limit=limit)
    assert memory.get(0, 1) is not None
    memory.put(10, page(), limit=limit)
    assert memory.get(0, 1) is not None
    assert memory.get(1, 1) is None
    assert (len(memory), memory.size) == (10, limit)
    memory.put("large", page(size=limit // 3), limit=limit)
    assert memory.get("large", 1) is None
    memory.put(0, page(state=2), limit=limit)
    assert memory.get(0, 1) is None
    assert memory.get(0, 2) is not None
    assert memory.size == limit
