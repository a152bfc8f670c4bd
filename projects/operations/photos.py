"""Photos of a piece or a project: the links; the photos themselves are people's."""

from collections.abc import Iterable

from django.db.models import Max

from people.models import Photo
from projects.models import Piece, PiecePhoto, Project, ProjectPhoto


def show_with_piece(piece: Piece, photos: Iterable[Photo]) -> None:
    """As a detail each; which one is before and which after is said in the list of its photos."""
    last = piece.piece_photos.aggregate(last=Max("order"))["last"] or 0
    PiecePhoto.objects.bulk_create(
        PiecePhoto(piece_id=piece.pk, photo=photo, order=last + step) for step, photo in enumerate(photos, start=1)
    )


def show_with_project(project: Project, photos: Iterable[Photo]) -> None:
    """Behind those it has, in the order they were sent."""
    last = project.project_photos.aggregate(last=Max("order"))["last"] or 0
    ProjectPhoto.objects.bulk_create(
        ProjectPhoto(project=project, photo=photo, order=last + step) for step, photo in enumerate(photos, start=1)
    )
