"""What a page tells every reader alike is asked once until something public changes (docs/rules/caching.md)."""

import pytest
from django.core.cache import caches

from people.models import Location
from portal.page_cache import shared_rows, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def finds(page_cache, neighbourhood):
    """What stands on the shelf of one page after ``find`` was asked for a new number each time."""
    version.begin(neighbourhood.slug)
    asked = iter(range(100))

    def find(place: str = neighbourhood.slug, *what) -> int:
        return shared_rows.shared_rows_of(place, *(what or ("project", 1))).get("number", lambda: next(asked))

    return find


def test_what_was_found_stands_until_something_public_changes(finds, neighbourhood, django_capture_on_commit_callbacks):
    assert finds() == finds() == 0
    with django_capture_on_commit_callbacks(execute=True):
        Location.objects.create(neighbourhood=neighbourhood, name="活动室")
    assert finds() == finds() == 1


def test_each_page_of_each_neighbourhood_has_its_own(finds):
    version.begin("lane-601")
    assert [finds(), finds("lane-600", "project", 2), finds("lane-601")] == [0, 1, 2]
    assert finds() == 0
    version.raise_version("lane-601")
    assert [finds(), finds("lane-601")] == [0, 3]


def test_nothing_is_kept_while_no_version_is_known(finds):
    caches["shared"].clear()
    assert finds() == 0  # and a version begins
    assert finds() == finds() == 1


def test_nothing_is_kept_where_the_cache_is_off(finds, settings):
    settings.PAGE_CACHE_BYTES = 0
    assert [finds(), finds()] == [0, 1]


def test_nothing_found_is_found_too(page_cache, neighbourhood):
    version.begin(neighbourhood.slug)
    one = shared_rows.shared_rows_of(neighbourhood.slug, "project", 1)
    assert one.get("photos", lambda: None) is None
    assert one.get("photos", lambda: pytest.fail("asked again")) is None


def test_the_longest_unused_leaves_first(finds, monkeypatch):
    monkeypatch.setattr(shared_rows, "MOST", 2)
    assert [finds("lane-600", "a"), finds("lane-600", "b"), finds("lane-600", "a"), finds("lane-600", "c")] == [
        0,
        1,
        0,
        2,
    ]
    assert [finds("lane-600", "a"), finds("lane-600", "b")] == [0, 3]
