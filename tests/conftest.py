"""Rows that most tests start from. The clock stands at 2018-12-20 09:00 in Shanghai unless a test moves it."""

from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache, caches
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from model_bakery import baker
from PIL import Image

from activities.models import Status
from people.access.viewer import Viewer
from people.models import Consent, ConsentText, Guardianship, Location, Neighbourhood, Person, Photo, PrivateFile, User
from people.operations import photos
from people.outbox import message_kinds
from portal import clock
from portal.files import Picture
from portal.page_cache import shared_rows
from portal.page_cache.middleware import memory
from portal.storage import PrivateStorage
from tests.people import outbox_sink
from tests.registries import also

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2018, 12, 20, 9, tzinfo=SHANGHAI)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, so that no worker sits at one of them while the others have nothing left to take over.

    By marks alone and otherwise as they were, for all workers must find the same order.
    """
    items.sort(key=lambda item: not any(item.iter_markers("slow")) and not any(item.iter_markers("browser")))


@pytest.fixture(scope="session", autouse=True)
def quick_flush():
    """After a test with real transactions all tables are emptied. On PostgreSQL Django truncates them, which makes new files for
    each of 150 tables, most of them empty. Deleting waits for whoever still writes, as that does, and is done at once."""
    if connection.vendor != "postgresql":
        yield
        return

    def sql_flush(style, tables, **options) -> list[str]:
        names = [connection.ops.quote_name(table) for table in tables]
        opened = "SELECT set_config('portal.opened', 'on', true)"  # what is signed would stay
        return [opened, f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE", *(f"DELETE FROM {name}" for name in names)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True)
def at():
    """The moment at which the clock stands; tests that need another use ``clock.frozen``."""
    with clock.frozen(NOW):
        yield NOW


@pytest.fixture(autouse=True)
def fresh_cache():
    """Rate limits and cached pages of one test are not the next one's."""
    cache.clear()


@pytest.fixture
def page_cache(settings):
    """Public pages are kept, as on a server; without this each is made anew, so that tests see what a view does."""
    settings.PAGE_CACHE_BYTES = 4 * 2**20
    caches["shared"].clear()
    memory.clear()
    shared_rows.clear()
    yield
    memory.clear()
    shared_rows.clear()


@pytest.fixture
def neighbourhood(db) -> Neighbourhood:
    return baker.make(
        Neighbourhood, slug="lane-600", name="宝昌路600弄居民区", short_name="宝昌路600弄", phone="10000000001"
    )


@pytest.fixture
def elsewhere(db) -> Neighbourhood:
    return baker.make(Neighbourhood, slug="lane-700", name="七百弄居民区", phone="10000000007")


@pytest.fixture
def location(neighbourhood) -> Location:
    return baker.make(Location, neighbourhood=neighbourhood, name="墙下花坛", kind="garden", step_free=True)


@pytest.fixture
def make_person(neighbourhood):
    """Makes an adult of 30 with an e-mail; ``age`` for another age on 2018-12-20, ``user=True`` for an account."""
    count = 0

    def make(age: int | None = 30, *, user: bool = False, place=None, **fields) -> Person:
        nonlocal count
        count += 1
        if age is not None:
            fields.setdefault("birth_date", NOW.date().replace(year=NOW.year - age) - timedelta(days=30))
        fields.setdefault("name", f"居民{count}")
        if age is None or age >= 18:
            fields.setdefault("email", f"p{count}@example.org")
        account = User.objects.create_user(fields["email"]) if user else None
        return baker.make(Person, neighbourhood=place or neighbourhood, user=account, added_at=NOW, **fields)

    return make


@pytest.fixture
def person(make_person) -> Person:
    return make_person(user=True)


@pytest.fixture
def people(make_person) -> list[Person]:
    return [make_person() for _ in range(4)]


@pytest.fixture
def guardian_text(db) -> ConsentText:
    return baker.make(
        ConsentText, audience="guardian", version="监护人告知书 1.0", body="同意", published_on=NOW.date()
    )


@pytest.fixture
def resident_text(db) -> ConsentText:
    return baker.make(ConsentText, audience="resident", version="居民告知书 1.0", body="同意", published_on=NOW.date())


@pytest.fixture
def make_child(make_person, guardian_text):
    """Makes a child of ``guardian``, with the standing consent to the data that its age asks for (V4)."""

    def make(guardian: Person, age: int = 10, *, data: bool = True, **fields) -> Person:
        child = make_person(age, email="", **fields)
        baker.make(Guardianship, guardian=guardian, child=child, relation="母亲", declared_at=NOW)
        if data:
            giver = child if age >= 14 else guardian
            baker.make(Consent, person=child, purpose="data", text=guardian_text, given_by=giver, given_at=NOW)
        return child

    return make


@pytest.fixture
def make_activity(neighbourhood, location):
    """Makes a published activity open to residents, two days ahead; fields override."""

    def make(**fields):
        from volunteers.models import Shift

        model = fields.pop("model", Shift)
        starts = fields.pop("starts_at", NOW + timedelta(days=3))
        values = {
            "neighbourhood": neighbourhood,
            "kind": "shift" if model is Shift else "",
            "title": "盖草帘",
            "text": "给花坛盖草帘",
            "location": location,
            "risks": "低温",
            "safeguards": "手套",
            "open_to": ["residents"],
            "status": Status.PUBLISHED,
            "minors": "with_guardian",
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            **fields,
        }
        return baker.make(model, **values)

    return make


@pytest.fixture
def activity(make_activity):
    return make_activity(capacity=3)


@pytest.fixture
def photo_folders(monkeypatch, settings, tmp_path):
    """Files of a test lie in its own folder: ``private`` and ``media``."""
    monkeypatch.setattr(PrivateFile._meta.get_field("file"), "storage", PrivateStorage(location=tmp_path / "private"))
    monkeypatch.setitem(storages._storages, "public", FileSystemStorage(tmp_path / "media", "/media/"))
    settings.MEDIA_ROOT = tmp_path / "media"  # where the view looks that serves them
    return tmp_path


@pytest.fixture
def make_photo(neighbourhood, photo_folders):
    """Makes a real photo of 800 by 600; ``published=True`` with its public files, ``False`` kept privately."""

    def make(alt="墙下的花坛", *, published=True, people=(), place=None, size=(800, 600), **fields) -> Photo:
        out = BytesIO()
        Image.new("RGB", size, "#a83c28").save(out, "JPEG")
        picture = Picture(out.getvalue(), "花坛.jpg", "image/jpeg", "jpg", *size)
        photo = photos.add_photo(picture, neighbourhood=place or neighbourhood, alt=alt, people=people, **fields)
        if published:
            photos.publish(photo)
            photo.refresh_from_db()
            photos.make_renditions(photo)
            photo.refresh_from_db()
        return photo

    return make


@pytest.fixture
def viewer_of(neighbourhood):
    """The Viewer of a user (or None) in the neighbourhood."""

    def make(user=None, place=None) -> Viewer:
        return Viewer(place or neighbourhood, user)

    return make


@pytest.fixture
def test_messages():
    """The kinds of message that the outbox's tests send (tests/people/outbox_sink.py)."""
    with also(message_kinds, *outbox_sink.KINDS):
        yield
