"""Who came: written once for everybody, and what each kind of activity counts it for (docs/rules/service.md, The sheet)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import MARKED, Activity, Mover, SignUpStatus, Status
from activities.models.kinds import counts_for
from activities.operations import locks
from activities.rules.attendance_sheet import check_not_closed
from people.models import Person, User
from portal.refusals import Refusal
from portal.registry import Registry


class Follower(Protocol):
    """Writes what ``mark`` means for whoever counts it, ``details`` as that app's columns of the sheet gave them.

    Called with person and activity locked; returns whether it wrote anything. May raise Refusal, and then nothing is noted.
    """

    def __call__(
        self, activity: Activity, person: Person, mark: str, details: Any, *, at: datetime, by: User
    ) -> bool: ...


#: By what attendance counts for (``Kind.counts_for``). volunteers: 400.
followers = Registry[Follower]("what follows from attendance")


def record_attendance(
    activity: Activity, marks: Mapping[int, str], *, at: datetime, by: User, details: Mapping[int, Any] | None = None
) -> int:
    """Set {person id: attended, absent or excused} on the seats; returns for how many something changed.

    details: {person id: what the columns of this kind asked beside it}.
    Not before the start, and not once the sheet is closed. A seat that waits for a guardian's yes is not marked as attended.
    """
    with transaction.atomic():
        base = locks.lock(activity.pk, list(marks))
        if not base.has_started(at=at):
            raise Refusal(_("Attendance can be recorded once it has begun."))
        if base.status not in {Status.PUBLISHED, Status.DONE}:
            raise Refusal(_("It did not take place, so there is no attendance to record."))
        check_not_closed(base, at)
        seats = [SignUpStatus.CONFIRMED, SignUpStatus.CONSENT_PENDING, *MARKED]
        follow = followers.get(counts_for(base.kind))
        changed = 0
        for row in base.sign_ups.filter(person__in=marks, status__in=seats).select_related("person"):
            mark = marks[row.person_id]
            if mark not in MARKED:
                continue
            if row.status == SignUpStatus.CONSENT_PENDING:
                if mark == SignUpStatus.ATTENDED:
                    raise Refusal(
                        _("A guardian of %(name)s has not agreed to “%(title)s” yet.")
                        % {"name": row.person.name, "title": base.title},
                        row.person,
                        about="mark",
                    )
                if mark == SignUpStatus.EXCUSED:
                    mark = SignUpStatus.ABSENT
            was = row.status
            if was != mark:
                row.move_to(mark, by=Mover.STAFF)
                row.marked_by = by
                row.save(update_fields=["status", "marked_by"])
            wrote = bool(follow and follow(base, row.person, mark, (details or {}).get(row.person_id), at=at, by=by))
            changed += wrote or was != mark
    return changed


def note_came(activity: Activity, person: Person, *, by: User | None) -> None:
    """Whoever has a confirmed seat came: their service was confirmed, or they checked in. The caller holds the person's lock."""
    with transaction.atomic():
        base = locks.lock(activity.pk)
        for row in base.sign_ups.filter(person=person, status=SignUpStatus.CONFIRMED):
            row.move_to(SignUpStatus.ATTENDED, by=Mover.STAFF)
            row.marked_by = by
            row.save(update_fields=["status", "marked_by"])
