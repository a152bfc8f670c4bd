"""Signing up, withdrawing, answering an offer, a guardian's consent, and knowing of a move."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.forms.sign_up import ConsentForm, RowsForm, SignUpForm, WithdrawForm
from activities.models import SignUp, SignUpStatus
from activities.operations import consents, declared_adult, lifecycle, offers, queue, sign_ups
from activities.pages.own_bookings import OwnBooking, named, to_decide
from activities.rules import adult_ratio, ages, eligibility
from activities.views.detail import OwnActivityPage, seats_of, who_may_come
from people.access.requests import SignedInRequest
from people.forms.coming_in import KnowMeForm
from people.models import Person
from people.operations import accounts
from portal.refusals import as_message, caught, in_form


class SignUpView(OwnActivityPage):
    """The form on a page of its own: where a poster leads, and where a refused form comes back to."""

    def wanted(self) -> str:
        """A newcomer comes back to the fourth of five small steps."""
        return f"{self.request.path}?{urlencode({'step': 4})}"

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        if self.reader is None:
            return self.stranger(KnowMeForm())
        if self.rows and not any(member.may_be_chosen for member in self.household):
            return redirect(self.activity)  # everybody is signed up; that page says so
        return self.page(self.sign_up_form())

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        if self.reader is None:
            return self.become_known()
        form = self.sign_up_form(request.POST)
        if not form.is_valid():
            return self.answer_for_those_signed_up(form) or self.page(form)
        with in_form(form):
            booking = declared_adult.sign_up(
                self.activity,
                made_by=self.reader,
                at=self.at,
                says_adult=form.cleaned_data.get("adult", False),
                **form.arguments(),
            )
            return self.done(booking.pk)
        return self.page(form)

    def done(self, booking_id: int) -> HttpResponse:
        query = {"booked": booking_id} | ({"step": 5} if "step" in self.request.GET else {})
        return HttpResponseRedirect(f"{self.activity.get_absolute_url()}?{urlencode(query)}#done")

    def answer_for_those_signed_up(self, form: SignUpForm) -> HttpResponse | None:
        """Pressing twice does no harm: whoever names only people who are signed up already reads of that booking."""
        live = {str(row.person_id): row for row in self.rows}
        asked = self.request.POST.getlist("who")
        if asked and all(pk in live for pk in asked):
            return self.done(live[asked[0]].booking_id)
        return None

    def page(self, form: SignUpForm) -> HttpResponse:
        with caught() as closed:
            eligibility.check_open(self.activity, at=self.at, by_staff=False)
        context = {
            "activity": self.activity,
            "form": form,
            "closed": closed.sentence,
            "seats": seats_of(self.activity, self.at),
            "who": who_may_come(self.activity),
            "newcomer": "step" in self.request.GET,
            "tab": "calendar",
        }
        return render(self.request, "activities/sign_up.html", context)

    def stranger(self, form: KnowMeForm) -> HttpResponse:
        """An account that this neighbourhood does not know: two questions, then back here."""
        context = {"activity": self.activity, "form": form, "tab": "calendar"}
        return render(self.request, "activities/sign_up_stranger.html", context)

    def become_known(self) -> HttpResponse:
        form = KnowMeForm(self.request.POST)
        if not form.is_valid():
            return self.stranger(form)
        with in_form(form):
            accounts.become_known(self.request.user, self.request.neighbourhood, **form.answers())
            return HttpResponseRedirect(self.wanted())
        return self.stranger(form)


def withdraw_form(rows: list[SignUp], companions: list[Person], data: Any = None, initial: Any = None) -> WithdrawForm:
    """For the page and the mail alike; the question who stays with a child only where somebody could."""
    activity = rows[0].activity
    day = ages.day_of(activity)
    leaving = {row.person_id for row in rows}
    has_charge = any(row.companion_id in leaving for row in rows)
    adults = [person for person in companions if person.is_adult_on(day)]
    return WithdrawForm(data, initial=initial, rows=rows, companions=adults if has_charge and len(adults) > 1 else [])


def after_leaving(rows: list[SignUp]) -> str:
    """What becomes of the children who stay, told to an adult who has just left; "" where that changes nothing."""
    activity = rows[0].activity
    day = ages.day_of(activity)
    if not any(row.person.is_adult_on(day) for row in rows):
        return ""
    return adult_ratio.what_becomes_of_the_children(activity)


def confirmed_people(rows: list[SignUp]) -> list[Person]:
    return [row.person for row in rows if row.status == SignUpStatus.CONFIRMED]


class WithdrawView(OwnActivityPage):
    """Everybody is ticked to begin with, so that one press is enough; ``?who=`` names one alone."""

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        if not self.rows:
            return redirect(self.activity)
        wanted = request.GET.get("who", "")
        initial = {"who": [int(wanted)]} if wanted in {str(row.person_id) for row in self.rows} else None
        return self.page(withdraw_form(self.rows, confirmed_people(self.rows), initial=initial))

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        if not self.rows:
            return redirect(self.activity)
        form = withdraw_form(self.rows, confirmed_people(self.rows), request.POST)
        if not form.is_valid():
            return self.page(form)
        leaving = form.chosen
        with in_form(form):
            sign_ups.withdraw(leaving, at=self.at, by=self.reader, new_companion=form.cleaned_data.get("companion"))
            messages.success(request, _("%(names)s: withdrawn. Thank you for telling us.") % {"names": named(leaving)})
            if words := after_leaving(leaving):
                messages.warning(request, words)
            return redirect(self.activity)
        return self.page(form)

    def page(self, form: WithdrawForm) -> HttpResponse:
        closed = next((one.withdrawal_words for one in self.own_bookings if one.withdrawal_words), "")
        all_closed = all(one.withdrawal_words for one in self.own_bookings)
        context = {
            "activity": self.activity,
            "form": form,
            "mine": self.own_bookings[0].status,
            "closed": closed if all_closed else "",
            "late": next((one.late_words for one in self.own_bookings if one.late_words), ""),
            "back_url": self.activity.get_absolute_url(),
            "tab": "me",
        }
        return render(self.request, "activities/withdraw.html", context)


def answer_form(own_booking: OwnBooking, data: Any = None) -> RowsForm:
    """Who takes the seats offered; asked to come with fewer, nobody is ticked beforehand."""
    if own_booking.offered:
        return RowsForm(data, rows=own_booking.offered)
    return RowsForm(data, rows=own_booking.waiting, initial={"who": []})


def answer_context(own_booking: OwnBooking, form: RowsForm) -> dict[str, Any]:
    activity = own_booking.activity
    free = None
    if not own_booking.offered and activity.capacity is not None:
        free = queue.free_seats(activity)
    if own_booking.offered:
        count = len(own_booking.offered)
        heading = ngettext("A seat is free for you", "%(count)d seats are free for you", count) % {"count": count}
    else:
        heading = _("There is room for some of you")
    return {
        "activity": activity,
        "heading": heading,
        "own_booking": own_booking,
        "overlap": eligibility.overlap_words(activity, own_booking.offered or own_booking.waiting),
        "form": form,
        "free": free,
        "may_choose": speaks_for_all(own_booking),
        "tab": "me",
    }


def speaks_for_all(own_booking: OwnBooking) -> bool:
    """Whether the reader may change every live row of the booking; else they answer for it as it is, all or none."""
    return own_booking.booking.sign_ups.live().count() == len(own_booking.rows)


def take(own_booking: OwnBooking, form: RowsForm, *, at, by: Person) -> None:
    """Accept for those ticked. A reader who does not speak for all takes the seats for everybody, and splits nobody off."""
    people = [row.person for row in form.chosen]
    everybody = not speaks_for_all(own_booking) or (own_booking.offered and len(people) == len(own_booking.offered))
    offers.accept(own_booking.booking, at=at, by=by, people=None if everybody else people)


class AnswerView(OwnActivityPage):
    """Takes an offer, for all or for some; or says no."""

    @property
    def own_booking(self) -> OwnBooking | None:
        """The booking that waits for an answer; ``booking`` names one where there are two."""
        asked = [one for one in self.own_bookings if one.offered or one.asks_fewer]
        wanted = self.request.POST.get("booking") or self.request.GET.get("booking")
        if not wanted:
            return asked[0] if asked else None
        if wanted not in {str(one.booking.pk) for one in self.own_bookings}:
            raise Http404
        return next((one for one in asked if str(one.booking.pk) == wanted), None)

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        own_booking = self.own_booking
        if own_booking is None:
            return redirect(self.activity)  # answered, or over: that page says where one stands
        return self.page(own_booking, answer_form(own_booking))

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        own_booking = self.own_booking
        if own_booking is None or self.reader is None:
            return redirect(self.activity)
        if request.POST.get("action") == "decline":
            return self.decline(own_booking, self.reader)
        form = answer_form(own_booking, request.POST)
        if not form.is_valid():
            return self.page(own_booking, form)
        with in_form(form):
            take(own_booking, form, at=self.at, by=self.reader)
            return HttpResponseRedirect(f"{self.activity.get_absolute_url()}?booked={own_booking.booking.pk}#done")
        return self.page(own_booking, form)

    def decline(self, own_booking: OwnBooking, reader: Person) -> HttpResponse:
        with as_message(self.request):
            offers.decline(own_booking.booking, at=self.at, by=reader)
            kept = _("You keep waiting together.") if not own_booking.offered else _("Thank you, the seat goes on.")
            messages.success(self.request, kept)
        return redirect(self.activity)

    def page(self, own_booking: OwnBooking, form: RowsForm) -> HttpResponse:
        context = answer_context(own_booking, form) | {"back_url": self.activity.get_absolute_url()}
        return render(self.request, "activities/answer.html", context)


def decide(form: ConsentForm, *, at, guardian: Person) -> None:
    """A guardian's yes or no for the children ticked (V4)."""
    if form.agrees:
        consents.give_consents(form.chosen, guardian, at=at, terms_read=form.cleaned_data.get("terms", ""))
    else:
        sign_ups.withdraw(form.chosen, at=at, by=guardian)


class ConsentView(OwnActivityPage):
    """A guardian reads the risks and decides."""

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        rows = to_decide(self.rows)
        return self.page(ConsentForm(rows=rows)) if rows else redirect(self.activity)

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        rows = to_decide(self.rows)
        if not rows or self.reader is None:
            return redirect(self.activity)
        form = ConsentForm(request.POST, rows=rows)
        if not form.is_valid():
            return self.page(form)
        with in_form(form):
            decide(form, at=self.at, guardian=self.reader)
            names = {"names": named(form.chosen)}
            said = (
                _("Your consent for %(names)s has arrived.")
                if form.agrees
                else _("%(names)s: withdrawn. Thank you for telling us.")
            )
            messages.success(request, said % names)
            return redirect(self.activity)
        return self.page(form)

    def page(self, form: ConsentForm) -> HttpResponse:
        context = {
            "activity": self.activity,
            "form": form,
            "names": named(form.rows),
            "back_url": self.activity.get_absolute_url(),
            "tab": "me",
        }
        return render(self.request, "activities/consent.html", context)


class SeenView(OwnActivityPage):
    """ "I know": the reader has read the new time or place."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        with as_message(request):
            if self.reader is not None:
                lifecycle.mark_all_seen(self.rows, by=self.reader)
            messages.success(request, _("Thank you. See you there."))
        return redirect(self.activity)
