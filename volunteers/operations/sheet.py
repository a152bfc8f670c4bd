"""What the attendance sheet means for service: came writes the time, absent and excused write none (V2)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, SignUpStatus
from people.models import Person, User
from portal.refusals import Refusal
from volunteers.models import ServiceRecord
from volunteers.operations import service


@dataclass(frozen=True)
class Times:
    """One line's columns. ``confirm``: the record that stands is right as it is."""

    came: datetime | None = None
    left: datetime | None = None
    break_minutes: int = 0
    confirm: bool = False


def write_times(
    activity: Activity, person: Person, mark: str, details: Times | None, *, at: datetime, by: User
) -> bool:
    """Enter, finish or confirm the record of whoever came; returns whether anything was written.

    Refuses to call somebody absent whose record stands: it is rejected first, by whoever is sure.
    """
    times = details
    with transaction.atomic():
        record = ServiceRecord.objects.standing().filter(activity=activity.pk, person=person).first()
        if mark != SignUpStatus.ATTENDED:
            check_no_record(record, person)
            return False
        if times is None:
            return False
        if record is None:
            if times.came is None:
                return False
            service.enter(
                activity,
                person,
                times.came,
                times.left,
                at=at,
                source=service.Source.SHEET,
                break_minutes=times.break_minutes,
                by=by,
                confirms=True,
            )
            return True
        if times.confirm and record.state == ServiceRecord.State.PENDING:
            service.confirm(record, by=by, at=at)
            return True
        if record.ended_at is None and times.left is not None:
            service.finish(record, times.left, times.break_minutes, by=by, at=at)
            return True
        return False


def check_no_record(record: ServiceRecord | None, person: Person) -> None:
    """Refuse where ``record`` stands of somebody who is about to be called absent."""
    if record is not None:
        raise Refusal(
            _(
                "%(name)s has a service record here (%(when)s). If they were not there, please reject that record first,"
                " with the reason; then mark them."
            )
            % {"name": person.name, "when": service.when(record)},
            person,
            about="mark",
        )


def check_nobody_recorded(activity: Activity, absent: list[Person]) -> None:
    """The same for a morning's diary: nobody is called absent whose record stands."""
    people = {person.pk: person for person in absent}
    record = ServiceRecord.objects.standing().filter(activity=activity.pk, person__in=people).first()
    if record is not None:
        check_no_record(record, people[record.person_id])
