"""What the links in a rota's mails open: a page with one button, which acts for whoever the mail was written to.

GET changes nothing, because scanners and previews follow links; the token names the one action, the reader, and ages.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from activities.models import COMING, Activity
from people.access.requests import PortalRequest
from people.models import Person
from portal import clock, tokens
from portal.cookies import as_the_mail_spoke
from portal.dates import day, span
from portal.refusals import caught
from volunteers.models import Shift, Swap
from volunteers.operations import swaps

PURPOSES = ("take", "swap")


@method_decorator(never_cache, name="dispatch")
class DutyMailView(View):
    request: PortalRequest
    http_method_names = ["get", "head", "post"]
    at: datetime
    reader: Person
    slot: Activity
    swap: Swap | None

    def dispatch(self, request: HttpRequest, *args, purpose: str, token: str, **kwargs) -> HttpResponseBase:
        try:
            if purpose not in PURPOSES:
                raise tokens.Unreadable(expired=False)
            data = tokens.read(f"duty-{purpose}", token)
            self.find(data)
        except tokens.Unreadable as unreadable:
            words = (
                _("This link is too old. Please look at the rota itself.")
                if unreadable.expired
                else _("This link is not complete or not ours. Please copy the whole address from the mail.")
            )
            return render(request, "activities/mail_refused.html", {"text": words}, status=400)
        self.at = clock.now()
        self.request.neighbourhood = self.slot.neighbourhood
        with as_the_mail_spoke(request, self.reader.language):
            return super().dispatch(request, *args, **kwargs)

    def find(self, data: dict) -> None:
        ids = {key: value for key, value in data.items() if isinstance(value, int)}
        reader = Person.objects.filter(pk=ids.get("reader", 0), anonymised_at=None).select_related("user").first()
        self.swap, slot = None, None
        if "swap" in ids:
            found = Swap.objects.filter(pk=ids["swap"], asked=reader).select_related(
                "asked",
                "given__person",
                "given__activity__neighbourhood",
                "given__activity__location",
                "wanted__activity",
            )
            self.swap = found.first() if reader else None
            slot = self.swap.given.activity if self.swap else None
        elif "slot" in ids:
            slot = Shift.objects.select_related("neighbourhood", "location").filter(pk=ids["slot"]).first()
        if reader is None or slot is None or slot.neighbourhood_id != reader.neighbourhood_id:
            raise tokens.Unreadable(expired=False)
        self.reader, self.slot = reader, slot

    def get(self, request: PortalRequest) -> HttpResponse:
        if self.swap is not None:
            return self.swap_page(self.swap)
        if self.slot.sign_ups.filter(person=self.reader, status__in=COMING).exists():
            return self.done(_("You are down for %(day)s") % {"day": day(self.slot.starts_at)})
        return self.ask(
            _("Will you come on %(day)s?") % {"day": day(self.slot.starts_at)},
            _("Hands are missing that morning. The first to say yes has the turn."),
            [("take", _("Yes, I will come"))],
        )

    def post(self, request: PortalRequest) -> HttpResponse:
        answer = request.POST.get("answer", "")
        with caught() as no:
            if self.swap is not None and answer in {"yes", "no"}:
                self.swap = swaps.answer_swap(self.swap, agrees=answer == "yes", by=self.reader, at=self.at)
            elif self.swap is None and isinstance(self.slot, Shift):
                swaps.stand_in(self.slot, self.reader, at=self.at)
            return self.get(request)
        return self.done(_("It did not work out"), no.sentence)

    def swap_page(self, swap: Swap) -> HttpResponse:
        turn = f"{day(self.slot.starts_at)} {span(self.slot)}"
        if swap.state != Swap.State.ASKED:
            words = {
                Swap.State.AGREED: _("You said yes: the turn on %(turn)s is yours."),
                Swap.State.DECLINED: _("You said no. The turn stays where it was."),
            }.get(Swap.State(swap.state), _("This question is no longer open."))
            return self.done(_("Thank you for the answer"), words % {"turn": turn})
        name = swap.given.person.name
        if swap.wanted:
            yours = f"{day(swap.wanted.activity.starts_at)} {span(swap.wanted.activity)}"
            text = _("%(name)s comes on %(yours)s in your place, and you on %(turn)s.") % {
                "name": name,
                "yours": yours,
                "turn": turn,
            }
        else:
            text = _("You come on %(turn)s in place of %(name)s.") % {"turn": turn, "name": name}
        return self.ask(
            _("%(name)s asks you for a swap") % {"name": name},
            text,
            [("yes", _("Yes, I swap")), ("no", _("No, that does not suit me"))],
        )

    def ask(self, title: str, text: str, answers: list[tuple[str, str]]) -> HttpResponse:
        context = {"title": title, "text": text, "answers": answers, "activity": self.slot}
        return render(self.request, "volunteers/answer.html", context)

    def done(self, title: str, text: str = "") -> HttpResponse:
        context = {"title": title, "text": text, "activity": self.slot}
        return render(self.request, "volunteers/answered.html", context)
