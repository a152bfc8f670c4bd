"""What a building's leader may see: the grown-up neighbours of their own buildings, and whom they wrote down (point by point
in docs/rules/buildings.md). The role grant counts, not the name on the building's record."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from activities.models import Activity, SignUp, Status, Visibility
from activities.rules import phone_calls
from activities.rules.facts import Where, sentences
from activities.rules.staff_scope import occasions_about
from people import outbox
from people.access import minors
from people.access.viewer import Viewer
from people.models import Building, Message, Neighbourhood, Occasion, Person, RoleGrant, User
from people.models.person import known_adults
from portal import clock
from portal.dates import day, span
from portal.words import one_after_another


def led_by(viewer: Viewer) -> list[Building]:
    """Buildings of the grants in force; none for anybody else, staff included: they have their own pages."""
    leads = [grant for grant in viewer.grants if grant.role == RoleGrant.Role.BUILDING_LEADER]
    ids = [grant.building_id for grant in leads if grant.building_id is not None]
    return list(Building.objects.filter(pk__in=ids, neighbourhood=viewer.neighbourhood).select_related("compound"))


def grown_up(buildings: Collection[Building]) -> QuerySet[Person]:
    """Known adults who live there. Children never stand in a list: their parents name them (V6)."""
    people = Person.objects.adults_on(clock.today()).filter(building__in=buildings, anonymised_at=None)
    return people.select_related("building").order_by("building", "name", "pk")


def open_to_neighbours(neighbourhood: Neighbourhood, at: datetime) -> QuerySet[Activity]:
    """Public, published, with sign-up, and not begun: whoever rings may still be written down after the sign-up end."""
    found = Activity.objects.filter(
        neighbourhood=neighbourhood, visibility=Visibility.PUBLIC, status=Status.PUBLISHED, starts_at__gt=at
    )
    return found.exclude(open_to=[]).select_related("location")


def written_down(user: User, neighbourhood: Neighbourhood, at: datetime) -> QuerySet[SignUp]:
    """Whom this leader wrote down, for what is still to come."""
    return (
        SignUp.objects.live()
        .filter(
            booking__entered_by=user,
            activity__neighbourhood=neighbourhood,
            activity__status=Status.PUBLISHED,
            activity__starts_at__gt=at,
        )
        .select_related("activity__location", "activity__neighbourhood", "person", "booking")
        .order_by("activity__starts_at", "booking__sequence", "pk")
    )


@dataclass(frozen=True)
class ToTell:
    """Somebody of one's own building to be told; ``message`` once it is written."""

    person: Person
    sentence: str
    before: datetime | None
    message: Message | None = None


def reached_by(user: User, buildings: Collection[Building]) -> Q:
    """Readers whom this leader tells: their buildings', without a number of their own, or written down by the leader."""
    own = Q(pk__in=SignUp.objects.filter(booking__entered_by=user).values("booking__made_by"))
    return Q(building__in=buildings) & (Q(told_by_building_leader=True) | Q(phone="") | own)


def to_tell(user: User, buildings: Collection[Building], neighbourhood: Neighbourhood) -> list[ToTell]:
    """Messages that wait for a word, then tomorrow's reminders; of public activities only, and of no child but those
    whose names the leader wrote down."""
    public = Activity.objects.filter(neighbourhood=neighbourhood, visibility=Visibility.PUBLIC)
    readers = Person.objects.filter(reached_by(user, buildings))
    children = children_written_down(user)
    found = [
        ToTell(message.recipient, with_given_names(sentence, children), message.expires_at, message)
        for message, sentence in outbox.spoken(waiting(user, neighbourhood, public).filter(recipient__in=readers))
    ]
    known = set(readers.values_list("pk", flat=True))
    for one in phone_calls.of_tomorrow(public):
        if one.reader.pk not in known:
            continue
        mine = user in one.entered_by
        names = [minors.spoken_name(user, person) if mine else minors.name_for(user, person) for person in one.people]
        sentence = _("“%(title)s”, %(when)s, %(where)s (%(people)s)") % {
            "title": one.activity,
            "when": f"{day(one.activity.starts_at)} {span(one.activity)}",
            "where": one.activity.location or "–",
            "people": _(", ").join(names),
        }
        sentence = one_after_another(sentence, *sentences(one.activity, Where.CALL))
        found.append(ToTell(one.reader, sentence, one.activity.starts_at))
    return found


def children_written_down(user: User) -> dict[str, str]:
    """{full name: what the leader calls them}"""
    children = Person.objects.filter(sign_ups__booking__entered_by=user).exclude(known_adults(clock.today())).distinct()
    return {child.name: minors.spoken_name(user, child) for child in children}


def with_given_names(sentence: str, children: dict[str, str]) -> str:
    """A message names people in full, which a leader's page does not."""
    for name, called in children.items():
        sentence = sentence.replace(name, called)
    return sentence


def waiting(user: User, neighbourhood: Neighbourhood, public: QuerySet[Activity]) -> QuerySet[Message]:
    """The phone list's messages about public activities that name no child whom the leader did not write down."""
    own = {f"sign_up:{pk}" for pk in SignUp.objects.filter(booking__entered_by=user).values_list("pk", flat=True)}
    unfit = ~occasions_about(public) | (~known_adults(clock.today(), "subject_person__") & ~Q(key__in=own))
    return outbox.phone_list(neighbourhood, at=clock.now()).filter(
        ~Exists(Occasion.objects.filter(unfit, message=OuterRef("pk")))
    )
