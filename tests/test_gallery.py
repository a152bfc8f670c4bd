"""The walk along the links that tests and the gallery share, and what the gallery says when it cannot begin."""

import shutil

import pytest

from tools import gallery
from tools.crawl import Page, kind_of, walk

SITE = {
    "/lane-600/": '<a class="x" href="/lane-600/activities/1/">1</a> <a href="/lane-600/activities/2/?a=1&amp;b=2#x">2</a>'
    '<a href="/lane-600/activities/3/">3</a> <a href="https://elsewhere.example/">out</a> <a href="//elsewhere.example/">out</a>'
    '<a href="/language/en/?next=/">English</a> <a href="/admin/">staff</a> <a href="calendar/">calendar</a>',
    "/lane-600/activities/1/": '<a href="/lane-600/">home</a><a href="/lane-600/calendar.ics">ics</a>',
    "/lane-600/activities/3/": "",
    "/lane-600/activities/2/?a=1&b=2": "",
    "/lane-600/calendar/": '<a href="/nowhere/at/all/">?</a>',
}


def fetch(asked: list[str]):
    def answer(path: str) -> tuple[int, str, str]:
        asked.append(path)
        if path.endswith(".ics"):
            return 200, "text/calendar", ""
        return (200, "text/html; charset=utf-8", SITE[path]) if path in SITE else (404, "text/html", "")

    return answer


def test_the_walk_finds_some_of_every_kind_and_leaves_our_own_pages_alone():
    asked: list[str] = []
    pages = walk(fetch(asked), ["/lane-600/", "/nowhere/"], each=2)
    assert [(page.kind, page.path) for page in pages] == [
        ("people:home", "/lane-600/"),
        ("404", "/nowhere/"),
        ("activities:detail", "/lane-600/activities/1/"),
        ("activities:detail", "/lane-600/activities/3/"),
        ("activities:calendar", "/lane-600/calendar/"),
    ]
    assert len(asked) == len(set(asked))
    assert not [path for path in asked if "elsewhere" in path or "language" in path or "admin" in path]


def test_an_address_with_a_query_is_asked_for_where_no_plain_one_is_known():
    asked: list[str] = []
    walk(fetch(asked), ["/lane-600/"], each=3)
    assert "/lane-600/activities/2/?a=1&b=2" in asked


@pytest.mark.parametrize("path", ["/language/en/", "/print-size/large/", "/admin/", "/nothing/here/at/all"])
def test_what_is_no_page_has_no_kind(path):
    assert kind_of(path) == ""


def test_without_chromium_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(gallery.CannotBegin, match="No Chromium: as root, apt-get install chromium"):
        gallery.main(["--out", str(tmp_path / "pictures")])
    assert not (tmp_path / "pictures").exists()


def test_pictures_are_named_by_who_looks_and_shown_side_by_side():
    page = Page("activities:detail", "/lane-600/activities/1/", 200, "")
    name = gallery.Gallery.name_of(page, "visitor", 2)
    assert name == "visitor-activities-detail-2"
    sheet = gallery.contact_sheet([(gallery.Shot(name, "/?a=1&b=<2>", "visitor"), f"{name}.360.zh.normal.png")])
    assert 'src="visitor-activities-detail-2.360.zh.normal.png"' in sheet
    assert "/?a=1&amp;b=&lt;2&gt;" in sheet


def test_acts_of_the_desk_are_known_by_their_last_word():
    page = (
        '<a href="/admin/projects/project/act/start-stage/?ids=1&amp;from=x" class="act go">'
        '<a href="/admin/people/photo/add/" class="addlink">'
        '<a href="/admin/volunteers/shift/?project__id__exact=1" class="act">'
    )
    assert gallery.TOOLS.findall(page) == [
        ("/admin/projects/project/act/start-stage/?ids=1&amp;from=x", "start-stage"),
        ("/admin/people/photo/add/", "add"),
    ]
