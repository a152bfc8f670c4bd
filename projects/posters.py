"""The tag and the poster of one cover, panel or bed: the code leads to its own page."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from people import posters
from people.pictures import shown
from people.posters import Line, Picture, Poster
from projects import pieces
from projects.models import Piece, PiecePhoto


def find(request: HttpRequest, code: str) -> Piece:
    """What the reader may see; of what is not public yet, staff get a draft."""
    seen = Piece.objects.visible_to(request.viewer).select_related("project", "place")  # type: ignore[attr-defined]
    base = pieces.with_kinds(seen).filter(code=code).first()
    if base is None:
        raise Http404
    piece = pieces.as_its_kind(base)
    piece.neighbourhood, piece.project, piece.place = request.neighbourhood, base.project, base.place  # type: ignore[attr-defined]
    return piece


def poster_of(piece: Piece, request: HttpRequest) -> Poster:
    kind = pieces.get(piece.kind)
    lines = [Line(_("Part of"), piece.project.title)]
    if piece.theme:
        lines.append(Line(_("Theme"), piece.get_theme_display()))
    return Poster(
        title=piece.title,
        code=piece.code,
        path=piece.get_absolute_url(),
        call=_("Scan to read about it"),
        link=_("Read about it here"),
        lead=posters.lead_of(kind.says(piece)) if kind and kind.says else "",
        place=piece.place.name if piece.place else "",
        lines=lines,
        hosts=[piece.neighbourhood.organiser] if piece.neighbourhood.organiser else [],
        pictures=pictures_of(piece, round=bool(kind and kind.round)),
        stamp="" if piece.is_published and piece.project.is_published else _("Draft, not to be hung up"),
        tags=1,
    )


def pictures_of(piece: Piece, *, round: bool) -> list[Picture]:
    """What it looks like now, where a photo of that may be shown (V5)."""
    links = piece.piece_photos.filter(photo__published_at__isnull=False).exclude(role=PiecePhoto.Role.BEFORE)
    link = links.select_related("photo").order_by("order", "pk").first()
    picture = shown(link.photo) if link else None
    return [Picture(picture.src, round)] if picture else []


def register() -> None:
    posters.register(posters.Kind("place", find=find, poster=poster_of))
