"""Two staff members at once: no version becomes final over an open item, no answer overwrites another's, no number twice."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from people.models import Message
from portal.refusals import Refusal
from projects.models import DesignDraft, Feedback, Project
from projects.operations import drafts, feedback, following
from tests.conftest import NOW
from tests.parallel import at_once
from tests.staff import staff_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def approval(make_draft):
    """A version whose notice is over; one more item may still come in for it, as its round runs."""
    make_draft(round=None)
    return make_draft(
        kind="final", notice_from=TODAY - 8 * DAY, notice_until=TODAY - DAY, round=(TODAY - 8 * DAY, TODAY)
    )


def final_and_open() -> bool:
    """What P2 forbids."""
    return DesignDraft.objects.filter(is_final=True).exists() and Feedback.objects.pending().exists()


def late_item_and_final(approval, clerk):
    return at_once(
        lambda: feedback.give(approval, "最后一条", at=NOW, by=clerk, channel="paper_box"),
        lambda: drafts.finalise(approval, at=NOW),
    )


@pytest.fixture
def clerk(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


def test_an_item_and_final_at_once_never_miss_one_another(approval, clerk):
    """P2: whichever comes first, the other is refused with a sentence."""
    results = late_item_and_final(approval, clerk)

    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] in ([Refusal], [Refusal])
    assert not final_and_open()


def test_an_answer_and_taking_back_at_once_never_miss_one_another(draft, person):
    """Either it is answered and stays, or it is gone and there is nothing to answer."""
    item = feedback.give(draft, "颜色淡一点", at=NOW, person=person)

    results = at_once(
        lambda: feedback.answer(item, disposition="adopted", reply="好", at=NOW),
        lambda: feedback.take_back(Feedback.objects.get(pk=item.pk), person, at=NOW),
    )

    assert sum(isinstance(one, Refusal) for one in results) == 1
    assert Feedback.objects.filter(reply="好").exists() != (Feedback.objects.count() == 0)


def test_without_the_lock_an_answer_brings_back_what_was_erased(draft, person, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")
    item = feedback.give(draft, "颜色淡一点", at=NOW, person=person)
    monkeypatch.setattr(feedback, "lock", lambda project_id: Project.objects.get(pk=project_id))
    decided, has_read, has_erased = feedback.check_answer, threading.Event(), threading.Event()

    def slow(*args, **options):
        decided(*args, **options)
        has_read.set()
        has_erased.wait(timeout=20)

    def erase():
        has_read.wait(timeout=20)
        feedback.take_back(Feedback.objects.get(pk=item.pk), person, at=NOW)
        has_erased.set()

    monkeypatch.setattr(feedback, "check_answer", slow)
    at_once(lambda: feedback.answer(item, disposition="adopted", reply="好", at=NOW), erase)

    assert Feedback.objects.filter(text="颜色淡一点").exists()


def test_the_negative_control_fails_without_the_lock(approval, clerk, monkeypatch):
    """The same with the lock taken out must not come out right, or the test above proves nothing."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")
    unlocked = lambda project_id: Project.objects.get(pk=project_id)  # noqa: E731
    monkeypatch.setattr(drafts, "lock", unlocked)
    monkeypatch.setattr(feedback, "lock", unlocked)
    decided = drafts.check_final

    def slow(*args, **options):
        decided(*args, **options)
        has_decided.set()
        time.sleep(2)  # widens the gap between deciding and writing that the lock closes

    def late_item():
        has_decided.wait(timeout=20)
        return feedback.give(approval, "最后一条", at=NOW, by=clerk, channel="paper_box")

    has_decided = threading.Event()
    monkeypatch.setattr(drafts, "check_final", slow)
    at_once(late_item, lambda: drafts.finalise(approval, at=NOW))

    assert final_and_open()


def test_two_who_answer_the_same_item_at_once(make_draft):
    item = feedback.give(make_draft(), "画历史", at=NOW)
    say = lambda reply: lambda: feedback.answer(item, disposition="adopted", reply=reply, at=NOW, seen=0)  # noqa: E731
    results = at_once(say("甲"), say("乙"))

    (refused,) = [one for one in results if isinstance(one, Exception)]
    (kept,) = [one for one in results if not isinstance(one, Exception)]
    assert isinstance(refused, Refusal)
    assert f"“{kept.reply}”" in str(refused)  # in whatever language the thread speaks
    item.refresh_from_db()
    assert (item.reply, item.revision) == (kept.reply, 1)


def test_many_at_once_get_a_number_each(make_draft, make_person):
    draft = make_draft()
    people = [make_person() for _ in range(8)]
    results = at_once(*(lambda who=who: feedback.give(draft, f"话{who.pk}", at=NOW, person=who) for who in people))

    assert sorted(one.number for one in results) == list(range(1, 9))


def test_pressing_twice_at_once_is_one_item(make_draft, person):
    draft = make_draft()
    at_once(*[lambda: feedback.give(draft, "淡一点", at=NOW, person=person)] * 4)

    assert Feedback.objects.count() == 1


def test_two_who_prepare_the_next_version_at_once(make_draft):
    project = make_draft().project
    results = at_once(*[lambda: drafts.prepare(project, kind="revision", summary="下一稿")] * 2)

    assert [isinstance(one, Refusal) for one in results].count(True) == 1
    assert [one.version for one in project.drafts.all()] == [1, 2]


def test_two_sweeps_at_once_write_one_digest(make_draft, person):
    project = make_draft(published_at=NOW + timedelta(hours=1)).project
    following.follow(project, person, at=NOW)
    friday = NOW.replace(day=21, hour=18)
    results = at_once(*[lambda: following.queue_digests(friday)] * 3)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert Message.objects.count() == 1


def test_two_sweeps_at_once_tell_each_answer_once(make_draft, person):
    item = feedback.give(make_draft(), "淡一点", at=NOW, person=person)
    feedback.answer(item, disposition="adopted", reply="好", at=NOW)
    later = NOW + timedelta(hours=1)
    results = at_once(*[lambda: feedback.tell_settled(later)] * 3)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert Message.objects.count() == 1
