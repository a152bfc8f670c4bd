"""A member's standing turns and leave in a team's rota."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from people.access.requests import PortalRequest
from people.models import Person
from portal import clock
from portal.refusals import as_message, in_form
from volunteers.forms import LeaveForm, TurnForm, turn_words
from volunteers.models import Leave, Turn
from volunteers.operations import promises
from volunteers.views.rota import RotaPage, one_of


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
        if not form.is_valid():
            return self.page(turn_form=form)
        with in_form(form):
            promises.promise(self.rota, reader, form.chosen, at=self.at)
            messages.success(self.request, _("Thank you! Your turns stand in the rota and in your calendar."))
            return None
        return self.page(turn_form=form)

    def end(self, reader: Person) -> None:
        turn = one_of(Turn.objects.filter(rota=self.rota, person=reader), self.request.POST.get("id", ""))
        if turn is None:
            raise Http404
        with as_message(self.request):
            promises.end_promise(turn, at=self.at)
            messages.info(
                self.request, _("From tomorrow on this turn is no longer yours. Thank you for all the mornings.")
            )

    def go(self, reader: Person) -> HttpResponse | None:
        form = LeaveForm(self.request.POST)
        if not form.is_valid():
            return self.page(leave_form=form)
        data = form.cleaned_data
        with in_form(form):
            promises.take_leave(self.rota, reader, data["first_day"], data["last_day"], at=self.at)
            messages.success(self.request, _("Noted; your turns on these days go to others."))
            return None
        return self.page(leave_form=form)

    def come_back(self, reader: Person) -> None:
        leave = one_of(Leave.objects.filter(rota=self.rota, person=reader), self.request.POST.get("id", ""))
        if leave is None:
            raise Http404
        with as_message(self.request):
            promises.end_leave(leave, at=self.at)
            messages.info(self.request, _("The leave is over; you are on the rota again."))
