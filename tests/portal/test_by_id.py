"""Rows are read by their ids in steps, each table alone (portal/by_id.py)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import outbox
from people.models import Message, Person
from portal import by_id
from tests.conftest import NOW
from tests.people.outbox_sink import NOTE, make_people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_messages")]


@pytest.mark.parametrize(("count", "steps"), [(0, 0), (1, 1), (3, 1), (4, 2), (7, 3)])
def test_each_step_asks_each_table_once(neighbourhood, monkeypatch, django_assert_num_queries, count, steps):
    monkeypatch.setattr(by_id, "STEP", 3)
    ids = [person.pk for person in make_people(neighbourhood, count, NOW)]

    with CaptureQueriesContext(connection) as caught:
        found = by_id.read(Person.objects, ids * 2, "neighbourhood")
        assert [(pk, row.pk, row.neighbourhood) for pk, row in found.items()] == [(pk, pk, neighbourhood) for pk in ids]
    assert len(caught) == 2 * steps
    assert not [query["sql"] for query in caught.captured_queries if " JOIN " in query["sql"]]

    with django_assert_num_queries(1 + steps):
        rows = by_id.with_related(Person.objects.order_by("-pk"), "neighbourhood")
        assert [(row.pk, row.neighbourhood) for row in rows] == [(pk, neighbourhood) for pk in reversed(ids)]


def test_more_are_read_than_sqlite_takes_at_once(neighbourhood):
    """Django asks SQLite for related rows in a way that it refuses for a thousand."""
    people = make_people(neighbourhood, 1200, NOW)
    letters = [outbox.Letter(person, [outbox.About("x:1")]) for person in people]
    outbox.queue_many(NOTE, letters, at=NOW)

    for messages in (
        by_id.read(Message.objects, Message.objects.values_list("pk", flat=True), "recipient").values(),
        by_id.with_related(Message.objects.all(), "recipient"),
    ):
        assert {message.recipient.email for message in messages} == {person.email for person in people}
