"""What joining two records of one person means for their seats: nobody has two (people.operations.merging)."""

from datetime import datetime

from django.utils.translation import gettext as _

from activities.models import COMING, Activity, EndCode, Mover, SignUp, SignUpStatus, Status
from activities.operations import locks, queue
from activities.rules import ages, guardian_consent
from people.models import Person, PersonMerge
from people.operations.merging import Joining
from portal import clock

#: Which of two rows stays: who came, then a seat before a place in the queue; among the same the earlier one.
RANK = {
    SignUpStatus.ATTENDED: 0,
    **dict.fromkeys(COMING, 1),
    SignUpStatus.OFFERED: 2,
    SignUpStatus.WAITING: 3,
    SignUpStatus.ABSENT: 4,
    SignUpStatus.EXCUSED: 5,
}


def doubles(kept: Person, dropped: Person) -> list[tuple[SignUp, SignUp]]:
    """(the row that stays, the one that goes) where both stand in the same activity, to come or over, by activity."""
    rows = SignUp.objects.live().filter(person__in=[kept, dropped])
    found: dict[int, list[SignUp]] = {}
    for row in rows.select_related("activity", "booking", "person").order_by("activity"):
        found.setdefault(row.activity_id, []).append(row)
    pairs = []
    for both in found.values():
        if len(both) == 2:
            both.sort(key=lambda row: (RANK[SignUpStatus(row.status)], row.booking.sequence))
            pairs.append((both[0], both[1]))
    return pairs


def foretold(kept: Person, dropped: Person) -> list[str]:
    """What joining two people will do to their sign-ups, a sentence for each activity that both are down for."""
    said = []
    for stays, _goes in doubles(kept, dropped):
        if stays.activity.has_started(at=clock.now()):
            words = _("“%(title)s”: both stand in its list; the person counts once from now on.")
        else:
            words = _("“%(title)s”: both are signed up; one place is given up, and whoever waits follows.")
        said.append(words % {"title": stays.activity.title})
    return said


def end_doubles(joining: Joining) -> None:
    """The persons are locked by the caller; the activities follow by ascending id."""
    ended, confirmed = [], []
    for activity_id in sorted({stays.activity_id for stays, _goes in doubles(joining.kept, joining.dropped)}):
        locks.lock(activity_id)
    for stays, goes in doubles(joining.kept, joining.dropped):  # read again, now that nobody else changes them
        ended.append([goes.pk, goes.status])
        if stays.status == SignUpStatus.CONSENT_PENDING and goes.status == SignUpStatus.CONFIRMED:
            confirmed.append(stays.pk)
        if goes.takes_coach and not stays.takes_coach:
            stays.takes_coach = True
            stays.save(update_fields=["takes_coach"])
        queue.end(goes, SignUpStatus.CANCELLED, at=joining.at, by=Mover.STAFF, code=EndCode.RECORDS_JOINED)
    joining.log["seats"] = ended
    joining.log["seats_confirmed"] = confirmed


def pass_on(joining: Joining) -> None:
    """The earlier place is as sure as the later one was, whose consent has come along; freed seats go to whoever waits."""
    for pk in joining.log["seats_confirmed"]:
        row = SignUp.objects.select_related("person", "activity").get(pk=pk)
        if guardian_consent.consented(row.activity, row.person):
            row.move_to(SignUpStatus.CONFIRMED, by=Mover.CONSENT)
            row.consent_until = None
            row.save()
    freed = SignUp.objects.filter(pk__in=[pk for pk, _status in joining.log["seats"]])
    for activity_id in sorted(freed.values_list("activity", flat=True)):
        queue.fill_seats(activity_id, joining.at)


def over(activity: Activity, then: datetime, now: datetime) -> bool:
    """It had begun when they were joined and was not moved since: what is given back is a record, no seat to come."""
    return activity.has_started(at=then) and activity.has_started(at=now)


def give_back(merge: PersonMerge, at: datetime) -> list[str]:
    """After undoing: what was over then is as it was recorded; a place to come is had again while there is room.

    Where there is none any more, a sentence says so.
    """
    left = []
    for pk, status in merge.log["seats"]:
        row = SignUp.objects.select_related("person", "booking").get(pk=pk)
        activity = locks.lock(row.activity_id, [row.person_id])
        free = queue.free_seats(activity)
        open_still = activity.status == Status.PUBLISHED and not activity.has_started(at=at)
        held = status in COMING
        elsewhere = activity.sign_ups.live().filter(person=row.person_id).exists()
        if over(activity, merge.merged_at, at) and not elsewhere:
            row.move_to(status, by=Mover.STAFF)
            row.ended_at, row.end_code, row.end_reason = None, "", ""
            row.save()
        elif open_still and held and not elsewhere and (free is None or free > 0):
            minor = not row.person.is_adult_on(ages.day_of(activity))
            row.ended_at, row.end_code, row.end_reason = None, "", ""
            queue.settle(row, activity, is_minor=minor, at=at, by=Mover.STAFF)
            row.save()
        elif open_still and not elsewhere:
            left.append(
                _("The place of %(name)s at “%(title)s” has gone on; please sign them up anew.")
                % {"name": row.person.name, "title": activity.title}
            )
    return left
