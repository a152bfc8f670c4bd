"""A project's page is made of sections, each from its own module; registered in ``registration.py``, lower order first.

    project_sections.add(drafts.section, order=40)   # section(page) -> ("projects/_drafts.html", {...}) or None

A section asks only what it shows, starts from ``page.viewer``, and returns None when it has nothing to say. What it tells
every reader alike it takes from ``page.shared``, which asks once until something changes. Upper apps (volunteers) add
theirs in the same way.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import FilteredRelation, Q

from activities.models import Activity, Status, Visibility
from activities.pages import listing
from people.access.viewer import Viewer
from portal.page_cache.shared_rows import SharedRows
from portal.panels import Panels
from projects.models import Piece, PiecePhoto, Project
from projects.models.piece_kinds import as_its_kind, with_kinds
from projects.rules.records import Told, records_of
from projects.rules.trails import of_piece, with_trail

COMING = DONE = 12  # shifts


@dataclass
class ProjectPage:
    """What every section may read. ``all_projects``: those the reader may see, this one among them.

    shared: for rows that no reader sees more of than another.
    """

    project: Project
    all_projects: list[Project]
    viewer: Viewer
    at: datetime
    query: Any  # request.GET
    shared: SharedRows = field(default_factory=SharedRows)

    @cached_property
    def pieces(self) -> list[Piece]:
        """The project's covers, panels and beds as what they are, by kind and in order; one query.

        ``main_photo``: what each looks like now (a photo that may be shown), None without one.  ``trail``: the walk it is on.
        """
        now = Q(piece_photos__role=PiecePhoto.Role.AFTER)
        rows = Piece.objects.visible_to(self.viewer).filter(project=self.project)
        rows = rows.annotate(look=FilteredRelation("piece_photos", condition=now)).select_related("look__photo")
        found: dict[int, Piece] = {}
        for row in with_kinds(with_trail(rows)).order_by("kind", "order", "pk", "look__order", "look__pk"):
            piece = found.get(row.pk)
            if piece is None:
                piece = found[row.pk] = as_its_kind(row)
                piece.neighbourhood, piece.project = self.project.neighbourhood, self.project
                piece.main_photo = None
                piece.trail = of_piece(row, self.project.neighbourhood.slug)
            link = getattr(row, "look", None)  # not set at all where the join found nothing
            photo = link.photo if link is not None else None
            if piece.main_photo is None and photo is not None and photo.published_at is not None:
                piece.main_photo = photo
        return list(found.values())

    @cached_property
    def shifts(self) -> list[Activity]:
        """The next ones and the latest, by time; one query.

        Daily duties are the team's own; what was done together is what everyone could join.
        """
        seen = self.project.shifts.visible_to(self.viewer)
        listed = listing.for_lists(seen)
        planned = listed.upcoming(self.at).exclude(status=Status.CANCELLED)[:COMING]
        over = listed.filter(ends_at__lt=self.at, status=Status.DONE, visibility=Visibility.PUBLIC)
        latest = over.order_by("-starts_at", "-pk")[:DONE]
        both = seen.filter(Q(pk__in=planned.values("pk")) | Q(pk__in=latest.values("pk")))
        # The reverse relation looks at each row's project, so that column has to come along.
        rows = listing.with_reader(listing.for_lists(both), self.viewer)
        rows = rows.only(*listing.COLUMNS, "project")  # type: ignore[misc]
        return listing.rows(rows, self.project.neighbourhood, at=self.at)

    @cached_property
    def records(self) -> list[Told]:
        return records_of(self.project, self.viewer)


#: projects: 10 lineage, 15 follow, 20 what comes next, 25-27 pieces, 30 decided by, 40 drafts, 50 pictures, 60 stages,
#: 70 where and who and money, 75 works, 78 who took part, 80 done together, 85 review, 90 articles.
project_sections = Panels[ProjectPage]("sections of a project's page")


@dataclass
class PlaceSeen:
    """A piece's page, for the parts that upper apps add below what its kind says; each at most one query.

    shared: of this page in one language, for what no reader sees more of than another.
    """

    piece: Piece
    viewer: Viewer
    shared: SharedRows = field(default_factory=SharedRows)


#: volunteers: 10 who lends a hand.
piece_sections = Panels[PlaceSeen]("sections of a piece's page")
