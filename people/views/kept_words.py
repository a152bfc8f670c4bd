"""What was typed while a log-in or a proof had ended is kept for an hour and shown again, never sent by itself (A2).

It lies in the session: signing out erases it, and so does another account's signing in. What somebody typed whose log-in had
ended already belongs to the next log-in of that browser. Files, passwords and codes are never kept.
"""

from typing import Any, NotRequired, TypedDict
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware import csrf
from django.middleware.csrf import InvalidTokenFormat
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as stock_failure
from django.views.decorators.cache import never_cache

from people.access.requests import PortalRequest
from portal import clock

KEY, OLD_SECRET = "kept_words", "csrf_before_log_in"
HOLDS = 3600  # seconds, real time
MOST = 60_000  # characters of all fields together; a longer text is better kept by its writer
NEVER = ("csrfmiddlewaretoken", "code")
DOORS = ("people:join", "account_login", "admin:login", "mfa_reauthenticate", "account_reauthenticate")


class Kept(TypedDict):
    """``user``: the account that typed it, None where nobody was signed in. ``files``: whether pictures were sent along."""

    path: str
    fields: list[tuple[str, list[str]]]
    at: float
    user: int | None
    files: NotRequired[bool]


class KeptWordsMiddleware:
    """Innermost, so that it sees who reads and where each answer leads."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        kept = waiting(request)
        is_there = kept is not None and urlsplit(kept["path"]).path == request.path
        if is_there and request.method in {"GET", "HEAD"}:
            return redirect("people:kept-words")
        response = self.get_response(request)
        if request.method == "POST":
            if leads_to_log_in(response):
                keep(request)
            elif is_there:
                forget(request)
        return response


def leads_to_log_in(response: HttpResponse) -> bool:
    if response.status_code != 302:
        return False
    return urlsplit(response.headers["Location"]).path in {reverse(name) for name in DOORS}


def keep(request: HttpRequest) -> None:
    """Where somebody has written something. A button that was pressed is pressed again as easily."""
    if request.path.startswith("/accounts/") or looks_after_its_words(request):
        return
    fields = [(name, values) for name, values in request.POST.lists() if name not in NEVER and "password" not in name]
    if not written(fields) or sum(len(value) for _name, values in fields for value in values) > MOST:
        return
    user = request.user.pk if request.user.is_authenticated else None
    kept: Kept = {"path": request.get_full_path(), "fields": fields, "at": clock.real_now().timestamp(), "user": user}
    request.session[KEY] = kept | {"files": bool(request.FILES)}
    messages.info(request, _("What you typed is kept for an hour. You find it again when you have signed in."))


def looks_after_its_words(request: HttpRequest) -> bool:
    """A view that brings them back into its own form says so."""
    match = request.resolver_match
    return match is not None and getattr(getattr(match.func, "view_class", None), "keeps_its_words", False)


def written(fields: list[tuple[str, list[str]]]) -> list[str]:
    """Of what a form sent, what people write: words, not numbers, ticks and the like."""
    values = (value.strip() for name, values in fields for value in values if not name.startswith("_"))
    return [value for value in values if not value.isascii() or " " in value or "@" in value]


def waiting(request: HttpRequest) -> Kept | None:
    """What is kept for whoever is signed in now. No look at the session where it can hold nothing."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    kept: Any = request.session.get(KEY)
    if kept is None or not request.user.is_authenticated:
        return None
    is_theirs = kept["user"] in {None, request.user.pk}
    return kept if is_theirs and clock.real_now().timestamp() - kept["at"] < HOLDS else None


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


@never_cache
def kept_words(request: PortalRequest) -> HttpResponse:
    """Everything that was typed, with one button that sends it and one that throws it away."""
    kept = waiting(request)
    if kept is None:
        return redirect("people:me")
    if request.method == "POST":
        forget(request)
        messages.info(request, _("Thrown away."))
        return HttpResponseRedirect(kept["path"])
    pairs = [(name, value) for name, values in kept["fields"] for value in values]
    context = {"kept": kept, "pairs": pairs, "written": written(kept["fields"]), "tab": "me"}
    return render(request, "people/kept_words.html", context)


# --- signed in meanwhile in another tab: the form's token is the one of before ---


@receiver(user_logged_in, dispatch_uid="the token of forms that were open at log-in")
def remember_old_secret(sender, request: HttpRequest | None, user, **kwargs) -> None:
    """A form that stood open in this browser while nobody was signed in is known by its token again."""
    if request is not None and hasattr(request, "session"):
        request.session[OLD_SECRET] = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW. Nothing is done; but what was typed before that log-in is shown to whoever logged in."""
    if hasattr(request, "user") and request.user.is_authenticated and _stood_open(request):
        keep(request)
        if waiting(request) is not None:
            return redirect("people:kept-words")
    return stock_failure(request, reason)


def _stood_open(request: HttpRequest) -> bool:
    sent, secret = request.POST.get("csrfmiddlewaretoken", ""), request.session.get(OLD_SECRET, "")
    has_a_tokens_form, are_the_same = (vars(csrf)[name] for name in ("_check_token_format", "_does_token_match"))
    try:
        has_a_tokens_form(sent)
        has_a_tokens_form(secret)
    except InvalidTokenFormat:
        return False
    return are_the_same(sent, secret)
