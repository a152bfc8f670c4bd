"""Where one is signed in: the list, one session ended, all others ended (S9). allauth's usersessions keeps the rows."""

from datetime import timedelta
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.usersessions.internal import flows
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.mixins import LoginRequiredMixin
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from people.access.requests import SignedInRequest
from people.operations import sessions
from people.operations.sessions import SHARED
from portal import clock

SEEN = "seen_at"
NOTED_EVERY = timedelta(hours=1)  # when a session was last seen need not be known better, and costs a write
SHARED_FOR = timedelta(
    hours=2
)  # a session on a shared computer ends with the browser, and at the latest so long after its last write
DEVICES = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")


@method_decorator(never_cache, name="dispatch")
class SessionsView(LoginRequiredMixin, View):
    request: SignedInRequest

    def get(self, request: SignedInRequest) -> HttpResponse:
        rows = UserSession.objects.purge_and_list(request.user)
        rows.sort(key=lambda row: row.last_seen_at, reverse=True)
        found = [{"row": row, "device": device_of(row.user_agent), "is_this": row.is_current()} for row in rows]
        return render(request, "people/sessions.html", {"sessions": found, "tab": "me"})

    def post(self, request: SignedInRequest) -> HttpResponse:
        """``end``: one of the list; else all but this one."""
        if (pk := request.POST.get("end", "")) and pk.isascii() and pk.isdecimal() and len(pk) < 18:
            flows.sessions.end_sessions(request, list(UserSession.objects.filter(user=request.user, pk=pk)))
            messages.success(request, _("That device is signed out."))
            return redirect("people:sessions" if request.user.is_authenticated else "people:root")
        sessions.end_all(request.user)
        update_session_auth_hash(request, request.user)
        UserSession.objects.create_from_request(request)
        messages.success(request, _("All other devices are signed out."))
        return redirect("people:sessions")


def device_of(user_agent: str) -> str:
    return next((name for name in DEVICES if name in user_agent), "") or _("another device")


@receiver(user_logged_in, dispatch_uid="when a session was last seen")
def begin_to_note(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session[SEEN] = clock.real_now().timestamp()


def note_seen(request: HttpRequest) -> None:
    """Now and then, of sessions that stand in the list."""
    session = getattr(request, "session", None)
    if session is None or not session.accessed or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    now = clock.real_now()
    seen = session.get(SEEN)
    if seen is not None and now.timestamp() - seen > NOTED_EVERY.total_seconds():
        session[SEEN] = now.timestamp()
        sessions.note_seen(session.session_key)


def keep_short(request: HttpRequest) -> None:
    """Before a session is stored: one of a shared computer lasts no longer than SHARED_FOR."""
    session = getattr(request, "session", None)
    if session is not None and session.modified and session.get(SHARED):
        session.set_expiry(int(SHARED_FOR.total_seconds()))


class SharedComputerMiddleware:
    """Outside Django's sessions: the cookie of a shared computer has no date, so that it goes with the browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie.value and request.session.get(SHARED):
            cookie["max-age"] = cookie["expires"] = ""
        return response
