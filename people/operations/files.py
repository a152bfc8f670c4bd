"""Documents kept privately, and who may read what is private."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from people.access.viewer import Viewer
from people.models import Neighbourhood, Person, PrivateFile, User
from portal import clock
from portal.files import Document
from portal.registry import Registry

MayRead = Callable[[Viewer, PrivateFile], bool]
#: By purpose, ``may_read(viewer, file)``: who reads its files; nobody reads those of a purpose without an entry. people: 0.
file_readers = Registry[MayRead]("readers of private files")

#: ``about(file)``: people whom the file is about, so that opening it is noted where one of them is a minor. people: 0.
people_in_files = Registry[Callable[[PrivateFile], QuerySet[Person]]]("whom private files are about")


def people_in(file: PrivateFile) -> list[Person]:
    """Whom the file is about, each once, as far as the registry knows."""
    return list({person.pk: person for about in people_in_files for person in about(file)}.values())


def staff_may_read(viewer: Viewer, file: PrivateFile) -> bool:
    """Staff whose role may view private files in the file's neighbourhood."""
    return viewer.has_perm("people.view_privatefile")


def may_read(viewer: Viewer, file: PrivateFile) -> bool:
    """Asked each time a file is wanted; ``viewer`` must be one of the file's neighbourhood."""
    if viewer.is_anonymous or viewer.neighbourhood is None or viewer.neighbourhood.pk != file.neighbourhood_id:
        return False
    reader = file_readers.get(file.purpose)
    return reader is not None and reader(viewer, file)


@contextmanager
def gone_when_refused(kept: PrivateFile) -> Iterator[PrivateFile]:
    """Within the transaction that made ``kept``: when the block fails, its bytes go as its row does."""
    try:
        yield kept
    except Exception:
        kept.file.storage.delete(str(kept.file.name))
        raise


def keep_document(
    document: Document,
    *,
    neighbourhood: Neighbourhood,
    purpose: str = PrivateFile.Purpose.DOCUMENT,
    by: User | None = None,
) -> PrivateFile:
    """Store a document privately and return its row; only who may read it is told by :func:`may_read`."""
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
