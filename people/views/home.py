"""The way in: which neighbourhood, its home page, the privacy notice, and the two switches every page carries."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language
from django.views.decorators.http import require_safe

from people.access.requests import PortalRequest
from people.models import ConsentText, Neighbourhood
from people.operations.consents import shown_text
from people.pages import figures
from people.pages.panels import home_panels
from portal.addresses import local_path
from portal.cookies import remember
from portal.page_cache import cached_page
from portal.panels import Part


@require_safe
def root(request: PortalRequest) -> HttpResponse:
    """The only open neighbourhood at once; of several, a list to choose from."""
    open_ones = list(Neighbourhood.objects.filter(is_open=True))
    if len(open_ones) == 1:
        return redirect(open_ones[0])
    return render(request, "people/root.html", {"neighbourhoods": open_ones})


@cached_page()
@require_safe
def home(request: PortalRequest, neighbourhood: str) -> HttpResponse:
    return render(request, "people/home.html", {"panels": home_panels.of(request), "tab": "home"})


@cached_page()
@require_safe
def figures_page(request: PortalRequest, neighbourhood: str) -> HttpResponse:
    """The year in numbers: participation, learning, money, seasons, as upper apps count them."""
    return render(request, "people/figures.html", {"figures": figures.of(request.viewer), "tab": "figures"})


def greeting(request: PortalRequest) -> Part:
    return "people/_home_greeting.html", {}


@require_safe
def privacy(request: PortalRequest) -> HttpResponse:
    """The notice of L1, where to complain, and the words in force; it ships with the first form that asks for data."""
    texts = [shown_text(audience) for audience in ConsentText.Audience.values]
    return render(request, "people/privacy.html", {"texts": texts})


@require_safe
def accessibility(request: PortalRequest) -> HttpResponse:
    """What was done and checked so that everybody can use the portal, what was not, and whom to tell (L7)."""
    return render(request, "people/accessibility.html")


@require_safe
def language(request: PortalRequest, code: str) -> HttpResponse:
    """A plain cookie set by a link, so that it works without JavaScript, log-in or session."""
    if code not in dict(settings.LANGUAGES) or not check_for_language(code):
        raise Http404
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, code)


@require_safe
def print_size(request: PortalRequest, size: str) -> HttpResponse:
    if size not in {"large", "normal"}:
        raise Http404
    return _remember(request, "print_size", size)


def _remember(request: PortalRequest, cookie: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(local_path(request.GET.get("next")) or "/")
    remember(response, cookie, value)
    response.headers["Cache-Control"] = "no-store"
    return response
