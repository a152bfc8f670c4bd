"""A whole evening of reminders against a real SMTP server, with everything that can happen to it (issue 2, "Done when")."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from activities.models import Booking, SignUp, SignUpStatus
from activities.operations import lifecycle, reminders, sign_ups
from people import outbox
from people.models import Guardianship, Message, Occasion, Person, User
from portal import clock, sweeps
from tests.conftest import NOW, SHANGHAI
from tests.filled import analyse, count_as_empty
from tests.people.outbox_sink import Sink, make_people, use_sink
from tests.people.start_dispatcher import run, run_at_once, run_until_killed, shared_database

EVENING = datetime(2018, 12, 22, 18, 0, tzinfo=SHANGHAI)  # the evening before the activities of make_activity
COUNT = 60


def book(activity, person, at=NOW):
    return sign_ups.sign_up(activity, [person], made_by=person, at=at)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("where", "after", "doubled"),
    [("before sending", 1, 0), ("between sending and marking", 25, 5), ("after marking", 2, 0)],
)
def test_an_evening_of_reminders_with_a_killed_worker_and_two_beats(
    make_activity, make_person, location, settings, tmp_path, where, after, doubled
):
    """Nobody missed, none after the start, at most the batch in flight doubled with the same Message-ID and marked."""
    by = User.objects.create_user("staff@example.org", is_staff=True)
    activity, moved, cancelled = (make_activity(capacity=COUNT * 2) for _ in range(3))
    coming = [make_person() for _ in range(COUNT)]
    withdrawn, refused, late, at_moved, at_cancelled = (make_person() for _ in range(5))
    with Sink() as before:
        use_sink(settings, before)
        for person in [*coming, withdrawn, refused]:
            book(activity, person)
        book(moved, at_moved)
        book(cancelled, at_cancelled)
        outbox.dispatch()
        sign_ups.withdraw([activity.sign_ups.get(person=withdrawn)], by=withdrawn, at=NOW)
        next_day = timedelta(days=1)
        lifecycle.move(
            moved,
            at=NOW,
            by=by,
            starts_at=moved.starts_at + next_day,
            ends_at=moved.ends_at + next_day,
            location=location,
        )
        lifecycle.cancel(cancelled, at=NOW, by=by, reason="下雨")
        outbox.dispatch()
        with clock.frozen(EVENING + timedelta(minutes=1)):
            book(activity, late, at=EVENING + timedelta(minutes=1))
            outbox.dispatch()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    database = shared_database(tmp_path)
    told_before = len(Message.objects.all())
    now = (EVENING + timedelta(minutes=2)).isoformat()

    with Sink({refused.email: "550 no such mailbox"}) as sink:
        run_until_killed(database, sink, at=now, sweep=True, die=where, after=after)
        run_at_once(database, sink, 2, at=now, sweep=True)
        report = run(database, sink, at=now, sweep=True, lapse=True)

        assert report["states"] == {"sent": told_before + COUNT, "failed": 1}
        assert sorted(set(sink.addresses)) == sorted(person.email for person in coming)
        assert len(sink.doubled) == doubled
        assert all(len(sink.ids_of(address)) == 1 for address in sink.doubled)
        assert doubled <= report["doubled"] <= settings.OUTBOX_BATCH
        arrived = len(sink.mails)

        # The one that failed is sent again by nobody; after the start nothing more goes.
        for hours in (16, 25):
            run(database, sink, at=(EVENING + timedelta(hours=hours)).isoformat(), sweep=True)
        evening_of_the_moved = [address for _, address in sink.mails[arrived:]]
        assert evening_of_the_moved == [at_moved.email]  # reminded on its new evening


def sign_everybody_up(activity, people) -> None:
    Person.objects.update(declared_adult_at=NOW)
    bookings = Booking.objects.bulk_create(
        Booking(activity=activity, sequence=number, made_by=person, made_at=NOW)
        for number, person in enumerate(people, start=1)
    )
    SignUp.objects.bulk_create(
        SignUp(booking=one, activity=activity, person=one.made_by, status=SignUpStatus.CONFIRMED, settled_at=NOW)
        for one in bookings
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_2000_reminders_fall_due_at_once(make_activity, settings, neighbourhood):
    """2,000 due in one minute: each once, over one connection."""
    people = make_people(neighbourhood, 2000, NOW)
    sign_everybody_up(make_activity(capacity=None), people)
    analyse(Person, Booking, SignUp)
    with Sink() as sink, clock.frozen(EVENING):
        use_sink(settings, sink)
        sweeps.run_all()

        assert sink.addresses == sorted(person.email for person in people)
        assert sink.connections == 1


@pytest.mark.django_db
def test_no_reminder_is_read_by_joining_what_grows(make_activity, make_person, make_child):
    """Of the tables with a row for each resident, or more, a SELECT of the sweep and of the dispatch reads one, once."""
    activity, mother = make_activity(capacity=None), make_person(user=True)
    for people in (
        [mother, make_child(mother)],
        [make_person(email="", phone="10000000005")],
        [make_person(user=True)],
    ):
        sign_ups.sign_up(activity, people, made_by=people[0], at=NOW, guardian_consents=True)
    baker.make("activities.Invitation", activity=activity, person=make_person(user=True), part="participant")
    growing = "|".join(
        model._meta.db_table for model in (Person, User, Booking, SignUp, Message, Occasion, Guardianship)
    )

    with clock.frozen(EVENING), CaptureQueriesContext(connection) as caught:
        assert reminders.queue_due(EVENING) == 4
        assert outbox.dispatch().sent == 5

    tables = [re.findall(rf'(?:FROM|JOIN) "({growing})"', query["sql"]) for query in caught.captured_queries]
    assert {table for found in tables for table in found} >= {"people_person", "people_user", "activities_signup"}
    assert [found for found in tables if len(found) > 1] == []


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: its plans follow what it counted")
def test_reminders_of_a_table_never_counted_are_read_as_quickly(make_activity, neighbourhood):
    """As after a restore or an import. A join of sign-ups, bookings and bookers takes minutes here, not seconds."""
    sign_everybody_up(make_activity(capacity=None), make_people(neighbourhood, 600, NOW))
    count_as_empty(Person, User, Booking, SignUp, Message, Occasion)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '3s'")

    with clock.frozen(EVENING):
        assert reminders.queue_due(EVENING) == 600
        assert outbox.dispatch().sent == 600
