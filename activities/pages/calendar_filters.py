"""What the calendar's address asks for. Whatever cannot be read is ignored: a mistyped link still shows a week."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from urllib.parse import urlencode

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Minors, kinds
from activities.models.activity import ActivityQuerySet

WEEK = re.compile(r"(\d{4})-W(\d{1,2})", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEARS = range(2000, 2100)  # beyond these there is nothing, and dates run out of room
SATURDAY, SUNDAY = 7, 1  # as Django's week_day counts

# {word in the address: label}; each is on as "1".
SWITCHES = {
    "weekend": _("At the weekend"),
    "children": _("With children"),
    "seats": _("Seats left"),
    "steps": _("Without steps"),
}

QUERY = ["week", "from", "kind", *SWITCHES]


def at_a_weekend() -> Q:
    """Begins or ends on one, or runs over one: on a Friday it is one day to the weekend, on a Monday five."""
    found = Q(starts_at__week_day__in=[SATURDAY, SUNDAY]) | Q(ends_at__week_day__in=[SATURDAY, SUNDAY])
    for day in range(SUNDAY + 1, SATURDAY):
        found |= Q(starts_at__week_day=day, ends_at__gt=F("starts_at") + timedelta(days=SATURDAY - day))
    return found


@dataclass(frozen=True)
class CalendarFilters:
    """One week from ``monday``, and which activities of it. ``opened``: the day at which the list begins to be read."""

    monday: date
    opened: date
    kind: str = ""
    switches: frozenset[str] = field(default_factory=frozenset)
    named: bool = False  # the address names the week, so it is not simply "now"

    @classmethod
    def read(cls, query: Mapping[str, str], today: date) -> Self:
        day, opened, named = today, today, False
        if found := WEEK.fullmatch(query.get("week", "")):
            try:
                day = opened = date.fromisocalendar(int(found[1]), int(found[2]), 1)
                named = True
            except ValueError:
                pass
        elif DAY.fullmatch(query.get("from", "")):
            try:
                day = opened = date.fromisoformat(query["from"])
                named = True
            except ValueError:
                pass
        if day.year not in YEARS:
            day, opened, named = today, today, False
        kind = query.get("kind", "")
        return cls(
            monday=day - timedelta(days=day.weekday()),
            opened=opened,
            kind=kind if kind in kinds.groups() else "",
            switches=frozenset(name for name in SWITCHES if query.get(name) == "1"),
            named=named,
        )

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.switches)

    def midnight(self, days: int = 0) -> datetime:
        """Aware midnight in Shanghai, ``days`` after the Monday."""
        return timezone.make_aware(datetime.combine(self.monday + timedelta(days=days), time()))

    def narrow(self, activities: ActivityQuerySet, *, at: datetime) -> ActivityQuerySet:
        """Only what the filters let through."""
        if self.kind:
            activities = activities.filter(kind__in=kinds.codes_of(self.kind))
        if "weekend" in self.switches:
            activities = activities.filter(at_a_weekend())
        if "children" in self.switches:
            activities = activities.filter(minors=Minors.WITH_GUARDIAN)
        if "seats" in self.switches:
            free = Q(capacity=None) | Q(seats_left__gt=0)
            activities = activities.open_for_sign_up(at).with_seats_left().filter(free)
        if "steps" in self.switches:
            activities = activities.filter(location__step_free=True)
        return activities

    def address(self, **changes) -> str:
        """The query of the same calendar with ``changes``, as "?…"; "?" alone is the plain one."""
        filters = replace(self, **changes)
        words = []
        if filters.named:
            year, week, _day = filters.monday.isocalendar()
            words.append(("week", f"{year}-W{week:02}"))
        return "?" + urlencode(words + filters.kept())

    def kept(self) -> list[tuple[str, str]]:
        """The filters alone, for a form that asks for another day."""
        words = [("kind", self.kind)] if self.kind else []
        return words + [(name, "1") for name in SWITCHES if name in self.switches]

    def week_address(self, weeks: int) -> str:
        """Some weeks on or back; "" where the calendar ends."""
        monday = self.monday + timedelta(weeks=weeks)
        return self.address(monday=monday, named=True) if monday.year in YEARS else ""

    def kind_links(self) -> list[dict]:
        everything = {"label": _("All"), "url": self.address(kind=""), "current": not self.kind}
        return [everything] + [
            {"label": label, "url": self.address(kind=code), "current": code == self.kind}
            for code, label in kinds.groups().items()
        ]

    def switch_links(self) -> list[dict]:
        return [
            {"label": label, "url": self.address(switches=self.switches ^ {name}), "current": name in self.switches}
            for name, label in SWITCHES.items()
        ]
