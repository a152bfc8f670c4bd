"""What staff enter for others: sign-ups by phone, on paper or in person, with the signed sheets that came along."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, Booking, SignUp
from activities.operations import consents, locks, sign_ups
from activities.rules import ages, guardian_consent
from people.models import Channel, Guardianship, Person, PrivateFile, User
from people.operations.files import gone_when_refused
from people.operations.staff import keep_sheet
from portal.files import Document, Picture
from portal.refusals import Refusal


@transaction.atomic
def enter(
    activity: Activity,
    people: Sequence[Person],
    *,
    made_by: Person | None,
    at: datetime,
    channel: str,
    by: User,
    consented: bool = False,
    guardian: Person | None = None,
    sheet: Document | Picture | None = None,
    sheet_number: str = "",
    companion: Person | None = None,
    accept_clash: bool = False,
    note: str = "",
) -> Booking:
    """Book ``people`` together as somebody asked for it; ``made_by`` None: whoever of them, or of their guardians, is adult.

    consented: a guardian's consent to this activity came along (V4), on paper (``sheet``) or by word; it is stored for
    each minor before they are booked, so that they have their seat at once. ``guardian``: who gave it; found when None.
    """
    if channel not in {Channel.PHONE, Channel.PAPER, Channel.IN_PERSON}:
        raise Refusal(_("Please say whether they phoned, wrote or came."))
    if not people:
        raise Refusal(_("Please choose who is coming."))
    minors = ages.minors_among(activity, people)
    asked_by = made_by or _who_asked(people, minors, guardian)
    with kept_sheet(sheet, activity, by) as kept:
        if consented:
            locked = locks.lock(activity.pk, [person.pk for person in [*people, asked_by]])
            for child in minors:
                bond = bond_of(locked, child, guardian or asked_by, named=guardian is not None)
                consents.record_consent(
                    locked,
                    child,
                    bond,
                    at=at,
                    channel=channel,
                    entered_by=by,
                    sheet=kept,
                    sheet_number=sheet_number,
                )
        return sign_ups.sign_up(
            activity,
            people,
            made_by=asked_by,
            at=at,
            channel=channel,
            entered_by=by,
            companion=companion,
            accept_clash=accept_clash,
            note=note,
        )


@contextmanager
def kept_sheet(sheet: Document | Picture | None, activity: Activity, by: User) -> Iterator[PrivateFile | None]:
    """Keep the sheet while the block runs; when it is refused, the stored bytes go as the row does."""
    if sheet is None:
        yield None
        return
    with gone_when_refused(keep_sheet(sheet, neighbourhood=activity.neighbourhood, by=by)) as kept:
        yield kept


def _who_asked(people: Sequence[Person], minors: Sequence[Person], guardian: Person | None) -> Person:
    adults = [person for person in people if person not in minors]
    if adults:
        return adults[0]
    if guardian is not None:
        return guardian
    bond = (
        Guardianship.objects.filter(child__in=minors, ended_at=None).select_related("guardian").order_by("pk").first()
    )
    return bond.guardian if bond is not None else people[0]


def bond_of(activity: Activity, child: Person, guardian: Person, *, named: bool) -> Guardianship:
    """The guardianship by which the consent counts; whoever was not named may also be another guardian of the child."""
    bond = guardian_consent.guardianship(activity, guardian, child)
    if bond is None and not named:
        for other in Guardianship.objects.filter(child=child, ended_at=None).select_related("guardian").order_by("pk"):
            bond = bond or guardian_consent.guardianship(activity, other.guardian, child)
    if bond is None:
        raise Refusal(_("No guardian of %(name)s is known who could agree.") % {"name": child.name}, child)
    return bond


def give_consent(
    sign_up: SignUp,
    guardian: Person,
    *,
    at: datetime,
    channel: str,
    by: User,
    sheet: Document | Picture | None = None,
    sheet_number: str = "",
) -> None:
    """A guardian's consent that reached the office; the child who waited for it is confirmed (V4)."""
    with transaction.atomic(), kept_sheet(sheet, sign_up.activity, by) as kept:
        consents.give_consent(
            sign_up, guardian, at=at, channel=channel, entered_by=by, sheet=kept, sheet_number=sheet_number
        )


@transaction.atomic
def take_consent_back(sign_up: SignUp, guardian: Person, *, at: datetime) -> None:
    """As the guardian asked: a confirmed seat then waits for another consent (V5)."""
    given = sign_up.activity.consents.in_force().filter(child=sign_up.person).first()
    if given is None or guardian_consent.guardianship(sign_up.activity, guardian, sign_up.person) is None:
        raise Refusal(
            _("Nobody has agreed to this, or %(name)s is no guardian.") % {"name": guardian.name}, sign_up.person
        )
    consents.revoke_consent(given, at=at)


def note_told(sign_up: SignUp) -> None:
    """Somebody was told by word of mouth of the latest time and place; it counts as having seen it."""
    with transaction.atomic():
        activity = locks.lock(sign_up.activity_id, [sign_up.person_id])
        row = activity.sign_ups.live().filter(pk=sign_up.pk).first()
        if row is None:
            raise Refusal(_("This sign-up has ended. Please sign up again."), sign_up.person)
        row.seen_revision = activity.revision
        row.save(update_fields=["seen_revision"])
