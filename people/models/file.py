"""Files: private by default; only a published derivative is public."""

from django.core.files.storage import storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models.account import User
from people.models.person import Person
from people.models.place import Neighbourhood


def public_storage():
    return storages["public"]


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


class Photo(models.Model):
    """A picture with its words; shown only while ``published_at`` is set, which needs every recognisable person's consent (V5)."""

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="photos", verbose_name=_("residential area")
    )
    original = models.ForeignKey(PrivateFile, models.PROTECT, related_name="photos", verbose_name=_("original"))
    alt = models.CharField(_("what can be seen"), max_length=200, help_text=_("For those who cannot see the picture."))
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    people = models.ManyToManyField(Person, blank=True, related_name="photos", verbose_name=_("recognisable people"))
    is_illustration = models.BooleanField(_("a drawing, not a photo"), default=False)
    picture = models.ImageField(
        _("published picture"),
        storage=public_storage,
        upload_to="photos/",
        blank=True,
        width_field="width",
        height_field="height",
        editable=False,
    )
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-taken_on", "-pk"]

    def __str__(self) -> str:
        return self.caption or self.alt
