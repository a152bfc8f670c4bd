"""Where help is wanted: open calls first, then those that are full or not open yet; and the teams. Only read here."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from activities.models import Activity, Minors, Status, Visibility
from activities.pages import listing
from activities.pages.calendar_filters import SATURDAY, SUNDAY
from activities.pages.calendar_filters import SWITCHES as LABELS
from people.access.requests import PortalRequest
from people.models import Team
from portal import clock
from portal.page_cache import cached_page

MOST = 150
DONE = 6
TEAM = ["name", "motto", "intro", "founded_on", "minors_allowed"]
EXCERPT = 42
LATELY = timedelta(days=31)
SWITCHES = ("children", "weekend")


@cached_page(*SWITCHES)
class VolunteerList(TemplateView):
    request: PortalRequest
    template_name = "volunteers/list.html"
    extra_context = {"tab": "volunteer"}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        at, today, viewer = clock.now(), clock.today(), self.request.viewer
        chosen = {name for name in SWITCHES if self.request.GET.get(name) == "1"}
        # Morning duties belong to the team's rota; they stand in its members' calendar.
        shifts = listing.for_lists(Activity.objects.visible_to(viewer).filter(kind="shift")).only(
            *listing.COLUMNS, "text"
        )
        if "children" in chosen:
            shifts = shifts.filter(minors=Minors.WITH_GUARDIAN)
        if "weekend" in chosen:
            shifts = shifts.filter(starts_at__week_day__in=[SATURDAY, SUNDAY])
        # What was done lately comes with the same query; it is a handful.
        found = listing.rows(shifts.upcoming(at - LATELY)[:MOST], self.request.neighbourhood, at=at)
        coming = [shift for shift in found if not shift.is_past(at=at)]
        done = [shift for shift in found if shift.status == Status.DONE and shift.visibility == Visibility.PUBLIC]
        cards = [call(card) for card in listing.cards(coming, listing.mine(viewer, coming, at=at), at=at)]
        open_calls = [card for card in cards if card.has_seats or is_mine(card)]
        others = [card for card in cards if not (card.has_seats or is_mine(card))]
        # Not the address's own words: its "neighbourhood" is a slug, the page's is the record.
        return super().get_context_data(
            open_calls=open_calls,
            other_calls=others,
            done=done[: -DONE - 1 : -1],
            teams=teams(self.request.neighbourhood, today),
            links=links(chosen),
            is_narrowed=bool(chosen),
        )


def call(card: listing.Card) -> listing.Card:
    """With what is to be done, for how many, and whom it is not for."""
    activity = card.activity
    if activity.is_cancelled:
        return card
    if activity.text:
        words = " ".join(activity.text.split())
        card.lines.append(words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…")
    if activity.people_needed:
        wanted = ngettext("One helper wanted", "%(needed)s helpers wanted", activity.people_needed)
        card.lines.append(wanted % {"needed": activity.people_needed})
    if activity.minors == Minors.NO and not card.tags:
        card.tags.append(_("Adults only"))
    return card


def is_mine(card: listing.Card) -> bool:
    return card.mine in {"offered", "consent_pending", "confirmed", "waiting", "expected"}


def links(chosen: set[str]) -> list[dict]:
    """Filters as addresses."""
    made = []
    for name in SWITCHES:
        others = sorted(chosen ^ {name})
        made.append(
            {"label": LABELS[name], "url": "?" + "&".join(f"{one}=1" for one in others), "current": name in chosen}
        )
    return made


def teams(neighbourhood, today) -> list[Team]:
    """The public ones with how many they are; who belongs to a team is its own affair (V6)."""
    on_the_day = Q(memberships__since=None) | Q(memberships__since__lte=today)
    on_the_day &= Q(memberships__until=None) | Q(memberships__until__gt=today)
    found = Team.objects.filter(neighbourhood=neighbourhood, is_public=True).only(*TEAM)
    return list(
        found.annotate(size=Count("memberships", filter=on_the_day)).order_by(
            F("founded_on").asc(nulls_last=True), "pk"
        )
    )
