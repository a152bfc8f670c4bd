"""The calendar: one week as a list of days, beginning to be read at today."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.views.generic import TemplateView

from activities.models import Activity, kinds
from activities.pages import listing
from activities.pages.calendar_filters import QUERY, CalendarFilters
from people.access.requests import PortalRequest
from portal import clock
from portal.page_cache import cached_page

NEXT_WEEK = 4


@dataclass
class Day:
    date: date
    is_today: bool
    is_past: bool
    is_tucked: bool  # before the day the list begins at; phones leave it out
    entries: list[listing.Card] = field(default_factory=list)
    hint: Activity | None = None  # what to do instead, on the first empty day still to come

    def is_before(self, card: listing.Card) -> bool:
        return self.date < clock.local_date(card.activity.starts_at)


def is_on(activity: Activity, day: date) -> bool:
    """Whether it runs at some time of that day; one that ends at midnight does not run on the next."""
    last = clock.local_date(activity.ends_at - timedelta(microseconds=1))
    return clock.local_date(activity.starts_at) <= day <= last


@cached_page(*QUERY)
class CalendarView(TemplateView):
    request: PortalRequest
    template_name = "activities/calendar.html"
    extra_context = {"tab": "calendar"}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        at, today, viewer = clock.now(), clock.today(), self.request.viewer
        filters = CalendarFilters.read(self.request.GET, today)
        is_this_week = filters.monday <= today <= filters.sunday
        seen = filters.narrow(listing.for_lists(Activity.objects.visible_to(viewer)), at=at)
        # This week's page also shows what comes next, out of the same query.
        shown = seen.between(filters.midnight(), filters.midnight(14 if is_this_week else 7))
        activities = listing.rows(shown, self.request.neighbourhood, at=at)
        cards = listing.cards(activities, listing.mine(viewer, activities, at=at), at=at)
        days = self.days(filters, today, cards)
        next_week = [card for card in cards if clock.local_date(card.activity.starts_at) > filters.sunday]
        is_empty = not any(day.entries for day in days)
        if quiet := next((day for day in days if not day.is_past and not day.entries), None):
            quiet.hint = next((card.activity for card in cards if card.has_seats and quiet.is_before(card)), None)
        further = seen.upcoming(max(at, filters.midnight(7)))[:1] if is_empty and not next_week else []
        # Not the address's own words: its "neighbourhood" is a slug, the page's is the record.
        return super().get_context_data(
            filters=filters,
            days=days,
            is_this_week=is_this_week,
            is_tucked=filters.opened > filters.monday,
            is_empty=is_empty,
            # An empty week says when it goes on.
            next_activity=next(iter(listing.rows(further, self.request.neighbourhood, at=at)), None),
            next_week=next_week[:NEXT_WEEK],
            next_monday=filters.monday + timedelta(days=7),
            next_sunday=filters.monday + timedelta(days=13),
            previous_url=filters.week_address(-1),
            this_url=filters.address(named=False),
            next_url=filters.week_address(1),
            whole_week_url=filters.address(named=True),
            plain_url=filters.address(kind="", switches=frozenset()),
        )

    @staticmethod
    def days(filters: CalendarFilters, today: date, cards: list[listing.Card]) -> list[Day]:
        dates = [filters.monday + timedelta(days=number) for number in range(7)]
        days = {one: Day(one, one == today, one < today, one < filters.opened) for one in dates}
        volunteering = set(kinds.codes_of("volunteering"))
        for card in cards:
            card.css = "vol" if card.activity.kind in volunteering else ""
            for one in dates:
                if is_on(card.activity, one):
                    days[one].entries.append(card)
        return list(days.values())
