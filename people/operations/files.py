"""Documents kept privately, and who may read what is private."""

import hashlib
from collections.abc import Callable

from django.core.files.base import ContentFile

from people.access.viewer import Viewer
from people.models import Neighbourhood, PrivateFile, User
from portal import clock
from portal.files import Document

MayRead = Callable[[Viewer, PrivateFile], bool]
_readers: dict[str, MayRead] = {}


def register_reader(purpose: str, may_read: MayRead) -> None:
    """Let ``may_read(viewer, file)`` decide who reads files of ``purpose``; called by an app in ``AppConfig.ready()``.

    Without a registration only staff whose role may view private files in the file's neighbourhood read them.
    """
    _readers[purpose] = may_read


def staff_may_read(viewer: Viewer, file: PrivateFile) -> bool:
    return viewer.has_perm("people.view_privatefile")


def may_read(viewer: Viewer, file: PrivateFile) -> bool:
    """Asked each time a file is wanted; ``viewer`` must be one of the file's neighbourhood."""
    if viewer.is_anonymous or viewer.neighbourhood is None or viewer.neighbourhood.pk != file.neighbourhood_id:
        return False
    return _readers.get(file.purpose, staff_may_read)(viewer, file)


def keep_document(
    document: Document,
    *,
    neighbourhood: Neighbourhood,
    purpose: str = PrivateFile.Purpose.DOCUMENT,
    by: User | None = None,
) -> PrivateFile:
    return PrivateFile.objects.create(
        neighbourhood=neighbourhood,
        purpose=purpose,
        file=ContentFile(document.data, name=f"document.{document.extension}"),
        name=document.name,
        content_type=document.content_type,
        size=len(document.data),
        sha256=hashlib.sha256(document.data).hexdigest(),
        added_at=clock.now(),
        added_by=by,
    )
