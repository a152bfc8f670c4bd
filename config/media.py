"""Published derivatives. In production nginx serves them; in the trial this view does, with the same promise."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def public_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file below MEDIA_ROOT, asked for again each time, because a revoked consent takes it away at once."""
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (SuspiciousFileOperation, ValueError) as error:  # a path out of the folder, or one with a NUL
        raise Http404 from error
    patch_cache_control(response, public=True, no_cache=True)
    return response
