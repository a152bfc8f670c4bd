"""Photos: kept private, shown only with the consent of everybody who can be recognised (V5)."""

import hashlib
from io import BytesIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from people import clock, consenting
from people.files import Picture
from people.models import Consent, Neighbourhood, Person, Photo, PrivateFile, User

PUBLIC_LONG_SIDE = 1600


class PhotoRefused(Exception):
    """A sentence fit to show."""


def keep_picture(
    picture: Picture, *, neighbourhood: Neighbourhood, purpose: str = PrivateFile.Purpose.PHOTO, by: User | None = None
) -> PrivateFile:
    """Store a verified picture (people.files) privately."""
    return PrivateFile.objects.create(
        neighbourhood=neighbourhood,
        purpose=purpose,
        file=ContentFile(picture.data, name=f"picture.{picture.extension}"),
        name=picture.name,
        content_type=picture.content_type,
        size=len(picture.data),
        sha256=hashlib.sha256(picture.data).hexdigest(),
        added_at=clock.now(),
        added_by=by,
    )


def add_photo(
    picture: Picture,
    *,
    neighbourhood: Neighbourhood,
    alt: str,
    caption: str = "",
    taken_on=None,
    people: list[Person] | None = None,
    is_illustration: bool = False,
    by: User | None = None,
) -> Photo:
    """Keep a photo without showing it to anybody yet. ``people``: whoever can be recognised in it."""
    with transaction.atomic():
        photo = Photo.objects.create(
            neighbourhood=neighbourhood,
            original=keep_picture(picture, neighbourhood=neighbourhood, by=by),
            alt=alt,
            caption=caption,
            taken_on=taken_on,
            is_illustration=is_illustration,
        )
        photo.people.set(people or [])
    return photo


def publish(photo: Photo) -> None:
    """Show the photo in public; raises PhotoRefused while someone recognisable has not agreed (V5)."""
    if not photo.alt.strip():
        raise PhotoRefused(_("Please write first what can be seen, for those who cannot see the picture."))
    _refuse_without_consent(photo)
    derivative, extension = _derivative(
        photo
    )  # outside the transaction: image work is slow, and nobody sees the file yet
    with transaction.atomic():
        # The rows that a revocation locks too: it comes first and refuses this, or comes after and withdraws it.
        list(Person.objects.select_for_update(no_key=True).filter(photos=photo).order_by("pk"))
        photo = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
        _refuse_without_consent(photo)
        if photo.published_at is not None:
            return
        photo.picture.save(f"{photo.neighbourhood_id}-{photo.pk}.{extension}", ContentFile(derivative), save=False)
        photo.published_at = clock.now()
        photo.save()


def _refuse_without_consent(photo: Photo) -> None:
    missing = consenting.without(photo.people.all(), Consent.Purpose.PHOTO)
    if missing:
        raise PhotoRefused(
            _("Not published: %(names)s can be recognised and there is no consent to photos.")
            % {"names": "、".join(person.name for person in missing)}
        )


def _derivative(photo: Photo) -> tuple[bytes, str]:
    if photo.is_illustration and photo.original.content_type == "image/svg+xml":
        # Drawn by the portal itself (the demo's placeholders); nobody can upload an SVG.
        with photo.original.file.open("rb") as stored:
            return stored.read(), "svg"
    with photo.original.file.open("rb") as stored, Image.open(stored) as image:
        image.load()
        shown = image.convert("RGBA" if image.mode in {"RGBA", "LA", "P"} else "RGB")
    shown.thumbnail((PUBLIC_LONG_SIDE, PUBLIC_LONG_SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    shown.save(out, "WEBP", quality=82, method=4)
    return out.getvalue(), "webp"


def withdraw(photo: Photo) -> None:
    """Take the photo out of public sight; the public file is deleted with it, the original stays private."""
    with transaction.atomic():
        photo = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
        name, storage = photo.picture.name, photo.picture.storage
        photo.picture = None
        photo.published_at = None
        photo.save()
        if name:
            transaction.on_commit(lambda: storage.delete(name))


def withdraw_all_showing(person: Person) -> int:
    """Withdraw every published photo in which ``person`` can be recognised; returns how many."""
    shown = list(Photo.objects.published().filter(people=person))
    for photo in shown:
        withdraw(photo)
    return len(shown)
