"""A page from memory is never an old one: what writes, publishes or moves the clock raises the version (docs/rules/caching.md)."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from model_bakery import baker

from activities.operations import sign_ups
from people.models import Consent, Heartbeat, Location, Neighbourhood, Photo, TrialClock
from people.operations import consents, photos
from portal import clock
from portal.files import PictureField
from portal.page_cache import version
from tests.conftest import NOW
from tests.people.test_files import picture_bytes, upload
from tests.portal.kept_pages import *  # noqa: F403
from tests.portal.kept_pages import CALENDAR

pytestmark = pytest.mark.django_db


def test_a_seat_taken_shows_at_once(warm, client, commits, make_activity, person):
    activity = make_activity(capacity=1, title="只有一个名额")
    assert "Few seats left" in warm()
    with commits():
        sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    assert "Full" in client.get(CALENDAR).content.decode()


def test_hidden_things_leave_at_once(warm, client, commits, make_activity):
    activity = make_activity(title="后来改成草稿")
    assert "后来改成草稿" in warm()
    with commits():
        type(activity).objects.filter(pk=activity.pk).update(status="draft")
    assert "后来改成草稿" not in client.get(CALENDAR).content.decode()


def test_a_revoked_photo_leaves_at_once(warm, client, commits, neighbourhood, person, resident_text):
    """V5: revoking hides the pictures at once, also from pages that lie ready."""
    from projects.models import Project, ProjectPhoto

    given = {"person": person, "given_by": person, "text": resident_text, "given_at": NOW}
    baker.make(Consent, purpose="photo", revoked_at=None, **given)
    picture = PictureField().clean(upload(picture_bytes(), "水.jpg"))
    photo = photos.add_photo(picture, neighbourhood=neighbourhood, alt="居民在浇水", people=[person])
    photos.publish(photo)
    project = baker.make(Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True)
    baker.make(ProjectPhoto, project=project, photo=photo)
    assert "居民在浇水" in warm("/lane-600/projects/wall/")
    with commits():
        consents.revoke(person, "photo", revoked_by=person)
    assert "居民在浇水" not in client.get("/lane-600/projects/wall/").content.decode()


def test_the_clock_makes_pages_old(warm, costs):
    warm()
    with clock.frozen(NOW + timedelta(minutes=4, seconds=59)):
        assert costs() == 0
    with clock.frozen(NOW + timedelta(minutes=5)):
        assert costs() > 0


@pytest.mark.parametrize("how", ["save", "update", "bulk_create", "delete", "many to many", "raw"])
def test_whatever_writes_raises_the_version(page_cache, commits, neighbourhood, how):
    location = baker.make(Location, neighbourhood=neighbourhood, name="花坛", kind="garden")
    photo = baker.make(Photo, neighbourhood=neighbourhood)
    person = baker.make("people.Person", neighbourhood=neighbourhood)
    version.begin("lane-600")
    before = version.current("lane-600")
    with commits():
        if how == "save":
            location.save()
        elif how == "update":
            Location.objects.update(name="墙")
        elif how == "bulk_create":
            Location.objects.bulk_create([Location(neighbourhood=neighbourhood, code="x", name="门", kind="gate")])
        elif how == "delete":
            location.delete()
        elif how == "many to many":
            photo.people.add(person)
        else:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE people_location SET name = %s", ["门"])
        assert version.current("lane-600") == before  # not before the commit
    assert version.current("lane-600") != before


def test_reading_and_what_no_public_page_shows_raise_nothing(page_cache, commits, neighbourhood, person):
    version.begin("lane-600")
    before = version.current("lane-600")
    with commits():
        with transaction.atomic():
            list(Location.objects.select_for_update())
        list(Location.objects.order_by().union(Location.objects.order_by()))
        Heartbeat.objects.create(name="worker", beaten_at=NOW)
        TrialClock.objects.create(position=NOW, anchored_at=NOW, alive_until=NOW)
        baker.make("people.Message", recipient=person, neighbourhood=neighbourhood)
        Client().force_login(person.user)  # a session, and the account's last log-in
        person.history.update(history_change_reason="x")
    assert version.current("lane-600") == before


def test_what_is_rolled_back_raises_nothing_and_hides_nothing(page_cache, commits, neighbourhood):
    version.begin("lane-600")
    before = version.current("lane-600")
    with commits():
        try:
            with transaction.atomic():
                Location.objects.create(neighbourhood=neighbourhood, code="a", name="门", kind="gate")
                raise RuntimeError
        except RuntimeError:
            pass
    assert version.current("lane-600") == before
    with commits():  # and the next write is seen, also beside a savepoint that goes
        Location.objects.create(neighbourhood=neighbourhood, code="b", name="门", kind="gate")
        try:
            with transaction.atomic():
                Location.objects.create(neighbourhood=neighbourhood, code="c", name="门", kind="gate")
                raise RuntimeError
        except RuntimeError:
            pass
    assert version.current("lane-600") != before


@pytest.mark.django_db(transaction=True)
def test_a_real_commit_raises_it(page_cache, neighbourhood):
    version.begin("lane-600")
    before = version.current("lane-600")
    with transaction.atomic():
        Location.objects.create(neighbourhood=neighbourhood, code="a", name="门", kind="gate")
        assert version.current("lane-600") == before
    middle = version.current("lane-600")
    assert middle != before
    Location.objects.update(name="墙")  # a write of its own commits itself
    assert version.current("lane-600") != middle


def test_a_sign_up_leaves_the_pages_of_other_neighbourhoods(warm, costs, commits, elsewhere, activity, person):
    warm()
    warm("/lane-700/calendar/")
    resident = Client()
    resident.force_login(person.user)
    with commits():
        resident.post(f"/lane-600/activities/{activity.pk}/sign-up/", {"who": [person.pk]})
    assert activity.sign_ups.count() == 1
    assert costs() > 0
    assert costs("/lane-700/calendar/") == 0


def test_staff_and_sweeps_raise_it_for_all(warm, costs, commits, elsewhere):
    warm()
    warm("/lane-700/calendar/")
    with commits():
        Neighbourhood.objects.filter(slug="lane-600").update(slogan="新口号")
    assert costs() > 0
    assert costs("/lane-700/calendar/") > 0


def test_a_jump_of_the_trial_clock_raises_it(page_cache, settings, monkeypatch, neighbourhood):
    settings.TRIAL = True
    monkeypatch.setattr(clock, "_frozen", None)
    monkeypatch.setattr(clock, "_cache", None)
    version.begin("lane-600")
    before = version.current("lane-600")
    clock.jump(timedelta(seconds=30), lambda: None)
    assert version.current("lane-600") != before


def test_a_lost_version_never_comes_again(page_cache):
    seen = set()
    for _ in range(50):
        version.begin("lane-600")
        seen.add(version.current("lane-600"))
        caches["shared"].clear()
    assert len(seen) == 50
