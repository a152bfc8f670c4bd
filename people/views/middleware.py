"""Puts the neighbourhood, the reader and the print size on the request."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from people.access import second_factor
from people.access.viewer import Viewer, readers, remembering
from people.models import Neighbourhood, Person
from people.views import sessions
from portal import errors
from portal.page_cache import version


class PortalMiddleware:
    """``request.neighbourhood`` from the address, else the session's or the only one; ``.viewer``; ``.large_print``."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.large_print = request.COOKIES.get("print_size") == "large"
        request.neighbourhood = SimpleLazyObject(lambda: self.default_neighbourhood(request))
        request.viewer = SimpleLazyObject(lambda: self.viewer(request, request.neighbourhood))
        # Addresses below a neighbourhood write nothing of another's.
        place_written_in = version.writing_in(lambda: request._place.slug if hasattr(request, "_place") else None)
        with second_factor.reading(request), place_written_in:
            response = self.get_response(request)
            self.keep_place(request)
            sessions.note_seen(request)
            sessions.keep_short(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "zh-hans")
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # What a member reads must not lie in a shared cache, nor behind "back" after signing out.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        slug = view_kwargs.get("neighbourhood")
        if isinstance(slug, str):
            neighbourhood = self.neighbourhood_of_reader(request, slug) or get_object_or_404(Neighbourhood, slug=slug)
            request.neighbourhood = request._place = neighbourhood
            errors.remember_phone(neighbourhood.slug, neighbourhood.phone)
            request.viewer = SimpleLazyObject(lambda: self.viewer(request, neighbourhood))
            if not neighbourhood.is_open and not request.viewer.grants:
                raise Http404

    @staticmethod
    def neighbourhood_of_reader(request, slug: str) -> Neighbourhood | None:
        """The place together with who the reader is there: one query for both, where they are known there."""
        user = PortalMiddleware.user(request)
        if user is None or not user.is_authenticated:
            return None
        person = remembering(readers().filter(user=user, neighbourhood__slug=slug).first(), user)
        if person is None:
            return None
        request._known_person = person
        return person.neighbourhood

    @staticmethod
    def keep_place(request) -> None:
        """Whoever lives or works in two neighbourhoods finds under "me" the one they looked at last."""
        neighbourhood = getattr(request, "_place", None)
        if neighbourhood is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return  # nobody is signed in, and no session is made for looking
        if request.session.get("neighbourhood") not in {None, neighbourhood.pk} and request.viewer.person is not None:
            request.session["neighbourhood"] = neighbourhood.pk

    @staticmethod
    def viewer(request, neighbourhood) -> Viewer:
        viewer = Viewer(neighbourhood if neighbourhood else None, PortalMiddleware.user(request))
        known = getattr(request, "_known_person", None)
        if known is not None and neighbourhood and known.neighbourhood_id == neighbourhood.pk:
            viewer.person = known
        return viewer

    @staticmethod
    def user(request) -> Any:
        """None, without a look at the session, where it can hold nobody: such a page is the same for all."""
        session = getattr(request, "session", None)
        if session is not None and not session.modified and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        return getattr(request, "user", None)

    @staticmethod
    def default_neighbourhood(request) -> Neighbourhood | None:
        """For pages outside a neighbourhood: the one visited last, the account's own, else the only one."""
        chosen = request.session.get("neighbourhood") if hasattr(request, "session") else None
        mine = PortalMiddleware.persons_of(getattr(request, "user", None))
        person = mine.get(chosen) if isinstance(chosen, int) else None
        open_ones = Neighbourhood.objects.filter(is_open=True)
        if person is None and chosen and (found := open_ones.filter(pk=chosen).first()):
            return found
        person = person or next(iter(mine.values()), None)
        if person is not None:
            request._known_person = remembering(person, request.user)  # the viewer need not ask again
            return person.neighbourhood
        few = list(open_ones[:2])
        return few[0] if len(few) == 1 else None

    @staticmethod
    def persons_of(user) -> dict[int, Person]:
        """{neighbourhood id: person} of an account, in the order they became known; one query."""
        if user is None or not user.is_authenticated:
            return {}
        return {row.neighbourhood_id: row for row in readers().filter(user=user, neighbourhood__is_open=True)}
