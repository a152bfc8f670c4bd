"""What is on, for the home page: the rest of this week with its weekend first, then what lies further ahead."""

from datetime import datetime, timedelta

from django.db.models import Q

from activities.models import Activity, Status, Visibility
from activities.pages import listing
from activities.pages.agenda import mine_of
from activities.pages.calendar_filters import CalendarFilters
from activities.rules import expected
from people.access.requests import PortalRequest
from people.access.viewer import Viewer
from portal import clock
from portal.memo import once
from portal.panels import Part, most

LOOKED_AT = 40
MOST, FURTHER = 6, 4
TO_BEGIN_WITH = 2
SATURDAY = 5
AHEAD = timedelta(days=60)


def cards_of(request: PortalRequest) -> list[listing.Card]:
    """What is on in the next weeks, read once a request, so that upper apps' panels can take theirs from it.

    Public ones and the reader's own; a Party administrator's home is not filled with every branch's meetings.
    """
    return once(request, "coming up", lambda: _read_cards(request))


def _read_cards(request: PortalRequest) -> list[listing.Card]:
    at, viewer = clock.now(), request.viewer
    shown = Q(visibility=Visibility.PUBLIC)
    if viewer.person is not None:
        shown |= Q(pk__in=expected.appointments_of(viewer.person).values("pk"))
    seen = listing.for_lists(Activity.objects.visible_to(viewer).filter(shown))
    mine = mine_of(request)
    due = {activity.pk for activity in mine.expected} if mine is not None else set()
    ahead = seen.upcoming(at).filter(starts_at__lt=at + AHEAD)[:LOOKED_AT]
    activities = listing.rows(ahead, request.neighbourhood, at=at)
    return listing.cards(activities, listing.mine(viewer, activities, at=at, expected_at=due), at=at)


def parted(request: PortalRequest) -> tuple[list[listing.Card], list[listing.Card], list[listing.Card]]:
    """This week's and further ones that the panel shows, and the rest, from which other panels may choose."""
    next_monday = CalendarFilters.read({}, clock.today()).midnight(7)
    cards = cards_of(request)
    now = sorted((one for one in cards if one.activity.starts_at < next_monday), key=weekend_first)
    ahead = [one for one in cards if one.activity.starts_at >= next_monday]
    # In large print three of this week are enough, and the calendar has the rest.
    first = most(request, MOST, large=3)
    further = most(request, FURTHER, large=0 if now else 3)
    return now[:first], ahead[:further], now[first:] + ahead[further:]


def coming_up(request: PortalRequest) -> Part:
    this_week, ahead, _rest = parted(request)
    return "activities/_home_coming_up.html", {"this_week": this_week, "ahead": ahead}


def to_begin_with(request: PortalRequest) -> list[listing.Card]:
    """What somebody who is in nothing yet could join: the next public ones with seats; one query."""
    at, neighbourhood = clock.now(), request.neighbourhood
    free = Q(capacity=None) | Q(seats_left__gt=0)
    seen = listing.for_lists(Activity.objects.visible_to(Viewer(neighbourhood)))  # what everybody sees
    found = seen.upcoming(at).open_for_sign_up(at).with_seats_left().filter(free, status=Status.PUBLISHED)
    return listing.cards(listing.placed(found[:TO_BEGIN_WITH], neighbourhood), {}, at=at)


def weekend_first(card: listing.Card) -> tuple[bool, datetime]:
    return clock.local_date(card.activity.starts_at).weekday() < SATURDAY, card.activity.starts_at
