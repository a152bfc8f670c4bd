"""Party-learning events: what comes next, and the years gone by. Only read here."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import TemplateView

from activities.models import Audience, Status
from activities.pages import listing
from events.models import LearningEvent
from people.access.requests import PortalRequest
from portal import clock
from portal.page_cache import cached_page

MOST = 60


@cached_page("form", "edu", "year")
class LearningList(TemplateView):
    request: PortalRequest
    template_name = "events/list.html"
    extra_context = {"tab": "learning"}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        at, viewer = clock.now(), self.request.viewer
        query = self.request.GET
        form = query.get("form", "") if query.get("form", "") in LearningEvent.Form.values else ""
        edu = query.get("edu", "") if query.get("edu", "") in LearningEvent.Edu.values else ""
        seen = LearningEvent.objects.visible_to(viewer)
        if form:
            seen = seen.filter(form=form)
        if edu:
            seen = seen.filter(edu=edu)
        listed = listing.for_lists(seen)
        coming = listing.rows(with_kinds(listed.upcoming(at))[:MOST], self.request.neighbourhood, at=at)
        over = listed.filter(ends_at__lt=at)
        held = seen.appointments().exclude(status=Status.DRAFT).filter(ends_at__lt=at)
        years = [day.year for day in held.datetimes("starts_at", "year", order="DESC")]
        year = year_asked(query.get("year", ""), years)
        past = with_kinds(over.filter(starts_at__year=year)).order_by("-starts_at", "-pk")[:MOST] if year else []
        cards = [event(card) for card in listing.cards(coming, listing.mine(viewer, coming, at=at), at=at)]
        # Not the address's own words: its "neighbourhood" is a slug, the page's is the record.
        return super().get_context_data(
            coming=cards,
            past=listing.rows(past, self.request.neighbourhood, at=at),
            year=year,
            years=[(one, address(form=form, edu=edu, year=str(one)), one == year) for one in years],
            forms=choices(
                LearningEvent.Form, form, lambda value: address(form=value, edu=edu, year=query_year(year, years))
            ),
            edus=choices(
                LearningEvent.Edu, edu, lambda value: address(form=form, edu=value, year=query_year(year, years))
            ),
            is_narrowed=bool(form or edu),
        )


def event(card: listing.Card) -> listing.Card:
    """With its form and field, where it leads, and for whom it is."""
    one = card.activity
    assert isinstance(one, LearningEvent), "the list asks for learning events only"
    card.lines.append(f"{one.get_form_display()} · {one.get_edu_display()}")
    card.place = one.site.name if one.site else ""
    groups = listing.audience(one)
    if len(groups) > 1:
        card.tags = groups if Audience.FAMILIES in one.open_to else [*groups, *card.tags]
    return card


def with_kinds(events: QuerySet[LearningEvent]) -> QuerySet[LearningEvent]:
    """Their own words beside what every list shows."""
    return events.only(*listing.COLUMNS, "form", "edu", "site__name").select_related("location", "site")


def year_asked(text: str, years: list[int]) -> int | None:
    """The year in the address if something happened in it, else the last one with something."""
    if text.isascii() and text.isdecimal() and len(text) == 4 and int(text) in years:
        return int(text)
    return years[0] if years else None


def query_year(year: int | None, years: list[int]) -> str:
    return str(year) if year is not None and year != years[0] else ""


def address(**words: str) -> str:
    return "?" + "&".join(f"{name}={word}" for name, word in words.items() if word)


def choices(kind, chosen: str, url) -> list[dict]:
    return [
        {"label": label, "url": url("" if value == chosen else value), "current": value == chosen}
        for value, label in kind.choices
    ]
