"""One's own page and what can be changed from it: family, consents, settings."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView, View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from people import outbox
from people.access.requests import PortalRequest, SignedInRequest
from people.access.viewer import is_marked
from people.forms.about_me import ChildForm, ConsentForm, SettingsForm
from people.forms.coming_in import KnowMeForm
from people.models import Guardianship, HouseholdAdult, OptOut, Person
from people.operations import accounts, consents, family
from people.pages.panels import me_sections
from people.pages.who_changed import who_changed
from people.rules.consent import Purpose, decides_alone
from people.rules.household import Household
from portal import clock
from portal.addresses import wanted_page
from portal.cookies import remember_language
from portal.memo import once
from portal.panels import Part
from portal.refusals import as_message, in_form


def household(request: PortalRequest) -> Household | None:
    """The reader's household, read once a request; None for an account this neighbourhood does not know."""
    person = request.viewer.person
    return once(request, "household", lambda: Household(person, clock.today())) if person else None


# --- the parts of "me" that belong to people; other apps add theirs (portal.panels) ---


def greeting(request: PortalRequest) -> Part | None:
    person = request.viewer.known_person
    return "people/_me_greeting.html", {
        "person": person,
        "known_adult": person.is_adult_on(clock.today()),
        "age": person.age_on(clock.today()),
    }


def family_section(request: PortalRequest) -> Part | None:
    home = household(request)
    if home is None or not home.person.is_adult_on(clock.today()):
        return None
    children = [
        {"child": row.child, "guardianship": row, "missing": consents.NECESSARY not in home.agreed(row.child)}
        for row in home.guardianships
    ]
    adults = HouseholdAdult.objects.none()
    if is_marked(home.person, "names_adults"):
        adults = home.person.household_adults.exclude(state=HouseholdAdult.State.WITHDRAWN).order_by("pk")
        adults = adults.filter(Q(state=HouseholdAdult.State.AGREED) | Q(ends_at__gt=clock.now()))
    return "people/_me_family.html", {"children": children, "adults": adults}


def consents_section(request: PortalRequest) -> Part | None:
    home = household(request)
    if home is None:
        return None
    lines = home.agreements(home.person)
    return "people/_me_consents.html", {
        "agreed": [line.label for line in lines if line.given],
        "open": [line.label for line in lines if not line.given],
    }


def settings_section(request: PortalRequest) -> Part | None:
    return "people/_me_settings.html", {"person": request.viewer.person, "account": request.user}


class MeView(LoginRequiredMixin, TemplateView):
    request: SignedInRequest
    template_name = "people/me.html"

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.request.viewer.person is None:
            return self.stranger(KnowMeForm())
        return super().get(request, *args, **kwargs)

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        """Become known here, or say that one is an adult."""
        person = request.viewer.person
        if person is None:
            form = KnowMeForm(request.POST)
            if not request.neighbourhood or not form.is_valid():
                return self.stranger(form)
            with in_form(form):
                accounts.become_known(request.user, request.neighbourhood, **form.answers())
                messages.success(request, _("Welcome. This is your own page."))
                return redirect("people:me")
            return self.stranger(form)
        elif request.POST.get("adult") == "on":
            with as_message(request):
                accounts.declare_adult(person)
                messages.success(request, _("Thank you, we have noted that you are 18 or over."))
        return redirect("people:me")

    def stranger(self, form: KnowMeForm) -> HttpResponse:
        """An account without a record in this neighbourhood: staff of elsewhere, or a resident of another one."""
        return render(self.request, "people/me_unknown.html", {"form": form, "tab": "me"})

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"panels": me_sections.of(self.request), "tab": "me"}


class OwnPage(LoginRequiredMixin, TemplateResponseMixin, ContextMixin, View):
    """Pages below "me": only for somebody this neighbourhood knows."""

    request: SignedInRequest

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if self.request.user.is_authenticated and self.request.viewer.person is None:
            return redirect("people:me")
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> Person:
        return self.request.viewer.known_person

    @property
    def home(self) -> Household:
        home = household(self.request)
        assert home is not None, "OwnPage lets nobody in without a person"
        return home

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"tab": "me"}


class ChildPage(OwnPage, FormView):
    form_class = ChildForm
    template_name = "people/child.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "text": consents.shown_text("guardian"),
            "own_text": consents.shown_text("resident"),
        }


class AddChildView(ChildPage):
    def form_valid(self, form: ChildForm) -> HttpResponse:
        with in_form(form):
            child = family.add_child(self.person, form.child(), by=self.request.user)
            messages.success(self.request, _("%(name)s is now in your family.") % {"name": child.name})
            return HttpResponseRedirect(wanted_page(self.request) or reverse("people:me") + "#family")
        return self.form_invalid(form)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"wanted": wanted_page(self.request)}


class OwnChild(OwnPage):
    """A page about one child; whoever is not this child's guardian finds nothing there."""

    @property
    def guardianship(self) -> Guardianship:
        home = household(self.request)
        for row in home.guardianships if home else ():
            if row.child_id == self.kwargs["pk"]:
                return row
        raise Http404


class EditChildView(OwnChild, ChildPage):
    def get_form_kwargs(self):
        alone = decides_alone(self.guardianship.child, consents.NECESSARY, clock.today())
        row = self.guardianship
        return super().get_form_kwargs() | {
            "decides_data_alone": alone,
            "about": f"child {row.pk}",
            "who": lambda name: who_changed(row.child, name, self.person),
        }

    def get_initial(self):
        row = self.guardianship
        return ChildForm.initial_of(row.child, row.relation, self.home.agreed(row.child))

    def form_valid(self, form: ChildForm) -> HttpResponse:
        child = self.guardianship.child
        with in_form(form):
            family.change_child(self.person, child, form.child(), by=self.request.user, only=form.mine)
            messages.success(self.request, _("Saved."))
            return HttpResponseRedirect(wanted_page(self.request) or reverse("people:me") + "#family")
        return self.form_invalid(form)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        more = {"child": self.guardianship.child, "wanted": wanted_page(self.request)}
        return super().get_context_data(**kwargs) | more


class RemoveChildView(OwnChild, TemplateView):
    """Asks once, then takes the child off the guardian's page."""

    template_name = "people/child_remove.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"child": self.guardianship.child}

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        child = self.guardianship.child
        with as_message(request):
            family.remove_child(self.person, child)
            messages.success(request, _("%(name)s is no longer on your page.") % {"name": child.name})
            return redirect("people:me")
        return redirect("people:family-edit", child.pk)


class ConsentsView(OwnPage, TemplateView):
    """Every consent of the household, each with the one button that turns it round (V5)."""

    template_name = "people/consents.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        home = self.home
        groups = [(person, home.agreements(person)) for person in (home.person, *home.children)]
        return super().get_context_data(**kwargs) | {"groups": groups, "history": home.history, "me": home.person}

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        form = ConsentForm(request.POST)
        mine = {person.pk: person for person in (self.person, *self.home.children)}
        if not form.is_valid() or form.cleaned_data["person"] not in mine:
            raise Http404
        person, purpose = mine[form.cleaned_data["person"]], form.cleaned_data["purpose"]
        with as_message(request):
            if form.cleaned_data["action"] == "give":
                consents.agree(person, purpose, actor=self.person, by=request.user)
                messages.success(request, _("Thank you, that is noted."))
            else:
                consents.revoke(person, purpose, revoked_by=self.person)
                messages.success(request, _("Taken back; it no longer holds."))
                if purpose == Purpose.DATA:
                    messages.info(
                        request,
                        _(
                            "From now on nothing new is written down. Seats that were given stay until they are withdrawn;"
                            " to have everything deleted, tell the committee."
                        ),
                    )
        return redirect("people:consents")


class SettingsView(OwnPage, FormView):
    form_class = SettingsForm
    template_name = "people/settings.html"

    def get_initial(self):
        unwanted = set(OptOut.objects.filter(person=self.person).values_list("kind", flat=True))
        return {
            "name": self.person.name,
            "nickname": self.person.nickname,
            "language": self.person.language,
            "wanted": [kind.code for kind in outbox.optional_kinds() if kind.code not in unwanted],
        }

    def get_form_kwargs(self):
        who = {"who": lambda name: who_changed(self.person, name, self.person)}
        return super().get_form_kwargs() | {"about": f"settings {self.person.pk}"} | who

    def form_valid(self, form: SettingsForm) -> HttpResponse:
        data = form.cleaned_data
        accounts.change_settings(
            self.person,
            changed={name: data[name] for name in ("name", "nickname", "language") if name in form.mine},
            wanted=set(data.get("wanted", ())),
            optional={kind.code for kind in outbox.optional_kinds()},
        )
        with override(data["language"]):
            messages.success(self.request, _("Saved."))
        response = redirect("people:me")
        remember_language(response, data["language"])
        return response
