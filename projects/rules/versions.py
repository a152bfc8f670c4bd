"""The versions of one project's design as a reader may see them, with what their pages say of each; read in few queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count

from people.access.viewer import Viewer
from people.media import pictures
from people.media.pictures import Shown
from projects.models import DesignDraft, DraftImage, Feedback, FeedbackRound, Tally
from projects.models.feedback import tally_of

SPREAD = 3  # per cent that pins on one spot stand apart


@dataclass(frozen=True)
class Pin:
    item: Feedback
    x: float
    y: float


@dataclass(frozen=True)
class Board:
    """A picture with the pins of the items that are listed below it."""

    image: DraftImage
    pic: Shown | None
    pins: list[Pin]


@dataclass
class Versions:
    """``draft`` among all versions that the reader may see, the first one first."""

    draft: DesignDraft
    drafts: list[DesignDraft]
    today: date

    @classmethod
    def find(cls, viewer: Viewer, slug: str, version: int, today: date) -> Versions | None:
        """The versions and their rounds; None where the reader may see no such version.

        What is public needs no word of who asks; only for the rest the reader's roles are looked up.
        """
        found = cls._among(Viewer(viewer.neighbourhood), slug, version, today)
        return found if found is not None or viewer.is_anonymous else cls._among(viewer, slug, version, today)

    @classmethod
    def _among(cls, viewer: Viewer, slug: str, version: int, today: date) -> Versions | None:
        seen = DesignDraft.objects.visible_to(viewer).filter(project__slug=slug)
        drafts = list(seen.select_related("project").prefetch_related("rounds").order_by("version"))
        for draft in drafts:
            draft.project = drafts[0].project
            draft.project.neighbourhood = viewer.neighbourhood
        found = next((draft for draft in drafts if draft.version == version), None)
        return cls(found, drafts, today) if found is not None else None

    @property
    def rounds(self) -> list[FeedbackRound]:
        return list(self.draft.rounds.all())

    @property
    def open_round(self) -> FeedbackRound | None:
        return next((one for one in self.rounds if one.opens_on <= self.today <= one.closes_on), None)

    @property
    def open_newer(self) -> DesignDraft | None:
        """As :func:`projects.operations.feedback.open_newer`, without a query."""
        for draft in reversed(self.drafts):
            if draft.version <= self.draft.version:
                return None
            if draft.is_published and any(one.opens_on <= self.today <= one.closes_on for one in draft.rounds.all()):
                return draft
        return None

    @property
    def before(self) -> DesignDraft | None:
        return next((draft for draft in reversed(self.drafts) if draft.version < self.draft.version), None)

    @cached_property
    def images(self) -> list[DraftImage]:
        return list(self.draft.images.select_related("photo").order_by("order", "pk"))

    @cached_property
    def tallies(self) -> dict[int, Tally]:
        """{draft id: its numbers}; 0 for all of the project. One query."""
        rows = Feedback.objects.filter(draft__in=self.drafts).order_by()
        counted = defaultdict(list)
        for draft_id, channel, disposition, number in rows.values_list("draft", "channel", "disposition").annotate(
            Count("pk")
        ):
            counted[draft_id].append((channel, disposition, number))
            counted[0].append((channel, disposition, number))
        return {key: tally_of(found) for key, found in counted.items()}

    def tally(self, draft: DesignDraft | None = None) -> Tally:
        return self.tallies.get(draft.pk if draft else 0, tally_of([]))

    def boards(self, items: list[Feedback]) -> list[Board]:
        """The pictures, each with its pins; where several stand on one spot, they stand a little apart."""
        by_image: dict[int, list[Feedback]] = defaultdict(list)
        for item in items:
            if item.has_pin and item.image_id:
                by_image[item.image_id].append(item)
        return [Board(image, shown(image, self.draft), pins(by_image[image.pk])) for image in self.images]


def shown(image: DraftImage, draft: DesignDraft) -> Shown | None:
    """The picture as everybody sees it; to staff, before it is public, the private original."""
    public = pictures.shown(image.photo)
    if public is not None or draft.is_published:
        return public
    photo = image.photo
    return Shown(
        src=photo.original.get_absolute_url(),
        alt=photo.alt,
        width=photo.width,
        height=photo.height,
        is_illustration=photo.is_illustration,
    )


def pins(items: list[Feedback]) -> list[Pin]:
    taken: dict[tuple[int, int], int] = defaultdict(int)
    found = []
    for item in items:
        x, y = float(item.x or 0), float(item.y or 0)
        spot = (round(x), round(y))
        x += SPREAD * taken[spot]
        taken[spot] += 1
        found.append(Pin(item, round(min(max(x, 2), 98), 2), round(min(max(y, 4), 96), 2)))
    return found
