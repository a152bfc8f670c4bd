"""The small words the schema is written in. A check looks at one value and yields (where in it, what is wrong)."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from config.demo.source import Unquoted

Wrong = tuple[str, str]
Names = Mapping[str, Mapping[str, Any]]  # {kind of thing: {id: its row}}
Check = Callable[[Any, Names], Iterator[Wrong]]

ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def shown(value: object) -> str:
    return "null" if value is None else repr(value) if isinstance(value, str) else str(value)


def text(most: int = 1000) -> Check:
    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if isinstance(value, Unquoted):
            yield "", f'looks like a date or a time and must be quoted: "{value}"'
        elif not isinstance(value, str) or not value.strip():
            yield "", f"must be a text, not {shown(value)}"
        elif len(value) > most:
            yield "", f"may have {most} characters at most, but has {len(value)}"
        elif ID_NUMBER.search(value):
            yield "", "holds something like an ID number; the portal must not need one"

    return check


def whole(least: int = 0, most: int = 1_000_000) -> Check:
    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield "", f"must be a whole number, not {shown(value)}"
        elif not least <= value <= most:
            yield "", f"must lie between {least} and {most}, but is {value}"

    return check


def number(least: float = 0, most: float = 10_000_000) -> Check:
    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield "", f"must be a number, not {shown(value)}"
        elif not least <= value <= most:
            yield "", f"must lie between {least:g} and {most:g}, but is {value}"

    return check


percent = number(0, 100)


def boolean(value: Any, names: Names) -> Iterator[Wrong]:
    if not isinstance(value, bool):
        yield "", f"must be true or false, not {shown(value)}"


def _iso(parse: Callable[[str], object], example: str, pattern: str) -> Check:
    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if not isinstance(value, str) or isinstance(value, Unquoted):
            yield "", f'must be a quoted text such as "{example}", not {value}'
            return
        try:
            if not re.fullmatch(pattern, value):
                raise ValueError
            parse(value)
        except ValueError:
            yield "", f'must look like "{example}", not {shown(value)}'

    return check


day = _iso(date.fromisoformat, "2018-12-20", r"\d{4}-\d\d-\d\d")
clock_time = _iso(time.fromisoformat, "06:30", r"\d\d:\d\d")
moment = _iso(datetime.fromisoformat, "2018-12-20T09:00", r"\d{4}-\d\d-\d\dT\d\d:\d\d")
moment_with_zone = _iso(datetime.fromisoformat, "2018-12-20T09:00:00+08:00", r".{19}[+-]\d\d:\d\d")


def day_or_moment(value: Any, names: Names) -> Iterator[Wrong]:
    yield from (moment if isinstance(value, str) and "T" in value else day)(value, names)


def _pair(check_one: Check, strict: bool) -> Check:
    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if not isinstance(value, list) or len(value) != 2:
            yield "", f"must be a pair [from, until], not {shown(value)}"
            return
        wrong = [one for part in value for one in check_one(part, names)]
        yield from wrong
        if not wrong and (value[1] < value[0] or (strict and value[1] == value[0])):
            yield "", f"must end after it begins, but runs from {value[0]} to {value[1]}"

    return check


hours = _pair(clock_time, strict=True)
days = _pair(day, strict=False)


def one_of(*words: str) -> Check:
    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if value is False and "no" in words:
            yield "", 'must be quoted: "no"; bare no is false in YAML 1.1'
        elif value not in words:
            yield "", f"must be one of {', '.join(words)}, not {shown(value)}"

    return check


def ref(*kinds: str) -> Check:
    """The id of a row of one of ``kinds`` (see SECTIONS)."""

    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if value is False and "no" in names.get(kinds[0], {}):
            yield "", 'must be quoted: "no"; bare no is false in YAML 1.1'
        elif not isinstance(value, str):
            yield "", f"must be the id of a {' or '.join(kinds)}, not {shown(value)}"
        elif not any(value in names.get(kind, {}) for kind in kinds):
            yield "", f"names no {' or '.join(kinds)}: “{value}” is nowhere defined"

    return check


def many(check_one: Check, *, least: int = 0, once: bool = True) -> Check:
    """A list; the same text twice is wrong where ``once``."""

    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if not isinstance(value, list):
            yield "", f"must be a list, not {shown(value)}"
            return
        if len(value) < least:
            yield "", f"must hold at least {least}"
        for index, one in enumerate(value):
            for path, sentence in check_one(one, names):
                yield f"[{index + 1}]{path}", sentence
            if once and isinstance(one, str) and one in value[:index]:
                yield f"[{index + 1}]", f"“{one}” stands twice"

    return check


def record(**fields: Check) -> Check:
    """A mapping with these keys; one written with ``__`` behind it may be left out, ``name__`` becomes ``name``."""
    needed = {name: check for name, check in fields.items() if not name.endswith("__")}
    optional = {name.removesuffix("__"): check for name, check in fields.items() if name.endswith("__")}

    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if not isinstance(value, dict):
            yield "", f"must be a mapping, not {shown(value)}"
            return
        for name in needed:
            if name not in value:
                yield "", f"“{name}” is missing"
        for name, part in value.items():
            check_part = needed.get(name) or optional.get(name)
            if check_part is None:
                yield "", f"“{name}” is not known here"
                continue
            for path, sentence in check_part(part, names):
                yield f".{name}{path}", sentence

    return check


def table(key: Check, value_check: Check) -> Check:
    """A mapping of any length."""

    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if not isinstance(value, dict):
            yield "", f"must be a mapping, not {shown(value)}"
            return
        for name, part in value.items():
            yield from ((f".{name}{path}", sentence) for path, sentence in key(name, names))
            yield from ((f".{name}{path}", sentence) for path, sentence in value_check(part, names))

    return check


def maybe(check_one: Check) -> Check:
    """null is allowed too."""

    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if value is not None:
            yield from check_one(value, names)

    return check


def pattern(expression: str, told: str) -> Check:
    compiled = re.compile(expression)

    def check(value: Any, names: Names) -> Iterator[Wrong]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield "", f"{told}, not {shown(value)}"

    return check


slug = pattern(r"[a-zA-Z0-9_-]{1,50}", "must be of letters, digits, - and _")
email = pattern(r"[a-z0-9]+@demo\.invalid", "must be an address at demo.invalid")
phone = pattern(r"100\d{8}", "must begin with 100, which no mobile network has")


def totp_secret(value: Any, names: Names) -> Iterator[Wrong]:
    try:
        if len(base64.b32decode(str(value))) < 16:
            raise binascii.Error
    except (binascii.Error, ValueError):
        yield "", "must be a base32 secret of at least 128 bits"
