"""What can be hung up, handed out and sent round: a poster, small tags and words for group chats, made from one record.

An app adds a kind in its ``registration.py`` and gives it addresses in its ``urls.py``:

    poster_kinds.add(posters.Kind("activity", find=find_activity, poster=poster_of), order=100)
    urlpatterns += posters_views.paths("activity", "<slug:neighbourhood>/activities/<int:pk>/")   # …poster/ and …tags/
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from people.access.requests import PortalRequest
from people.models import Neighbourhood
from portal.dates import day
from portal.registry import Registry

WIDE = 0x2E80  # from here on characters are as wide as they are high
# How wide a title may be, in hanzi, for each size of its letters (static/css/poster.css).
SIZES = ((11.5, "xl"), (24, "l"), (48, "m"))
DENSITIES = ((450, "denser"), (270, "dense"))
LEAD = 110  # characters of the text below the title; the page behind the code has all of it


class Picture(NamedTuple):
    """``round``: drawn in a row with others, like the covers; else one alone, across the sheet."""

    src: str
    round: bool = False


class Line(NamedTuple):
    label: str
    words: str


@dataclass(frozen=True)
class Poster:
    """Only what everybody may read; what is not public yet carries a ``stamp`` that says so.

    ``path``: where the code leads.  ``call``: what scanning it is for, ``call_note`` a few words more; ``link``: the
    same before an address that is pressed.  ``at`` with
    ``time`` and ``place``: of what happens once.  ``code``: of a thing with a tag of its own.  ``notes``: whole
    sentences that must not be missing, such as risks (V1).
    """

    title: str
    path: str
    call: str
    link: str
    call_note: str = ""
    lead: str = ""
    at: datetime | None = None
    time: str = ""
    place: str = ""
    code: str = ""
    lines: Sequence[Line] = ()
    notes: Sequence[str] = ()
    hosts: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    stamp: str = ""
    tags: int = 8  # on a sheet: many to hand out, or 1 that stays in its place

    @property
    def address(self) -> str:
        """What the code says: absolute, as it will stand on paper for years."""
        return settings.SITE_URL.rstrip("/") + self.path

    @property
    def size(self) -> str:
        return next((name for most, name in SIZES if width_of(self.title) <= most), "s")

    @property
    def density(self) -> str:
        """Everything gets smaller together where there are very many words, so that none falls off the sheet."""
        words = [self.title, self.lead, self.place, *self.notes, *(line.words for line in self.lines)]
        width = sum(map(width_of, words))
        return next((name for least, name in DENSITIES if width > least), "")


@dataclass(frozen=True)
class Kind:
    """``find(request, **address)`` answers with a row, or raises Http404, or PermissionDenied with a sentence."""

    code: str
    find: Callable[..., Any] = field(compare=False)
    poster: Callable[[Any, PortalRequest], Poster] = field(compare=False)


#: activities: 100; projects: 300.
poster_kinds = Registry[Kind]("kinds of poster")
#: Upper apps that know a fitting picture: ``art(row)`` answers with pictures, or with none. volunteers: 400.
poster_art = Registry[Callable[[Any], Sequence[Picture]]]("pictures for posters")


def pictures_of(row: Any) -> list[Picture]:
    """The first answer that is one; none where no app knows a picture."""
    return next((list(found) for art in poster_art if (found := art(row))), [])


def width_of(words: str) -> float:
    """In hanzi."""
    return sum(1 if ord(letter) >= WIDE else 0.55 for letter in words)


def lead_of(text: str) -> str:
    """The first sentences of ``text`` that fit below a title."""
    words = " ".join(text.split())
    if len(words) <= LEAD:
        return words
    stop = max(words.rfind(sign, 0, LEAD) for sign in "。！？.!?")
    return words[: stop + 1] if stop > LEAD // 3 else words[: LEAD - 1].rstrip("，、,; ") + "…"


def for_chat(poster: Poster, neighbourhood: Neighbourhood) -> str:
    """Plain words to paste into a group: what, when, where, for whom, what may go wrong, and the way in."""
    colon = _(": ")
    names = {"portal": settings.PORTAL_NAME, "place": neighbourhood, "title": poster.title}
    said = [_("[%(portal)s %(place)s] %(title)s") % names]
    if poster.stamp:
        said.append(f"※ {poster.stamp}")
    if poster.lead:
        said.append(poster.lead)
    said.append("")
    if poster.at is not None:
        said.append(_("Time") + colon + f"{day(poster.at)} {poster.time}".strip())
    if poster.place:
        said.append(_("Place") + colon + poster.place)
    said += [line.label + colon + line.words for line in poster.lines]
    said += poster.notes
    said += ["", f"{poster.link}{colon}{poster.address}"]
    if neighbourhood.phone:
        said.append(_("Without internet: phone %(phone)s.") % {"phone": neighbourhood.phone})
    return "\n".join(said)
