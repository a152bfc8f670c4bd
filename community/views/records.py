"""What was deliberated and decided: by type, year and state. Only read here; each result stands at the activity's own address."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Status
from community.models import Deliberation
from community.pages.records import STATES, listed, state_of
from people.access.requests import PortalRequest
from portal import clock
from portal.page_cache import cached_page
from portal.paging import PagedListView

PER_PAGE = 20


@cached_page("type", "state", "year", "page")
class RecordsView(PagedListView):
    request: PortalRequest
    template_name = "community/records.html"
    paginate_by = PER_PAGE
    extra_context = {"tab": "records"}

    def get_queryset(self) -> QuerySet[Deliberation]:
        query, at = self.request.GET, clock.now()
        self.type = query.get("type", "") if query.get("type", "") in Deliberation.Type.values else ""
        self.state = query.get("state", "") if query.get("state", "") in STATES else ""
        seen = Deliberation.objects.visible_to(self.request.viewer).exclude(status=Status.DRAFT)
        self.years = [day.year for day in seen.order_by().datetimes("starts_at", "year", order="DESC")]
        year = query.get("year", "")
        self.year = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0
        self.year = self.year if self.year in self.years else 0
        rows = listed(self.request.viewer)
        if self.type:
            rows = rows.filter(type=self.type)
        if self.year:
            rows = rows.filter(starts_at__year=self.year)
        match self.state:
            case "coming":
                rows = rows.filter(ends_at__gt=at)
            case "awaited":
                rows = rows.filter(ends_at__lte=at, result_state=Deliberation.ResultState.PENDING)
                rows = rows.exclude(status=Status.CANCELLED)
            case "published":
                rows = rows.filter(result_state=Deliberation.ResultState.PUBLISHED)
        return rows

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        records = list(context["page_obj"].object_list)
        running = clock.today().year
        for one in records:
            one.neighbourhood = self.request.neighbourhood
            one.state = state_of(one)
            year = clock.local_date(one.starts_at).year
            one.year = year if year != running else ""
        types = [("", _("All")), *Deliberation.Type.choices]
        states = [("", _("All")), *STATES.items()]
        return context | {
            "records": records,
            "types": [self.choice("type", value, label) for value, label in types],
            "states": [self.choice("state", value, label) for value, label in states],
            "years": [self.choice("year", str(year or ""), year or _("All")) for year in (0, *self.years)],
            "is_narrowed": bool(self.type or self.state or self.year),
            "query": self.address(),
        }

    def address(self, **changes: str) -> str:
        chosen = {"type": self.type, "state": self.state, "year": str(self.year or "")} | changes
        return urlencode({name: value for name, value in chosen.items() if value})

    def choice(self, name: str, value: str, label: object) -> dict[str, Any]:
        current = {"type": self.type, "state": self.state, "year": str(self.year or "")}[name]
        return {"label": label, "url": f"?{self.address(**{name: value})}", "current": value == current}
