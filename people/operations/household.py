"""Grown-ups of a household without an account: a couple with one mailbox, a grandmother without any (docs/rules/children.md)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from people import emails
from people.models import Channel, Consent, Family, HouseholdAdult, Person, User
from people.operations import consents, duplicates
from portal import clock, names
from portal.refusals import Refusal

State = HouseholdAdult.State
MOST_OPEN = 4


def add_adult(reader: Person, name: str, *, at: datetime) -> HouseholdAdult:
    """Name somebody of one's household; they are asked by a mail to the shared mailbox, or a helper notes their yes.

    Nothing but the name is kept, and nobody can be signed up, before they agree themself. Raises Refusal.
    """
    with transaction.atomic():
        reader = Person.objects.select_for_update(no_key=True).get(pk=reader.pk)
        if not reader.is_adult_on(clock.local_date(at)):
            raise Refusal(_("Please tell us on your page that you are 18 or over; then you can name others."))
        here = Person.objects.filter(families__members=reader, anonymised_at=None) | Person.objects.filter(pk=reader.pk)
        waiting = list(open_rows(reader, at))
        known = {*here.values_list("name_key", flat=True), *(names.key(row.name) for row in waiting)}
        if names.key(name) in known:
            raise Refusal(_("%(name)s is on your page already.") % {"name": name}, about="name")
        if len(waiting) >= MOST_OPEN:
            raise Refusal(_("First let those whom you have named answer."), about="name")
        row = HouseholdAdult.objects.create(
            added_by=reader, name=name, added_at=at, ends_at=at + timedelta(days=settings.GUARDIAN_INVITATION_DAYS)
        )
        emails.household_adult_asked(row, at=at)
    return row


def open_rows(reader: Person, at: datetime):
    """Whom ``reader`` has named and who has not answered."""
    return HouseholdAdult.objects.filter(added_by=reader, state=State.ASKED, ends_at__gt=at).order_by("pk")


def agree(row: HouseholdAdult, *, at: datetime, by: User | None = None, channel: str = Channel.WEB) -> Person:
    """Their own yes: 18 or over, and their name may be kept. ``by``: whoever of staff heard it, by ``channel``.

    Returns the record, the same one when it is pressed twice. Raises Refusal when it was taken back or is too old.
    """
    with transaction.atomic():
        row = HouseholdAdult.objects.select_for_update(of=("self",)).select_related("added_by").get(pk=row.pk)
        if row.state == State.AGREED and row.person is not None:
            return row.person
        if row.state != State.ASKED or row.ends_at <= at or row.added_by.anonymised_at is not None:
            raise Refusal(_("This is no longer open. Please have yourself named once more."))
        if by is not None and by.pk == row.added_by.user_id:
            raise Refusal(_("Somebody else has to note what your own household says."))
        reader = row.added_by
        person = Person.objects.create(
            neighbourhood_id=reader.neighbourhood_id,
            name=row.name,
            building_id=reader.building_id,
            declared_adult_at=at,
            language=reader.language,
            added_at=at,
        )
        consents.give(person, Consent.Purpose.DATA, given_by=person, channel=channel, entered_by=by)
        family = reader.families.order_by("pk").first()
        if family is None:
            family = Family.objects.create(neighbourhood_id=reader.neighbourhood_id)
            family.members.add(reader)
        family.members.add(person)
        duplicates.note(person)  # before the address, which is shared: these are two people
        if by is None:
            person.email = reader.email
            person.save(update_fields=["email"])
        row.state, row.person, row.settled_at, row.channel, row.entered_by = State.AGREED, person, at, channel, by
        row.save()
    return person


def take_back(row: HouseholdAdult, *, by: Person, at: datetime) -> None:
    """Whoever named somebody takes it back: an open question ends, a grown-up leaves their page; the record is theirs and stays."""
    with transaction.atomic():
        row = HouseholdAdult.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.added_by_id != by.pk:
            raise Refusal(_("Only the one who named them can take it back."))
        if row.state == State.WITHDRAWN:
            return
        if row.person is not None:
            for family in Family.objects.filter(members=by).filter(members=row.person):
                family.members.remove(row.person)
        row.state, row.settled_at = State.WITHDRAWN, at
        row.save()
