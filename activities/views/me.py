"""Taking back a consent to one activity, from "me"."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from activities.models import ActivityConsent
from activities.operations import consents
from people.access.requests import SignedInRequest
from people.models import Guardianship
from portal import clock


class RevokeConsentView(LoginRequiredMixin, View):
    """Taking back a consent to one activity, as easily as it was given (V5)."""

    request: SignedInRequest

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        if pk > 2**63 - 1:
            raise Http404
        wards = Guardianship.objects.filter(guardian__user=request.user, ended_at=None)
        own = Q(guardian__user=request.user) | Q(child__in=wards.values("child"))
        consent = get_object_or_404(
            ActivityConsent.objects.in_force().filter(own).select_related("child", "activity"), pk=pk
        )
        consents.revoke_consent(consent, at=clock.now())
        said = _("Your consent for %(name)s at “%(title)s” is taken back.") % {
            "name": consent.child.name,
            "title": consent.activity.title,
        }
        messages.success(request, said)
        return redirect("people:me")
