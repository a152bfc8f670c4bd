"""Who is expected without a sign-up hears of it when it is published, and may say that they cannot come (D1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities import emails
from activities.models import Activity, CannotCome, Invitation, Status
from activities.operations import locks
from activities.rules import expected
from people.models import Guardianship, Person
from portal import clock
from portal.refusals import Refusal


def tell_invited(activity: Activity, *, at: datetime) -> None:
    """To everyone asked to come one by one, once; called when the notice goes out and whenever somebody was added."""
    with transaction.atomic():
        if activity.status != Status.PUBLISHED or activity.has_started(at=at):
            return
        asked = [one for one in expected.pairs([activity.pk]) if one.asked]
        watching = Invitation.objects.filter(activity=activity.pk, part=Invitation.Part.OBSERVER).order_by("pk")
        said_no = set(CannotCome.objects.standing().filter(activity=activity.pk).values_list("person", flat=True))
        asked += [
            expected.Expected(activity.pk, row.person_id, f"invitation:{row.pk}")
            for row in watching
            if row.person_id not in said_no
        ]
        emails.invited(activity, asked, at=at)


def say(activity: Activity, person: Person, *, by: Person, at: datetime, reason: str = "") -> CannotCome:
    """``person`` is not expected any more, nor reminded; those in charge read it, with the reason. Twice is once.

    Raises Refusal after the start, or where nobody expects them.
    """
    with transaction.atomic():
        base = check(activity, person, by, at)
        known = CannotCome.objects.filter(activity=base, person=person).first()
        if known is not None and known.taken_back_at is None:
            return known
        if not is_asked(base, person):
            raise Refusal(_("%(name)s is not expected there.") % {"name": person.name}, person)
        row = known or CannotCome(activity=base, person=person, changes=0)
        row.said_at, row.reason, row.taken_back_at = at, reason.strip()[:120], None
        row.changes += 1
        row.save()
        emails.said_no(base, row, at=at)
    return row


def take_back(activity: Activity, person: Person, *, by: Person, at: datetime) -> None:
    """They come after all, and are expected as before. Twice is once."""
    with transaction.atomic():
        base = check(activity, person, by, at)
        row = CannotCome.objects.standing().filter(activity=base, person=person).first()
        if row is None:
            return
        row.taken_back_at = at
        row.changes += 1
        row.save()
        asked = [one for one in expected.pairs([base.pk]) if one.person_id == person.pk]
        emails.invited(base, asked, at=at, number=row.changes + 1)


def check(activity: Activity, person: Person, by: Person, at: datetime) -> Activity:
    """The activity, locked, where ``by`` may answer for ``person`` now."""
    base = locks.lock(activity.pk, [person.pk])
    if base.status != Status.PUBLISHED or base.has_started(at=at):
        raise Refusal(_("It has begun or is over, so there is nothing to answer any more."))
    ward = Guardianship.objects.filter(guardian=by, child=person, ended_at=None)
    if by.pk != person.pk and (person.is_adult_on(clock.today()) or not ward.exists()):
        raise Refusal(_("Only the person or their guardian can do this."), person)
    return base


def is_asked(activity: Activity, person: Person) -> bool:
    """Whether they are expected without a sign-up, or were asked to sit in."""
    if any(one.person_id == person.pk and not one.by_sign_up for one in expected.pairs([activity.pk])):
        return True
    return Invitation.objects.filter(activity=activity.pk, person=person).exists()
