"""What the areas share while they load: the rows made so far by their ids, moments, and how rows are kept."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from activities.models import Activity
from community.models import Deliberation, Meeting
from demo.source import DemoRefused, Files, Problem, Row, label_of
from events.models import LearningEvent, Site, StudyCampaign
from people.models import (
    Building,
    Committee,
    Compound,
    ConsentText,
    Family,
    Location,
    Neighbourhood,
    PartnerUnit,
    PartyOrg,
    Person,
    PropertyCompany,
    Superior,
    Team,
    User,
)
from projects.models import Bed, Cover, Plant, Project, WallPanel
from volunteers.models import Shift

M = TypeVar("M", bound=Model)

OFFICE_OPENS = "09:00"  # the hour given to what the files date by the day only


class Reading(NamedTuple):
    """The row that is being loaded, whom a refusal is about."""

    file: str
    label: str
    row: Row


@dataclass
class Loading:
    """One load of the demo at ``at``, the start of the trial clock. Each dict: {id in the files: the row}."""

    files: Files
    at: datetime
    reading: Reading = field(default_factory=lambda: Reading("", "", {}))
    neighbourhood: Neighbourhood = field(init=False)
    compounds: dict[str, Compound] = field(default_factory=dict)
    buildings: dict[str, Building] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)
    superiors: dict[str, Superior] = field(default_factory=dict)
    orgs: dict[str, PartyOrg] = field(default_factory=dict)
    committees: dict[str, Committee] = field(default_factory=dict)
    companies: dict[str, PropertyCompany] = field(default_factory=dict)
    units: dict[str, PartnerUnit] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)  # by the id of their person
    texts: dict[str, ConsentText] = field(default_factory=dict)  # by version
    projects: dict[str, Project] = field(default_factory=dict)
    covers: dict[str, Cover] = field(default_factory=dict)
    panels: dict[str, WallPanel] = field(default_factory=dict)
    beds: dict[str, Bed] = field(default_factory=dict)
    plants: dict[str, Plant] = field(default_factory=dict)
    campaigns: dict[str, StudyCampaign] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    events: dict[str, LearningEvent] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    deliberations: dict[str, Deliberation] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)

    def rows(self, file: str, name: str) -> Iterator[Row]:
        """The rows of a section to load, one by one; what is refused meanwhile is told of that row.

        Whoever only looks something up there takes ``section``.
        """
        before = self.reading
        for index, row in enumerate(self.section(file, name)):
            self.reading = Reading(file, label_of(row, index), row)
            yield row
        self.reading = before  # only at the end: an error that leaves the loop is about its row

    def single(self, file: str, name: str) -> Row:
        """A section that is one row, to load; what is refused from here on is told of it."""
        row = self.section(file, name)
        self.reading = Reading(file, name, row)
        return row

    def section(self, file: str, name: str) -> Any:
        """A section to look something up in, its rows or its value."""
        return self.files.section(file, name)

    def keep(self, row: M) -> M:
        """Save one row, with its history where the model has one."""
        checked(row).save()
        return row

    def keep_all(self, rows: Iterable[M]) -> list[M]:
        """Save many rows of one model that has neither history nor a parent table."""
        kept, told_of = [], []
        for row in rows:
            kept.append(checked(row))
            told_of.append(self.reading)
        if not kept:
            return []
        model = type(kept[0])
        try:
            with transaction.atomic():
                return model._default_manager.bulk_create(kept, batch_size=500)
        except IntegrityError:
            # Once more, one by one, to find the row that is refused.
            for row, reading in zip(kept, told_of, strict=True):
                self.reading = reading
                row.pk = None
                row.save()
            raise

    def keep_each(self, file: str, name: str, make: Callable[[Row], M]) -> dict[str, M]:
        """Save what ``make`` makes of each row of a section, as ``keep_all`` does: {id: row}."""
        made = self.keep_all(make(row) for row in self.rows(file, name))
        return dict(zip((row["id"] for row in self.section(file, name)), made, strict=True))

    def refused(self, sentence: str) -> DemoRefused:
        """To raise: ``sentence`` is what is wrong with the row that is being read."""
        return DemoRefused([Problem(self.reading.file, self.reading.label, sentence)])

    def activity(self, key: str) -> Activity:
        """Whatever may be booked or written about: a shift, a learning event, a meeting or a deliberation."""
        return self.shifts.get(key) or self.events.get(key) or self.deliberations.get(key) or self.meetings[key]

    def person(self, key: str | None) -> Person | None:
        return self.people[key] if key else None

    def user(self, key: str | None) -> User | None:
        """The account of a person, None where they have none."""
        return self.users.get(key) if key else None


def moment(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def day(text: str) -> date:
    return date.fromisoformat(text)


def maybe_day(text: str | None) -> date | None:
    return day(text) if text else None


def on(day_text: str, clock_text: str = OFFICE_OPENS) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(day_text), time.fromisoformat(clock_text)))


def maybe_moment(text: str | None) -> datetime | None:
    return moment(text) if text else None


def span(row: Row) -> tuple[datetime, datetime]:
    return on(row["date"], row["time"][0]), on(row["date"], row["time"][1])


def checked(row: M) -> M:
    """Field and model rules without a query; the database holds the relations and constraints. Raises ValidationError."""
    left_out = {one.name for one in row._meta.fields if one.is_relation or not one.editable or one.primary_key}
    row.full_clean(exclude=left_out, validate_unique=False, validate_constraints=False)
    return row


def sentence_of(error: Exception, row: Row) -> str:
    """What a model, the database or an operation has against ``row``, with the fields where it tells them."""
    if isinstance(error, ValidationError):
        of_fields = getattr(error, "message_dict", {"": error.messages})
        return "; ".join(f"“{name}”: {' '.join(lines)}" for name, lines in of_fields.items())
    if isinstance(error, KeyError):
        fields = " and ".join(f"“{name}”" for name, value in row.items() if value == error.args[0])
        return f"{fields or 'It'} names “{error.args[0]}”, which is of another kind or not known to the loader."
    return str(error).strip().splitlines()[0]
