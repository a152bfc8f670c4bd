"""Puts the neighbourhood, the reader and the print size on the request."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from people.models import Neighbourhood
from people.viewer import Viewer


class PortalMiddleware:
    """``request.neighbourhood`` from the address, else from the session or the only one; ``request.viewer``; ``request.large_print``."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.large_print = request.COOKIES.get("print_size") == "large"
        request.neighbourhood = SimpleLazyObject(lambda: self.default_neighbourhood(request))
        request.viewer = SimpleLazyObject(lambda: self.viewer(request, request.neighbourhood))
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "zh-hans")
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        slug = view_kwargs.get("neighbourhood")
        if isinstance(slug, str):
            neighbourhood = get_object_or_404(Neighbourhood, slug=slug)
            request.neighbourhood = neighbourhood
            request.viewer = SimpleLazyObject(lambda: self.viewer(request, neighbourhood))
            if not neighbourhood.is_open and not request.viewer.grants:
                raise Http404

    @staticmethod
    def viewer(request, neighbourhood) -> Viewer:
        return Viewer(neighbourhood if neighbourhood else None, getattr(request, "user", None))

    @staticmethod
    def default_neighbourhood(request) -> Neighbourhood | None:
        """For pages outside a neighbourhood: the one visited last, the account's own, else the only one."""
        open_ones = Neighbourhood.objects.filter(is_open=True)
        if pk := request.session.get("neighbourhood") if hasattr(request, "session") else None:
            if found := open_ones.filter(pk=pk).first():
                return found
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            if found := open_ones.filter(people__user=user).first():
                return found
        few = list(open_ones[:2])
        return few[0] if len(few) == 1 else None
