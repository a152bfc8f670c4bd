"""A second guardian: invited, accepting, let in; and one guardian confirming another, on the page or by the link in a mail."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from people.access.requests import PortalRequest, SignedInRequest
from people.emails import decision_url
from people.models import BondQuestion, GuardianInvitation, Guardianship, Person, PossibleDuplicate
from people.operations import guardians, joined_bonds
from people.outbox.envelope import absolute
from people.views.me import OwnChild
from portal import clock, tokens
from portal.cookies import as_the_mail_spoke
from portal.refusals import as_message, caught

State = GuardianInvitation.State


class SecondGuardianView(OwnChild):
    """Who answers for a child, the link for another guardian, and taking it back."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        child = self.guardianship.child
        bonds = list(Guardianship.objects.filter(child=child, ended_at=None).select_related("guardian").order_by("pk"))
        confirmed = self.guardianship.state == Guardianship.State.CONFIRMED
        others = [
            {
                "bond": bond,
                "url": decision_url(self.person, bond=bond.pk)
                if confirmed and bond.state == Guardianship.State.DECLARED
                else "",
            }
            for bond in bonds
            if bond.guardian_id != self.person.pk
        ]
        invitation = (
            GuardianInvitation.objects.filter(child=child, invited_by=self.person, state__in=guardians.OPEN)
            .select_related("accepted_by")
            .first()
        )
        link = decide = ""
        if invitation is not None and invitation.state == State.ACCEPTED:
            decide = decision_url(self.person, invitation=invitation.pk)
        elif invitation is not None and invitation.ends_at > clock.now():
            link = absolute(accept_path(invitation))
        context = {"child": child, "others": others, "invitation": invitation, "link": link, "decide": decide}
        return render(request, "people/second_guardian.html", context | {"tab": "me"})

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        child, at = self.guardianship.child, clock.now()
        if request.POST.get("action") == "take-back":
            with as_message(request):
                guardians.take_back_all(child, by=self.person, at=at)
                messages.success(request, _("Taken back; it no longer holds."))
        else:
            with as_message(request):
                guardians.invite(child, by=self.person, at=at)
        return redirect("people:family-guardians", child.pk)


def settled(invitation: GuardianInvitation) -> str:
    """What has become of an invitation, to whoever sent it."""
    names = {"name": getattr(invitation.accepted_by, "name", ""), "child": invitation.child.name}
    if invitation.state == State.LET_IN:
        return _("%(name)s is now a guardian of %(child)s too.") % names
    if invitation.state == State.REFUSED:
        return _("You have said no. %(name)s sees nothing of %(child)s.") % names
    return _("This invitation is no longer open.")


def accept_path(invitation: GuardianInvitation) -> str:
    return reverse("people:guardian-accept", args=[invitation.secret])


class AcceptView(LoginRequiredMixin, View):
    """Where the passed-on link leads: whoever has an account says that they are the guardian. No name of the child yet."""

    request: SignedInRequest

    http_method_names = ["get", "head", "post"]

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if self.request.user.is_authenticated and self.request.viewer.person is None:
            return redirect("people:me")
        return super().dispatch(request, *args, **kwargs)

    def invitation(self, secret: str) -> GuardianInvitation:
        rows = GuardianInvitation.objects.select_related("invited_by", "child")
        return get_object_or_404(rows, secret=secret)

    def get(self, request: SignedInRequest, secret: str) -> HttpResponse:
        return self.page(request, self.invitation(secret))

    def post(self, request: SignedInRequest, secret: str) -> HttpResponse:
        invitation = self.invitation(secret)
        relation = request.POST.get("relation", "").replace("\x00", "")
        with caught() as no:
            guardians.accept(invitation, person=request.viewer.known_person, relation=relation, at=clock.now())
            return redirect(request.path)
        return self.page(request, invitation, refusal=no.sentence, relation=relation)

    def page(self, request: SignedInRequest, invitation: GuardianInvitation, **more: str) -> HttpResponse:
        mine = invitation.accepted_by_id == request.viewer.known_person.pk
        is_open = invitation.state == State.ASKED and invitation.ends_at > clock.now()
        context = {"invitation": invitation, "is_open": is_open, "mine": mine, "tab": "me"}
        return render(request, "people/guardian_accept.html", context | more)


@method_decorator(never_cache, name="dispatch")
class DecisionView(View):
    """One question, from the mail or from the page: is this the other guardian? GET changes nothing."""

    request: PortalRequest

    http_method_names = ["get", "head", "post"]
    at: datetime
    reader: Person
    invitation: GuardianInvitation | None
    bond: Guardianship | None
    question: BondQuestion | None

    def dispatch(self, request: HttpRequest, *args, token: str, **kwargs) -> HttpResponseBase:
        try:
            self.find(tokens.read("guardian", token))
        except tokens.Unreadable as unreadable:
            text = (
                _("This link is too old. Sign in, and you find the question under “Me”, “Family”.")
                if unreadable.expired
                else _("This link is not complete. Please open it from the mail again.")
            )
            return render(request, "people/answered.html", {"title": _("That did not work"), "text": text}, status=410)
        self.at = clock.now()
        self.request.neighbourhood = self.reader.neighbourhood
        with as_the_mail_spoke(request, self.reader.language):
            return super().dispatch(request, *args, **kwargs)

    def find(self, data: dict) -> None:
        ids = {key: value for key, value in data.items() if isinstance(value, int)}
        reader = (
            Person.objects.filter(pk=ids.get("reader", 0), anonymised_at=None).select_related("neighbourhood").first()
        )
        rows = GuardianInvitation.objects.filter(pk=ids.get("invitation", 0), invited_by=reader)
        self.invitation = rows.select_related("child", "accepted_by").first()
        bonds = Guardianship.objects.filter(pk=ids.get("bond", 0)).select_related("guardian", "child")
        self.bond = bonds.first()
        questions = BondQuestion.objects.filter(pk=ids.get("question", 0), asked=reader)
        self.question = questions.select_related("bond__guardian__user", "bond__child", "pair").first()
        if reader is None or not (self.invitation or self.bond or self.question):
            raise tokens.Unreadable(expired=False)
        self.reader = reader

    def get(self, request: PortalRequest) -> HttpResponse:
        if self.invitation is not None:
            row = self.invitation
            if row.state == State.ACCEPTED and row.accepted_by is not None:
                return self.ask(row.accepted_by, row.child, row.relation)
            return self.done(settled(row))
        if self.question is not None:
            return self.about_records(self.question)
        if self.bond is None:
            raise Http404
        if self.bond.state == Guardianship.State.CONFIRMED and self.bond.ended_at is None:
            return self.done(_("Confirmed: %(bond)s.") % {"bond": self.bond})
        if self.bond.ended_at is not None:
            return self.done(_("This guardianship does not count (any more). The committee can tell you more."))
        return self.ask(self.bond.guardian, self.bond.child, self.bond.relation)

    def about_records(self, question: BondQuestion) -> HttpResponse:
        bond, State = question.bond, BondQuestion.State
        if question.state == State.YES:
            return self.done(_("You have said yes. The committee joins the two records next."))
        if question.state == State.NO:
            return self.done(_("You have said no. Nothing changes, and the committee knows of it."))
        if question.pair.state != PossibleDuplicate.State.ASKED:
            return self.done(_("This question has been settled. If that is not right, please tell the committee."))
        signs_in = bond.guardian.user.masked_email if bond.guardian.user else ""
        return self.ask(bond.guardian, bond.child, bond.relation, records=True, signs_in=signs_in)

    def post(self, request: PortalRequest) -> HttpResponse:
        agrees = request.POST.get("answer") == "yes"
        if not agrees and request.POST.get("answer") != "no":
            return redirect(request.path)
        with caught() as no:
            if self.invitation is not None:
                guardians.let_in(self.invitation, by=self.reader, agrees=agrees, at=self.at)
            elif self.question is not None:
                joined_bonds.answer(self.question, by=self.reader, agrees=agrees, at=self.at)
            elif self.bond is not None:
                decide = guardians.confirm if agrees else guardians.deny
                decide(self.bond, by=self.reader, at=self.at)
            return redirect(request.path)
        return self.done(no.sentence, title=_("That did not work"))

    def ask(self, other: Person, child: Person, relation: str, **more: object) -> HttpResponse:
        context = {"other": other, "child": child, "relation": relation, **more}
        return render(self.request, "people/guardian_decide.html", context)

    def done(self, text: str, title: str = "") -> HttpResponse:
        return render(self.request, "people/answered.html", {"title": title or _("Thank you"), "text": text})
