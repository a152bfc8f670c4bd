"""Photos: kept private, shown only with the consent of everybody who can be recognised (V5; docs/rules/pictures.md)."""

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Consent, Neighbourhood, Person, Photo, PhotoPair, PrivateFile, User
from people.outbox.worker_calls import Caller
from people.rules import consent
from portal import clock, renditions
from portal.files import Picture
from portal.refusals import Refusal
from portal.registry import Registry
from portal.storage import public_storage

logger = logging.getLogger(__name__)

AT_ONCE = 20  # photos a sweep takes; the next one goes on
_worker = Caller("people.tasks.make_renditions")


#: Upper apps add a reason why a photo may not be shown (whoever told its story has not agreed), or None.
reasons_against = Registry[Callable[[Photo], str | None]]("reasons against publishing a photo")


@transaction.atomic
def keep_picture(
    picture: Picture, *, neighbourhood: Neighbourhood, purpose: str = PrivateFile.Purpose.PHOTO, by: User | None = None
) -> PrivateFile:
    """Store a verified picture (portal.files) privately; refused where the disk does not give back what was written."""
    kept = PrivateFile.objects.create(
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
    with kept.file.open("rb") as stored:
        if hashlib.sha256(stored.read()).hexdigest() != kept.sha256:
            raise Refusal(_("The picture could not be stored. Please send it again, or tell the residents' committee."))
    return kept


def people_in(file: PrivateFile) -> QuerySet[Person]:
    """Who can be recognised in the photo that this file is the original of."""
    return Person.objects.filter(photos__original=file)


def add_photo(
    picture: Picture,
    *,
    neighbourhood: Neighbourhood,
    alt: str = "",
    caption: str = "",
    taken_on: date | None = None,
    people: Iterable[Person] = (),
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
            width=picture.width,
            height=picture.height,
        )
        photo.people.set(people)
    return photo


def add_photos(
    pictures: Iterable[Picture],
    *,
    neighbourhood: Neighbourhood,
    caption: str = "",
    taken_on: date | None = None,
    by: User | None = None,
    attach: Callable[[list[Photo]], object] | None = None,
) -> list[Photo]:
    """Keep many pictures of one day at once; what can be seen in each is written afterwards, before it can be published.

    For a form with portal.files.PicturesField: what that refused is told there, by name; the others come here.
    ``attach(photos)`` links them to what they show, or none is kept (people.admin.many_photos.photos_act).
    """
    with transaction.atomic():
        made = [
            add_photo(picture, neighbourhood=neighbourhood, caption=caption, taken_on=taken_on, by=by)
            for picture in pictures
        ]
        if attach is not None:
            attach(made)
    return made


@transaction.atomic
def pair(before: Photo, after: Photo, *, caption: str = "") -> PhotoPair:
    """Show the two as before and after, wherever either of them is shown."""
    if before.neighbourhood_id != after.neighbourhood_id:
        raise Refusal(_("Both photos must belong to the same residential area. Please choose another one."))
    if before == after:
        raise Refusal(_("Before and after are two different photos. Please choose another one."))
    made, _new = PhotoPair.objects.get_or_create(
        before=before, after=after, defaults={"neighbourhood_id": before.neighbourhood_id, "caption": caption}
    )
    return made


# --- shown and no longer shown ---


def publish(photo: Photo) -> None:
    """Show the photo in public; raises Refusal while someone recognisable has not agreed (V5), or it waits for more.

    Only a preview of some pixels is made here; a worker makes the files as soon as this is committed.
    """
    if not photo.alt.strip():
        raise Refusal(_("Please write first what can be seen, for those who cannot see the picture."))
    _refuse_what_may_not_be_shown(photo)
    seen = _look(photo)  # before the lock: it reads the original from the disk
    with transaction.atomic():
        # The rows that a revocation locks too: it comes first and refuses this, or comes after and withdraws it.
        list(Person.objects.select_for_update(no_key=True).filter(photos=photo).order_by("pk"))
        photo = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
        _refuse_what_may_not_be_shown(photo)
        if photo.published_at is not None:
            return
        photo.published_at = clock.now()
        photo.folder = secrets.token_urlsafe(16)
        photo.width, photo.height, photo.preview = seen.width, seen.height, seen.preview
        photo.files, photo.rendered_at, photo.attempts = {}, None, 0
        photo.save()
        _worker.ask_on_commit(photo.pk)


def _refuse_what_may_not_be_shown(photo: Photo) -> None:
    missing = consent.without(photo.people.all(), Consent.Purpose.PHOTO)
    if missing:
        raise Refusal(
            # Nobody is named: whoever reads this may not be one who may know a child's name (V6). Its page says who.
            ngettext(
                "Not published: there is no consent to photos of %(n)d person to be recognised. Ask first, or choose another picture.",
                "Not published: there is no consent to photos of %(n)d people to be recognised. Ask first, or choose another picture.",
                len(missing),
            )
            % {"n": len(missing)}
        )
    for reason in reasons_against:
        if words := reason(photo):
            raise Refusal(words)


def _is_drawing(photo: Photo) -> bool:
    """Drawn by the portal itself (the demo's pictures), as it is; nobody can upload an SVG."""
    return photo.is_illustration and photo.original.content_type == "image/svg+xml"


def _original(photo: Photo) -> bytes:
    try:
        with photo.original.file.open("rb") as stored:
            return stored.read()
    except (OSError, ValueError) as error:  # as Django calls a file that was open once and is gone
        raise renditions.Unreadable from error


def _look(photo: Photo) -> renditions.Look:
    if _is_drawing(photo):
        return renditions.Look(photo.width or 1200, photo.height or 800, "")
    try:
        return renditions.look(_original(photo))
    except renditions.Unreadable as error:
        raise Refusal(_("The file of this photo cannot be read any more. Please upload it again.")) from error


def withdraw(photo: Photo) -> None:
    """Take the photo out of public sight; its public files are deleted with it, the original stays private."""
    with transaction.atomic():
        photo = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
        folder = photo.folder
        photo.published_at = photo.rendered_at = None
        photo.folder = photo.preview = ""
        photo.files, photo.attempts = {}, 0
        photo.save()
        if folder:
            transaction.on_commit(lambda: renditions.remove(folder))


def withdraw_all_showing(person: Person) -> int:
    """Withdraw every published photo in which ``person`` can be recognised; returns how many."""
    shown = list(Photo.objects.published().filter(people=person))
    for photo in shown:
        withdraw(photo)
    return len(shown)


# --- the public files ---


def make_renditions(photo: Photo) -> bool:
    """Make the public files of a published photo; returns whether this call did.

    Seconds of image work come first, without a lock. Then, under the photo's lock, it is asked once more whether the same
    publication still stands: a photo withdrawn meanwhile gets no file, and of two workers the second finds it done.
    """
    folder = photo.folder
    made = (
        [("svg", photo.width or 0, _original(photo))] if _is_drawing(photo) else list(renditions.make(_original(photo)))
    )
    with transaction.atomic():
        now = Photo.objects.select_for_update(no_key=True).filter(pk=photo.pk).first()
        if not _still_wanted(now, folder):
            return False
        assert now is not None
        files: dict[str, list[int]] = {}
        for kind, width, data in made:
            _write(renditions.name(folder, kind, width), data)
            files.setdefault(kind, []).append(width)
        now.files, now.rendered_at = files, clock.now()
        now.save(update_fields=["files", "rendered_at"])
    return True


def _still_wanted(photo: Photo | None, folder: str) -> bool:
    return photo is not None and photo.published_at is not None and photo.folder == folder and photo.rendered_at is None


def _write(name: str, data: bytes) -> None:
    """In place of what an attempt that broke off may have left there."""
    storage = public_storage()
    storage.delete(name)
    storage.save(name, ContentFile(data))


def make_due_renditions(ids: list[int] | None = None) -> int:
    """What the worker does: the public files of these photos, or of all that wait for them. Returns how many it made.

    One broken original keeps no other photo waiting; after MOST_ATTEMPTS it is left to staff, who see it in the list.
    """
    waiting = Photo.objects.waiting_for_files().select_related("original").order_by("pk")
    if ids is not None:
        waiting = waiting.filter(pk__in=ids)
    made = 0
    batch = list(waiting[:AT_ONCE])
    for photo in batch:
        try:
            made += make_renditions(photo)
        except Exception:
            logger.exception("The public files of photo %s could not be made", photo.pk)
            Photo.objects.filter(pk=photo.pk, folder=photo.folder).update(attempts=photo.attempts + 1)
    if len(batch) == AT_ONCE:
        _worker.ask(None)  # there may be more, and nobody needs to wait for the next minute
    return made


def sweep_public_files() -> int:
    """Delete every public file that belongs to no published photo; returns how many folders and files went.

    The disk is read before the rows: a folder is written only for a publication that is already committed, so what has
    no row now is what a crash, a lost deletion or a worker that came too late has left.
    """
    on_disk, loose = renditions.folders(), renditions.loose()
    known = set(Photo.objects.published().filter(folder__in=on_disk).values_list("folder", flat=True))
    for folder in set(on_disk) - known:
        renditions.remove(folder)
    for name in loose:
        public_storage().delete(f"{renditions.ROOT}/{name}")
    return len(set(on_disk) - known) + len(loose)
