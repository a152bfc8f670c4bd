"""Private files: who may read one is asked each time, and nothing keeps a copy on the way."""

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from people.access.requests import PortalRequest
from people.access.viewer import Viewer
from people.models import AccessLog, PrivateFile, User
from people.operations import files, staff
from portal.files import SHOWN


@require_safe
def private_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    return _send(request, get_object_or_404(PrivateFile.objects.select_related("neighbourhood"), pk=pk))


@require_safe
def private_file_by_name(request: PortalRequest, name: str) -> HttpResponseBase:
    """The address that PrivateStorage.url() gives, so that file widgets of the staff pages lead here."""
    if not name.isprintable():  # PostgreSQL cannot even compare with NUL
        raise Http404
    return _send(request, get_object_or_404(PrivateFile.objects.select_related("neighbourhood"), file=name))


def _send(request: PortalRequest, file: PrivateFile) -> HttpResponseBase:
    # Whoever may not read it learns nothing, not even that it exists.
    if not files.may_read(Viewer(file.neighbourhood, request.user), file):
        raise Http404
    try:
        stored = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    if isinstance(request.user, User):  # whoever may read it is signed in
        staff.note_openings(files.people_in(file), by=request.user, page=AccessLog.Page.FILE)
    picture = file.content_type in SHOWN
    response = FileResponse(
        stored,
        as_attachment=not picture,
        filename=file.name,
        content_type=file.content_type if picture else "application/octet-stream",
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
