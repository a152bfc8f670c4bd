"""One morning of a team's rota: who is down, a swap, standing in, and how it went."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import COMING, SignUp, SignUpStatus, Status
from activities.rules import attendance_sheet
from people.access.requests import PortalRequest
from portal import clock
from portal.refusals import as_message, in_form
from volunteers.forms import DiaryForm, SwapForm
from volunteers.models import Shift, Swap, duties
from volunteers.operations import diary, swaps
from volunteers.rules import not_noted
from volunteers.views.rota import Morning, RotaPage, one_of

MOST_TURNS = 40  # offered for an exchange


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
        slot = self.morning.slot
        if (
            slot.starts_at > self.at
            or slot.status not in {Status.PUBLISHED, Status.DONE}
            or self.sheet.is_closed(self.at)
        ):
            return False
        mine = self.morning.mine is not None or (self.reader and self.reader.pk == self.rota.team.leader_id)
        return self.is_in_charge or bool(mine)

    @cached_property
    def sheet(self) -> attendance_sheet.Sheet:
        return attendance_sheet.sheet_of(self.morning.slot)

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
        if slot.outcome in not_noted.UNWRITTEN:
            there = [row for row in self.morning.rows if row.status in COMING]
        initial = {"present": [str(row.person_id) for row in there], "note": slot.outcome_note}
        people = {row.person_id: row.person for row in self.morning.rows}
        people |= {person.pk: person for person in self.members_on(clock.local_date(slot.starts_at))}
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
            has_outcome=slot.outcome not in not_noted.UNWRITTEN,
            closed_at=self.sheet.closed_at if slot.is_past(at=self.at) and self.sheet.is_closed(self.at) else None,
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
        with in_form(form):
            swaps.ask_swap(self.morning.mine, form.asked, by=self.reader, at=self.at, wanted=form.wanted)
            messages.success(
                self.request, _("%(name)s is asked. Until the yes, the turn stays yours.") % {"name": form.asked}
            )
            return None
        return self.page(swap_form=form)

    def take_back(self) -> None:
        if self.open_swap is None or self.reader is None:
            return
        with as_message(self.request):
            swaps.take_back(self.open_swap, by=self.reader, at=self.at)
            messages.info(self.request, _("The question is taken back. The turn is yours."))

    def write(self) -> HttpResponse | None:
        form = self.diary_form(self.request.POST)
        if form is None:
            raise Http404
        if not form.is_valid():
            return self.page(diary_form=form)
        staff = self.request.user if self.is_in_charge else None
        with in_form(form):
            diary.record(
                self.morning.slot,
                form.people,
                at=self.at,
                note=form.cleaned_data["note"],
                by=self.reader,
                by_staff=staff,
            )
            messages.success(self.request, _("Noted. Thank you!"))
            return None
        return self.page(diary_form=form)
