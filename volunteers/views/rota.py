"""A team's rota: the month, answers to swaps, and the sheet for the notice board.

For members of the team and for staff whose role covers it; for everybody else there is no such page.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from activities.models import COMING, SignUp, SignUpStatus, Status
from people.access.requests import PortalRequest, SignedInRequest
from people.models import Person, RoleGrant, TeamMembership
from portal import clock
from portal.dates import day
from portal.refusals import as_message
from volunteers.forms import month_of
from volunteers.models import Rota, Shift, Swap, duties
from volunteers.operations import promises, swaps
from volunteers.rules import not_noted

IN_CHARGE = {RoleGrant.Role.COMMITTEE_ADMIN, RoleGrant.Role.VOLUNTEER_COORDINATOR}


@dataclass
class Morning:
    """One day of the month as the page shows it."""

    slot: Shift
    rows: list[SignUp] = field(default_factory=list)
    mine: SignUp | None = None
    missing: int = 0
    is_not_noted: bool = False
    may_stand_in: bool = False

    @property
    def names(self) -> list[str]:
        return [row.person.name for row in self.rows]


@method_decorator(never_cache, name="dispatch")
class RotaPage(LoginRequiredMixin, View):
    """Finds the team's rota for somebody who belongs to it or keeps it."""

    request: SignedInRequest

    rota: Rota
    at: datetime

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not self.request.user.is_authenticated:
            return self.handle_no_permission()
        self.at = clock.now()
        found = (
            Rota.objects.filter(team__neighbourhood=self.request.neighbourhood, team__code=kwargs["team"])
            .select_related("team__leader", "location")
            .first()
        )
        if found is None:
            raise Http404
        self.rota = found
        self.rota.team.neighbourhood = self.request.neighbourhood
        if not (self.is_member or self.is_in_charge):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def reader(self) -> Person | None:
        return self.request.viewer.person

    @cached_property
    def is_member(self) -> bool:
        return self.reader is not None and promises.is_member(self.rota, self.reader, clock.local_date(self.at))

    @cached_property
    def is_in_charge(self) -> bool:
        return any(
            grant.role in IN_CHARGE or grant.team_id == self.rota.team_id
            for grant in self.request.viewer.roles("volunteers.change_shift")
        )

    @cached_property
    def members(self) -> list[Person]:
        """Adults who belong to the team today."""
        return self.members_on(clock.local_date(self.at))

    def members_on(self, day: date) -> list[Person]:
        """Adults who belonged to the team on ``day``: whoever left since may have been there that morning."""
        rows = TeamMembership.objects.on(day).filter(team=self.rota.team_id).select_related("person").order_by("pk")
        return [row.person for row in rows if row.person.is_adult_on(day)]

    @property
    def url(self) -> str:
        return reverse("volunteers:rota", args=[self.request.neighbourhood.slug, self.rota.team.code])

    def show(self, template: str, **context: Any) -> HttpResponse:
        base = {
            "rota": self.rota,
            "team": self.rota.team,
            "rota_url": self.url,
            "is_member": self.is_member,
            "is_in_charge": self.is_in_charge,
            "tab": "volunteer",
        }
        return render(self.request, template, base | context)

    def mornings(self, first: date, last: date) -> list[Morning]:
        """The slots from ``first`` to ``last`` with who is down; three queries whatever the length."""
        slots = (
            duties(self.rota.team_id)
            .filter(starts_at__gte=midnight(first), starts_at__lt=midnight(last + timedelta(days=1)))
            .exclude(status=Status.DRAFT)
            .order_by("starts_at")
        )
        found = [Morning(slot) for slot in slots]
        for morning in found:
            morning.slot.neighbourhood = self.request.neighbourhood
        shown = [*COMING, SignUpStatus.ATTENDED, SignUpStatus.ABSENT]
        by_slot: dict[int, list[SignUp]] = defaultdict(list)
        rows = SignUp.objects.filter(activity__in=[one.slot.pk for one in found], status__in=shown)
        for row in rows.select_related("person").order_by("pk"):
            by_slot[row.activity_id].append(row)
        for morning in found:
            self.fill(morning, by_slot[morning.slot.pk])
        return found

    def fill(self, morning: Morning, rows: list[SignUp]) -> None:
        slot = morning.slot
        morning.rows = rows
        morning.mine = next((row for row in rows if self.reader and row.person_id == self.reader.pk), None)
        morning.is_not_noted = not_noted.is_not_noted(slot, self.at)
        if slot.status == Status.PUBLISHED and slot.starts_at > self.at:
            morning.missing = max((slot.people_needed or 0) - len(rows), 0)
            morning.may_stand_in = bool(morning.missing) and morning.mine is None and self.is_member


def midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, datetime.min.time()))


class RotaView(RotaPage):
    """The month: who comes when, where hands are missing, and what I am asked."""

    def get(self, request: PortalRequest, **kwargs) -> HttpResponse:
        today = clock.local_date(self.at)
        first = month_of(request.GET.get("month", ""), today)
        last = next_month(first) - timedelta(days=1)
        found = self.mornings(first, last)
        swaps_asked = (
            Swap.objects.filter(
                asked=self.reader, state=Swap.State.ASKED, given__activity__team=self.rota.team_id
            ).select_related("given__person", "given__activity", "wanted__activity")
            if self.reader
            else []
        )
        return self.show(
            "volunteers/rota.html",
            mornings=found,
            month=first,
            today=today,
            previous=(first - timedelta(days=1)).replace(day=1),
            following=next_month(first),
            asked=list(swaps_asked),
            short=sum(one.missing > 0 for one in found),
        )

    def post(self, request: PortalRequest, **kwargs) -> HttpResponse:
        slot = one_of(duties(self.rota.team_id), request.POST.get("slot", ""))
        if slot is None or self.reader is None:
            raise Http404
        with as_message(request):
            swaps.stand_in(slot, self.reader, at=self.at)
            messages.success(request, _("Thank you! You are down for %(day)s.") % {"day": day(slot.starts_at)})
        return redirect(f"{self.url}?month={clock.local_date(slot.starts_at):%Y-%m}")


class SwapView(RotaPage):
    """The other's answer, from the rota itself."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, **kwargs) -> HttpResponse:
        swap = one_of(
            Swap.objects.filter(asked=self.reader, given__activity__team=self.rota.team_id), str(kwargs["pk"])
        )
        answer = request.POST.get("answer", "")
        if swap is None or self.reader is None or answer not in {"yes", "no"}:
            raise Http404
        with as_message(request):
            swaps.answer_swap(swap, agrees=answer == "yes", by=self.reader, at=self.at)
            messages.success(request, _("Thank you for the answer"))
        return redirect(self.url)


def next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def one_of(rows, text: str):
    """The row with that id, or None for anything that is no id of these."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return rows.filter(pk=int(text)).first()


class SheetView(RotaPage):
    """The month on one A4 page for the notice board."""

    def get(self, request: PortalRequest, **kwargs) -> HttpResponse:
        first = month_of(request.GET.get("month", ""), clock.local_date(self.at))
        found = self.mornings(first, next_month(first) - timedelta(days=1))
        return self.show("volunteers/rota_sheet.html", mornings=found, month=first)
