"""Where the links in mails lead: a page with one button, which acts for whoever the mail was written to.

GET changes nothing, because scanners and previews follow links. No log-in: the token names the booking, the reader and the
one action, and ages (portal.tokens).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from activities.emails import action_url, promise
from activities.forms.sign_up import ConsentForm, RowsForm
from activities.models import Booking, SignUp, SignUpStatus
from activities.operations import offers, sign_ups
from activities.pages.own_bookings import OwnBooking, named, own_bookings, to_decide
from activities.views.sign_up import (
    after_leaving,
    answer_context,
    answer_form,
    confirmed_people,
    decide,
    take,
    withdraw_form,
)
from people.access.requests import PortalRequest
from people.models import Person
from portal import clock, tokens
from portal.cookies import as_the_mail_spoke
from portal.refusals import caught, in_form

PURPOSES = ("withdraw", "accept", "decline", "consent")


@method_decorator(never_cache, name="dispatch")
class MailActionView(View):
    request: PortalRequest
    at: datetime
    booking: Booking
    reader: Person
    purpose: str
    rows: list[SignUp]

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args, purpose: str, token: str, **kwargs) -> HttpResponseBase:
        try:
            if purpose not in PURPOSES:
                raise tokens.Unreadable(expired=False)
            data = tokens.read(f"booking-{purpose}", token)
            booking_id, reader_id = data.get("booking"), data.get("reader")
            if not isinstance(booking_id, int) or not isinstance(reader_id, int):
                raise tokens.Unreadable(expired=False)
        except tokens.Unreadable as unreadable:
            return refuse_link(request, expired=unreadable.expired)
        booking = (
            Booking.objects.select_related("activity__location", "activity__neighbourhood", "made_by")
            .filter(pk=booking_id)
            .first()
        )
        reader = Person.objects.filter(pk=reader_id, anonymised_at=None).select_related("user").first()
        if booking is None or reader is None or reader.neighbourhood_id != booking.activity.neighbourhood_id:
            return refuse_link(request, expired=False)
        self.at, self.purpose, self.booking, self.reader = clock.now(), purpose, booking, reader
        self.request.neighbourhood = booking.activity.neighbourhood
        self.rows = list(
            booking.sign_ups.may_be_changed_by(reader, on=clock.local_date(self.at))
            .with_position()
            .with_consent_of(reader)
            .select_related("person", "companion")
            .order_by("pk")
        )
        for row in self.rows:
            row.booking, row.activity = booking, booking.activity
        with as_the_mail_spoke(request, reader.language):
            return super().dispatch(request, *args, **kwargs)

    @property
    def own_booking(self) -> OwnBooking | None:
        return next(iter(own_bookings(self.rows, self.reader, self.at)), None)

    def get(self, request: PortalRequest) -> HttpResponse:
        own_booking = self.own_booking
        if own_booking is None or own_booking.is_over:
            return self.state()
        return self.pages[self.purpose](self, own_booking)

    def post(self, request: PortalRequest) -> HttpResponse:
        own_booking = self.own_booking
        if own_booking is None or own_booking.is_over:
            return self.state()
        with caught() as no:
            answer = self.actions[self.purpose](self, own_booking)
            return answer or HttpResponseRedirect(request.path)  # where the page now says what has become of it
        return self.state(no.sentence)

    # --- withdraw ---

    def withdraw_page(self, own_booking: OwnBooking, form: RowsForm | None = None) -> HttpResponse:
        if own_booking.withdrawal_words:
            return self.state(own_booking.withdrawal_words)
        form = form or withdraw_form(own_booking.rows, confirmed_people(own_booking.rows))
        return self.show(
            "activities/withdraw.html", {"form": form, "mine": own_booking.status, "late": own_booking.late_words}
        )

    def withdraw(self, own_booking: OwnBooking) -> HttpResponse | None:
        form = withdraw_form(own_booking.rows, confirmed_people(own_booking.rows), self.request.POST)
        if form.is_valid():
            with in_form(form):
                companion = form.cleaned_data.get("companion")
                sign_ups.withdraw(form.chosen, at=self.at, by=self.reader, new_companion=companion)
        if not form.errors and (words := after_leaving(form.chosen)):
            return self.state(words, done=True)
        if not form.errors and self.is_left_by_some(form):
            return self.state(done=True)  # of a family, one stays away: say so instead of asking for the others
        return self.withdraw_page(own_booking, form) if form.errors else None

    @staticmethod
    def is_left_by_some(form: RowsForm) -> bool:
        return len(form.chosen) < len(form.rows)

    # --- offers ---

    def accept_page(self, own_booking: OwnBooking, form: RowsForm | None = None) -> HttpResponse:
        if not own_booking.offered and not own_booking.asks_fewer:
            return self.state()
        form = form or answer_form(own_booking)
        more = {"decline_url": action_url("decline", self.booking, self.reader)}
        return self.show("activities/answer.html", answer_context(own_booking, form) | more)

    def accept(self, own_booking: OwnBooking) -> HttpResponse | None:
        if not own_booking.offered and not own_booking.asks_fewer:
            return self.state()
        form = answer_form(own_booking, self.request.POST)
        if form.is_valid():
            with in_form(form):
                take(own_booking, form, at=self.at, by=self.reader)
        return self.accept_page(own_booking, form) if form.errors else None

    def decline_page(self, own_booking: OwnBooking) -> HttpResponse:
        if not own_booking.offered and not own_booking.asks_fewer:
            return self.state()
        more = {"accept_url": action_url("accept", self.booking, self.reader), "own_booking": own_booking}
        return self.show("activities/decline.html", more)

    def decline(self, own_booking: OwnBooking) -> HttpResponse | None:
        if not own_booking.offered and not own_booking.asks_fewer:
            return self.state()
        offers.decline(self.booking, at=self.at, by=self.reader)
        return self.state(_("You keep waiting together."), done=True) if not own_booking.offered else None

    # --- a guardian's consent ---

    def consent_page(self, own_booking: OwnBooking, form: RowsForm | None = None) -> HttpResponse:
        rows = to_decide(own_booking.rows)
        if not rows:
            return self.state()
        form = form or ConsentForm(rows=rows)
        return self.show("activities/consent.html", {"form": form, "names": named(rows)})

    def consent(self, own_booking: OwnBooking) -> HttpResponse | None:
        rows = to_decide(own_booking.rows)
        if not rows:
            return self.state()
        form = ConsentForm(self.request.POST, rows=rows)
        if form.is_valid():
            with in_form(form):
                decide(form, at=self.at, guardian=self.reader)
        return self.consent_page(own_booking, form) if form.errors else None

    pages: dict[str, Callable[..., HttpResponse]] = {
        "withdraw": withdraw_page,
        "accept": accept_page,
        "decline": decline_page,
        "consent": consent_page,
    }
    actions: dict[str, Callable[..., HttpResponse | None]] = {
        "withdraw": withdraw,
        "accept": accept,
        "decline": decline,
        "consent": consent,
    }

    # --- what has become of it ---

    def state(self, sentence: str = "", *, done: bool = False) -> HttpResponse:
        """Nothing left to press: how things stand, and the way on. ``sentence``: instead of what follows from the rows."""
        rows = list(
            self.booking.sign_ups.may_be_changed_by(self.reader, on=clock.local_date(self.at))
            .with_position()
            .with_consent_of(self.reader)
            .select_related("person")
            .order_by("pk")
        )
        for row in rows:
            row.booking, row.activity = self.booking, self.booking.activity
        look, title, words = outcome(rows, self.reader, self.at)
        if sentence and not done:
            title, words, look = _("Nothing has changed"), sentence, "wait"
        elif sentence:
            words = sentence
        context = {
            "title": title,
            "text": words,
            "look": look,
            "withdraw_url": action_url("withdraw", self.booking, self.reader)
            if self.purpose != "withdraw" and any(row.is_live for row in rows)
            else "",
        }
        return self.show("activities/mail_done.html", context)

    def show(self, template: str, context: dict[str, Any]) -> HttpResponse:
        activity = self.booking.activity
        return render(
            self.request,
            template,
            {"activity": activity, "neighbourhood": activity.neighbourhood, "by_mail": True} | context,
        )


def refuse_link(request: HttpRequest, *, expired: bool) -> HttpResponse:
    """What a link that cannot be read says, and where to go on."""
    if expired:
        text = _("This link is too old. Sign in, and you find everything you are signed up for under “Me”.")
    else:
        text = _("This link is not complete. Please open it from the mail again, or sign in and look under “Me”.")
    return render(request, "activities/mail_refused.html", {"text": text}, status=410 if expired else 404)


def outcome(rows: list[SignUp], reader: Person, at: datetime) -> tuple[str, str, str]:
    """(look of the success block, title, text) that say how a booking stands."""
    live = [row for row in rows if row.is_live]
    ended = [row for row in rows if not row.is_live]
    own_booking = next(iter(own_bookings(live, reader, at)), None)
    if own_booking is not None:
        activity = own_booking.activity
        if activity.is_cancelled:
            return "off", _("This is cancelled"), _("You need not do anything.")
        if own_booking.is_over:
            return "wait", _("It has begun or is over"), ""
        if own_booking.offered:
            return "wait", _("A seat is kept for you"), " ".join(own_booking.sentences)
        if own_booking.lacks_consent:
            return "wait", _("A guardian's consent is missing"), " ".join(own_booking.sentences)
        if own_booking.coming:
            return "", _("%(names)s: signed up") % {"names": named(own_booking.coming)}, promise(activity, reader, at)
        if own_booking.waiting:
            return "wait", _("You are on the waiting list"), " ".join(own_booking.sentences)
        return "", _("Thank you for coming"), ""
    statuses = {row.status for row in ended}
    if rows and rows[0].activity.is_cancelled:
        return "off", _("This is cancelled"), _("You need not do anything.")
    if SignUpStatus.LAPSED in statuses:
        return "off", _("The time to answer is over"), _("The seat went to the next neighbour.")
    if SignUpStatus.DECLINED in statuses:
        return "off", _("You said no to the seat"), _("It goes to the next neighbour. See you another time.")
    if SignUpStatus.CANCELLED in statuses:
        return (
            "off",
            _("%(names)s: not signed up any more") % {"names": named(ended)},
            _("Thank you for telling us. The seat goes to whoever waits for it."),
        )
    return "off", _("There is nothing left to do here"), ""
