"""Photos of a piece: the links; the photos themselves are people's."""

from collections.abc import Iterable

from django.db.models import Max

from people.models import Photo
from projects.models import Piece, PiecePhoto


def show_with_piece(piece: Piece, photos: Iterable[Photo]) -> None:
    """As a detail each; which one is before and which after is said in the list of its photos."""
    last = piece.piece_photos.aggregate(last=Max("order"))["last"] or 0
    PiecePhoto.objects.bulk_create(
        PiecePhoto(piece_id=piece.pk, photo=photo, order=last + step) for step, photo in enumerate(photos, start=1)
    )
