"""A building's leader: who of the building is to be told, what is open, writing a neighbour down, and the slip to hand over."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from activities.forms.building_leader import NeighbourForm
from activities.models import Activity, Booking
from activities.operations import building_leader as writing
from activities.rules import building_leader
from activities.rules.staff_scope import covers
from people import outbox
from people.access import minors
from people.access.requests import PortalRequest, SignedInRequest
from people.models import AccessLog, Building
from people.operations.staff import note_openings
from people.outbox import absolute
from portal import clock
from portal.panels import Part
from portal.refusals import as_message, in_form

MOST = 30


class OfABuilding(LoginRequiredMixin, View):
    """Only for leaders of a building here; nobody else finds anything."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.request.user.is_authenticated and not self.buildings:
            raise Http404
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @cached_property
    def buildings(self) -> list[Building]:
        return building_leader.led_by(self.request.viewer)

    def activity(self, pk: int) -> Activity:
        rows = building_leader.open_to_neighbours(self.request.neighbourhood, clock.now())
        found = rows.filter(pk=pk).first() if pk < 2**63 else None
        if found is None:
            raise Http404
        found.neighbourhood = self.request.neighbourhood
        return found


class BuildingView(OfABuilding):
    def get(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = clock.now()
        bookings: dict[int, dict] = {}
        for row in building_leader.written_down(request.user, request.neighbourhood, at):
            entry = bookings.setdefault(row.booking_id, {"activity": row.activity, "rows": [], "pk": row.booking_id})
            entry["rows"].append({"row": row, "name": minors.spoken_name(request.user, row.person)})
        context = {
            "buildings": self.buildings,
            "to_tell": building_leader.to_tell(request.user, self.buildings, request.neighbourhood),
            "open": list(
                building_leader.open_to_neighbours(request.neighbourhood, at).order_by("starts_at", "pk")[:MOST]
            ),
            "bookings": list(bookings.values()),
            "tab": "me",
        }
        return render(request, "activities/building.html", context)

    def post(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """``told``: somebody was reached; ``withdraw``: a booking of the leader's own ends, as they were asked."""
        if pk := number(request.POST.get("told")):
            own = [one.message for one in building_leader.to_tell(request.user, self.buildings, request.neighbourhood)]
            message = next((one for one in own if one is not None and one.pk == pk), None)
            with as_message(request):
                if message is not None:
                    outbox.mark_told(message, by=request.user, at=clock.now())
                messages.success(request, _("Noted as told."))
        elif pk := number(request.POST.get("withdraw")):
            rows = list(
                building_leader.written_down(request.user, request.neighbourhood, clock.now()).filter(booking=pk)
            )
            with as_message(request):
                writing.withdraw(rows, by=request.user, at=clock.now())
                messages.success(request, _("Withdrawn. The seat goes to whoever waits next."))
        return redirect(request.path)


def number(word: str | None) -> int:
    return int(word) if word and word.isascii() and word.isdecimal() and len(word) < 18 else 0


class WriteDownView(OfABuilding):
    def form(self, activity: Activity, *data: Any) -> NeighbourForm:
        people = list(building_leader.grown_up(self.buildings))
        return NeighbourForm(*data, activity=activity, buildings=self.buildings, people=people)

    def get(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        activity = self.activity(kwargs["pk"])
        return self.page(activity, self.form(activity))

    def page(self, activity: Activity, form: NeighbourForm) -> HttpResponse:
        context = {"activity": activity, "form": form, "tab": "me"}
        return render(self.request, "activities/neighbour.html", context)

    def post(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        activity = self.activity(kwargs["pk"])
        form = self.form(activity, request.POST, request.FILES)
        if not form.is_valid():
            return self.page(activity, form)
        data = form.cleaned_data
        with in_form(form):
            booking = writing.sign_up(
                activity,
                form.chosen,
                buildings=self.buildings,
                at=clock.now(),
                by=request.user,
                channel=data["channel"],
                children=form.children_named,
                sheet=data.get("sheet"),
                accept_clash=data["accept_clash"],
                note=data["note"],
            )
            messages.success(request, _("Written down. Here is the slip to hand over."))
            return redirect("activities:slip", request.neighbourhood.slug, booking.pk)
        return self.page(activity, form)


class SlipView(LoginRequiredMixin, View):
    """A5, in large print: for whoever was written down by others. For the building's leader who wrote it, and staff who
    see the sign-ups. Opening one with a child on it is noted (S1)."""

    request: SignedInRequest

    def get(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pk = kwargs["pk"]
        rows = Booking.objects.filter(activity__neighbourhood=request.neighbourhood, pk=pk if pk < 2**63 else 0)
        booking = rows.select_related("activity__location", "activity__team").first()
        if booking is None:
            raise Http404
        leads = booking.entered_by_id == request.user.pk and bool(building_leader.led_by(request.viewer))
        if not leads and not covers(request.user, "activities.view_signup", booking.activity):
            raise Http404
        live = list(booking.sign_ups.live().select_related("person").order_by("pk"))
        name = minors.spoken_name if leads else minors.name_for
        note_openings([row.person for row in live], by=request.user, page=AccessLog.Page.SLIP)
        activity = booking.activity
        activity.neighbourhood = request.neighbourhood
        context = {
            "activity": activity,
            "rows": [{"row": row, "name": name(request.user, row.person)} for row in live],
            "address": absolute(activity.get_absolute_url()),
            "back": reverse("activities:building", args=[request.neighbourhood.slug]) if leads else "",
            "leader": request.viewer.person if leads else None,
            "tab": "me",
        }
        response = render(request, "activities/slip.html", context)
        response.headers["Cache-Control"] = "private, no-store"
        return response


def my_building(request: PortalRequest) -> Part | None:
    """On "me": the way to it, without a query for those who hold no role."""
    leads = any(grant.role == "building_leader" for grant in request.viewer.grants)
    return ("activities/_my_building.html", {}) if leads and request.viewer.neighbourhood else None
