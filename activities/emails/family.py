"""How an activity stands in one reader's own calendar: their family's places in it, the same in mails and in the feed.

A reader has one entry an activity, for everyone they read mails for. It says who comes, and is cancelled with the last one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Event

from activities.emails import ics
from activities.models import SEAT_KEPT, Activity, Booking, CannotCome, SignUp, SignUpStatus
from activities.rules import ages
from people.models import Guardianship, Person
from portal import by_id
from portal import names as people_names

SHOWN = [*SEAT_KEPT, SignUpStatus.ATTENDED]


@dataclass
class Family:
    """One reader's part in one activity; without ``rows`` they may be expected without a sign-up.

    rows: the sign-ups, ended ones too, of the reader, their children on that day, and those who are told through them.
    children: all their children on that day, coming or not.  changes: how often any of it changed; it only rises.
    declined: expected without a sign-up, they said that they cannot come.
    """

    reader_id: int
    rows: list[SignUp] = field(default_factory=list)
    children: dict[int, Person] = field(default_factory=dict)
    changes: int = 0
    declined: bool = False

    @property
    def coming(self) -> list[SignUp]:
        """Those for whom a place is kept, or who came."""
        return [row for row in self.rows if row.status in SHOWN]

    @property
    def gone(self) -> list[SignUp]:
        """Those who had a seat or the offer of one, and come no more."""
        here = {row.person_id for row in self.coming}
        ended = {row.person_id: row for row in self.rows if not row.is_live and row.person_id not in here}
        return [row for row in ended.values() if row.settled_at or row.booking.offered_at]


def families(reader_ids: Collection[int], **where: object) -> dict[tuple[int, int], Family]:
    """{(reader id, activity id): their family there}; ``where``: which activities, in the words of a sign-up's filter.

    The same few queries for one or twenty readers, none of them a join of what grows.
    """
    readers = set(reader_ids)
    bonds = by_id.with_related(Guardianship.objects.filter(guardian__in=readers).order_by("pk"), "child")
    people = {*readers, *(bond.child_id for bond in bonds)}
    own = SignUp.objects.filter(person__in=people, **where).order_by("pk")
    bookings = Booking.objects.filter(made_by__in=readers, **where).order_by("pk").values_list("pk", flat=True)
    booked = SignUp.objects.filter(booking__in=list(bookings)).exclude(person__in=people).order_by("pk")
    rows = by_id.with_related([*own, *booked], "booking", "activity", "person")
    bonds_of: dict[int, list[Guardianship]] = defaultdict(list)
    for bond in bonds:
        bonds_of[bond.child_id].append(bond)
    found: dict[tuple[int, int], Family] = {}
    for row in rows:
        ties = {bond.guardian_id: bond for bond in bonds_of[row.person_id]}
        for reader in {row.person_id, row.booking.made_by_id, *ties} & readers:
            family = found.setdefault((reader, row.activity_id), Family(reader))
            tie = ties.get(reader)
            # A guardianship that ended takes the child out of the entry, so it counts as a change.
            family.changes += row.changes + (tie is not None and tie.ended_at is not None)
            if reads_for(reader, row, tie):
                family.rows.append(row)
    children: dict[int, list[Person]] = defaultdict(list)
    for bond in bonds:
        if bond.ended_at is None:
            children[bond.guardian_id].append(bond.child)
    days = {row.activity_id: ages.day_of(row.activity) for row in rows}
    for (reader, activity_id), family in found.items():
        day = days[activity_id]
        family.children = {child.pk: child for child in children[reader] if not child.is_adult_on(day)}
    for said in CannotCome.objects.filter(person__in=readers, **where):
        family = found.setdefault((said.person_id, said.activity_id), Family(said.person_id))
        family.changes += said.changes
        family.declined = said.taken_back_at is None
    return found


def reads_for(reader_id: int, row: SignUp, tie: Guardianship | None) -> bool:
    """Whether ``row`` stands in the reader's entry; ``tie``: their guardianship of its person, if there was one.

    As activities.rules.recipients says: adults read for themselves, those without any channel through whoever booked them.
    """
    if row.person_id == reader_id:
        return True
    is_adult = row.person.is_adult_on(ages.day_of(row.activity))
    if tie is not None and tie.ended_at is None and not is_adult:
        return True
    unreachable = not row.person.channel and not row.person.user_id
    return is_adult and unreachable and row.booking.made_by_id == reader_id


def entry(activity: Activity, family: Family, *, to: ics.Reader | None = None) -> Event | None:
    """The activity as it stands in the reader's calendar; None where it never stood there. ``to``: for a mail to them."""
    if not family.rows:
        # expected as a member or invited, cancelled or not
        return ics.event(activity, withdrawn=family.declined, changes=family.changes, to=to)
    coming, gone = family.coming, family.gone
    if coming:
        return ics.event(
            activity,
            people=who(coming, family),
            missing=who(gone, family, plainly=True),
            tentative=all(row.status == SignUpStatus.OFFERED for row in coming),
            changes=family.changes,
            to=to,
        )
    if not gone:
        return None
    return ics.event(activity, withdrawn=True, changes=family.changes, to=to)


def who(rows: Iterable[SignUp], family: Family, *, plainly: bool = False) -> str:
    """Whom the reader has to take along, in as few words as do; "" for the reader alone, unless ``plainly`` said.

    Calendars are shared, so a child is named only where there are several to tell apart, and others are counted.
    """
    ids = {row.person_id for row in rows}
    going = [child for pk, child in family.children.items() if pk in ids]
    found = []
    if going and len(family.children) == 1:
        found.append(_("your child"))
    elif going and len(going) == len(family.children):
        found.append(_("all your children"))
    else:
        found += [child.nickname or people_names.given(child.name) for child in going]
    if others := len(ids - {family.reader_id} - family.children.keys()):
        found.append(ngettext("one person you signed up", "%(count)d people you signed up", others) % {"count": others})
    names = _(", ").join(found)
    if family.reader_id not in ids:
        return names
    if not names:
        return _("you") if plainly else ""
    return _("you and %(children)s") % {"children": names}
