"""What was made and can be walked up to: the base of covers, wall panels and beds."""

from typing import Any

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.access.viewer import Viewer
from people.models import Location, Neighbourhood, Photo
from people.models.fractions import on_the_plan, per_cent
from projects.models.piece_kinds import code_of, piece_kinds
from projects.models.project import Project
from projects.models.words import Theme


def visible_pieces(rows, viewer: Viewer):
    """The published ones of the published projects of the neighbourhood; all of them to whoever keeps projects."""
    if viewer.neighbourhood is None:
        return rows.none()
    rows = rows.filter(neighbourhood=viewer.neighbourhood)
    if viewer.has_perm("projects.change_project"):
        return rows
    return rows.filter(is_published=True, project__is_published=True)


class PieceQuerySet(models.QuerySet["Piece"]):
    def visible_to(self, viewer: Viewer):
        return visible_pieces(self, viewer)


class Piece(models.Model):
    """One cover, panel or bed (multi-table base). ``code`` stands on its tag and in its address, which is a QR target.

    ``order``: along the wall or the walk, within the kind.  ``x``, ``y``: per cent of the plan picture (L5).
    """

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="pieces", verbose_name=_("residential area")
    )
    project = models.ForeignKey(Project, models.PROTECT, related_name="pieces", verbose_name=_("project"))
    kind = models.CharField(_("kind"), max_length=20, editable=False)
    code = models.SlugField(_("code"), max_length=20, help_text=_("Short, as it stands on the tag: JG-01."))
    title = models.CharField(_("title"), max_length=80)
    theme = models.CharField(_("theme"), max_length=24, choices=Theme.choices, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    place = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, related_name="pieces", verbose_name=_("place")
    )
    x = per_cent(_("x on the plan, %"))
    y = per_cent(_("y on the plan, %"))
    is_published = models.BooleanField(_("shown to the public"), default=False)

    main_photo: Photo | None  # what it looks like now, where a list put it there
    trail: dict | None  # likewise, the walk it is on

    objects = PieceQuerySet.as_manager()

    #: Set for the way along the wall or the walk (views/projects.py): what it looks like now, a Shown or None.
    look: Any

    class Meta:
        verbose_name = _("piece")
        verbose_name_plural = _("pieces")
        ordering = ["neighbourhood", "kind", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "code"],
                name="piece_code_unique",
                violation_error_message=_("This code stands on another tag already. Please choose another one."),
            ),
            on_the_plan("piece_on_the_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args, **kwargs) -> None:
        if not self.kind:
            self.kind = code_of(type(self)._meta.label)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("projects:place", args=[self.neighbourhood.slug, self.code])

    def most_derived(self) -> "Piece":
        """The row as the cover, panel or bed it is; itself for a plain one. One query."""
        kind = piece_kinds.get(self.kind)
        if kind is None or type(self)._meta.label == kind.model:
            return self
        return apps.get_model(kind.model)._default_manager.get(pk=self.pk)

    @property
    def kind_label(self):
        kind = piece_kinds.get(self.kind)
        return kind.label if kind else ""


class PiecePhoto(models.Model):
    """A photo of a piece; shown while the photo is published."""

    class Role(models.TextChoices):
        BEFORE = "before", _("before")
        AFTER = "after", _("after")
        DETAIL = "detail", _("detail")

    piece = models.ForeignKey(Piece, models.CASCADE, related_name="piece_photos", verbose_name=_("piece"))
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+", verbose_name=_("photo"))
    role = models.CharField(_("shows it"), max_length=6, choices=Role.choices, default=Role.DETAIL)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("photo of the piece")
        verbose_name_plural = _("photos of the piece")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["piece", "photo"], name="piece_photo_once")]

    def __str__(self) -> str:
        return str(self.photo)
