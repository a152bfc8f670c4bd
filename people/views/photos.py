"""The archive of a neighbourhood's photos (S44): what can be seen, when, of what; how many people, never who."""

from dataclasses import replace
from typing import Any

from django.db.models import F
from django.db.models.functions import ExtractYear
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import DetailView

from people.access.requests import PortalRequest
from people.media.pictures import pairs, share_picture, shown
from people.models import Photo
from portal.page_cache import cached_page
from portal.paging import PagedListView

PER_PAGE = 12  # a phone in large print shows them one beneath the other
MOST_PAIRS = 4
BY_DAY = (F("taken_on").desc(nulls_last=True), "-pk")


@cached_page("year", "page")
class PhotoArchive(PagedListView):
    request: PortalRequest
    template_name = "people/photos.html"
    paginate_by = PER_PAGE
    extra_context = {"tab": "photos"}

    def get_queryset(self):
        seen = Photo.objects.visible_to(self.request.viewer)
        years = seen.exclude(taken_on=None).order_by().values_list(ExtractYear("taken_on"), flat=True).distinct()
        self.years = sorted(years, reverse=True)
        asked = self.request.GET.get("year", "")
        self.year = next((year for year in self.years if str(year) == asked), None)
        if self.year is not None:
            seen = seen.filter(taken_on__year=self.year)
        return seen.order_by(*BY_DAY)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        neighbourhood = self.request.neighbourhood
        entries = [
            {"pic": replace(picture, caption=picture.caption or picture.alt), "url": address(photo, neighbourhood)}
            for photo in context["page_obj"].object_list
            if (picture := shown(photo)) is not None
        ]
        first = context["page_obj"].number == 1 and self.year is None
        links = [{"label": _("All"), "url": "?", "current": self.year is None}] + [
            {"label": str(year), "url": f"?year={year}", "current": year == self.year} for year in self.years
        ]
        return context | {
            "entries": entries,
            "pairs": pairs(neighbourhood, most=MOST_PAIRS) if first else [],
            "years": links if len(self.years) > 1 else [],
            "year": self.year,
            "query": f"year={self.year}" if self.year else "",
        }


@cached_page()
class PhotoPage(DetailView):
    request: PortalRequest
    template_name = "people/photo.html"
    extra_context = {"tab": "photos"}

    def get_object(self, queryset=None) -> Photo:
        photo = Photo.objects.visible_to(self.request.viewer).filter(pk=self.kwargs["pk"]).first()
        if photo is None:
            raise Http404
        return photo

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        photo: Photo = self.object
        neighbourhood = self.request.neighbourhood
        picture = shown(photo)
        return {
            **super().get_context_data(**kwargs),
            "photo": photo,
            "pic": picture,
            "share": share_picture([picture] if picture else []),
            "pair": next(iter(pairs(neighbourhood, among=[photo], most=1)), None),
            "agreed": agreed(photo.people.count()),
            "up_url": reverse("people:photos", args=[neighbourhood.slug]),
        }


def address(photo: Photo, neighbourhood) -> str:
    return reverse("people:photo", args=[neighbourhood.slug, photo.pk])


def agreed(count: int) -> str:
    """How many can be recognised; "" for nobody. Who they are stands on the staff page only (V6)."""
    if not count:
        return ""
    return ngettext(
        "%(n)d person can be recognised and has agreed that the picture is shown.",
        "%(n)d people can be recognised; all of them have agreed that the picture is shown.",
        count,
    ) % {"n": count}
