"""Activities as lists show them: few columns, seats, and what is the reader's own. The same few queries at any length."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from activities import expected
from activities.models import ENDED, Activity, Audience, Minors, SignUp, SignUpStatus, Status
from activities.models.activity import ActivityQuerySet
from people.models import Neighbourhood
from people.templatetags.portal import seat_state
from people.viewer import Viewer

# What cards and the week board read; the long texts stay in the database.
COLUMNS = [
    "kind", "title", "starts_at", "ends_at", "status", "part_of_id", "capacity", "people_needed", "signup_from", "signup_until",
    "open_to", "minors", "min_age", "max_age", "visibility", "cancel_reason", "organisation_id", "team_id",
    "neighbourhood_id", "location__name", "location__step_free",
]  # fmt: skip

# Of several in a family, the state that asks most of the reader is the one shown.
FIRST = [
    SignUpStatus.OFFERED,
    SignUpStatus.CONSENT_PENDING,
    SignUpStatus.CONFIRMED,
    SignUpStatus.ATTENDED,
    SignUpStatus.WAITING,
]


def for_lists(activities: ActivityQuerySet) -> ActivityQuerySet:
    """Appointments that are out, with seats and place. Drafts are prepared in the staff pages, parts stand at their whole."""
    out = activities.appointments().exclude(status=Status.DRAFT)
    return out.with_seats_left().select_related("location").only(*COLUMNS)


def rows(activities: Iterable[Activity], neighbourhood: Neighbourhood) -> list[Activity]:
    """The rows, each told its neighbourhood, so that its address costs no query."""
    found = list(activities)
    for activity in found:
        activity.neighbourhood = neighbourhood
    return found


def mine(viewer: Viewer, activities: Iterable[Activity], *, at: datetime) -> dict[int, str]:
    """{activity id: a sign-up's status, or "expected"} of the reader and those they are guardian of; nothing signed out.

    A meeting that expects its members is theirs without a sign-up, until it is over.
    """
    by_id = {activity.pk: activity for activity in activities}
    person = viewer.person
    if person is None or not by_id:
        return {}
    states: dict[int, str] = {}
    still = [pk for pk, activity in by_id.items() if activity.ends_at > at]
    if still:
        here = Activity.objects.filter(Q(pk__in=still) | Q(part_of__in=still), status=Status.PUBLISHED)
        own = here.filter(expected.activities_of(person)).order_by().values_list("pk", "part_of")
        states = {part_of or pk: "expected" for pk, part_of in own}
    theirs = Q(person=person) | Q(
        person__guardianships_as_child__guardian=person, person__guardianships_as_child__ended_at=None
    )
    sign_ups = SignUp.objects.filter(theirs, activity__in=by_id).exclude(status__in=ENDED)
    found: dict[int, set[str]] = {}
    for activity_id, status in sign_ups.order_by().values_list("activity", "status"):
        found.setdefault(activity_id, set()).add(status)
    for activity_id, statuses in found.items():
        if first := next((status for status in FIRST if status in statuses), None):
            states[activity_id] = first
    return states


def state(activity: Activity, own: str, *, at: datetime) -> str:
    """What stands beside an activity: the reader's own state first, then whether it can be signed up for; "" = its seats."""
    if own or activity.is_cancelled or activity.is_past(at=at):
        return own
    if not activity.needs_sign_up:
        return "free"
    if activity.signup_from is not None and at < activity.signup_from:
        return "later"
    return "" if activity.takes_sign_ups(at=at) else "closed"


@dataclass(slots=True)
class Card:
    """What a card or slot is given: ``mine`` a state's key or "", ``note`` and ``tag`` a few words beside it."""

    activity: Activity
    mine: str = ""
    note: str = ""
    tag: str = ""
    css: str = ""

    @property
    def audience(self) -> list[str]:
        """For whom, each group a word; nothing where the tag says it."""
        groups = [str(Audience(group).label) for group in self.activity.open_to if group in Audience.values]
        return groups if len(groups) > 1 else []

    @property
    def has_seats(self) -> bool:
        return not self.mine and seat_state(self.activity) in {"open", "few"}


def cards(activities: Iterable[Activity], own: dict[int, str], *, at: datetime) -> list[Card]:
    return [card(activity, own.get(activity.pk, ""), at=at) for activity in activities]


def card(activity: Activity, own: str, *, at: datetime) -> Card:
    made = Card(activity, state(activity, own, at=at), tag=tag(activity))
    if activity.is_cancelled:
        made.note = activity.cancel_reason
    elif not made.mine and activity.seats_left == 0:  # type: ignore[attr-defined]  # annotated
        made.note = _("You can wait for a seat")
    return made


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
