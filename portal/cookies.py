"""The two choices every page keeps in plain cookies, without log-in: language and print size."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override

YEAR = timedelta(days=365)


def remember(response: HttpResponse, cookie: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=secure, httponly=True)


def remember_language(response: HttpResponse, code: str) -> None:
    remember(response, settings.LANGUAGE_COOKIE_NAME, code)


def as_the_mail_spoke(request: HttpRequest, language: str) -> override:
    """For a page that a mail in ``language`` leads to: it speaks as the mail did, unless the reader chose a language here."""
    return override(get_language() if settings.LANGUAGE_COOKIE_NAME in request.COOKIES else language)
