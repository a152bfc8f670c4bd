"""A day, an hour and a span of time as residents read them: 12月23日 周日, in English Sun 23 Dec, always Asia/Shanghai.

Templates use the same functions as filters (``{% load portal %}``).
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

# Tables, not message ids: a date's parts change their order with the language, and lists print hundreds of them.
WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS_EN_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_EN_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def in_shanghai(when: Any) -> Any:
    """The day and hour on the wall in Shanghai, whatever zone a test or a thread has switched on."""
    if isinstance(when, datetime) and when.tzinfo is not None:
        return when.astimezone(timezone.get_default_timezone())
    return when


def speaks_chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def hm(when: datetime | time | None) -> str:
    """9:30; empty for None."""
    if when is None or when == "":
        return ""
    moment = when if isinstance(when, time) else in_shanghai(when)
    return f"{moment.hour}:{moment.minute:02}"


def day(when: date | datetime | None) -> str:
    """12月23日 周日 / Sun 23 Dec; the year stands in :func:`day_long`."""
    if not when:
        return ""
    local = in_shanghai(when)
    if speaks_chinese():
        return f"{local.month}月{local.day}日 {WEEKDAYS_ZH[local.weekday()]}"
    return f"{WEEKDAYS_EN[local.weekday()]} {local.day} {MONTHS_EN[local.month - 1]}"


def day_long(when: date | datetime | None) -> str:
    """2018年12月23日 周日 / Sunday 23 December 2018."""
    if not when:
        return ""
    local = in_shanghai(when)
    if speaks_chinese():
        return f"{local.year}年{local.month}月{local.day}日 {WEEKDAYS_ZH[local.weekday()]}"
    return f"{WEEKDAYS_EN_LONG[local.weekday()]} {local.day} {MONTHS_EN_LONG[local.month - 1]} {local.year}"


def date_only(when: date | datetime | None) -> str:
    """2018年12月23日 / 23 December 2018: on what is signed and stamped no weekday stands."""
    if not when:
        return ""
    local = in_shanghai(when)
    if speaks_chinese():
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {MONTHS_EN_LONG[local.month - 1]} {local.year}"


def day_year(when: date | datetime | None) -> str:
    """2018年12月23日 周日 / Sun 23 Dec 2018: as short as a date with its year can be."""
    if not when:
        return ""
    return day_long(when) if speaks_chinese() else f"{day(when)} {in_shanghai(when).year}"


def month_words(when: date | datetime | None) -> str:
    """2018年12月 / December 2018."""
    if not when:
        return ""
    local = in_shanghai(when)
    return f"{local.year}年{local.month}月" if speaks_chinese() else f"{MONTHS_EN_LONG[local.month - 1]} {local.year}"


def days(start: date, end: date) -> str:
    """12月17日–23日 / 17–23 Dec; both with month where it differs, both with year where that differs."""
    start, end = in_shanghai(start), in_shanghai(end)
    if speaks_chinese():
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


def moment(when: datetime | None) -> str:
    """12月23日 周日 18:00 / Sun 23 Dec, 18:00: a deadline in a sentence."""
    if not when:
        return ""
    return f"{day(when)} {hm(when)}" if speaks_chinese() else f"{day(when)}, {hm(when)}"


def span(activity: Any) -> str:
    """Time range of anything with starts_at and ends_at: 9:30–11:00; with the days where it runs past midnight."""
    starts, ends = activity.starts_at, activity.ends_at
    if ends is None:
        return hm(starts)
    starts, ends = in_shanghai(starts), in_shanghai(ends)
    if starts.date() != ends.date():
        return f"{moment(starts)} – {moment(ends)}"
    return f"{hm(starts)}–{hm(ends)}"


def date_parts(when: date | datetime) -> dict[str, Any]:
    """month, day, weekday and iso of a door plate, for mails, which draw theirs with a table."""
    local = in_shanghai(when)
    if speaks_chinese():
        month, weekday = f"{local.month}月", WEEKDAYS_ZH[local.weekday()]
    else:
        month, weekday = MONTHS_EN[local.month - 1], WEEKDAYS_EN[local.weekday()]
    return {"month": month, "day": local.day, "weekday": weekday, "iso": f"{local:%Y-%m-%d}"}


def month_name(number: int) -> str:
    """12月 / December."""
    return f"{number}月" if speaks_chinese() else MONTHS_EN_LONG[number - 1]


def words_of_months(months: Iterable[int]) -> str:
    """3月、4月、10月 / Mar, Apr, Oct; in a row as a range (6月–10月)."""
    chinese = speaks_chinese()
    name = lambda month: f"{month}月" if chinese else MONTHS_EN[month - 1]  # noqa: E731
    rows: list[list[int]] = []
    for month in sorted(set(months)):
        if rows and rows[-1][-1] == month - 1:
            rows[-1].append(month)
        else:
            rows.append([month])
    if len(rows) > 1 and rows[0][0] == 1 and rows[-1][-1] == 12:  # over the turn of the year
        rows = [*rows[1:-1], rows[-1] + rows[0]]
    parts = [name(row[0]) if len(row) == 1 else f"{name(row[0])}–{name(row[-1])}" for row in rows]
    return ("、" if chinese else ", ").join(parts)
