"""Published derivatives. nginx serves them in production; this view does so in the trial, and keeps the same promise."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def public_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file below MEDIA_ROOT, to be asked for again each time: a revoked consent takes the file away at once (L rules)."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    patch_cache_control(response, public=True, no_cache=True)
    return response
