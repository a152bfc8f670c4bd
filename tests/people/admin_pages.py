"""What the tests of the staff pages of people share: addresses, an act on a record, and who is signed in as staff."""

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Message, Person
from tests.conftest import NOW
from tests.staff import client_of, staff_user

__all__ = ["committee", "party", "system"]


def url(model: str, page: str, *args) -> str:
    return reverse(f"admin:{model}_{page}", args=args)


def act(model: str, name: str, *rows) -> str:
    return f"{url(model, 'act', name)}?ids={','.join(str(row.pk) for row in rows)}"


def do(client, model: str, name: str, row, **data):
    return client.post(act(model, name, row), {"ids": row.pk, **data})


def listed(client, model: str, **query) -> set:
    return set(client.get(url(model, "changelist"), query).context["cl"].result_list)


@pytest.fixture
def committee(neighbourhood):
    return client_of(staff_user("committee_admin", neighbourhood))


@pytest.fixture
def party(neighbourhood):
    return client_of(staff_user("party_admin", neighbourhood))


@pytest.fixture
def system(neighbourhood):
    return staff_user("system_admin", neighbourhood)


def message_about(key: str, person: Person, **fields) -> Message:
    message = baker.make(
        Message,
        neighbourhood=person.neighbourhood,
        recipient=person,
        kind="reminder",
        message_id=f"<{key}@x>",
        queued_at=NOW,
        due_at=NOW,
        **{"channel": "email", "state": "failed", **fields},
    )
    baker.make("people.Occasion", message=message, recipient=person, subject_person=person, key=key, kind="reminder")
    return message
