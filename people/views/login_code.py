"""The code that proves an address: allauth's own process, except that an unknown address gets a code like any other.

Only after the right code is an account made, so nobody learns from the answer who has one (DESIGN.md §2).
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.http import HttpResponse

from people.access.requests import PortalRequest
from people.models import Neighbourhood, User
from people.operations import accounts
from portal.cookies import remember_language

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
        """Send a code and wait for it. Raises OSError when the mail cannot be handed over."""
        user = accounts.account_with(email)
        login = Login(user=user, email=email, redirect_url=wanted or None)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(
            cls.initial_state(user=user, email=email),
            initiated_by_user=True,
            wanted=wanted,
            neighbourhood=neighbourhood.pk if neighbourhood else None,
        )
        process = cls(stage)
        process.send()
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
    def tries_left(self) -> int:
        return max(self.max_attempts - self.state["failed_attempts"], 0)

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
        self.send()
        self.state["at"] = self.initial_state(None)["at"]
        self.record_resend()
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
