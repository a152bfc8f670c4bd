"""What the areas share while they load: the rows made so far by their ids, moments, and how rows are kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from activities.models import Activity
from community.models import Deliberation, Meeting
from config.demo.source import DemoRefused, Files, Row
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
from projects.models import Bed, Cover, Project, WallPanel
from volunteers.models import Shift

M = TypeVar("M", bound=Model)

OFFICE_OPENS = "09:00"  # the hour given to what the files date by the day only


@dataclass
class Loading:
    """One load of the demo at ``at``, the start of the trial clock. Each dict: {id in the files: the row}."""

    files: Files
    at: datetime
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
    campaigns: dict[str, StudyCampaign] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    events: dict[str, LearningEvent] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    deliberations: dict[str, Deliberation] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)

    def rows(self, file: str, name: str) -> list[Row]:
        return self.files.rows(file, name)

    def section(self, file: str, name: str) -> Row:
        return self.files.section(file, name)

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


def check(row: Model) -> None:
    """Field and model rules without a query; the database holds the relations and constraints."""
    left_out = {one.name for one in row._meta.fields if one.is_relation or not one.editable or one.primary_key}
    try:
        row.full_clean(exclude=left_out, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        told = "; ".join(f"{name}: {' '.join(lines)}" for name, lines in error.message_dict.items())
        raise DemoRefused([f"{row._meta.label} “{row}” breaks a rule of the portal: {told}"]) from error


def keep(row: M) -> M:
    """Save one row, with its history where the model has one."""
    check(row)
    row.save()
    return row


def keep_all(rows: Iterable[M]) -> list[M]:
    """Save many rows of one model that has neither history nor a parent table."""
    rows = list(rows)
    for row in rows:
        check(row)
    if not rows:
        return []
    return type(rows[0])._default_manager.bulk_create(rows, batch_size=500)
