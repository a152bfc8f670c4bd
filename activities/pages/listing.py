"""Activities as lists show them: few columns, seats, and what is the reader's own. The same few queries at any length."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from activities.models import (
    SEAT_HOLDING,
    Activity,
    Audience,
    Invitation,
    Minors,
    SignUp,
    SignUpStatus,
    Status,
    Visibility,
)
from activities.models.activity import ActivityQuerySet
from activities.pages.seat_states import act_look, seat_state, seats
from activities.rules import expected
from people.access.viewer import Viewer
from people.models import Guardianship, Neighbourhood
from portal import clock
from portal.dates import span
from portal.plate import plate

Listed = TypeVar("Listed", bound=ActivityQuerySet)  # of activities, or of one kind of them

# What cards and the week board read; the long texts stay in the database.
COLUMNS = [
    "kind", "title", "starts_at", "ends_at", "status", "part_of_id", "capacity", "people_needed", "signup_from", "signup_until",
    "open_to", "minors", "min_age", "max_age", "visibility", "cancel_reason", "organisation_id", "team_id",
    "neighbourhood_id", "location__name", "location__step_free",
]  # fmt: skip

ANSWERED_FOR = [
    "activity_id", "status", "booking__made_by_id",
    "person__birth_date", "person__birth_year", "person__declared_adult_at",
]  # fmt: skip

# Of several in a family, the state that asks most of the reader is the one shown.
FIRST = [
    SignUpStatus.OFFERED,
    SignUpStatus.CONSENT_PENDING,
    SignUpStatus.CONFIRMED,
    SignUpStatus.ATTENDED,
    SignUpStatus.WAITING,
]


def for_lists(activities: Listed) -> Listed:
    """Appointments that are out, with their place. Drafts are prepared in the staff pages, parts stand at their whole."""
    out = activities.appointments().exclude(status=Status.DRAFT)
    return out.select_related("location").only(*COLUMNS).order_by("starts_at", "pk")


def placed(activities: Iterable[Activity], neighbourhood: Neighbourhood) -> list[Activity]:
    """The rows with their neighbourhood and ``address``; no further query."""
    start = reverse("activities:detail", args=[neighbourhood.slug, 0]).removesuffix("0/")
    found = list(activities)
    for activity in found:
        activity.neighbourhood = neighbourhood
        activity.address = f"{start}{activity.pk}/"
    return found


def with_reader(activities: ActivityQuerySet, viewer: Viewer) -> ActivityQuerySet:
    """With ``taken`` seats and ``is_expected`` (of the reader, there or at a part of it), for a page whose list is one of many.

    A subquery each row: a dozen rows cost less by it than two more queries, a long list more.
    """
    holding = SignUp.objects.filter(activity=OuterRef("pk"), status__in=SEAT_HOLDING).order_by().values("activity")
    here = Activity.objects.filter(Q(pk=OuterRef("pk")) | Q(part_of=OuterRef("pk")), status=Status.PUBLISHED)
    due = Exists(here.filter(expecting(viewer)).order_by()) if viewer.person else Value(False)
    return activities.annotate(
        taken=Coalesce(Subquery(holding.annotate(number=Count("pk")).values("number")), 0), is_expected=due
    )


def rows(activities: Iterable[Activity], neighbourhood: Neighbourhood, *, at: datetime) -> list[Activity]:
    """The rows with ``seats_left`` and ``address``; one more query where some have a limit and are not over.

    Counted beside the list: with the count in the list's own query each of its columns would be grouped by, which
    takes longer than both. Rows of :func:`with_reader` know it.
    """
    found = placed(activities, neighbourhood)
    limited = [one.pk for one in found if one.capacity is not None and one.ends_at > at and not hasattr(one, "taken")]
    taken: dict[int, int] = {}
    if limited:
        holding = SignUp.objects.filter(activity__in=limited, status__in=SEAT_HOLDING)
        taken = dict(holding.order_by().values_list("activity").annotate(Count("pk")))
    for activity in found:
        held = getattr(activity, "taken", taken.get(activity.pk, 0))
        left = None if activity.capacity is None else max(activity.capacity - held, 0)
        activity.seats_left = left
    return found


def mine(
    viewer: Viewer, activities: Iterable[Activity], *, at: datetime, expected_at: set[int] | None = None
) -> dict[int, str]:
    """{activity id: a sign-up's status, or "expected"} of the reader, their children and the adults they booked.

    Nothing signed out. A meeting that expects its members is theirs without a sign-up, until it is over. A child who has
    come of age, or whose guardian the reader no longer is, is not theirs.
    expected_at: ids of the appointments where the reader is expected, where they are known already.
    """
    by_id = {activity.pk: activity for activity in activities}
    person = viewer.person
    if person is None or not by_id:
        return {}
    states: dict[int, str] = {}
    still = [pk for pk, activity in by_id.items() if activity.ends_at > at]
    if expected_at is not None:
        states = {pk: "expected" for pk in still if pk in expected_at}
    elif still:
        here = Activity.objects.filter(Q(pk__in=still) | Q(part_of__in=still), status=Status.PUBLISHED)
        due = here.filter(expecting(viewer)).order_by().values_list("pk", "part_of")
        states = {part_of or pk: "expected" for pk, part_of in due}
    today = clock.local_date(at)
    found: dict[int, set[str]] = {}
    bond = Guardianship.objects.filter(guardian=person, child=OuterRef("person"), ended_at=None)
    # The list is short, so its activities narrow this down, and an OR over what is left reads little.
    theirs = Q(person=person) | Q(booking__made_by=person) | Q(is_ward=True)
    sign_ups = SignUp.objects.filter(activity__in=by_id, status__in=FIRST).annotate(is_ward=Exists(bond)).filter(theirs)
    for row in sign_ups.select_related("person", "booking").only(*ANSWERED_FOR).order_by():
        is_adult = row.person.is_adult_on(today)
        is_booked_by_me = row.booking.made_by_id == person.pk
        if row.person_id == person.pk or (is_booked_by_me if is_adult else row.is_ward):
            found.setdefault(row.activity_id, set()).add(row.status)
    for activity_id, statuses in found.items():
        if first := next((status for status in FIRST if status in statuses), None):
            states[activity_id] = first
    return states


def expecting(viewer: Viewer) -> Q:
    """Where the reader's person is expected; what they signed up for aside if they belong to nothing, for ``mine`` tells that."""
    if viewer.circles:
        return expected.activities_of(viewer.known_person)
    invited = Invitation.objects.filter(person=viewer.person, part=Invitation.Part.PARTICIPANT)
    return Q(pk__in=invited.values("activity")) & expected.may_come(viewer.known_person)


def state(activity: Activity, own: str, *, at: datetime) -> str:
    """What stands beside an activity: the reader's own state first, then whether it can be signed up for; "" = its seats."""
    if own or activity.is_cancelled or activity.is_past(at=at):
        return own
    if not activity.needs_sign_up:
        return "free" if activity.visibility == Visibility.PUBLIC else "members"
    if activity.signup_from is not None and at < activity.signup_from:
        return "later"
    return "" if activity.takes_sign_ups(at=at) else "closed"


@dataclass(slots=True)
class Card:
    """What stands on a card or in a slot of the week: ``mine`` a state's key or "", the rest a few words each.

    note: beside the state.  tags: for whom.  lines: what a list adds.  place: in place of the location's name.

    It draws itself. A list prints twenty, and a template's include for each takes longer than the query that found them
    all (DESIGN §6); the markup is that of components/_act.html and _slot.html, which a test holds together.
    """

    activity: Activity
    mine: str = ""
    note: str = ""
    tags: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    place: str = ""
    css: str = ""

    @property
    def has_seats(self) -> bool:
        return not self.mine and seat_state(self.activity) in {"open", "few"}

    @property
    def card(self) -> SafeString:
        activity = self.activity
        look = act_look(activity, self.mine)
        note = f'<span class="muted">{escape(self.note)}</span>' if self.note else ""
        tags = "".join(f'<span class="tag leaf">{escape(tag)}</span>' for tag in self.tags)
        lines = "".join(f'<p class="muted">{escape(line)}</p>\n' for line in self.lines)
        return mark_safe(
            f'<article class="card act {look["css"]}">{plate(activity.starts_at, look["tone"])}\n'
            f"<div>{self.head()}\n{lines}"
            f'<p class="line">{seats(look["state"])}{note}{tags}</p></div></article>'
        )

    @property
    def slot(self) -> SafeString:
        look = act_look(self.activity, self.mine)
        state = f"<p>{seats(look['state'])}</p>" if look["state"] != "over" else ""
        return mark_safe(f'<article class="slot {self.css} {look["css"]}">{self.head()}\n{state}</article>')

    def head(self) -> str:
        activity = self.activity
        place = self.place or (activity.location.name if activity.location else "")
        return (
            f'<h3><a href="{activity.address}">{escape(activity.title)}</a></h3>\n'
            f'<p class="where"><span class="num">{span(activity)}</span> <span class="nb">{escape(place)}</span></p>'
        )


def cards(activities: Iterable[Activity], own: dict[int, str], *, at: datetime) -> list[Card]:
    return [card(activity, own.get(activity.pk, ""), at=at) for activity in activities]


def card(activity: Activity, own: str, *, at: datetime) -> Card:
    made = Card(activity, state(activity, own, at=at))
    if words := tag(activity):
        made.tags.append(words)
    if activity.is_cancelled:
        made.note = activity.cancel_reason
    elif not made.mine and activity.seats_left == 0:  # annotated
        made.note = _("You can wait for a seat")
    return made


def audience(activity: Activity) -> list[str]:
    """For whom, a word for each group."""
    return [str(Audience(group).label) for group in activity.open_to if group in Audience.values]


def tag(activity: Activity) -> str:
    """For whom, where it is not for everyone."""
    if activity.open_to == [Audience.MEMBERS]:
        return _("For Party members")
    least, most = activity.min_age, activity.max_age
    if least is not None and most is not None:
        return _("%(min)d to %(max)d years") % {"min": least, "max": most}
    if activity.minors == Minors.WITH_GUARDIAN:
        if least is not None:
            return _("Children from %(min)d, with a parent") % {"min": least}
        return _("Children with a parent")
    if least is not None:
        return _("From %(min)d years") % {"min": least}
    return ""
