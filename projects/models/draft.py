"""Design drafts (P2): numbered versions that nothing changes once they are public, their pictures and feedback rounds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import Deliberation
from people.models import Person, Photo, User
from projects.models.project import Project

if TYPE_CHECKING:
    from people.access.viewer import Viewer

CHANGE = "projects.change_designdraft"
LETTERS = "ABCDEFGHIJ"


class DesignDraftQuerySet(models.QuerySet["DesignDraft"]):
    def visible_to(self, viewer: Viewer):
        """Published versions of published projects; what is in preparation only to whoever works on drafts."""
        if viewer.neighbourhood is None:
            return self.none()
        rows = self.filter(project__neighbourhood=viewer.neighbourhood)
        if viewer.has_perm(CHANGE):
            return rows
        return rows.filter(project__is_published=True, published_at__isnull=False)

    def published(self):
        return self.filter(published_at__isnull=False)


class DesignDraft(models.Model):
    """One version of a project's design. In preparation there is at most one, the last; once ``published_at`` is set,
    nothing changes it but :mod:`projects.operations.drafts`: a mistake becomes a new version.

    ``author``: who drew it, known to staff only; ``designer`` is the credit that everybody reads.
    ``notice_from``, ``notice_until``: the public notice that a final version needs, both days included.
    ``approved_by``: where it was agreed to; no part of the version, so it may be named at any time.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("first draft")
        REVISION = "revision", _("revised draft")
        FINAL = "final", _("for approval")

    project = models.ForeignKey(Project, models.PROTECT, related_name="drafts", verbose_name=_("project"))
    version = models.PositiveSmallIntegerField(_("version"), validators=[MinValueValidator(1)])
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    summary = models.TextField(_("what it shows"), max_length=2000)
    author = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("drawn by (for staff)")
    )
    designer = models.CharField(
        _("credit"), max_length=80, blank=True, help_text=_("Who is named in public: a studio, or a name agreed to.")
    )
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("based on")
    )
    notice_from = models.DateField(_("public notice from"), null=True, blank=True)
    notice_until = models.DateField(_("public notice until"), null=True, blank=True)
    approved_by = models.ForeignKey(
        Deliberation,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="approved_drafts",
        verbose_name=_("approved at"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    # Only where it was shown before it stood here, and entered later.
    entered_at = models.DateTimeField(_("entered afterwards at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("published by")
    )
    is_final = models.BooleanField(_("final"), default=False, editable=False)
    finalised_at = models.DateTimeField(_("final since"), null=True, blank=True, editable=False)
    finalised_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("made final by")
    )

    objects = DesignDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("design draft")
        verbose_name_plural = _("design drafts")
        ordering = ["project", "version"]
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="draft_version_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(published_at=None), name="draft_one_in_preparation"
            ),
            models.CheckConstraint(
                condition=Q(notice_from=None, notice_until=None) | Q(notice_until__gte=F("notice_from")),
                name="draft_notice_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(is_final=False, finalised_at=None)
                | Q(
                    is_final=True,
                    finalised_at__isnull=False,
                    published_at__isnull=False,
                    notice_until__isnull=False,
                ),
                name="draft_final_was_published_with_notice",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(project)s, version %(number)d") % {"project": self.project, "number": self.version}

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def title(self) -> str:
        """Its name within the project, as the versions are listed."""
        return gettext("Version %(number)d") % {"number": self.version}

    def get_absolute_url(self) -> str:
        return self.page("draft")

    def get_feedback_url(self) -> str:
        return self.page("draft-feedback")

    def page(self, name: str, *args: object) -> str:
        project = self.project
        return reverse(f"projects:{name}", args=[project.neighbourhood.slug, project.slug, self.version, *args])


class DraftImage(models.Model):
    """A picture of a version, shown while the version is public. Places on it have names, A1 at the top left.

    ``columns``, ``rows``: how the picture is divided for that.
    """

    draft = models.ForeignKey(DesignDraft, models.CASCADE, related_name="images", verbose_name=_("design draft"))
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+", verbose_name=_("picture"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    columns = models.PositiveSmallIntegerField(
        _("columns"), default=4, validators=[MinValueValidator(1), MaxValueValidator(len(LETTERS))]
    )
    rows = models.PositiveSmallIntegerField(
        _("rows"), default=3, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )

    class Meta:
        verbose_name = _("picture of the draft")
        verbose_name_plural = _("pictures of the draft")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "photo"], name="draft_image_once")]

    def __str__(self) -> str:
        return str(self.photo)

    @property
    def is_wide(self) -> bool:
        """Wider than a phone can show at a size at which something can be made out."""
        return (self.photo.width or 0) >= 2 * (self.photo.height or 1)

    def part_at(self, x: Any, y: Any) -> str:
        """The name of the part that the point (per cent) lies in."""
        column = min(int(float(x) * self.columns / 100), self.columns - 1)
        row = min(int(float(y) * self.rows / 100), self.rows - 1)
        return f"{LETTERS[column]}{row + 1}"

    @property
    def parts(self) -> list[str]:
        """Every part, row by row: what stands in the list beside the picture."""
        return [f"{LETTERS[column]}{row + 1}" for row in range(self.rows) for column in range(self.columns)]

    @property
    def grid(self) -> list[list[tuple[str, str]]]:
        """Rows of (part, "<id>:<part>"): what can be pressed on the picture."""
        names = self.parts
        rows = [names[start : start + self.columns] for start in range(0, len(names), self.columns)]
        return [[(part, f"{self.pk}:{part}") for part in row] for row in rows]

    def middle_of(self, part: str) -> tuple[float, float] | None:
        """The point in the middle of ``part``, per cent; None for no part of this picture."""
        if part not in self.parts:
            return None
        column, row = LETTERS.index(part[0]), int(part[1:]) - 1
        return (column + 0.5) * 100 / self.columns, (row + 0.5) * 100 / self.rows


class FeedbackRoundQuerySet(models.QuerySet["FeedbackRound"]):
    def open_on(self, day: date):
        return self.filter(opens_on__lte=day, closes_on__gte=day)


class FeedbackRound(models.Model):
    """The days, first and last included until midnight, on which a version takes feedback."""

    draft = models.ForeignKey(DesignDraft, models.CASCADE, related_name="rounds", verbose_name=_("design draft"))
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))

    objects = FeedbackRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback round")
        verbose_name_plural = _("feedback rounds")
        ordering = ["opens_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="round_closes_after_opening"),
            models.UniqueConstraint(fields=["draft", "opens_on"], name="round_once"),
        ]
        indexes = [models.Index(fields=["closes_on"], name="round_by_end")]

    def __str__(self) -> str:
        return f"{self.opens_on} – {self.closes_on}"
