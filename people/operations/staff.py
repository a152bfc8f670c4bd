"""What staff do to people's records, with what follows from it; each refusal is a sentence."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from people import emails
from people.models import (
    AccessLog,
    Guardianship,
    Neighbourhood,
    Person,
    PossibleDuplicate,
    PrivateFile,
    User,
)
from people.operations import family, files, photos
from people.rules import consent
from portal import clock
from portal.files import Document, Picture
from portal.refusals import Refusal


def confirm_guardianship(bond: Guardianship, *, by: User) -> None:
    """Note that ``by`` has seen who the guardian is; activities that demand it take the child from now on."""
    with transaction.atomic():
        bond = Guardianship.objects.select_for_update(of=("self",)).select_related("guardian", "child").get(pk=bond.pk)
        if bond.ended_at is not None:
            raise Refusal(_("This guardianship has ended."))
        if bond.guardian.user_id == by.pk:
            raise Refusal(_("Somebody else has to confirm your own guardianship."))
        if bond.state == Guardianship.State.CONFIRMED:
            raise Refusal(_("This guardianship is confirmed already."))
        bond.state = Guardianship.State.CONFIRMED
        bond.confirmed_at = clock.now()
        bond.confirmed_by = by
        bond.save()


@transaction.atomic
def end_guardianship(bond: Guardianship) -> None:
    """End it as the guardian could on their own page: what this guardian agreed to is taken back."""
    if bond.ended_at is not None:
        raise Refusal(_("This guardianship has ended."))
    family.remove_child(bond.guardian, bond.child)


def tell_apart(pair: PossibleDuplicate, *, by: User) -> None:
    """Two records that look alike are two people; the pair leaves the list."""
    pair.state = PossibleDuplicate.State.DIFFERENT
    pair.decided_by = by
    pair.save(update_fields=["state", "decided_by"])


def age_corrected(person: Person) -> None:
    """After staff corrected a birth date: whoever turns out to be a minor needs a guardian's consent for the seats to come."""
    with transaction.atomic():
        consent.look_again(Person.objects.select_for_update(no_key=True).get(pk=person.pk))


def tell_old_address(person: Person, old: str) -> None:
    """After staff wrote down another address: whoever reads the old one learns of it, and whom to call (S12)."""
    emails.address_replaced(person, old)


def note_openings(people: Iterable[Person], *, by: User, page: str = AccessLog.Page.RECORD) -> None:
    """V6: who opened what is written about a minor, and when; nothing is noted about adults."""
    now, today = clock.now(), clock.today()
    AccessLog.objects.bulk_create(
        AccessLog(neighbourhood_id=person.neighbourhood_id, person=person, user=by, opened_at=now, page=page)
        for person in people
        if not person.is_adult_on(today)
    )


def keep_sheet(
    sheet: Document | Picture,
    *,
    neighbourhood: Neighbourhood,
    purpose: str = PrivateFile.Purpose.CONSENT_SHEET,
    by: User | None,
) -> PrivateFile:
    """Keep a scanned paper privately: a consent sheet, or what an owner signed."""
    if isinstance(sheet, Picture):
        return photos.keep_picture(sheet, neighbourhood=neighbourhood, purpose=purpose, by=by)
    return files.keep_document(sheet, neighbourhood=neighbourhood, purpose=purpose, by=by)
