"""Second guardians: invited by one who is, and confirmed by one who is confirmed (docs/rules/children.md)."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from people import emails
from people.models import Family, GuardianInvitation, Guardianship, Person
from people.rules import consent
from people.rules.consent import is_guardian
from portal import clock
from portal.refusals import Refusal

State = GuardianInvitation.State
OPEN = [State.ASKED, State.ACCEPTED]


def invite(child: Person, *, by: Person, at: datetime) -> GuardianInvitation:
    """A link for the other parent, to be passed on by ``by``; an earlier one stops leading anywhere."""
    with transaction.atomic():
        if not is_guardian(by, child) or child.is_adult_on(clock.local_date(at)):
            raise Refusal(_("Only a guardian of the child can invite another."))
        Person.objects.select_for_update(no_key=True).get(pk=child.pk)
        open_ones = GuardianInvitation.objects.filter(child=child, invited_by=by, state__in=OPEN)
        open_ones.update(state=State.WITHDRAWN, settled_at=at)
        return GuardianInvitation.objects.create(
            child=child,
            invited_by=by,
            secret=secrets.token_urlsafe(24),
            invited_at=at,
            ends_at=at + timedelta(days=settings.GUARDIAN_INVITATION_DAYS),
        )


def take_back_all(child: Person, *, by: Person, at: datetime) -> None:
    """Whatever ``by`` has sent out for the child leads nowhere any more."""
    with transaction.atomic():
        for row in GuardianInvitation.objects.filter(child=child, invited_by=by).order_by("pk"):
            take_back(row, by=by, at=at)


def take_back(invitation: GuardianInvitation, *, by: Person, at: datetime) -> None:
    """End an invitation that nobody has settled; a settled one stays as it is. Refuses anybody but the one who invited."""
    with transaction.atomic():
        row = _locked(invitation)
        if row.invited_by_id != by.pk:
            raise Refusal(_("Only the one who invited can take it back."))
        if row.state in OPEN:
            row.state, row.settled_at = State.WITHDRAWN, at
            row.save()


def accept(invitation: GuardianInvitation, *, person: Person, relation: str, at: datetime) -> GuardianInvitation:
    """``person`` says: I am the guardian. Whoever invited is asked whether that is right; until then nothing is shown."""
    with transaction.atomic():
        row = _locked(invitation)
        if row.state == State.ACCEPTED and row.accepted_by_id == person.pk:
            return row
        if row.state != State.ASKED or row.ends_at <= at or not is_guardian(row.invited_by, row.child):
            raise Refusal(_("This invitation is no longer open. Please ask for a new one."))
        if person.neighbourhood_id != row.child.neighbourhood_id:
            raise Refusal(_("This belongs to another residential area."))
        if person.pk in {row.invited_by_id, row.child_id} or is_guardian(person, row.child):
            raise Refusal(_("You are this child's guardian already. The invitation is for the other one."))
        if not person.is_adult_on(clock.local_date(at)):
            raise Refusal(_("Only an adult can be a guardian. Please tell us on your page that you are 18 or over."))
        if not relation.strip():
            raise Refusal(_("Please say what you are to the child."), about="relation")
        row.state, row.accepted_by, row.relation = State.ACCEPTED, person, relation.strip()[:20]
        row.save()
        emails.let_in_wanted(row, at=at)
    return row


def let_in(invitation: GuardianInvitation, *, by: Person, agrees: bool, at: datetime) -> None:
    """The yes or no of whoever invited. A confirmed guardian's yes confirms the second one, too."""
    with transaction.atomic():
        row = _locked(invitation)
        if row.invited_by_id != by.pk or not is_guardian(by, row.child):
            raise Refusal(_("Only the guardian who invited can decide this."))
        if row.state in {State.LET_IN, State.REFUSED}:
            return
        if row.state != State.ACCEPTED or row.accepted_by is None:
            raise Refusal(_("This invitation is no longer open. Please ask for a new one."))
        row.state, row.settled_at = (State.LET_IN if agrees else State.REFUSED), at
        row.save()
        if not agrees or is_guardian(row.accepted_by, row.child):
            return
        bond = Guardianship.objects.create(
            guardian=row.accepted_by, child=row.child, relation=row.relation, declared_at=at
        )
        if _confirmed_bond(by, row.child) is not None:
            _confirm_bond(bond, by, at)
        for family in Family.objects.filter(members=row.child).filter(members=by):
            family.members.add(row.accepted_by)
        emails.guardian_now(row, at=at)


def _confirmed_bond(guardian: Person, child: Person) -> Guardianship | None:
    bonds = Guardianship.objects.filter(guardian=guardian, child=child, ended_at=None)
    return bonds.filter(state=Guardianship.State.CONFIRMED).first()


def confirm(bond: Guardianship, *, by: Person, at: datetime) -> None:
    """A confirmed guardian of the child says that the other one is, too."""
    with transaction.atomic():
        row = Guardianship.objects.select_for_update(of=("self",)).select_related("guardian", "child").get(pk=bond.pk)
        if row.ended_at is not None:
            raise Refusal(_("This guardianship has ended."))
        if row.guardian_id == by.pk or _confirmed_bond(by, row.child) is None:
            raise Refusal(
                _("Only another guardian whom the committee has confirmed can say this. Please ask the committee.")
            )
        if row.state != Guardianship.State.CONFIRMED:
            _confirm_bond(row, by, at)


def deny(bond: Guardianship, *, by: Person, at: datetime) -> None:
    """A confirmed guardian of the child does not know the other one, who is guardian no more until staff say otherwise.

    What the other one booked stays theirs to give up; what they agreed to does not count any more.
    """
    with transaction.atomic():
        row = Guardianship.objects.select_for_update(of=("self",)).select_related("guardian", "child").get(pk=bond.pk)
        if row.state == Guardianship.State.REFUSED:
            return
        if row.ended_at is not None:
            raise Refusal(_("This guardianship has ended."))
        if row.guardian_id == by.pk or _confirmed_bond(by, row.child) is None:
            raise Refusal(
                _("Only another guardian whom the committee has confirmed can say this. Please ask the committee.")
            )
        if row.state == Guardianship.State.CONFIRMED:
            raise Refusal(_("This guardian has been confirmed. If that is not right, please tell the committee."))
        row.state, row.ended_at = Guardianship.State.REFUSED, at
        row.save()
        for family in Family.objects.filter(members=row.guardian).filter(members=row.child).exclude(members=by):
            family.members.remove(row.child)
        consent.look_again(Person.objects.select_for_update(no_key=True).get(pk=row.child_id))


def _confirm_bond(bond: Guardianship, by: Person, at: datetime) -> None:
    bond.state, bond.confirmed_at, bond.confirmed_by_guardian = Guardianship.State.CONFIRMED, at, by
    bond.save()


def ask_to_confirm(bond: Guardianship, *, at: datetime) -> int:
    """Ask the child's confirmed guardians whether this one is, too; returns how many are asked."""
    if bond.ended_at is not None or bond.state == Guardianship.State.CONFIRMED:
        return 0
    others = Guardianship.objects.filter(child=bond.child_id, ended_at=None, state=Guardianship.State.CONFIRMED)
    return sum(
        emails.confirmation_wanted(bond, other.guardian, at=at)
        for other in others.exclude(guardian=bond.guardian_id).select_related("guardian__user")
    )


def _locked(invitation: GuardianInvitation) -> GuardianInvitation:
    rows = GuardianInvitation.objects.select_for_update(of=("self",))
    return rows.select_related("child", "invited_by", "accepted_by").get(pk=invitation.pk)
