"""Who should have come to a meeting and was there (M3, M4), and whether enough did to decide anything (M5)."""

from dataclasses import dataclass

from activities.models import SignUpStatus
from community.models import Meeting
from community.rules.expected import at_meetings
from people.models import PartyMember, Person
from portal import clock


@dataclass(frozen=True)
class Attendance:
    """Person ids. ``unexplained``: noted as not there on the sheet, with no reason in the record."""

    expected: frozenset[int]
    absent: frozenset[int]
    unexplained: frozenset[int]
    voters: frozenset[int]  # those expected who have a vote; nobody at a team's meeting, which is under no such law

    @property
    def present(self) -> frozenset[int]:
        return self.expected - self.absent

    @property
    def is_quorate(self) -> bool | None:
        """M5: half of those with a vote are enough; None where nobody has one."""
        return 2 * len(self.voters & self.present) >= len(self.voters) if self.voters else None


def attendance_of(meeting: Meeting) -> Attendance:
    """As of the meeting's own day; four queries."""
    expected = frozenset(one.person_id for one in at_meetings([meeting.pk]))
    absent = frozenset(meeting.absences.values_list("person", flat=True)) & expected
    away = meeting.sign_ups.filter(status__in=[SignUpStatus.ABSENT, SignUpStatus.EXCUSED], person__in=expected)
    voters: frozenset[int] = frozenset()
    if meeting.organisation_id is not None and meeting.post_holders_only:
        voters = expected
    elif meeting.organisation_id is not None:
        on_the_day = PartyMember.objects.on(clock.local_date(meeting.starts_at))
        full = on_the_day.filter(person__in=expected, status=PartyMember.Status.FULL)
        voters = frozenset(full.values_list("person", flat=True))
    unexplained = frozenset(away.values_list("person", flat=True)) - absent
    return Attendance(expected, absent, unexplained, voters)


def names(ids: frozenset[int]) -> list[str]:
    return [str(person) for person in Person.objects.filter(pk__in=ids).order_by("name", "pk")]
