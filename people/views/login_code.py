"""The code that proves an address: allauth's own process, except that an unknown address gets a code like any other.

Only after the right code is an account made, so nobody learns from the answer who has one (DESIGN.md §2).
"""

from datetime import UTC, datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from people.access.requests import PortalRequest
from people.models import Neighbourhood, User
from people.operations import accounts, log_in_codes
from portal import clock
from portal.cookies import remember_language

STILL_GOOD = timedelta(minutes=5)  # within it the same browser gets no second mail from the form; the button sends one
DRAFT = "join_draft"  # the address, kept so that a second try after an expired code starts from there


class JoinProcess(LoginCodeVerificationProcess):
    """One address waiting for its code; what was typed travels in the session, in allauth's log-in state."""

    @classmethod
    def begin(
        cls,
        request: PortalRequest,
        email: str,
        *,
        wanted: str,
        neighbourhood: Neighbourhood | None,
    ) -> "JoinProcess":
        """Send a code and wait for it; where a brake slows the address down, the page sends it later (``send_if_due``).

        Raises Refusal where the brake on the origin holds, OSError when the mail cannot be handed over.
        """
        asked, wait = log_in_codes.ask(email, ratelimit.get_ip(request), neighbourhood=neighbourhood)
        user = accounts.account_with(email)
        login = Login(user=user, email=email, redirect_url=wanted or None)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(
            cls.initial_state(user=user, email=email),
            initiated_by_user=True,
            wanted=wanted,
            neighbourhood=neighbourhood.pk if neighbourhood else None,
            asked=asked.pk,
            send_at=clock.real_now().timestamp() + wait.total_seconds(),
        )
        process = cls(stage)
        process.send_if_due()
        process.persist()
        request.session[DRAFT] = {"email": email, "next": wanted}
        return process

    @classmethod
    def pending(cls, request: PortalRequest) -> "JoinProcess | None":
        """The process this session waits in; None when there is none."""
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        return cls(stage) if stage is not None and stage.state.get("email") else None

    @property
    def email(self) -> str:
        return self.state["email"]

    @property
    def wanted(self) -> str:
        return self.state.get("wanted", "")

    @property
    def neighbourhood(self) -> Neighbourhood | None:
        """Whose page they came from, or the only one there is; None where it is still to be asked."""
        return Neighbourhood.objects.filter(pk=self.state.get("neighbourhood")).first()

    @property
    def is_proven(self) -> bool:
        """The right code was given; what is missing is who they are."""
        return bool(self.state.get("proven"))

    def is_right(self, code: str) -> bool:
        return compare_user_code(actual=code, expected=self.code)

    @property
    def waits(self) -> float:
        """Seconds until the mail leaves; 0 when it has left."""
        return 0 if self.code else max(self.state.get("send_at", 0) - clock.real_now().timestamp(), 0)

    @property
    def sent_at(self) -> datetime:
        return datetime.fromtimestamp(self.state["at"], tz=UTC)

    def still_holds_for(self, email: str, wanted: str) -> bool:
        """Asked once more by the same browser: the mail has just left, or is to leave, and no other one is needed."""
        fresh = self.email == email and self.wanted == wanted and not self.is_proven and self.is_valid()
        return fresh and (
            bool(self.waits) or clock.real_now().timestamp() - self.state["at"] < STILL_GOOD.total_seconds()
        )

    def when_sent(self) -> str:
        if self.waits:
            return _("Your code is on its way to %(email)s.") % {"email": self.email}
        return _("We sent the code to %(email)s at %(time)s; it is still good.") % {
            "email": self.email,
            "time": f"{localtime(self.sent_at):%H:%M}",
        }

    def send_if_due(self) -> bool:
        """Send the code that a brake held back, once its time has come. Raises OSError."""
        if self.code or self.waits:
            return False
        self.send()
        self.state["at"] = clock.real_now().timestamp()
        return True

    def may_try(self) -> bool:
        return log_in_codes.may_try(self.state.get("asked", 0), self.max_attempts)

    @property
    def tries_left(self) -> int:
        return log_in_codes.tries_left(self.state.get("asked", 0), self.max_attempts)

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        get_adapter().send_mail(
            "account/email/login_code",
            email,
            {
                "code": self.generate_code(),
                "minutes": self.timeout // 60,
                "neighbourhood": self.neighbourhood or "",
                "site_url": settings.SITE_URL,
            },
        )

    def resend(self) -> None:
        """A new code instead of the old one, which holds no more. Raises OSError, and Refusal as ``begin``."""
        asked, wait = log_in_codes.ask(self.email, ratelimit.get_ip(self.request), neighbourhood=self.neighbourhood)
        self.record_resend()
        now = clock.real_now().timestamp()
        self.state.update(asked=asked.pk, send_at=now + wait.total_seconds(), code="", at=now)
        self.send_if_due()
        self.persist()

    def known_user(self) -> User | None:
        """The account of the address, which the right code has proven; None for a newcomer, of whom nothing is stored yet."""
        user = accounts.account_with(self.email)
        if user is not None:
            accounts.note_proven(user, self.email)
            return user
        self.state["proven"] = True
        self.state["at"] = self.initial_state(None)["at"]  # so much time again, for the name
        self.persist()
        return None

    def log_in(self, user: User, neighbourhood: Neighbourhood | None) -> HttpResponse:
        """Through the remaining stages (a time code where one is set up), and on to the page they wanted."""
        request = self.request
        request.session.pop(DRAFT, None)
        if neighbourhood is not None:
            request.session["neighbourhood"] = neighbourhood.pk
        record_authentication(request, user, method="code", email=self.email)
        response = perform_login(request, Login(user=user, email=self.email, redirect_url=self.wanted or None))
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and neighbourhood is not None:
            speak_as_before(response, user, neighbourhood)
        return response


def speak_as_before(response: HttpResponse, user: User, neighbourhood: Neighbourhood) -> None:
    """On a new device the pages speak the language chosen in the settings."""
    if person := user.people.filter(neighbourhood=neighbourhood).first():
        remember_language(response, person.language)
