from datetime import timedelta

import pytest
from django.db import DatabaseError
from model_bakery import baker

from config import health
from people.models import Heartbeat
from portal import clock


def beat(name, *, seconds_ago):
    baker.make(Heartbeat, name=name, beaten_at=clock.real_now() - timedelta(seconds=seconds_ago))


def test_healthz_asks_nothing_but_the_process(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_is_ready_when_worker_and_beat_were_heard(client):
    beat("worker", seconds_ago=5)
    beat("beat", seconds_ago=299)

    response = client.get("/readyz")

    told = response.json()
    assert response.status_code == 200
    assert told["ready"] is True
    assert told["worker"] == {"ok": True, "age": pytest.approx(5, abs=2)}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("silent", ["worker", "beat"])
@pytest.mark.parametrize("ever", [True, False])
def test_readyz_is_503_when_one_was_not_heard_for_five_minutes(client, silent, ever):
    beat("beat" if silent == "worker" else "worker", seconds_ago=1)
    if ever:
        beat(silent, seconds_ago=400)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert [name for name in ("database", "broker", "worker", "beat") if not response.json()[name]["ok"]] == [silent]


@pytest.mark.django_db
def test_readyz_tells_a_database_that_is_away(client, monkeypatch):
    class Away:
        def cursor(self):
            raise DatabaseError("gone")

    monkeypatch.setattr(health, "connection", Away())

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == {"ok": False}


@pytest.mark.django_db
def test_readyz_tells_a_broker_that_is_away(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert client.get("/readyz").json()["broker"] == {"ok": False}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_only_reading_is_allowed(client, address):
    assert client.post(address).status_code == 405
