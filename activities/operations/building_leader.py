"""A building's leader writes down a neighbour who asked: in person or by phone, never unasked (V1)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, Booking, EndCode, SignUp
from activities.operations import entered_by_staff, sign_ups
from activities.rules import building_leader
from people.models import Building, Channel, Consent, Person, User
from people.operations import consents, duplicates
from portal import clock, names
from portal.files import Document, Picture
from portal.refusals import Refusal

CHANNELS = {Channel.IN_PERSON, Channel.PHONE}


@dataclass(frozen=True)
class Newcomer:
    """A grown-up neighbour whom the committee does not know yet; said to be 18, and that the data may be kept."""

    name: str
    phone: str
    building: Building


def add(new: Newcomer, *, by: User, channel: str) -> Person:
    """Make the record; listed for staff where somebody of the same name is known."""
    if building_leader.grown_up([new.building]).filter(name_key=names.key(new.name)).exists():
        raise Refusal(
            _("%(name)s stands in the list already. Please choose the name there; the office adds a namesake.")
            % {"name": new.name}
        )
    person = Person.objects.create(
        neighbourhood_id=new.building.neighbourhood_id,
        name=new.name,
        phone=new.phone,
        building=new.building,
        told_by_building_leader=True,
        declared_adult_at=clock.now(),
        added_at=clock.now(),
    )
    consents.give(person, Consent.Purpose.DATA, given_by=person, channel=channel, entered_by=by)
    duplicates.note(person)
    return person


def children_named(parent: Person, names: Sequence[str]) -> list[Person]:
    """Wards of ``parent`` by the names that the parent said; nothing is told about any other child (V6)."""
    found = []
    for name in names:
        child = Person.objects.wards_of(parent).called(name).filter(anonymised_at=None).first()
        if child is None:
            raise Refusal(
                _("No child called %(name)s is known with %(parent)s. The office adds children together with a parent.")
                % {"name": name, "parent": parent.name}
            )
        found.append(child)
    return found


def sign_up(
    activity: Activity,
    who: Person | Newcomer,
    *,
    buildings: Collection[Building],
    at: datetime,
    by: User,
    channel: str,
    children: Sequence[str] = (),
    sheet: Document | Picture | None = None,
    accept_clash: bool = False,
    note: str = "",
) -> Booking:
    """Book the neighbour, and the children they named; a signed ``sheet`` is the guardian's consent (V4).

    Without the sheet a child's seat waits for it, as always. Raises Refusal with the sentence to show.
    """
    with transaction.atomic():
        if channel not in CHANNELS:
            raise Refusal(_("Please say whether they asked in person or by phone."))
        if not building_leader.open_to_neighbours(activity.neighbourhood, at).filter(pk=activity.pk).exists():
            raise Refusal(_("This activity takes no more sign-ups: it has begun or is over."))
        if isinstance(who, Newcomer):
            lives_here = who.building in buildings
        else:
            lives_here = building_leader.grown_up(buildings).filter(pk=who.pk).exists()
        if not lives_here:
            raise Refusal(_("You write down neighbours of your own building. For others, please ask the office."))
        person = add(who, by=by, channel=channel) if isinstance(who, Newcomer) else who
        minors = children_named(person, children)
        if sheet is not None and not minors:
            raise Refusal(_("A signed sheet goes with a child. Please write the child's name."))
        return entered_by_staff.enter(
            activity,
            [person, *minors],
            made_by=person,
            at=at,
            channel=channel,
            by=by,
            consented=sheet is not None,
            guardian=person if minors else None,
            sheet=sheet,
            companion=None,
            accept_clash=accept_clash,
            note=note,
        )


@transaction.atomic
def withdraw(rows: Collection[SignUp], *, by: User, at: datetime) -> None:
    """As the neighbour asked; only whom this leader wrote down."""
    if any(row.booking.entered_by_id != by.pk for row in rows):
        raise Refusal(_("Somebody else wrote this down. Please ask the office."))
    sign_ups.withdraw(rows, at=at, by_staff=by, code=EndCode.TOLD_LEADER)
