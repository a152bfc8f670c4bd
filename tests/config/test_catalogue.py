"""Both languages are complete: nothing is said that the Chinese catalogue lacks (DESIGN §5, L7)."""

import pytest

from config import catalogue
from config.catalogue import Said


def test_every_word_is_translated():
    assert catalogue.gaps() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{% load i18n %}{% translate "Sign up" %}', [Said("Sign up")]),
        ('{% load i18n %}{% translate "On" context "day" %}', [Said("On", context="day")]),
        (
            "{% load i18n %}{% blocktranslate trimmed count n=n %}\n {{ n }} seat\n{% plural %} {{ n }} seats\n{% endblocktranslate %}",
            [Said("%(n)s seat", "%(n)s seats")],
        ),
        ("{% load i18n %}<a title=\"{% translate 'It\\'s' %}\">{{ _('Really?') }}</a>", [Said("Really?")]),
    ],
)
def test_templates_are_read(text, said):
    found = set(catalogue.calls_in_template(text, "x.html"))
    assert set(said) <= found


def test_code_is_read():
    code = 'x = _("one"), ngettext("a", "many", n), pgettext("c", "two"), _(variable)'
    assert list(catalogue.calls_in(code)) == [Said("one"), Said("a", "many"), Said("two", context="c")]
