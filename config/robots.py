"""The two addresses that machines ask of every site."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# What is personal or for staff has nothing to give to a search engine.
ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /files/
Disallow: /mail/
Disallow: /mailbox/
Disallow: /me/
"""


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("art/mark.svg"))


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain")
