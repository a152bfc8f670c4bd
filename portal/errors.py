"""When something broke: a page that needs nothing that may be broken, in both languages, with a number to phone."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_SECONDS = 120
_phones: dict[str, str] = {}


def remember_phone(slug: str, phone: str) -> None:
    """Kept in the process while all is well, because the database is what may be away."""
    _phones[slug] = phone


def phone_for(request: HttpRequest) -> str:
    """The number of the neighbourhood in the address, else the only one known, else the one for complaints."""
    slug = request.path.strip("/").partition("/")[0]
    if slug in _phones:
        return _phones[slug]
    return next(iter(_phones.values())) if len(_phones) == 1 else settings.COMPLAINT_PHONE


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500. A database that is away or overrun is not a mistake but a closed door: 503, come again."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        page = render_to_string("503.html", {"phone": phone_for(request)})
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"})
    return HttpResponse(
        render_to_string("500.html", {"phone": phone_for(request)}), status=500, headers={"Cache-Control": "no-store"}
    )
