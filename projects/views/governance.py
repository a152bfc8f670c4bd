"""A year by the four kinds of governance, as a page."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from people.access.requests import PortalRequest
from portal import clock
from portal.page_cache import cached_page
from projects.pages import governance


@cached_page("year")
class GovernanceYear(TemplateView):
    """A year by the four kinds of governance (S43)."""

    request: PortalRequest

    template_name = "projects/governance.html"
    extra_context = {"tab": "projects"}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        found = governance.entries(self.request.viewer)
        years = sorted({year for year, _tags, _entry in found}, reverse=True)
        asked = self.request.GET.get("year", "")
        year = next((one for one in years if str(one) == asked), years[0] if years else clock.today().year)
        return super().get_context_data(
            year=year,
            years=[{"label": one, "url": f"?year={one}", "current": one == year} for one in years],
            kinds=governance.by_kind(found, year),
            is_empty=not found,
            up_url=reverse("projects:list", args=[self.request.neighbourhood.slug]),
        )
