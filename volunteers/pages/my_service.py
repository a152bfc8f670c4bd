"""What somebody did, as their own page tells it: hours by month and by place, in minutes until the last step (V2, V7)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from people.models import Person
from portal import clock
from projects.models import Piece
from volunteers.models import ServiceRecord
from volunteers.models.service import half_hours, hours_and_minutes

#: Stars of the national scheme, in hours; shown only on one's own page and only to whoever asks for it (V7).
STARS = (100, 300, 600, 1000, 1500)


@dataclass
class Line:
    label: object
    url: str = ""
    minutes: int = 0
    times: int = 0

    @property
    def time(self) -> str:
        return hours_and_minutes(self.minutes)


@dataclass
class Service:
    """``total``: hours, floored once to the half; ``open``: records that still wait."""

    minutes: int = 0
    by_month: list[Line] = field(default_factory=list)
    by_place: list[Line] = field(default_factory=list)
    by_piece: list[Line] = field(default_factory=list)
    records: list[ServiceRecord] = field(default_factory=list)

    @property
    def total(self) -> str:
        return half_hours(self.minutes)

    @property
    def stars(self) -> int:
        return sum(self.minutes >= hours * 60 for hours in STARS)


def of(person: Person, *, most: int = 200) -> Service:
    """Three queries: the newest ``most`` records as rows, all of them in the sums. Time spent on several covers, panels
    or beds at once is shared evenly among them."""
    rows = list(
        ServiceRecord.objects.filter(person=person)
        .select_related("activity__location")
        .prefetch_related(Prefetch("pieces", Piece.objects.select_related("project", "neighbourhood")))
        .order_by("-started_at", "-pk")
    )
    doubtful = set(ServiceRecord.objects.doubtful().filter(person=person).values_list("pk", flat=True))
    for row in rows:
        row.is_doubtful = row.pk in doubtful
    counted = [row for row in rows if row.state == ServiceRecord.State.CONFIRMED and not row.is_doubtful]
    months: dict[date, Line] = {}
    places: dict[int | None, Line] = defaultdict(lambda: Line(""))
    pieces: dict[int, Line] = {}
    for row in counted:
        first = clock.local_date(row.started_at).replace(day=1)
        month = months.setdefault(first, Line(first))
        location = row.activity.location
        place = places[location.pk if location else None]
        place.label = location.name if location else "–"
        for line in (month, place):
            line.minutes += row.minutes or 0
            line.times += 1
        worked_on = row.pieces.all()
        for piece in worked_on:
            shown = piece.is_published and piece.project.is_published
            url = piece.get_absolute_url() if shown else ""
            line = pieces.setdefault(piece.pk, Line(f"{piece.code} {piece.title}", url))
            line.minutes += (row.minutes or 0) // len(worked_on)
            line.times += 1
    return Service(
        minutes=sum(row.minutes or 0 for row in counted),
        by_month=[months[first] for first in sorted(months, reverse=True)],
        by_place=sorted(places.values(), key=lambda line: (-line.minutes, str(line.label))),
        by_piece=sorted(pieces.values(), key=lambda line: (-line.minutes, str(line.label))),
        records=rows[:most],
    )
