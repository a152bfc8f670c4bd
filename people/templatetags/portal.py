"""Dates, seats and icons as residents read them: 12月23日 周日, in English Sun 23 Dec, always Asia/Shanghai."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people import clock, whereabouts
from people.icons import SHAPES
from people.qr import svg as draw_code

register = template.Library()

# Tables, not message ids: a date's parts change their order with the language, and lists print hundreds of them.
WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS_EN_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_EN_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

PLATE_TONES = {"leafy", "past"}

# A state is a word and a shape (seats.css draws the shape by the same name).
SEAT_WORDS: Mapping[str, str | Promise] = {
    "open": _("Seats free"),
    "few": _("Few seats left"),
    "full": _("Full"),
    "off": _("Cancelled"),
    "over": _("Over"),
    "closed": _("Sign-up closed"),
    "later": _("Sign-up not open yet"),
    "booked": _("Signed up"),
    "waiting": _("On the waiting list"),
    "offered": _("A seat is kept for you"),
    "pending": _("Waiting for consent"),
    "here": _("Attended"),
    "expected": _("You are expected"),
    "free": _("No sign-up needed"),
    "members": _("For its members"),
}
# What a sign-up's status looks like to whoever holds it; withdrawn and lapsed ones leave the activity's own state.
MINE = {
    "waiting": "waiting",
    "confirmed": "booked",
    "consent_pending": "pending",
    "offered": "offered",
    "attended": "here",
}


def _local(when: Any) -> Any:
    """The day and hour on the wall in Shanghai, whatever zone a test or a thread has switched on."""
    if isinstance(when, datetime) and when.tzinfo is not None:
        return when.astimezone(timezone.get_default_timezone())
    return when


def _chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


@register.simple_block_tag
def keep(content: str) -> SafeString:
    """Remember what a block says, so that it can be said twice: ``{% keep as page_title %}{% block title %}…{% endkeep %}``.

    It has been escaped already; a quotation mark is the one thing that an attribute minds besides.
    """
    return mark_safe(" ".join(content.split()).replace('"', "&quot;"))


@register.filter
def hm(when: datetime | time | None) -> str:
    """9:30; empty for None."""
    if when is None or when == "":
        return ""
    moment = when if isinstance(when, time) else _local(when)
    return f"{moment.hour}:{moment.minute:02}"


@register.filter
def day(when: date | datetime | None) -> str:
    """12月23日 周日 / Sun 23 Dec; the year stands in :func:`day_long`."""
    if not when:
        return ""
    local = _local(when)
    if _chinese():
        return f"{local.month}月{local.day}日 {WEEKDAYS_ZH[local.weekday()]}"
    return f"{WEEKDAYS_EN[local.weekday()]} {local.day} {MONTHS_EN[local.month - 1]}"


@register.filter
def day_long(when: date | datetime | None) -> str:
    """2018年12月23日 周日 / Sunday 23 December 2018."""
    if not when:
        return ""
    local = _local(when)
    if _chinese():
        return f"{local.year}年{local.month}月{local.day}日 {WEEKDAYS_ZH[local.weekday()]}"
    return f"{WEEKDAYS_EN_LONG[local.weekday()]} {local.day} {MONTHS_EN_LONG[local.month - 1]} {local.year}"


@register.filter
def date_only(when: date | datetime | None) -> str:
    """2018年12月23日 / 23 December 2018: on what is signed and stamped no weekday stands."""
    if not when:
        return ""
    local = _local(when)
    if _chinese():
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {MONTHS_EN_LONG[local.month - 1]} {local.year}"


@register.filter
def day_year(when: date | datetime | None) -> str:
    """2018年12月23日 周日 / Sun 23 Dec 2018: as short as a date with its year can be."""
    if not when:
        return ""
    return day_long(when) if _chinese() else f"{day(when)} {_local(when).year}"


@register.filter
def month_words(when: date | datetime | None) -> str:
    """2018年12月 / December 2018."""
    if not when:
        return ""
    local = _local(when)
    return f"{local.year}年{local.month}月" if _chinese() else f"{MONTHS_EN_LONG[local.month - 1]} {local.year}"


@register.filter
def days(start: date, end: date) -> str:
    """12月17日–23日 / 17–23 Dec; both with month where it differs, both with year where that differs."""
    start, end = _local(start), _local(end)
    if _chinese():
        first = f"{start.month}月{start.day}日"
        last = f"{end.day}日" if start.month == end.month and start.year == end.year else f"{end.month}月{end.day}日"
        if start.year != end.year:
            first, last = f"{start.year}年{first}", f"{end.year}年{last}"
        return f"{first}–{last}"
    last = f"{end.day} {MONTHS_EN[end.month - 1]}"
    if start.year != end.year:
        return f"{start.day} {MONTHS_EN[start.month - 1]} {start.year} – {last} {end.year}"
    if start.month != end.month:
        return f"{start.day} {MONTHS_EN[start.month - 1]} – {last}"
    return f"{start.day}–{last}"


@register.filter
def moment(when: datetime | None) -> str:
    """12月23日 周日 18:00 / Sun 23 Dec, 18:00: a deadline in a sentence."""
    if not when:
        return ""
    return f"{day(when)} {hm(when)}" if _chinese() else f"{day(when)}, {hm(when)}"


@register.filter
def span(activity: Any) -> str:
    """Time range of anything with starts_at and ends_at: 9:30–11:00; with the days where it runs past midnight."""
    starts, ends = activity.starts_at, activity.ends_at
    if ends is None:
        return hm(starts)
    starts, ends = _local(starts), _local(ends)
    if starts.date() != ends.date():
        return f"{moment(starts)} – {moment(ends)}"
    return f"{hm(starts)}–{hm(ends)}"


@register.simple_tag
def date_parts(when: date | datetime) -> dict[str, Any]:
    """month, day, weekday and iso of a door plate, for mails, which draw theirs with a table."""
    local = _local(when)
    if _chinese():
        month, weekday = f"{local.month}月", WEEKDAYS_ZH[local.weekday()]
    else:
        month, weekday = MONTHS_EN[local.month - 1], WEEKDAYS_EN[local.weekday()]
    return {"month": month, "day": local.day, "weekday": weekday, "iso": f"{local:%Y-%m-%d}"}


@register.simple_tag
def plate(when: date | datetime, tone: str = "", label: str = "") -> SafeString:
    """A door plate. tone: "" (brick, to come), leafy (mine or today), past (over or cancelled).

    label: stands in the weekday's place (今天, 元旦).
    """
    parts = date_parts(when)
    # Lists print this hundreds of times: our own parts need no escaping, a given label does.
    return mark_safe(
        f'<time class="plate{" " + tone if tone in PLATE_TONES else ""}" datetime="{parts["iso"]}"><span>'
        f"<small>{parts['month']}</small> <b>{parts['day']}</b> "
        f"<small>{escape(label) if label else parts['weekday']}</small></span></time>"
    )


def seat_state(activity: Any, mine: Any = None) -> str:
    """Key into SEAT_WORDS. ``mine``: the viewer's SignUp, its status, or a key of SEAT_WORDS.

    Public lists tell 有名额, 少量 or 已满 and no number; few = a fifth of the seats or at most two are left.
    """
    if activity.status == "cancelled":
        return "off"
    own = getattr(mine, "status", mine) or ""
    if own in MINE:
        return MINE[own]
    if own in SEAT_WORDS:
        return own
    if activity.status == "done" or (activity.ends_at or activity.starts_at) <= clock.now():
        return "over"
    left = getattr(activity, "seats_left", None)
    if left is None:
        return "open"
    if left <= 0:
        return "full"
    return "few" if left <= 2 or left * 5 <= activity.capacity else "open"


@register.simple_tag
def seats(state: Any, mine: Any = None, word: str = "") -> SafeString:
    """The word and shape of a state: ``{% seats activity mine %}`` or ``{% seats "full" word=… %}``."""
    key = state if isinstance(state, str) else seat_state(state, mine)
    return mark_safe(f'<span class="seats {key}">{escape(word or SEAT_WORDS[key])}</span>')


@register.simple_tag
def act_look(activity: Any, mine: Any = None) -> dict[str, str]:
    """How a card looks: its state, the class it adds and the plate's tone."""
    state = seat_state(activity, mine)
    if state in {"off", "over"}:
        return {"state": state, "css": "off" if state == "off" else "", "tone": "past"}
    if state in {"booked", "waiting", "offered", "pending", "here", "expected"}:
        return {"state": state, "css": "is-mine", "tone": "leafy"}
    return {"state": state, "css": "", "tone": ""}


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


@register.simple_tag
def plan_url(location: Any, slug: str) -> str:
    """Where ``location`` stands on the plan of the neighbourhood; "" for nowhere."""
    return whereabouts.plan_url(location, slug)
