"""Photos: private originals, public files only while everybody agrees, whatever worker comes when (V5; docs/rules/pictures.md)."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from people.media.pictures import shown
from people.models import Guardianship, Photo
from people.operations import photos
from people.operations.consents import give, revoke
from people.operations.family import remove_child
from people.operations.photos import make_due_renditions, make_renditions, publish, withdraw
from portal import clock, renditions, sweeps
from portal.refusals import Refusal
from portal.storage import public_storage
from tests.parallel import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo_of(make_photo):
    def make(*people, **fields) -> Photo:
        return make_photo(published=False, people=people, **fields)

    return make


@pytest.fixture
def asked(monkeypatch):
    """What workers were asked for."""
    calls = []
    monkeypatch.setattr(photos._worker, "ask", calls.append)
    return calls


def public_files(folder) -> list[str]:
    return sorted(path.name for path in (folder / "media").rglob("*") if path.is_file())


# --- publishing and making the files ---


def test_a_photo_is_private_until_it_is_published_and_its_files_are_made(photo_of, photo_folders):
    photo = photo_of(size=(800, 600))
    assert shown(photo) is None

    publish(photo)
    photo.refresh_from_db()
    assert (photo.published_at, photo.width, photo.height) == (clock.now(), 800, 600)
    assert public_files(photo_folders) == []  # only the preview, which stands in the row
    waiting = shown(photo)
    assert waiting.src.startswith("data:image/webp;base64,")
    assert len(waiting.src) < 700
    assert (waiting.width, waiting.height, waiting.sources) == (800, 600, [])

    assert make_due_renditions() == 1
    photo.refresh_from_db()
    modern = renditions.EXTENSIONS[renditions.MODERN]
    assert public_files(photo_folders) == sorted(
        f"{width}.{kind}" for width in (320, 640, 800) for kind in (modern, "jpg")
    )
    ready = shown(photo)
    base = f"/media/photos/{photo.folder}"
    assert ready.src == f"{base}/800.jpg"
    assert ready.srcset == f"{base}/320.jpg 320w, {base}/640.jpg 640w, {base}/800.jpg 800w"
    assert [kind for kind, _srcset in ready.sources] == [renditions.TYPES[renditions.MODERN]]


def test_nginx_reads_what_is_public_and_nobody_but_us_what_is_private(make_photo, photo_folders):
    make_photo()
    modes = {
        folder: {(path.is_dir(), oct(path.stat().st_mode & 0o777)) for path in (photo_folders / folder).rglob("*")}
        for folder in ("private", "media")
    }
    assert modes == {
        "private": {(True, "0o700"), (False, "0o600")},
        "media": {(True, "0o755"), (False, "0o644")},
    }


def test_the_files_have_the_right_widths_and_say_nothing_of_the_camera(make_photo):
    photo = make_photo(size=(2400, 1800))
    sizes = []
    for name in public_storage().listdir(f"photos/{photo.folder}")[1]:
        with public_storage().open(f"photos/{photo.folder}/{name}") as file, Image.open(file) as image:
            assert not image.getexif()
            sizes.append(image.size)
    assert sorted(set(sizes)) == [(320, 240), (640, 480), (960, 720), (1600, 1200)]


@pytest.mark.parametrize(
    ("width", "widths"),
    [(200, [200]), (320, [320]), (321, [320, 321]), (1600, [320, 640, 960, 1600]), (3000, [320, 640, 960, 1600])],
)
def test_nothing_is_made_larger_than_it_is(width, widths):
    assert renditions.widths_for(width) == widths


def test_what_is_transparent_lies_on_paper_where_the_format_knows_no_transparency():
    out = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "WEBP", lossless=True)
    jpeg = next(data for kind, _width, data in renditions.make(out.getvalue()) if kind == "jpeg")
    with Image.open(BytesIO(jpeg)) as image:
        assert min(image.getpixel((20, 20))) > 240


def test_publishing_wakes_a_worker_on_commit(photo_of, asked, django_capture_on_commit_callbacks):
    first, second = photo_of(), photo_of()
    with django_capture_on_commit_callbacks(execute=True):
        publish(first)
        publish(second)
        assert asked == []
    assert asked == [[first.pk, second.pk]]


def test_a_lost_call_is_made_up_for_by_the_sweep(photo_of):
    photo = photo_of()
    publish(photo)
    sweeps.run_all()
    photo.refresh_from_db()
    assert photo.rendered_at == clock.now()


def test_where_more_wait_than_one_batch_a_worker_is_asked_at_once(photo_of, asked, monkeypatch):
    monkeypatch.setattr(photos, "AT_ONCE", 2)
    for _ in range(3):
        publish(photo_of(size=(40, 30)))
    assert (make_due_renditions(), asked) == (2, [None])
    assert (make_due_renditions(), asked) == (1, [None])


def test_making_the_files_twice_changes_nothing(photo_of, photo_folders):
    photo = photo_of()
    publish(photo)
    photo.refresh_from_db()
    assert (make_renditions(photo), make_renditions(photo)) == (True, False)
    files = public_files(photo_folders)
    assert len(files) == len(set(files)) == 6
    assert make_due_renditions([photo.pk]) == 0


def test_an_attempt_that_broke_off_is_written_over(photo_of, photo_folders):
    photo = photo_of()
    publish(photo)
    photo.refresh_from_db()
    public_storage().save(renditions.name(photo.folder, "jpeg", 320), ContentFile(b"half"))
    make_renditions(photo)
    assert len(public_files(photo_folders)) == 6
    with public_storage().open(renditions.name(photo.folder, "jpeg", 320)) as file, Image.open(file) as image:
        assert image.size == (320, 240)


def test_one_broken_original_keeps_no_other_waiting_and_is_not_tried_forever(photo_of):
    broken, good = photo_of(), photo_of()
    publish(broken)
    publish(good)
    broken.original.file.storage.delete(broken.original.file.name)
    assert make_due_renditions() == 1
    for _ in range(10):
        make_due_renditions()
    broken.refresh_from_db()
    assert (broken.attempts, broken.rendered_at) == (Photo.MOST_ATTEMPTS, None)


def test_a_photo_whose_file_is_lost_is_not_published(photo_of):
    photo = photo_of()
    photo.original.file.storage.delete(photo.original.file.name)
    with pytest.raises(Refusal, match="Please upload it again"):
        publish(photo)


# --- a revocation between publishing and the worker ---


def revoked_meanwhile(photo_of, person, capture) -> Photo:
    """A photo as a worker read it; then the consent was taken back and everything committed."""
    give(person, "photo", given_by=person)
    photo = photo_of(person)
    publish(photo)
    photo.refresh_from_db()
    with capture(execute=True):
        revoke(person, "photo", revoked_by=person)
    return photo


def test_a_revocation_before_the_worker_leaves_nothing_public(
    photo_of, person, photo_folders, django_capture_on_commit_callbacks
):
    """V5: the worker has read the photo already and is making its files while the consent goes."""
    stale = revoked_meanwhile(photo_of, person, django_capture_on_commit_callbacks)
    assert make_renditions(stale) is False
    assert public_files(photo_folders) == []
    assert not Photo.objects.published().exists()


@pytest.mark.django_db(transaction=True)
def test_without_that_check_the_file_would_lie_in_public_and_the_sweep_would_find_it(
    photo_of, person, photo_folders, monkeypatch, django_capture_on_commit_callbacks
):
    """The negative control of the test above, and the net below it: no row knows the folder, so it goes."""
    stale = revoked_meanwhile(photo_of, person, django_capture_on_commit_callbacks)
    monkeypatch.setattr(photos, "_still_wanted", lambda photo, folder: True)
    with pytest.raises(Exception, match="photo_public_files_only_while_published"):
        make_renditions(stale)  # the database refuses the row, but the files are written
    assert len(public_files(photo_folders)) == 6

    assert photos.sweep_public_files() == 1
    assert public_files(photo_folders) == []


def test_published_again_the_files_lie_elsewhere(photo_of, django_capture_on_commit_callbacks):
    """An address kept from the first time leads nowhere, and a worker of the first time writes nothing."""
    photo = photo_of()
    publish(photo)
    photo.refresh_from_db()
    first = photo.folder
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(photo)
    publish(photo)
    assert make_renditions(photo) is False  # as it was read the first time
    photo.refresh_from_db()
    assert photo.folder not in {"", first}
    assert make_renditions(photo) is True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_two_workers_and_a_revocation_at_once_leave_nothing_public(
    photo_of, person, photo_folders, resident_text, round_
):
    give(person, "photo", given_by=person)
    photo = photo_of(person)
    publish(photo)
    photo.refresh_from_db()
    results = at_once(
        lambda: make_renditions(photo),
        lambda: revoke(person, "photo", revoked_by=person),
        lambda: make_renditions(photo),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    assert public_files(photo_folders) == []
    assert not Photo.objects.published().exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_makes_the_files(photo_of, photo_folders):
    photo = photo_of()
    publish(photo)
    photo.refresh_from_db()
    assert sorted(at_once(lambda: make_renditions(photo), lambda: make_renditions(photo))) == [False, True]
    assert len(public_files(photo_folders)) == 6


def test_the_sweep_leaves_what_is_shown_and_takes_what_no_row_knows(make_photo, photo_folders):
    make_photo()
    public_storage().save("photos/left-behind/640.jpg", ContentFile(b"x"))
    public_storage().save("photos/1-2.webp", ContentFile(b"x"))
    assert photos.sweep_public_files() == 2
    assert len(public_files(photo_folders)) == 6


# --- consents ---


def test_everybody_recognisable_must_have_agreed(photo_of, person, make_person, photo_folders):
    """V5, and ph05 of the demo: one refusal keeps the picture private."""
    give(person, "photo", given_by=person)
    other = make_person(name="葛兰")
    photo = photo_of(person, other)
    with pytest.raises(
        Refusal, match="Not published: there is no consent to photos of 1 person to be recognised. Ask first"
    ):
        publish(photo)
    assert public_files(photo_folders) == []


@pytest.mark.parametrize("age", [10, 16])
def test_for_a_minor_the_guardian_agrees(photo_of, make_child, person, age):
    kid = make_child(person, age=age)
    photo = photo_of(kid)
    with pytest.raises(Refusal):
        publish(photo)
    give(kid, "photo", given_by=person)
    publish(photo)
    photo.refresh_from_db()
    assert photo.published_at


def test_taking_consent_back_hides_pictures_at_once(
    photo_of, person, photo_folders, django_capture_on_commit_callbacks
):
    """V5: at once, and the public file is gone too."""
    give(person, "photo", given_by=person)
    shown, other = photo_of(person), photo_of()
    for one in (shown, other):
        publish(one)
    make_due_renditions()
    with django_capture_on_commit_callbacks(execute=True):
        revoke(person, "photo", revoked_by=person)

    assert list(Photo.objects.published()) == [other]
    other.refresh_from_db()
    assert public_storage().listdir("photos") == ([other.folder], [])
    shown.refresh_from_db()
    assert (shown.folder, shown.files, shown.preview) == ("", {}, "")
    assert shown.original.file.storage.exists(shown.original.file.name)  # the original stays, privately


def test_another_purpose_taken_back_hides_nothing(photo_of, person):
    for purpose in ("photo", "record"):
        give(person, purpose, given_by=person)
    photo = photo_of(person)
    publish(photo)
    revoke(person, "record", revoked_by=person)
    assert list(Photo.objects.published()) == [photo]


def test_a_removed_child_leaves_public_pictures(photo_of, person, make_child, django_capture_on_commit_callbacks):
    kid = make_child(person)
    give(kid, "photo", given_by=person)
    publish(photo_of(kid))
    with django_capture_on_commit_callbacks(execute=True):
        remove_child(person, kid)
    assert not Guardianship.objects.filter(ended_at=None).exists()
    assert not Photo.objects.published().exists()


def test_without_words_for_who_cannot_see_it_nothing_is_published(photo_of):
    with pytest.raises(Refusal, match="what can be seen"):
        publish(photo_of(alt=" "))


def test_withdrawing_twice_is_harmless(photo_of, django_capture_on_commit_callbacks):
    photo = photo_of()
    publish(photo)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(photo)
        withdraw(photo)
    assert not Photo.objects.published().exists()


def test_a_pair_is_of_two_photos_of_one_place(photo_of, make_photo, elsewhere):
    photo, other = photo_of(), make_photo(published=False, place=elsewhere)
    with pytest.raises(Refusal, match="two different photos"):
        photos.pair(photo, photo)
    with pytest.raises(Refusal, match="same residential area"):
        photos.pair(photo, other)
