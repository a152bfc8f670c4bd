"""Every mail wears the same frame: why it came, how to stop it, and that nobody asks for codes or money."""

from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils import translation

from people.models import Neighbourhood

LETTER = """{% extends "email/base.html" %}{% load portal %}
{% block heading %}See you tomorrow{% endblock %}
{% block body %}<p>Bring gloves.</p>{% include "email/_when.html" with activity=activity lines=lines %}{% endblock %}
{% block action %}{% include "email/_button.html" with url="https://portal.example/a/1" label="See the plan" %}{% endblock %}"""
TWIN = """{% extends "email/base.txt" %}{% block heading %}See you tomorrow{% endblock %}
{% block body %}{{ bring }}{% endblock %}{% block action %}https://portal.example/a/1{% endblock %}"""


@pytest.fixture
def letter(at):
    """Draws a reminder in both forms for a reader of the given language."""

    def draw(language: str) -> tuple[str, str]:
        context = {
            "subject": "See you tomorrow",
            "portal_name": "宜居家园",
            "site_url": "https://portal.example",
            "neighbourhood": Neighbourhood(short_name="宝昌路600弄", phone="10000000001"),
            "why": "You signed up.",
            "settings_url": "https://portal.example/me/settings/",
            "unsubscribe_url": "https://portal.example/mail/unsubscribe/t/",
            "activity": SimpleNamespace(starts_at=at, ends_at=None, location=SimpleNamespace(name="<beds>")),
            "lines": ["Gloves"],
            "bring": "Bring gloves & <tea>.",
        }
        with translation.override(language):
            return tuple(engines["django"].from_string(source).render(context) for source in (LETTER, TWIN))

    return draw


@pytest.mark.parametrize(("language", "month", "weekday"), [("zh-hans", "12月", "周四"), ("en", "Dec", "Thu")])
def test_a_letter_shows_the_day_and_escapes_what_people_wrote(letter, language, month, weekday):
    html, _twin = letter(language)
    assert month in html
    assert weekday in html
    assert "&lt;beds&gt;" in html
    assert "<beds>" not in html
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}">' in html


def test_letter_and_twin_say_why_they_came_and_how_to_stop(letter):
    for words in letter("en"):
        assert "You signed up." in words
        assert "https://portal.example/me/settings/" in words
        assert "https://portal.example/mail/unsubscribe/t/" in words
        assert "https://portal.example/privacy/" in words
        assert "10000000001" in words
        assert "We never ask for passwords, codes or money by mail." in words


def test_a_letter_fetches_nothing_and_needs_no_style_sheet(letter):
    """Mail programs drop style sheets and hide remote pictures; nothing in a letter tells us that it was opened."""
    html, _twin = letter("en")
    assert "<img" not in html
    assert "<link" not in html
    assert "max-width:600px" in html


def test_the_twin_is_plain_words(letter):
    _html, twin = letter("en")
    assert "Bring gloves & <tea>." in twin
    assert "&amp;" not in twin
