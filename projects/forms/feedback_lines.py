"""A list of feedback as it is pasted from a group chat or typed from the paper box: one line an item.

Nothing is thrown away silently: what is taken off a line (its number, day, place, the name of a known person) is shown in
the preview, and whatever is not understood stays in the words.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from people.models import Person
from projects.models import DraftImage, Feedback
from projects.operations.feedback import EVERYTHING, Spot

MOST = 200
LONGEST = 1000
_NUMBER = re.compile(r"^\s*(?:[-•*·]\s*|\d{1,3}[.、．)）]\s*|[（(]\d{1,3}[)）]\s*)")
_DAY = re.compile(
    r"^(?:(?P<year>\d{4})[-/年.])?(?P<month>\d{1,2})(?:月(?P<day>\d{1,2})[日号]|[-/.](?P<other>\d{1,2})(?=[\s,，:：]))"
    r"(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?[\s,，:：]*"
)
_PART = re.compile(r"^@?(?P<part>[A-Ja-j][1-9])(?:处|：|:|，|,|\s)\s*")
_NAME = re.compile(r"^(?P<name>[^\s:：，,。]{2,12})[:：]\s*")
_NOISE = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Line:
    """What was understood of one line. ``hint``: something to look at; ``same_as``: it has been said in these words."""

    number: int
    raw: str
    text: str
    day: date
    spot: Spot = EVERYTHING
    part: str = ""
    person: Person | None = None
    hint: str = ""
    problem: str = ""
    same_as: str = ""

    @property
    def may_be_taken(self) -> bool:
        return not self.problem

    @property
    def ticked(self) -> bool:
        """Taken unless staff say otherwise."""
        return not self.problem and not self.same_as


def key_of(text: str) -> str:
    """The same for two texts that differ in spaces, marks and capitals only."""
    return _NOISE.sub("", text).casefold()


def read(
    pasted: str,
    *,
    day: date,
    images: Iterable[DraftImage],
    known: Iterable[Feedback],
    person_called: Callable[[str], Person | None],
) -> list[Line]:
    """``day``: of lines that name none.  ``known``: the version's items so far.  ``person_called(name)``: the only one."""
    images = list(images)
    seen = {key_of(item.text): _("no. %(number)d of this version") % {"number": item.number} for item in known}
    lines: list[Line] = []
    for number, raw in enumerate(pasted.splitlines(), start=1):
        if not raw.strip():
            continue
        line = _understood(number, raw, day, images, person_called)
        key = key_of(line.text)
        if key and key in seen:
            line = replace(line, same_as=seen[key])
        elif key:
            seen[key] = _("line %(number)d") % {"number": number}
        if len(lines) >= MOST:
            line = replace(line, problem=_("At most %(most)d at a time: paste the rest afterwards.") % {"most": MOST})
        lines.append(line)
    return lines


def _understood(
    number: int, raw: str, day: date, images: list[DraftImage], person_called: Callable[[str], Person | None]
) -> Line:
    text = _NUMBER.sub("", raw.strip(), count=1)
    if (found := _DAY.match(text)) and (said := _day_of(found, day)):
        text, day = text[found.end() :], said
    person, hint = None, ""
    if found := _NAME.match(text):
        person = person_called(found["name"])
        if person is not None:
            text = text[found.end() :]
        else:
            hint = _("“%(name)s” may be a name: everybody will read it. Take it out if it is one.") % {
                "name": found["name"]
            }
    part, spot = "", Spot()
    if images and (found := _PART.match(text)) and (middle := images[0].middle_of(found["part"].upper())):
        part = found["part"].upper()
        spot = Spot(images[0], *middle)
        text = text[found.end() :]
    text = text.strip()
    problem = ""
    if not text:
        problem = _("There are no words in this line.")
    elif len(text) > LONGEST:
        problem = _("At most %(limit)d characters an item: shorten it, or make two lines of it.") % {"limit": LONGEST}
    return Line(number, raw, text, day, spot, part, person, hint, problem)


def _day_of(found: re.Match[str], usual: date) -> date | None:
    """The day that is meant; without a year the last such day up to the usual one."""
    month, day = int(found["month"]), int(found["day"] or found["other"])
    year = int(found["year"] or usual.year)
    try:
        said = date(year, month, day)
        return said.replace(year=year - 1) if not found["year"] and said > usual else said
    except ValueError:
        return None
