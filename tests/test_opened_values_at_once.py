"""T16 on PostgreSQL: two save the same record in the same moment, and both changes stand."""

from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from people.admin import opened
from people.models import Location
from tests.parallel import at_once
from tests.staff import client_of, staff_user
from tests.test_opened_values import sent_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def both_save(location):
    """What is stored after one has written the name and the other the note, from pages opened before."""
    clients = [client_of(staff_user("committee_admin", location.neighbourhood, f"c{n}@example.org")) for n in (1, 2)]
    url = reverse("admin:people_location_change", args=[location.pk])
    changes = ({"name": "墙下大花坛"}, {"note": "弄堂口"})
    pages = [sent_by(client, url) | change for client, change in zip(clients, changes, strict=True)]

    def save() -> tuple[str, str]:
        calls = [
            lambda c=client, p=page: c.post(url, p).status_code for client, page in zip(clients, pages, strict=True)
        ]
        assert at_once(*calls) == [302, 302]
        return Location.objects.values_list("name", "note").get(pk=location.pk)

    return save


def test_two_at_once_write_both(both_save):
    assert both_save() == ("墙下大花坛", "弄堂口")


def test_without_the_lock_one_of_them_is_undone(both_save, monkeypatch):
    """The control: both read before either writes, which is what the lock keeps from happening."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")
    read = Barrier(2, timeout=20)
    get_object = opened.PageOfOpenedRows.get_object
    monkeypatch.setattr(opened, "row_lock", lambda model, pk: None)

    def both_read(self, request, object_id, from_field=None):
        row = get_object(self, request, object_id, from_field)
        if request.method == "POST":
            read.wait()
        return row

    monkeypatch.setattr(opened.PageOfOpenedRows, "get_object", both_read)
    assert both_save() != ("墙下大花坛", "弄堂口")
