"""Writing messages: once for each occasion, in the caller's transaction (DESIGN.md §3 "Messages", "Reminders")."""

import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count
from model_bakery import baker

from people import outbox
from people.models import Message, Occasion, OptOut, Person
from people.outbox import send_now, worker_calls, writing
from tests.parallel import at_once
from tests.people.outbox_sink import HINT, IN_A_WEEK, NOTE, make_letters, make_people

pytestmark = pytest.mark.usefixtures("test_messages")
About = outbox.About


def sh(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


# --- one message ---


def test_a_message_is_written_with_its_occasions_before_anything_is_sent(person, at, mailoutbox):
    """Messages: row and occasions in one transaction; the subject is the recipient unless another is named."""
    message = outbox.queue(NOTE, person, [About("sign_up:7", revision=2)], at=at, expires_at=at + IN_A_WEEK)

    assert (message.state, message.channel, message.address) == ("pending", "email", person.email)
    assert (message.queued_at, message.due_at, message.expires_at) == (at, at, at + IN_A_WEEK)
    assert message.neighbourhood == person.neighbourhood
    occasions = message.occasions.values_list("recipient", "subject_person", "key", "kind", "revision")
    assert list(occasions) == [(person.pk, person.pk, "sign_up:7", "test_note", 2)]
    assert mailoutbox == []


def test_each_row_has_its_own_lasting_message_id(people, at):
    first, second = (outbox.queue(NOTE, person, [About("x:1")], at=at).message_id for person in people[:2])

    assert first != second
    assert first.startswith("<")
    assert first.endswith("@testserver>")


def test_the_same_occasion_is_written_once(person, at):
    """Messages: unique on (recipient, subject person, occasion key, kind, revision)."""
    assert outbox.queue(NOTE, person, [About("sign_up:7")], at=at)
    assert outbox.queue(NOTE, person, [About("sign_up:7")], at=at) is None
    assert Message.objects.count() == 1


def test_a_new_revision_another_person_or_another_kind_is_another_occasion(people, at):
    me, child = people[:2]
    abouts = [About("sign_up:7"), About("sign_up:7", revision=2), About("sign_up:7", child), About("sign_up:8")]
    for about in abouts:
        assert outbox.queue(NOTE, me, [about], at=at)
    assert outbox.queue(HINT, me, [About("sign_up:7")], at=at)
    assert Occasion.objects.count() == 5


def test_a_message_keeps_only_what_was_not_told_before(people, at):
    """Reminders: several occasions make one mail; what went before is left out."""
    me, child = people[:2]
    outbox.queue(NOTE, me, [About("sign_up:1")], at=at)
    message = outbox.queue(NOTE, me, [About("sign_up:1"), About("sign_up:2", child)], at=at)

    assert list(message.occasions.values_list("key", "subject_person")) == [("sign_up:2", child.pk)]


def test_a_message_may_stand_for_another_kind(person, at):
    """Reminders: a "moved" mail inside the lead counts as that revision's reminder."""
    moved = [About("sign_up:7", revision=2), About("sign_up:7", revision=2, kind=HINT.code)]
    message = outbox.queue(NOTE, person, moved, at=at)

    assert message.occasions.count() == 2
    assert outbox.queue(HINT, person, [About("sign_up:7", revision=2)], at=at) is None


def test_what_it_stands_for_alone_is_no_reason_to_write(person, at):
    """Told again only because of the other kind would be the same news twice."""
    outbox.queue(NOTE, person, [About("sign_up:7")], at=at)

    assert outbox.queue(NOTE, person, [About("sign_up:7"), About("sign_up:7", kind=HINT.code)], at=at) is None
    assert outbox.queue_many(
        NOTE, [outbox.Letter(person, [About("sign_up:7"), About("sign_up:7", kind=HINT.code)])], at=at
    ) == 0  # fmt: skip
    assert Message.objects.count() == 1


def test_a_rollback_sends_nothing(person, at):
    """Messages: written in the caller's transaction."""
    with transaction.atomic():
        outbox.queue(NOTE, person, [About("x:1")], at=at)
        transaction.set_rollback(True)

    assert not Message.objects.exists()


def test_a_known_occasion_does_not_spoil_the_callers_transaction(person, at):
    outbox.queue(NOTE, person, [About("x:1")], at=at)
    with transaction.atomic():
        assert outbox.queue(NOTE, person, [About("x:1")], at=at) is None
        assert Message.objects.count() == 1  # on PostgreSQL a failed statement would end the transaction here


def test_who_has_no_address_stands_on_the_phone_list(make_person, at):
    """Reminders: people without e-mail stand on a printable phone list."""
    message = outbox.queue(NOTE, make_person(email="", phone="138"), [About("x:1")], at=at)

    assert (message.channel, message.address) == ("phone", "")


def test_the_address_of_an_account_serves_where_the_person_has_none(make_person, at):
    person = make_person(user=True)
    account, person.email = person.user.email, ""
    person.save()

    assert outbox.queue(NOTE, person, [About("x:1")], at=at).address == account


def test_nothing_is_written_to_whom_was_erased(make_person, at):
    """Records: erasing a person anonymises messages too."""
    erased = make_person(anonymised_at=at)

    assert outbox.queue(NOTE, erased, [About("x:1")], at=at) is None
    assert outbox.queue_many(NOTE, make_letters([erased]), at=at) == 0


def test_an_unwanted_optional_kind_is_not_written_and_others_are(people, at):
    """Messages: List-Unsubscribe per kind; confirmations and changes always go."""
    me, other = people[:2]
    for kind in (NOTE, HINT):
        baker.make(OptOut, person=me, kind=kind.code, since=at)

    assert outbox.queue(HINT, me, [About("x:1")], at=at) is None
    assert outbox.queue(NOTE, me, [About("x:1")], at=at)
    assert outbox.queue_many(HINT, make_letters([me, other]), at=at) == 1


# --- when ---


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2018-12-20T18:00", "2018-12-20T18:00"),
        ("2018-12-20T20:59", "2018-12-20T20:59"),
        ("2018-12-20T21:00", "2018-12-20T20:30"),
        ("2018-12-20T23:30", "2018-12-20T20:30"),
        ("2018-12-21T00:00", "2018-12-20T20:30"),
        ("2018-12-21T07:59", "2018-12-20T20:30"),
        ("2018-12-21T08:00", "2018-12-21T08:00"),
    ],
)
def test_a_reminder_in_quiet_hours_moves_earlier_never_later(moment, due):
    """Reminders: quiet hours 21:00-08:00; one that falls there moves earlier, to 20:30."""
    assert outbox.reminder_due(sh(moment)) == sh(due)


@pytest.mark.parametrize(
    ("moment", "starts", "due"),
    [
        ("2018-12-20T15:00", "2018-12-25T09:00", "2018-12-20T15:00"),
        ("2018-12-20T22:00", "2018-12-25T09:00", "2018-12-21T08:00"),
        ("2018-12-21T03:00", "2018-12-25T09:00", "2018-12-21T08:00"),
        ("2018-12-20T22:00", "2018-12-21T10:00", "2018-12-20T22:00"),  # 12 hours: near enough to wake
        ("2018-12-20T22:00", "2018-12-21T10:01", "2018-12-21T08:00"),
        ("2018-12-21T07:00", "2018-12-21T08:30", "2018-12-21T07:00"),
    ],
)
def test_a_change_waits_for_the_morning_unless_the_start_is_near(moment, starts, due, person):
    """Reminders: cancelled, moved, swap and empty-slot messages go at any hour for a start within 12 h."""
    message = outbox.queue(NOTE, person, [About("x:1")], at=sh(moment), starts_at=sh(starts))

    assert message.due_at == sh(due)
    assert message.expires_at == sh(starts)


def test_a_confirmation_goes_at_once_at_any_hour(person):
    """Reminders: codes, confirmations and receipts go at once."""
    night = sh("2018-12-20T23:00")

    assert outbox.queue(NOTE, person, [About("x:1")], at=night, expires_at=night + IN_A_WEEK).due_at == night


# --- many ---


def test_many_are_written_at_the_same_cost_for_each_chunk(neighbourhood, at, django_assert_max_num_queries):
    people = make_people(neighbourhood, writing.CHUNK, at)
    with django_assert_max_num_queries(8 if connection.vendor == "postgresql" else 20):  # SQLite inserts in portions
        assert outbox.queue_many(HINT, make_letters(people), at=at) == len(people)


def test_many_leave_out_what_was_told_before(people, at):
    outbox.queue(NOTE, people[0], [About(f"x:{people[0].pk}")], at=at)

    assert outbox.queue_many(NOTE, make_letters(people), at=at) == 3
    assert outbox.queue_many(NOTE, make_letters(people), at=at) == 0
    assert not Message.objects.annotate(size=Count("occasions")).exclude(size=1).exists()


def test_one_occasion_twice_in_a_call_makes_one_message(person, at):
    letters = [outbox.Letter(person, [About("x:1")]), outbox.Letter(person, [About("x:1"), About("x:2")])]

    assert outbox.queue_many(NOTE, letters, at=at) == 2
    assert sorted(Message.objects.values_list("occasions__key", flat=True)) == ["x:1", "x:2"]


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_write_each_reminder_once(neighbourhood, at, monkeypatch):
    """Messages: two beats at once; nobody is missed, nobody is written to twice, and no message is empty."""
    people = make_people(neighbourhood, 120, at)
    monkeypatch.setattr(writing, "CHUNK", 7)
    # As unlike as two beats can be: other groupings of the same occasions, in another order.
    pairs = [outbox.Letter(one, [About("x:1"), About("x:2")]) for one in people]
    singles = [outbox.Letter(one, [About(key)]) for one in reversed(people) for key in ("x:2", "x:1")]
    barrier = threading.Barrier(2)

    def beat(letters):
        barrier.wait()
        outbox.queue_many(NOTE, letters, at=at)

    assert at_once(lambda: beat(pairs), lambda: beat(singles)) == [None] * 2

    told = Occasion.objects.order_by("recipient", "key").values_list("recipient", "key")
    assert list(told) == [(one.pk, key) for one in people for key in ("x:1", "x:2")]
    assert not Message.objects.filter(occasions=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write at a time")
@pytest.mark.parametrize("commits", [True, False])
def test_a_beat_waits_for_the_other_and_writes_what_that_one_did_not(person, at, commits):
    """An occasion that another transaction is writing is left to it only if it is really written."""
    written = threading.Event()
    waits = threading.Event()

    def first():
        with transaction.atomic():
            outbox.queue(NOTE, person, [About("x:1")], at=at)
            written.set()
            waits.wait(timeout=1)  # by then the other one hangs on our row
            transaction.set_rollback(not commits)

    def second():
        written.wait(timeout=5)
        outbox.queue_many(NOTE, [outbox.Letter(person, [About("x:1"), About("x:2")])], at=at)

    assert at_once(first, second) == [None] * 2

    assert sorted(Occasion.objects.values_list("key", flat=True)) == ["x:1", "x:2"]
    assert Message.objects.count() == (2 if commits else 1)
    assert not Message.objects.filter(occasions=None).exists()


# --- waking a worker ---


@pytest.fixture
def woken(monkeypatch):
    """What workers were asked for."""
    calls = []
    monkeypatch.setattr(send_now.worker, "ask", calls.append)
    return calls


def test_a_due_message_wakes_a_worker_on_commit(person, at, woken, django_capture_on_commit_callbacks):
    """Messages: at-once messages are dispatched on commit."""
    with django_capture_on_commit_callbacks(execute=True):
        message = outbox.queue(NOTE, person, [About("x:1")], at=at)
        assert woken == []
    assert woken == [[message.pk]]


def test_messages_of_one_transaction_wake_a_worker_once(people, at, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ids = [outbox.queue(NOTE, person, [About("x:1")], at=at).pk for person in people]
    assert woken == [ids]


def test_many_messages_wake_a_worker_for_whatever_is_due(people, at, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.queue(NOTE, people[0], [About("x:1")], at=at)
        outbox.queue_many(NOTE, make_letters(people), at=at)
    assert woken == [None]


def test_what_is_due_later_or_told_by_phone_wakes_nobody(people, at, woken, django_capture_on_commit_callbacks):
    later, by_phone = people[:2]
    by_phone.email = ""
    with django_capture_on_commit_callbacks(execute=True):
        outbox.queue(NOTE, later, [About("x:1")], at=at, due_at=at + timedelta(hours=1))
        outbox.queue(NOTE, by_phone, [About("x:1")], at=at)
    assert woken == []


def test_a_broker_that_hangs_or_fails_keeps_no_request_waiting(monkeypatch):
    """Messages: the minute sweep is the net; what came meanwhile goes in one call when the broker is back."""
    asked, hangs, answered = [], threading.Event(), threading.Event()

    def broker(name, args, **options):
        asked.append((name, args))
        if len(asked) == 1:
            hangs.wait(timeout=10)
            raise ConnectionError("no broker")
        answered.set()

    monkeypatch.setattr(worker_calls.current_app, "send_task", broker)
    send_now.worker.ask([1])
    while not asked:
        time.sleep(0.01)
    send_now.worker.ask([2])
    send_now.worker.ask([3])
    assert asked == [("people.tasks.dispatch_outbox", ([1],))]  # all three calls have returned

    hangs.set()
    assert answered.wait(timeout=10)
    assert asked[1:] == [("people.tasks.dispatch_outbox", ([2, 3],))]


def test_a_confirmation_costs_few_queries_in_the_seat_transaction(person, at, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(4):  # savepoint, message, occasion, release
        outbox.queue(NOTE, person, [About("x:1")], at=at)


def test_the_registry_knows_what_may_be_switched_off():
    assert HINT in outbox.optional_kinds()
    assert NOTE not in outbox.optional_kinds()
    assert outbox.message_kinds.get("test_note") is NOTE
    assert outbox.message_kinds.get("unheard_of") is None


def test_wishes(person, at):
    outbox.stop(person, HINT, at=at)
    outbox.stop(person, HINT, at=at)
    assert outbox.stopped(person) == {HINT.code}

    outbox.resume(person, HINT)
    assert outbox.stopped(Person.objects.get(pk=person.pk)) == set()
