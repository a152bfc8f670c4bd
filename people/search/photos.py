"""Photos as they can be found: by what can be seen and the caption, only while they are published (V5)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import Photo
from people.search.kinds import Document, Kind, noon


def photo_document(photo: Photo) -> Document:
    return Document(
        title=photo.caption or photo.alt,
        body=photo.alt if photo.caption else "",
        path=reverse("people:photo", args=[photo.neighbourhood.slug, photo.pk]),
        at=noon(photo.taken_on),
    )


PHOTOS = Kind(
    code="photo",
    label=_("Photos"),
    model=Photo,
    public=lambda viewer, at: Photo.objects.visible_to(viewer),
    document=photo_document,
    more="people:photos",
)
