"""One way in for everybody: an e-mail address, a code, and from whoever is new the name (A1)."""

from datetime import timedelta
from math import ceil

from allauth.account.internal.stagekit import clear_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from people.access.requests import PortalRequest
from people.forms.coming_in import CodeForm, JoinForm, NewcomerForm
from people.models import Neighbourhood
from people.operations import accounts
from people.operations.consents import shown_text
from people.operations.sessions import SHARED
from people.views.login_code import DRAFT, JoinProcess
from portal import clock
from portal.addresses import leads_to_sign_up, local_path, slug_in, wanted_page
from portal.refusals import as_message, in_form

NO_STAFF_ACCOUNT = gettext_lazy(
    "There is no staff account with this address. Whoever looks after the portal in your residential area makes one."
)


def is_for_staff(wanted: str) -> bool:
    return wanted.startswith(reverse("admin:index"))


def _join_url(wanted: str) -> str:
    url = reverse("people:join")
    return f"{url}?{urlencode({'next': wanted})}" if wanted else url


@method_decorator(never_cache, name="dispatch")
class JoinView(FormView):
    request: PortalRequest
    form_class = JoinForm
    template_name = "people/join.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        self.wanted = wanted_page(request)
        if self.request.user.is_authenticated:
            return HttpResponseRedirect(self.wanted or reverse("people:me"))
        if (asked_for := neighbourhood_of(self.wanted)) is not None:
            self.request.neighbourhood = asked_for  # the frame shows whose page one is about to join
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        draft = self.request.session.get(DRAFT) or {}
        return {"email": draft.get("email"), "next": self.wanted}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "wanted": self.wanted,
            "joins_activity": leads_to_sign_up(self.wanted),
            "for_staff": is_for_staff(self.wanted),
        }

    def form_valid(self, form: JoinForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        pending = JoinProcess.pending(self.request)
        if pending is not None and pending.still_holds_for(email, self.wanted):
            messages.info(self.request, pending.when_sent())
            return HttpResponseRedirect(reverse("people:join-code"))
        try:
            neighbourhood = self.request.neighbourhood or None
            with in_form(form):
                self.request.session[SHARED] = form.cleaned_data["shared"]
                JoinProcess.begin(self.request, email, wanted=self.wanted, neighbourhood=neighbourhood)
                return HttpResponseRedirect(reverse("people:join-code"))
        except OSError:  # smtplib's errors are among them; the answer does not depend on who has an account
            form.add_error(
                "email", _("We could not send a mail there just now. Please check the address, or try again.")
            )
        return self.form_invalid(form)


class PendingView(FormView):
    """Base of the pages behind the first: an address waits in this session for its code, or for a name."""

    request: PortalRequest
    process: JoinProcess

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        draft = request.session.get(DRAFT) or {}
        wanted = wanted_page(request) or local_path(draft.get("next"))
        if self.request.user.is_authenticated:
            # The same code sent twice (a double tap, the way back): it has done its work already.
            return HttpResponseRedirect(wanted or reverse("people:me"))
        process = JoinProcess.pending(self.request)
        if process is None:
            messages.info(request, _("Please give your e-mail address first; then we send a code."))
            return HttpResponseRedirect(_join_url(wanted))
        if not process.is_valid():
            clear_login(request)
            messages.warning(request, _("The code has expired. Send the form once more and we send a new one."))
            return HttpResponseRedirect(_join_url(process.wanted))
        self.process = process
        if (neighbourhood := neighbourhood_of(process.wanted)) is not None:
            self.request.neighbourhood = neighbourhood
        if process.is_proven != self.is_behind_the_code:
            return HttpResponseRedirect(reverse("people:join-name" if process.is_proven else "people:join-code"))
        return super().dispatch(request, *args, **kwargs)

    is_behind_the_code = False


class JoinCodeView(PendingView):
    form_class = CodeForm
    template_name = "people/join_code.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        """A mail that a brake held back is sent by the page itself, which comes again when its time has come."""
        try:
            if self.process.send_if_due():
                self.process.persist()
        except OSError:
            messages.error(
                request, _("We could not send a mail there just now. Please check the address, or try again.")
            )
        response = super().get(request, *args, **kwargs)
        if wait := self.process.waits:
            response.headers["Refresh"] = str(ceil(wait) + 1)
        return response

    def post(self, request: HttpRequest, *args, **kwargs):
        if request.POST.get("action") == "resend":
            return self.resend()
        return super().post(request, *args, **kwargs)

    def resend(self) -> HttpResponse:
        request = self.request
        if not self.process.can_resend:
            messages.warning(request, _("We have sent several codes already. Please look into the spam folder too."))
        else:
            try:
                with as_message(request):
                    self.process.resend()
                    if not self.process.waits:
                        messages.success(request, _("A new code is on its way. The earlier one no longer works."))
            except OSError:
                messages.error(
                    request, _("We could not send a mail there just now. Please check the address, or try again.")
                )
        return HttpResponseRedirect(reverse("people:join-code"))

    def form_valid(self, form: CodeForm) -> HttpResponse:
        if self.process.waits:
            return HttpResponseRedirect(reverse("people:join-code"))  # no code has left yet
        may_try = self.process.may_try()
        if may_try and self.process.is_right(form.cleaned_data["code"]):
            return self.known_or_new()
        left = self.process.tries_left
        if not (may_try and left):
            clear_login(self.request)
            messages.warning(
                self.request, _("That was not the code, several times. Send the form once more and we send a new one.")
            )
            return HttpResponseRedirect(_join_url(self.process.wanted))
        form.add_error(
            "code",
            ngettext(
                "This is not the code we sent last. You can try it %(left)d more time.",
                "This is not the code we sent last. You can try it %(left)d more times.",
                left,
            )
            % {"left": left},
        )
        return self.form_invalid(form)

    def known_or_new(self) -> HttpResponse:
        user = self.process.known_user()
        if user is not None:
            return self.process.log_in(user, self.process.neighbourhood)
        if is_for_staff(self.process.wanted):
            clear_login(self.request)
            messages.error(self.request, str(NO_STAFF_ACCOUNT))
            return HttpResponseRedirect(_join_url(self.process.wanted))
        return HttpResponseRedirect(reverse("people:join-name"))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "email": self.process.email,
            "can_resend": self.process.can_resend and not self.process.waits,
            "leaves_at": clock.real_now() + timedelta(seconds=self.process.waits) if self.process.waits else None,
            "minutes": self.process.timeout // 60,
            "again_url": _join_url(self.process.wanted),
            "joins_activity": leads_to_sign_up(self.process.wanted),
        }


class JoinNameView(PendingView):
    """Who is new says how they are called, and agrees to its being kept; only then is anything of them stored."""

    form_class = NewcomerForm
    template_name = "people/join_name.html"
    is_behind_the_code = True

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"email": self.process.email, "where": self.process.neighbourhood}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "joins_activity": leads_to_sign_up(self.process.wanted),
            "text": shown_text("resident"),
            "email": self.process.email,
            "again_url": _join_url(self.process.wanted),
        }

    def form_valid(self, form: NewcomerForm) -> HttpResponse:
        where = form.neighbourhood_chosen
        with in_form(form):
            user = accounts.welcome(self.process.email, where, **form.answers())
            return self.process.log_in(user, where)
        return self.form_invalid(form)


def neighbourhood_of(path: str) -> Neighbourhood | None:
    """The open neighbourhood whose page ``path`` is; None for pages that belong to none."""
    slug = slug_in(path)
    return Neighbourhood.objects.filter(slug=slug, is_open=True).first() if slug else None
