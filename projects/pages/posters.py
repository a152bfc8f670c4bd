"""The tag and the poster of one cover, panel, bed or trail: the code leads to its own page."""

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.access.requests import PortalRequest
from people.access.viewer import Viewer
from people.media.pictures import shown
from people.pages import posters
from people.pages.posters import Line, Picture, Poster
from projects.models import Piece, PiecePhoto, Trail
from projects.models.piece_kinds import as_its_kind, piece_kinds, with_kinds


def find(request: PortalRequest, code: str) -> Piece:
    """What the reader may see; of what is not public yet, staff get a draft."""
    seen = Piece.objects.visible_to(request.viewer).select_related("project", "place")
    base = with_kinds(seen).filter(code=code).first()
    if base is None:
        raise Http404
    piece = as_its_kind(base)
    piece.neighbourhood, piece.project, piece.place = request.neighbourhood, base.project, base.place
    return piece


def poster_of(piece: Piece, request: PortalRequest) -> Poster:
    kind = piece_kinds.get(piece.kind)
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


def find_trail(request: PortalRequest, slug: str) -> Trail:
    seen = Trail.objects.visible_to(request.viewer).select_related("place")
    trail = seen.filter(slug=slug).first()
    if trail is None:
        raise Http404
    trail.neighbourhood = request.neighbourhood
    return trail


def poster_of_trail(trail: Trail, request: PortalRequest) -> Poster:
    """Stops are counted as everybody sees them; nobody has to sign in to walk (S18, L6)."""
    points = trail.points.filter(
        piece__in=Piece.objects.visible_to(Viewer(trail.neighbourhood)).order_by().values("pk")
    )
    stops = points.count()
    lines = [Line(_("Stops"), str(stops))] if stops else []
    if trail.walk_minutes:
        words = ngettext("about one minute on foot", "about %(n)s minutes on foot", trail.walk_minutes)
        lines.append(Line(_("Time"), words % {"n": trail.walk_minutes}))
    if trail.wheelchair:
        lines.append(Line(_("Way"), _("no steps all the way")))
    return Poster(
        title=trail.title,
        path=trail.get_absolute_url(),
        call=_("Scan and walk it"),
        call_note=_("No app, no sign-in"),
        link=_("Walk it here"),
        lead=posters.lead_of(trail.text),
        place=trail.place.name if trail.place else "",
        lines=lines,
        hosts=[trail.neighbourhood.organiser] if trail.neighbourhood.organiser else [],
        pictures=pictures_along(points),
        stamp="" if trail.is_published else _("Draft, not to be hung up"),
    )


def pictures_along(points: QuerySet) -> list[Picture]:
    """Up to seven of its roundels, as they look now."""
    round_kinds = [kind.code for kind in piece_kinds if kind.round]
    links = PiecePhoto.objects.filter(
        piece__in=points.order_by().values("piece"),
        piece__kind__in=round_kinds,
        role=PiecePhoto.Role.AFTER,
        photo__published_at__isnull=False,
    )
    first: dict[int, Picture] = {}
    for link in links.select_related("photo").order_by("piece__order", "order", "pk"):
        picture = shown(link.photo)
        if picture is not None and len(first) < 7:
            first.setdefault(link.piece_id, Picture(picture.src, round=True))
    return list(first.values())


KINDS = (
    posters.Kind("place", find=find, poster=poster_of),
    posters.Kind("trail", find=find_trail, poster=poster_of_trail),
)
