"""Where allauth asks us: what is open, where one may be sent, what follows from a proven address or a time code."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.urls import reverse

from people import outbox
from people.access.grants import FromSession
from people.operations import accounts
from people.operations.sessions import SHARED
from portal.addresses import local_path


class LoginBackend(FromSession, AuthenticationBackend):
    """allauth's log-in by e-mail; what one may do is RoleBackend's answer alone."""

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, user_obj, app_label) -> bool:
        return False

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        return set()


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        """Accounts are made by the one form (people.views.join), never by allauth's own."""
        return False

    def is_safe_url(self, url: str) -> bool:
        return bool(local_path(url))

    def get_login_redirect_url(self, request) -> str:
        return reverse("people:me")

    def get_reauthentication_methods(self, user) -> list[dict[str, Any]]:
        """A code by mail, but only where no time code is set up: none gets past the second factor by mail. Never a password."""
        methods = [one for one in super().get_reauthentication_methods(user) if one["id"] != "reauthenticate"]
        if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            return [method for method in methods if method["id"] != "reauthenticate_by_code"]
        return methods

    def pre_login(self, request, user, **kwargs):
        """With a password the tick stands on the same form."""
        if request.POST.get("shared"):
            request.session[SHARED] = True
        return super().pre_login(request, user, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whoever sits at an open session changes neither address nor password without a fresh proof (S12)."""
        return app == "allauth.account" or super().is_reauthentication_required(app=app, **kwargs)

    def send_notification_mail(self, template_prefix: str, user, context=None, email: str | None = None) -> None:
        """Of allauth's notices only the one to an address that was replaced (S12)."""
        if template_prefix == "account/email/email_changed" and email:
            self.send_mail(template_prefix, email, context or {})

    def get_from_email(self) -> str:
        return outbox.sender()

    def render_mail(self, template_prefix, email, context, headers=None) -> EmailMessage:
        """Like all mails of the portal: written by a machine, and an answer reaches the committee."""
        more = {"Auto-Submitted": "auto-generated"}
        if reply_to := outbox.answers_to(context.get("neighbourhood") or None):
            more["Reply-To"] = reply_to
        return super().render_mail(template_prefix, email, context, headers={**more, **(headers or {})})

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """allauth's own mails carry the frame of ours."""
        request = _request()
        frame = {
            "neighbourhood": getattr(request, "neighbourhood", None) or "",
            "site_url": settings.SITE_URL,
        }
        super().send_mail(template_prefix, email, frame | context)

    def confirm_email(self, request, email_address) -> bool:
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            email_address.user.refresh_from_db(fields=["email"])
            accounts.follow_address(email_address.user)
        return confirmed


def _request():
    return context.request


@receiver(authenticator_added, dispatch_uid="a new time code counts for this session")
def count_new_time_code(sender, request, user, authenticator, **kwargs) -> None:
    """Who has just typed the first code from the new phone has proven it; a second code would make them wait for it."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)
