"""What a view's ``request`` is known to carry. Names for annotations only: Django makes the requests, PortalMiddleware adds to them."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from people.access.viewer import Viewer
from people.models import Neighbourhood, User


class PortalRequest(HttpRequest):
    """A request after :class:`people.views.middleware.PortalMiddleware`.

    neighbourhood: the one in the address, or the one whose page a token of a mail leads to. Only pages outside a
    neighbourhood may meet an empty one, and ask (``if request.neighbourhood``).
    """

    user: User | AnonymousUser
    viewer: Viewer
    neighbourhood: Neighbourhood
    large_print: bool


class SignedInRequest(PortalRequest):
    """Behind ``LoginRequiredMixin``: the reader has an account."""

    user: User


class StaffRequest(SignedInRequest):
    """Behind ``AdminSite.admin_view``, which lets in staff only."""
