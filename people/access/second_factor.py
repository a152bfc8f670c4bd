"""Whether whoever reads has proved the second factor lately; without it their grants of roles with staff pages give nothing (S1).

Two facts say so, and no page has to remember to ask: while a request is answered, the request (``reading``), however the
account was loaded; and an account that came out of a session proves nothing once its request is over. Commands, tasks
and what they call act on rows they chose themselves, which nobody reads: there grants hold.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from people.models import User
from portal import clock

_proves: ContextVar[Callable[[User], bool] | None] = ContextVar("whose session proved it", default=None)


@contextmanager
def reading(request: HttpRequest) -> Iterator[None]:
    """Within it only this request's own account may be proved, and nobody else's: a token in an address proves nothing."""
    token = _proves.set(lambda user: _is_signed_in(request, user) and proved(request, user))
    try:
        yield
    finally:
        _proves.reset(token)


def is_proved(user: User) -> bool:
    proves = _proves.get()
    return proves(user) if proves is not None else not user.comes_from_session


def proved(request: HttpRequest, user: User) -> bool:
    """Whether this session gave a time code or a recovery code within STAFF_PROOF_HOURS (real time)."""
    since = clock.real_now().timestamp() - settings.STAFF_PROOF_HOURS * 3600
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" and record.get("at", 0) > since for record in records)


def _is_signed_in(request: HttpRequest, user: User) -> bool:
    """Without a look at the session where it can hold nobody."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return getattr(request, "user", None) == user
