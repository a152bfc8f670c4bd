"""The frame of every page: language, large print, landmarks, what is linked, and what is never in it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import override_settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = [path for path in TEMPLATES.rglob("*.html") if "email" not in path.parts]


@pytest.fixture
def privacy(client, neighbourhood):
    """Fetches a page that has nothing but the frame and words, as somebody who has never been here."""

    def get(**cookies) -> str:
        client.cookies.load({"django_language": "zh-hans", **cookies})
        response = client.get("/privacy/?from=poster")
        assert response.status_code == 200
        return response.content.decode()

    return get


def test_a_page_says_its_language_and_offers_the_other(privacy):
    chinese = privacy()
    assert '<html lang="zh-Hans">' in chinese
    assert '<a class="lang" lang="en" hreflang="en" href="/language/en/?next=/privacy/%3Ffrom%3Dposter">' in chinese

    english = privacy(django_language="en")
    assert '<html lang="en">' in english
    assert 'href="/language/zh-hans/?next=/privacy/%3Ffrom%3Dposter">中文</a>' in english


def test_large_print_is_kept_by_a_cookie_and_given_back_by_the_same_link(privacy):
    assert 'href="/print-size/large/?next=/privacy/%3Ffrom%3Dposter"' in privacy()
    large = privacy(print_size="large")
    assert '<html lang="zh-Hans" class="large-print">' in large
    assert 'href="/print-size/normal/?next=/privacy/%3Ffrom%3Dposter"' in large


def test_a_page_has_one_heading_one_main_and_a_way_to_it(privacy):
    page = privacy(django_language="en")
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert len(re.findall(r"<main[ >]", page)) == 1
    assert '<a class="skip" href="#main">' in page
    assert page.count("<title>") == 1
    assert "<title>How we use personal data · 宝昌路600弄 · " in page


def test_the_notice_stands_in_both_languages_and_names_rights_and_a_way_to_complain(privacy):
    """L1."""
    for page in (privacy(), privacy(django_language="en")):
        for part in ("purpose", "kinds", "keep", "who", "consent", "children", "rights", "records", "complain"):
            assert f'<h2 id="{part}">' in page
        assert 'href="tel:10000000001"' in page


def test_every_page_leads_to_the_notice_and_to_complaints(client, neighbourhood):
    """L2, L4: also where something was refused."""
    page = client.get("/lane-600/no-such-place/").content.decode()
    assert 'href="/privacy/"' in page
    assert 'href="/privacy/#complain"' in page
    assert "宝昌路600弄居民区" in page


def test_filing_numbers_show_where_they_are_set_and_leave_no_gap_where_not(privacy):
    """L4."""
    assert "beian.miit.gov.cn" not in privacy()
    with override_settings(ICP_NUMBER="沪ICP备00000000号", POLICE_NUMBER="沪公网安备00000000000000号"):
        page = privacy()
    assert '<a href="https://beian.miit.gov.cn/" rel="noopener">沪ICP备00000000号</a>' in page
    assert "沪公网安备00000000000000号" in page


def test_the_trial_names_its_clock_and_nothing_else_does(privacy):
    assert 'class="trial"' not in privacy()
    with override_settings(TRIAL=True):
        page = privacy()
    assert '<time datetime="2018-12-20T09:00"><span class="nb">12月20日 周四</span> 9:00</time>' in page


def test_a_first_visit_is_given_no_cookie(client, neighbourhood):
    """So that the page is the same for everybody and may be cached (DESIGN.md §6)."""
    assert not client.get("/privacy/").cookies


def test_a_signed_in_reader_is_named_and_can_leave(client, neighbourhood, person):
    client.force_login(person.user)
    page = client.get("/lane-600/no-such-place/").content.decode()
    assert f"{person.name}</a>" in page
    assert 'href="/accounts/logout/"' in page


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_refusals_come_up_without_request_or_database(name):
    page = render_to_string(name)
    assert "<h1>" in page
    assert 'href="/"' in page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_carries_script_or_style_of_its_own(path):
    """The content policy would block it."""
    source = path.read_text()
    assert not re.search(
        r"<style|\sstyle=|\son(click|change|submit|load|error|focus|blur|input|key\w+|mouse\w+)=|javascript:", source
    )
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("_*.html")), ids=lambda path: path.name)
def test_every_component_lists_what_it_needs(path):
    assert path.read_text().startswith("{# ")


def test_a_page_says_who_it_is_to_whoever_shares_it(client, neighbourhood):
    """A link pasted into a group chat shows the page's own title, words and picture, from the portal's own address."""
    page = client.get("/accounts/join/?next=/me/", headers={"host": "localhost"}).content.decode()
    assert '<meta property="og:title" content="Sign in or join">' in page
    words = "With an e-mail address you can sign up for activities; no password needed."
    assert f'<meta name="description" content="{words}">' in page
    assert f'<meta property="og:description" content="{words}">' in page
    assert '<meta property="og:url" content="http://testserver/accounts/join/">' in page
    assert re.search(r'<meta property="og:image" content="http://testserver/static/art/share[^"]*\.png">', page)


def test_a_title_with_quotation_marks_stays_within_its_attribute(client, make_activity):
    activity = make_activity(title='说"年" <b>', text="x")
    page = client.get(activity.get_absolute_url()).content.decode()
    assert '<meta property="og:title" content="说&quot;年&quot; &lt;b&gt;">' in page


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "人人能用"), ("en", "Usable for everybody")])
def test_every_page_leads_to_what_was_done_for_accessibility(client, neighbourhood, language, name):
    """L7: what was checked, what was not, and whom to tell."""
    client.cookies["django_language"] = language
    assert f'<a href="/accessibility/">{name}</a>' in client.get("/lane-600/").content.decode()
    page = client.get("/accessibility/").content.decode()
    for part in ("how", "standard", "checked", "not", "complain"):
        assert f'<h2 id="{part}">' in page
    assert 'href="tel:10000000001"' in page
