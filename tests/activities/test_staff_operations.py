"""What staff do with an activity, at the operations: cancel, move, publish, record who came, finish what is past."""

from datetime import timedelta

import pytest

from activities.operations import attendance, lifecycle
from people.models import Occasion
from portal.refusals import Refusal
from tests.activities.booking import book, statuses
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_cancelling_tells_everyone_and_ends_their_sign_ups(make_activity, people):
    activity = make_activity(capacity=1)
    for person in people[:2]:
        book(activity, person)
    lifecycle.cancel(activity, at=NOW, by=None, reason="寒潮")
    activity.refresh_from_db()
    assert (activity.status, activity.cancel_reason) == ("cancelled", "寒潮")
    assert statuses(activity) == ["cancelled", "cancelled"]
    assert Occasion.objects.filter(kind="activity_cancelled").count() == 2


def test_cancelling_needs_a_reason(activity):
    with pytest.raises(Refusal, match="say why"):
        lifecycle.cancel(activity, at=NOW, by=None, reason=" ")


def test_moving_raises_the_revision_and_keeps_the_old_time(make_activity, person, location):
    activity = make_activity()
    book(activity, person)
    start = activity.starts_at + timedelta(hours=4)
    lifecycle.move(
        activity, at=NOW, by=None, starts_at=start, ends_at=start + timedelta(hours=1), location=location, reason="错开"
    )
    activity.refresh_from_db()
    assert (activity.revision, activity.starts_at) == (2, start)
    assert activity.moves.get().old_starts_at == start - timedelta(hours=4)
    assert Occasion.objects.get(kind="activity_moved").revision == 2
    assert activity.history.count() >= 2  # the shift's own history, not the base's alone


def test_attendance_is_recorded_after_the_start(activity, person):
    book(activity, person)
    with pytest.raises(Refusal, match="once it has begun"):
        attendance.record_attendance(activity, {person.pk: "attended"}, at=NOW, by=None)
    assert attendance.record_attendance(activity, {person.pk: "attended"}, at=activity.starts_at, by=None) == 1


def test_publishing_needs_what_the_law_wants_told(make_activity):
    """V1."""
    draft = make_activity(status="draft", risks="", text="")
    with pytest.raises(Refusal, match="text, risks"):
        lifecycle.publish(draft, at=NOW, by=None)


def test_past_activities_are_finished(make_activity):
    over = make_activity(starts_at=NOW - timedelta(hours=3), ends_at=NOW - timedelta(hours=1))
    make_activity()
    assert lifecycle.finish_past(NOW) == 1
    over.refresh_from_db()
    assert over.status == "done"
