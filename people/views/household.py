"""Grown-ups of one's household: named on "me", answering for themselves by the link in the mail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from people.access.requests import PortalRequest, SignedInRequest
from people.forms.coming_in import HouseholdAdultForm, OwnYesForm
from people.models import HouseholdAdult
from people.operations import consents, household
from people.views.me import OwnPage
from portal import clock, tokens
from portal.cookies import as_the_mail_spoke
from portal.refusals import as_message, in_form

State = HouseholdAdult.State


class AddAdultView(OwnPage, FormView):
    form_class = HouseholdAdultForm
    template_name = "people/household_add.html"

    def form_valid(self, form: HouseholdAdultForm) -> HttpResponse:
        with in_form(form):
            row = household.add_adult(self.person, form.cleaned_data["name"], at=clock.now())
            messages.success(
                self.request,
                _("Noted. Now %(name)s says yes: by the mail that is on its way to your mailbox, or to the committee.")
                % {"name": row.name},
            )
            return redirect(reverse("people:me") + "#family")
        return self.form_invalid(form)


class TakeBackView(OwnPage, TemplateView):
    """Asks once, then takes a grown-up, or the question to them, off the page of whoever named them."""

    template_name = "people/household_take_back.html"

    @property
    def row(self) -> HouseholdAdult:
        rows = HouseholdAdult.objects.filter(added_by=self.person).exclude(state=State.WITHDRAWN)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"row": self.row}

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        row = self.row
        with as_message(request):
            household.take_back(row, by=self.person, at=clock.now())
            messages.success(request, _("%(name)s is no longer on your page.") % {"name": row.name})
        return redirect("people:me")


@method_decorator(never_cache, name="dispatch")
class AnswerView(FormView):
    """The yes of whoever was named. GET changes nothing."""

    request: PortalRequest
    form_class = OwnYesForm
    template_name = "people/household_answer.html"
    row: HouseholdAdult

    def dispatch(self, request: HttpRequest, *args, token: str, **kwargs) -> HttpResponseBase:
        try:
            pk = tokens.read("household", token).get("row")
            row = HouseholdAdult.objects.filter(pk=pk if isinstance(pk, int) else 0)
            found = row.select_related("added_by__neighbourhood").first()
            if found is None:
                raise tokens.Unreadable(expired=False)
        except tokens.Unreadable as unreadable:
            text = (
                _("This link is too old. Please have yourself named once more.")
                if unreadable.expired
                else _("This link is not complete. Please open it from the mail again.")
            )
            return render(request, "people/answered.html", {"title": _("That did not work"), "text": text}, status=410)
        self.row = found
        self.request.neighbourhood = found.added_by.neighbourhood
        with as_the_mail_spoke(request, found.added_by.language):
            answer = super().dispatch(request, *args, **kwargs)
            # In the reader's language, which holds only here.
            return answer.render() if isinstance(answer, TemplateResponse) else answer

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if self.row.state == State.AGREED:
            return self.done(_("Thank you, that is noted. %(by)s can sign you up together with them now."))
        if self.row.state == State.WITHDRAWN or self.row.ends_at <= clock.now():
            return self.done(_("This is no longer open. Please have yourself named once more."))
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: OwnYesForm) -> HttpResponse:
        with in_form(form):
            household.agree(self.row, at=clock.now())
            return redirect(self.request.path)
        return self.form_invalid(form)

    def done(self, text: str) -> HttpResponse:
        said = text % {"by": self.row.added_by.name} if "%(by)s" in text else text
        return render(self.request, "people/answered.html", {"title": self.row.name, "text": said})

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"row": self.row, "text": consents.shown_text("resident")}
