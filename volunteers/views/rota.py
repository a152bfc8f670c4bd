"""A team's rota: the month, one morning of it, one's own promises, and the sheet for the notice board.

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
from people.views.me import OwnPage
from portal import clock
from portal.dates import day
from portal.panels import Part
from portal.refusals import Refusal
from volunteers.forms import DiaryForm, LeaveForm, SwapForm, TurnForm, month_of, turn_words
from volunteers.models import Leave, Rota, Shift, Swap, Turn, duties
from volunteers.operations import diary, promises, swaps

MOST_TURNS = 40  # offered for an exchange
IN_CHARGE = {RoleGrant.Role.COMMITTEE_ADMIN, RoleGrant.Role.VOLUNTEER_COORDINATOR}


@dataclass
class Morning:
    """One day of the month as the page shows it."""

    slot: Shift
    rows: list[SignUp] = field(default_factory=list)
    mine: SignUp | None = None
    missing: int = 0
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
        today = clock.local_date(self.at)
        rows = TeamMembership.objects.on(today).filter(team=self.rota.team_id).select_related("person").order_by("pk")
        return [row.person for row in rows if row.person.is_adult_on(today)]

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
        try:
            swaps.stand_in(slot, self.reader, at=self.at)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
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
        try:
            swaps.answer_swap(swap, agrees=answer == "yes", by=self.reader, at=self.at)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
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


class MorningView(RotaPage):
    """One slot: who is down, a swap, standing in, and how it went."""

    slot: Shift

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.slot_id = kwargs["pk"]
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def morning(self) -> Morning:
        slot = one_of(duties(self.rota.team_id).exclude(status=Status.DRAFT), str(self.slot_id))
        if slot is None:
            raise Http404
        slot.neighbourhood = self.request.neighbourhood
        morning = Morning(slot)
        rows = slot.sign_ups.live().select_related("person", "booking").order_by("pk")
        self.fill(morning, list(rows))
        return morning

    @property
    def may_write(self) -> bool:
        slot, day_over = self.morning.slot, self.at - diary.WRITE_UP
        if slot.starts_at > self.at or slot.status not in {Status.PUBLISHED, Status.DONE}:
            return False
        mine = self.morning.mine is not None or (self.reader and self.reader.pk == self.rota.team.leader_id)
        return self.is_in_charge or bool(mine and slot.ends_at >= day_over)

    @cached_property
    def open_swap(self) -> Swap | None:
        mine = self.morning.mine
        if mine is None:
            return None
        return mine.swaps.filter(state=Swap.State.ASKED).select_related("asked", "wanted__activity").first()

    def swap_form(self, data=None) -> SwapForm | None:
        """For whoever is down for a morning to come and has not asked anybody yet."""
        mine, slot = self.morning.mine, self.morning.slot
        if mine is None or mine.status != SignUpStatus.CONFIRMED or slot.starts_at <= self.at or self.open_swap:
            return None
        here = {row.person_id for row in self.morning.rows}
        able = [person for person in self.members if person.pk not in here]
        turns = (
            SignUp.objects.filter(
                activity__team=self.rota.team_id,
                activity__kind="duty",
                activity__status=Status.PUBLISHED,
                activity__starts_at__gt=self.at,
                person__in=able,
                status=SignUpStatus.CONFIRMED,
            )
            .select_related("activity", "person")
            .order_by("activity__starts_at", "pk")[:MOST_TURNS]
        )
        return SwapForm(data, members=able, turns=list(turns))

    def diary_form(self, data=None) -> DiaryForm | None:
        if not self.may_write:
            return None
        slot = self.morning.slot
        there = [row for row in self.morning.rows if row.status == SignUpStatus.ATTENDED]
        if slot.outcome in {"", Shift.Outcome.PENDING}:
            there = [row for row in self.morning.rows if row.status in COMING]
        initial = {"present": [str(row.person_id) for row in there], "note": slot.outcome_note}
        people = {row.person_id: row.person for row in self.morning.rows}
        people |= {person.pk: person for person in self.members}
        return DiaryForm(data, members=list(people.values()), initial=initial)

    def get(self, request: PortalRequest, **kwargs) -> HttpResponse:
        return self.page()

    def page(self, **forms: Any) -> HttpResponse:
        slot = self.morning.slot
        return self.show(
            "volunteers/morning.html",
            morning=self.morning,
            slot=slot,
            open_swap=self.open_swap,
            has_outcome=slot.outcome not in {"", Shift.Outcome.PENDING},
            withdraw_url=reverse("activities:withdraw", args=[self.request.neighbourhood.slug, slot.pk]),
            may_withdraw=self.morning.mine is not None and slot.starts_at > self.at,
            **{"swap_form": self.swap_form(), "diary_form": self.diary_form(), **forms},
        )

    def post(self, request: PortalRequest, **kwargs) -> HttpResponse:
        act = {"swap": self.ask, "take-back": self.take_back, "diary": self.write}.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        return act() or redirect(request.path)

    def ask(self) -> HttpResponse | None:
        form = self.swap_form(self.request.POST)
        if form is None or self.reader is None or self.morning.mine is None:
            raise Http404
        if not form.is_valid():
            return self.page(swap_form=form)
        try:
            swaps.ask_swap(self.morning.mine, form.asked, by=self.reader, at=self.at, wanted=form.wanted)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.page(swap_form=form)
        messages.success(
            self.request, _("%(name)s is asked. Until the yes, the turn stays yours.") % {"name": form.asked}
        )
        return None

    def take_back(self) -> None:
        if self.open_swap is not None and self.reader is not None:
            swaps.take_back(self.open_swap, by=self.reader, at=self.at)
            messages.info(self.request, _("The question is taken back. The turn is yours."))

    def write(self) -> HttpResponse | None:
        form = self.diary_form(self.request.POST)
        if form is None:
            raise Http404
        if not form.is_valid():
            return self.page(diary_form=form)
        staff = self.request.user if self.is_in_charge else None
        try:
            diary.record(
                self.morning.slot,
                form.people,
                at=self.at,
                note=form.cleaned_data["note"],
                by=self.reader,
                by_staff=staff,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.page(diary_form=form)
        messages.success(self.request, _("Noted. Thank you!"))
        return None


class PromisesView(RotaPage):
    """My standing turns and leave."""

    def get(self, request: PortalRequest, **kwargs) -> HttpResponse:
        return self.page()

    def page(self, **forms: Any) -> HttpResponse:
        if self.reader is None or not self.is_member:
            raise Http404
        today = clock.local_date(self.at)
        turns = Turn.objects.on(today).filter(rota=self.rota, person=self.reader)
        leaves = Leave.objects.filter(rota=self.rota, person=self.reader, last_day__gte=today)
        return self.show(
            "volunteers/promises.html",
            turns=[{"pk": turn.pk, "words": turn_words(turn)} for turn in turns],
            leaves=list(leaves),
            **{"turn_form": TurnForm(), "leave_form": LeaveForm(), **forms},
        )

    def post(self, request: PortalRequest, **kwargs) -> HttpResponse:
        if self.reader is None or not self.is_member:
            raise Http404
        acts = {"turn": self.promise, "end-turn": self.end, "leave": self.go, "end-leave": self.come_back}
        act = acts.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        return act(self.reader) or redirect(request.path)

    def promise(self, reader: Person) -> HttpResponse | None:
        form = TurnForm(self.request.POST)
        if form.is_valid():
            try:
                promises.promise(self.rota, reader, form.chosen, at=self.at)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
        if not form.is_valid():
            return self.page(turn_form=form)
        messages.success(self.request, _("Thank you! Your turns stand in the rota and in your calendar."))
        return None

    def end(self, reader: Person) -> None:
        turn = one_of(Turn.objects.filter(rota=self.rota, person=reader), self.request.POST.get("id", ""))
        if turn is None:
            raise Http404
        promises.end_promise(turn, at=self.at)
        messages.info(self.request, _("From tomorrow on this turn is no longer yours. Thank you for all the mornings."))

    def go(self, reader: Person) -> HttpResponse | None:
        form = LeaveForm(self.request.POST)
        if form.is_valid():
            try:
                promises.take_leave(
                    self.rota, reader, form.cleaned_data["first_day"], form.cleaned_data["last_day"], at=self.at
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
        if not form.is_valid():
            return self.page(leave_form=form)
        messages.success(self.request, _("Noted; your turns on these days go to others."))
        return None

    def come_back(self, reader: Person) -> None:
        leave = one_of(Leave.objects.filter(rota=self.rota, person=reader), self.request.POST.get("id", ""))
        if leave is None:
            raise Http404
        promises.end_leave(leave, at=self.at)
        messages.info(self.request, _("The leave is over; you are on the rota again."))


def teams_today(request: PortalRequest) -> set[int]:
    """Ids of the teams the reader belongs to today; no query of its own."""
    today = clock.today()
    return {
        circle.pk
        for circle in request.viewer.circles
        if circle.kind == "team"
        and (circle.since is None or circle.since <= today)
        and (circle.until is None or circle.until > today)
    }


def my_rotas(request: PortalRequest) -> Part | None:
    """On "me": the way to the rotas of the reader's teams; the page itself must not cost a query for them."""
    return ("volunteers/_my_rotas.html", {}) if teams_today(request) else None


class MyRotasView(OwnPage, View):
    """The rotas of my teams: the only one at once, of several a list."""

    def get(self, request: PortalRequest) -> HttpResponse:
        rotas = list(Rota.objects.filter(team__in=teams_today(request), is_active=True).select_related("team"))
        if len(rotas) == 1:
            return redirect("volunteers:rota", request.neighbourhood.slug, rotas[0].team.code)
        return render(request, "volunteers/my_rotas.html", {"rotas": rotas, "tab": "me"})
