"""What templates say with the ground floor's words: days and sums, codes, icons, and what is said twice on a page."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal import dates, words
from portal.icons import SHAPES
from portal.plate import plate
from portal.qr import svg as draw_code

register = template.Library()

for say in (
    dates.hm, dates.day, dates.day_long, dates.date_only, dates.day_year, dates.month_words, dates.month_name,
    dates.days, dates.moment, dates.span, words.listed, words.money,
):  # fmt: skip
    register.filter(say.__name__, say)

register.filter("months", dates.words_of_months)
register.simple_tag(dates.date_parts)
register.simple_tag(plate)


@register.simple_block_tag
def keep(content: str) -> SafeString:
    """Remember what a block says, so that it can be said twice: ``{% keep as page_title %}{% block title %}…{% endkeep %}``.

    It has been escaped already; a quotation mark is the one thing that an attribute minds besides.
    """
    return mark_safe(" ".join(content.split()).replace('"', "&quot;"))


@register.filter
def tidy(text: str) -> str:
    """A plain mail without the gaps that empty parts of its template leave: read aloud, a gap is a pause."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()


@register.simple_tag
def qr(text: str, sturdy: bool = False) -> SafeString:
    """A QR code of ``text``; ``sturdy`` for what hangs outside."""
    return draw_code(text, sturdy=sturdy)


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """An inline SVG; hidden from screen readers unless it has a title."""
    shape = mark_safe(SHAPES[name])  # our own table, no user input
    if title:
        return format_html('<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', title, shape)
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', shape)
