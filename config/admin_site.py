"""The staff pages: whoever enters has proven a second factor in this very session (L3)."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.second_factor import proved
from people.models import Person, User
from people.pages import staff_jobs
from people.pages.telling_apart import told_apart
from people.views.status import heartbeats
from portal import clock


class Choices(AutocompleteJsonView):
    """What is offered in a box for searched choices: people with their building and age group, so that two 李芳 are told apart."""

    def serialize_result(self, obj, to_field_name):
        words = super().serialize_result(obj, to_field_name)
        return words | {"text": told_apart(obj)} if isinstance(obj, Person) else words


class PortalAdminSite(admin.AdminSite):
    site_header = lazystr(settings.PORTAL_NAME)
    site_title = lazystr(settings.PORTAL_NAME)
    index_title = gettext_lazy("Staff pages")
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_active and user.is_staff and proved(request, user)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Nobody logs in here: each is led to what is still missing, and back to the page they wanted."""
        here = reverse("admin:index", current_app=self.name)
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
            wanted = here
        if self.has_permission(request):
            return HttpResponseRedirect(wanted)
        if not isinstance(request.user, User):
            return redirect_to_login(wanted, reverse("account_login"))
        if not request.user.is_staff or not request.user.is_active:
            raise PermissionDenied(_("Only staff may enter these pages."))
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return redirect_to_login(wanted, reverse("mfa_reauthenticate"))
        messages.warning(request, _("Before you enter the staff pages, set up a time code on your phone."))
        return redirect_to_login(wanted, reverse("mfa_activate_totp"))

    def autocomplete_view(self, request):
        return Choices.as_view(admin_site=self)(request)

    def index(self, request, extra_context=None) -> TemplateResponse:
        """The page "today": jobs, each a link to where it is done, before the lists of all records."""
        runs = isinstance(request.user, User) and request.user.has_perm("people.view_message")
        context = {
            "jobs": staff_jobs.jobs_for(request),
            "now": clock.now(),
            "parts": heartbeats() if runs else [],
            "status_url": reverse("people:status") if runs else "",
        }
        return super().index(request, {**context, **(extra_context or {})})

    def logout(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_change_password"))
