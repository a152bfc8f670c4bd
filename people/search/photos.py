"""Photos as they can be found: by what can be seen and the caption, only while they are published (V5)."""

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Photo
from people.search import Document, Kind, register


def photo_document(photo: Photo) -> Document:
    taken = timezone.make_aware(datetime.combine(photo.taken_on, time(12))) if photo.taken_on else None
    return Document(
        title=photo.caption or photo.alt,
        body=photo.alt if photo.caption else "",
        path=reverse("people:photo", args=[photo.neighbourhood.slug, photo.pk]),
        at=taken,
    )


def register_photos() -> None:
    register(
        Kind(
            code="photo",
            label=_("Photos"),
            order=80,
            model=Photo,
            public=lambda viewer, at: Photo.objects.visible_to(viewer),
            document=photo_document,
            more="people:photos",
        )
    )
