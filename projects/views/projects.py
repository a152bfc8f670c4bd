"""What the neighbourhood makes together: the list, one project from the first idea to its upkeep, one piece of it."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from people.access.requests import PortalRequest
from people.media.pictures import shown, shown_all
from portal import clock
from portal.page_cache import cached_page
from portal.page_cache.shared_rows import shared_rows_of
from portal.paging import PagedListView
from projects.models import Governance, Piece, PiecePhoto, Project
from projects.models.piece_kinds import as_its_kind, piece_kinds, with_kinds
from projects.pages import pictures, plan
from projects.pages import project as page
from projects.pages.decisions import with_what_they_have
from projects.pages.sections import PlaceSeen, ProjectPage, piece_sections, project_sections
from projects.rules import trails

PER_PAGE = 24
PIECE_PHOTOS = 24


@cached_page("theme", "page")
class ProjectList(PagedListView):
    request: PortalRequest
    template_name = "projects/list.html"
    paginate_by = PER_PAGE
    extra_context = {"tab": "projects"}

    def get_queryset(self) -> QuerySet[Project]:
        seen = Project.objects.visible_to(self.request.viewer)
        self.theme = self.request.GET.get("theme", "")
        if self.theme not in Governance.values:
            self.theme = ""
        # JSON paths are not portable (L8) and a neighbourhood's projects are few, so tags are read here.
        wanted = [pk for pk, tags in seen.values_list("pk", "governance") if self.theme in tags] if self.theme else None
        listed = seen.filter(pk__in=wanted) if wanted is not None else seen
        return listed.select_related("derived_from").defer("text", "result", "derived_from__text")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["projects"] = pictures.cards(context["page_obj"].object_list, self.request.neighbourhood)
        context["tags"] = [{"label": _("All"), "url": "?", "current": not self.theme}] + [
            {"label": label, "url": f"?theme={value}", "current": value == self.theme}
            for value, label in Governance.choices
        ]
        context["theme"] = self.theme
        context["query"] = f"theme={self.theme}" if self.theme else ""
        return context


@cached_page("theme")
class ProjectDetail(DetailView):
    request: PortalRequest
    template_name = "projects/detail.html"
    context_object_name = "project"
    extra_context = {"tab": "projects"}

    def get_object(self, queryset=None) -> Project:
        """All of the neighbourhood's projects at once: they are few, and the lineage needs them."""
        seen = Project.objects.visible_to(self.request.viewer).select_related(
            "lead_org", "lead_team", "lead_committee", "proposed_by_org", "proposed_by_team"
        )
        self.all_projects = list(with_what_they_have(seen, self.request.viewer.person))
        for project in self.all_projects:
            project.neighbourhood = self.request.neighbourhood
        found = [project for project in self.all_projects if project.slug == self.kwargs["slug"]]
        if not found:
            raise Http404
        return found[0]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        project: Project = self.object
        viewer = self.request.viewer
        at = clock.now()
        shared = shared_rows_of(self.request.neighbourhood.slug, "project", project.pk, clock.local_date(at))
        sections = project_sections.of(
            ProjectPage(project, self.all_projects, viewer, at, query=self.request.GET, shared=shared)
        )
        coming = [card for part in sections for card in part.context.get("coming", ())]
        return super().get_context_data(
            up_url=reverse("projects:list", args=[self.request.neighbourhood.slug]),
            picture=pictures.drawing(project),
            picture_alt=pictures.alt(project),
            lids=pictures.lids() if project.illustration == Project.Illustration.COVERS else [],
            tags=page.labels(Governance, project.governance),
            sections=sections,
            wants_hands=any(card.has_seats for card in coming),
            **kwargs,
        )


@cached_page()
class PlacePage(DetailView):
    """One cover, panel or bed: where the QR code on its tag leads."""

    request: PortalRequest

    template_name = "projects/place.html"
    context_object_name = "piece"
    extra_context = {"tab": "projects"}

    def get_object(self, queryset=None) -> Piece:
        seen = Piece.objects.visible_to(self.request.viewer).select_related("project", "place")
        base = with_kinds(trails.with_trail(seen)).filter(code=self.kwargs["code"]).first()
        if base is None:
            raise Http404
        piece = as_its_kind(base)
        # What is known already need not be asked for again.
        piece.neighbourhood = base.project.neighbourhood = self.request.neighbourhood
        piece.project, piece.place = base.project, base.place
        self.trail = trails.of_piece(base, self.request.neighbourhood.slug)
        return piece

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        piece: Piece = self.object
        kind = piece_kinds.get(piece.kind)
        details = kind.details if kind else None
        slug, trail = self.request.neighbourhood.slug, self.trail
        shared = shared_rows_of(slug, "piece", piece.pk, clock.today(), get_language())
        links = shared.get("photos", lambda: public_photos(piece))
        before, after = (self.first(links, role) for role in (PiecePhoto.Role.BEFORE, PiecePhoto.Role.AFTER))
        row = self.row_of(piece)
        at = next(index for index, one in enumerate(row) if one.pk == piece.pk)
        previous, following = with_looks(row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None)
        return super().get_context_data(
            up_url=piece.project.get_absolute_url(),
            before=shown(before.photo) if before else None,
            after=shown(after.photo) if after else None,
            photos=shown_all(one.photo for one in links if one not in {before, after}),
            kind=kind,
            round=kind.round if kind else False,
            details=shared.get("details", lambda: details(piece)) if details else {},
            plan_url=plan.url_of(slug, piece.kind, piece.code) if piece.x is not None and piece.y is not None else "",
            trail=trail,
            sections=piece_sections.of(PlaceSeen(piece, self.request.viewer, shared)),
            words=shared.get("words", lambda: trails.words_about(trail["point"])) if trail else [],
            previous=previous,
            next=following,
            number=at + 1,
            total=len(row),
            **kwargs,
        )

    @staticmethod
    def first(photos: list[PiecePhoto], role: str) -> PiecePhoto | None:
        return next((one for one in photos if one.role == role), None)

    def row_of(self, piece: Piece) -> list[Piece]:
        """All along the wall or the walk, in order; one query."""
        seen = Piece.objects.visible_to(self.request.viewer).filter(project=piece.project_id, kind=piece.kind)
        row = list(seen.order_by("order", "pk").only("code", "title", "neighbourhood_id"))
        for one in row:
            one.neighbourhood = self.request.neighbourhood
        return row


def public_photos(piece: Piece) -> list[PiecePhoto]:
    links = PiecePhoto.objects.filter(piece=piece, photo__published_at__isnull=False)
    return list(links.select_related("photo").order_by("order", "pk")[:PIECE_PHOTOS])


def with_looks(*ends: Piece | None) -> tuple[Piece | None, ...]:
    """Each with ``look``, what it looks like now (a Shown) or None; one query for both."""
    now = PiecePhoto.objects.filter(piece__in=[one for one in ends if one], role=PiecePhoto.Role.AFTER)
    looks = {}
    for link in now.filter(photo__published_at__isnull=False).select_related("photo").order_by("-order", "-pk"):
        looks[link.piece_id] = shown(link.photo)
    for one in ends:
        if one is not None:
            one.look = looks.get(one.pk)
    return ends
