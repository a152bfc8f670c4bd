"""Signed words in links: each for one action of one purpose, and only for MAIL_TOKEN_DAYS of real time."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing

SALT = "people.tokens"  # signed into the links of mails already sent: it stays, wherever this module stands


class Unreadable(Exception):
    """A token that was altered, is for something else, or is too old (``expired``)."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("expired" if expired else "unreadable")
        self.expired = expired


def make(purpose: str, **data: Any) -> str:
    """A token that only :func:`read` with the same purpose understands; goes into an address as it is."""
    return signing.dumps(data, salt=f"{SALT}.{purpose}")


def read(purpose: str, token: str, *, max_age: timedelta | None = None) -> dict[str, Any]:
    """What was given to :func:`make`; its age counts in real time. Raises Unreadable."""
    age = max_age or timedelta(days=settings.MAIL_TOKEN_DAYS)
    try:
        data = signing.loads(token, salt=f"{SALT}.{purpose}", max_age=age)
    except signing.SignatureExpired as error:
        raise Unreadable(expired=True) from error
    except (signing.BadSignature, ValueError) as error:  # ValueError: signed text that is no longer one
        raise Unreadable(expired=False) from error
    if not isinstance(data, dict):
        raise Unreadable(expired=False)
    return data
