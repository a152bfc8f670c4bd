"""What is on, for the home page: the rest of this week with its weekend first, then what lies further ahead."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest

from activities import expected, listing
from activities.filters import CalendarWish
from activities.models import Activity, Visibility
from people import clock
from people.panels import Part

LOOKED_AT = 40
MOST = 6
SATURDAY = 5
AHEAD = timedelta(days=60)


def cards_of(request: HttpRequest) -> list[listing.Card]:
    """What is on in the next weeks, read once a request, so that upper apps' panels can take theirs from it.

    Public ones and the reader's own; a Party administrator's home is not filled with every branch's meetings.
    """
    if hasattr(request, "_coming_up"):
        return request._coming_up
    at, viewer = clock.now(), request.viewer
    shown = Q(visibility=Visibility.PUBLIC)
    if viewer.person is not None:
        shown |= Q(pk__in=expected.appointments_of(viewer.person).values("pk"))
    seen = listing.for_lists(Activity.objects.visible_to(viewer).filter(shown))
    activities = listing.rows(
        seen.upcoming(at).filter(starts_at__lt=at + AHEAD)[:LOOKED_AT], viewer.neighbourhood, at=at
    )
    cards = listing.cards(activities, listing.mine(viewer, activities, at=at), at=at)
    request._coming_up = cards  # type: ignore[attr-defined]
    return cards


def coming_up(request: HttpRequest) -> Part:
    cards = cards_of(request)
    week = CalendarWish.read({}, clock.today())
    next_monday = week.midnight(7)
    now = sorted((one for one in cards if one.activity.starts_at < next_monday), key=weekend_first)
    ahead = [one for one in cards if one.activity.starts_at >= next_monday]
    return "activities/_home_coming_up.html", {"this_week": now[:MOST], "ahead": ahead[:MOST]}


def weekend_first(card: listing.Card) -> tuple[bool, datetime]:
    return clock.local_date(card.activity.starts_at).weekday() < SATURDAY, card.activity.starts_at
