"""The plan of the neighbourhood: the picture and, equal to it, the list."""

from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from people.access.requests import PortalRequest
from people.media.pictures import shown
from portal.page_cache import cached_page
from projects.models import PlanPicture, Theme
from projects.pages import plan


class PlainPage(TemplateView):
    """Django's would put the words of the address into the page, where ``neighbourhood`` already is the record."""

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())


@cached_page("kind", "theme", "zoom")
class PlanPage(PlainPage):
    request: PortalRequest
    template_name = "projects/plan.html"
    extra_context = {"tab": "projects"}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        viewer = self.request.viewer
        picture = PlanPicture.objects.filter(neighbourhood=viewer.neighbourhood).select_related("photo").first()
        image = shown(picture.photo) if picture is not None else None
        pins = plan.all_pins(viewer)
        filters = plan.PlanFilters.read(self.request.GET, pins)
        wanted = [pin for pin in pins if filters.takes(pin)]
        height = plan.height_of(image)
        drawn = plan.draw(wanted, height=height, zoom=filters.zoom, large=self.request.large_print) if image else []
        return super().get_context_data(
            plan=picture,
            image=image,
            width=plan.WIDTH,
            height=height,
            pins=drawn,
            linked=filters.zoom != "0",
            zoom=filters.zoom,
            zooms=[
                {"label": label, "url": filters.url(zoom=zoom), "current": zoom == filters.zoom}
                for zoom, label in {"0": _("Whole"), "1": _("Near"), "2": _("Nearer"), "3": _("Nearest")}.items()
            ],
            kinds=self.kinds(filters, pins),
            themes=self.themes(filters, pins),
            groups=self.groups(wanted),
            filtered=bool(filters.kind or filters.theme),
            **kwargs,
        )

    @staticmethod
    def kinds(filters: plan.PlanFilters, pins: list[plan.Pin]) -> list[dict]:
        there = {pin.kind for pin in pins}
        found = [{"label": _("All"), "url": filters.url(kind="", theme=""), "current": not filters.kind}]
        for kind in plan.all_kinds():
            if kind.code in there:
                url = filters.url(kind=kind.code, theme="")
                found.append({"label": kind.label, "url": url, "current": kind.code == filters.kind})
        return found

    @staticmethod
    def themes(filters: plan.PlanFilters, pins: list[plan.Pin]) -> list[dict]:
        there = {pin.theme for pin in pins if filters.kind in {"", pin.kind}} - {""}
        if not there:
            return []
        found = [{"label": _("All themes"), "url": filters.url(theme=""), "current": not filters.theme}]
        for theme in Theme:
            if theme.value in there:
                url = filters.url(theme=theme.value)
                found.append({"label": theme.label, "url": url, "current": theme.value == filters.theme})
        return found

    @staticmethod
    def groups(pins: list[plan.Pin]) -> list[dict]:
        return [
            {"kind": kind, "pins": mine}
            for kind in plan.all_kinds()
            if (mine := [pin for pin in pins if pin.kind == kind.code])
        ]
