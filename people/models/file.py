"""Files: private by default; only a published derivative is public."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models.account import User
from people.models.neighbourhood import Neighbourhood
from people.models.person import Person


class PrivateFile(models.Model):
    """Bytes that are served only by the checking view; who may read is asked of the ``purpose`` each time."""

    class Purpose(models.TextChoices):
        PHOTO = "photo", _("original of a photo")
        CONSENT_SHEET = "consent_sheet", _("signed consent sheet")
        DOCUMENT = "document", _("document")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="files", verbose_name=_("residential area")
    )
    purpose = models.CharField(_("purpose"), max_length=14, choices=Purpose.choices)
    file = models.FileField(_("file"), upload_to="%Y/%m/")  # default storage is the private one
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("private file")
        verbose_name_plural = _("private files")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:private-file", args=[self.pk])


class PhotoQuerySet(models.QuerySet["Photo"]):
    def published(self):
        return self.exclude(published_at=None)

    def without_words(self):
        """Not shown, and they cannot be: nobody has written what can be seen in them."""
        return self.filter(published_at=None, alt="")

    def visible_to(self, viewer):
        """The published ones of the neighbourhood, for everybody alike; staff find the others in their own pages."""
        return self.published().filter(neighbourhood=viewer.neighbourhood)

    def waiting_for_files(self):
        """Published ones whose public files are not made yet; those that failed too often are left to staff."""
        return self.published().filter(rendered_at=None, attempts__lt=Photo.MOST_ATTEMPTS)


class Photo(models.Model):
    """A picture with its words; shown only while ``published_at`` is set, which needs every recognisable person's consent (V5).

    Its public files lie in ``photos/<folder>/``. The folder's name is a secret made at each publication and forgotten at
    each withdrawal: whatever a worker still writes there belongs to no row and is swept (docs/rules/pictures.md).
    ``files``: {kind: widths}, {"avif": [320, 640], "jpeg": [320, 640]}; pages read them through people.media.pictures only.
    """

    MOST_ATTEMPTS = 5

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="photos", verbose_name=_("residential area")
    )
    original = models.ForeignKey(PrivateFile, models.PROTECT, related_name="photos", verbose_name=_("original"))
    alt = models.CharField(
        _("what can be seen"), max_length=200, blank=True, help_text=_("For those who cannot see the picture.")
    )
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    people = models.ManyToManyField(Person, blank=True, related_name="photos", verbose_name=_("recognisable people"))
    is_illustration = models.BooleanField(_("a drawing, not a photo"), default=False)
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    folder = models.CharField(max_length=40, blank=True, editable=False)
    preview = models.TextField(blank=True, editable=False)
    files = models.JSONField(default=dict, blank=True, editable=False)
    rendered_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-taken_on", "-pk"]
        indexes = [models.Index(fields=["neighbourhood", "-taken_on", "-id"], name="photo_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None, folder="", preview="", rendered_at=None)
                | (Q(published_at__isnull=False) & ~Q(folder="")),
                name="photo_public_files_only_while_published",
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.alt or _("photo %(number)s") % {"number": self.pk}


class PhotoPair(models.Model):
    """The same place before and after; shown while both photos are."""

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="photo_pairs", verbose_name=_("residential area")
    )
    before = models.ForeignKey(Photo, models.CASCADE, related_name="pairs_before", verbose_name=_("before"))
    after = models.ForeignKey(Photo, models.CASCADE, related_name="pairs_after", verbose_name=_("after"))
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("before and after")
        verbose_name_plural = _("before and after")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="photo_pair_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="photo_pair_of_two"),
        ]

    def __str__(self) -> str:
        return self.caption or f"{self.before} / {self.after}"
