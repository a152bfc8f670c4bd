"""What a supervisor asks: does the process answer (/healthz), and may it be sent visitors (/readyz)?"""

import redis
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives. Asks nothing else, so that a database that is away does not restart the web server."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part with ``ok``; worker and beat with ``age`` in real seconds (null: never). 503 unless all are ok."""
    parts = {"database": _database(), "broker": _broker(), **_heartbeats()}
    ready = all(part["ok"] for part in parts.values())
    response = JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # the answer is the report; no error in the log each time
    return response


def _database() -> dict[str, object]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return {"ok": True}
    except DatabaseError:
        return {"ok": False}


def _broker() -> dict[str, object]:
    url = settings.CELERY_BROKER_URL
    if url.startswith("memory:"):
        return {"ok": True, "embedded": True}
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        client.ping()
        return {"ok": True}
    except (redis.RedisError, OSError):
        return {"ok": False}
    finally:
        client.close()


def _heartbeats() -> dict[str, dict[str, object]]:
    """Worker and beat as they last said they live, in real time whatever the trial clock shows."""
    try:
        beaten_at = dict(apps.get_model("people", "Heartbeat").objects.values_list("name", "beaten_at"))
    except DatabaseError:
        beaten_at = {}
    found: dict[str, dict[str, object]] = {}
    for name in ("worker", "beat"):
        last = beaten_at.get(name)
        age = None if last is None else max(0, round((timezone.now() - last).total_seconds()))
        found[name] = {
            "ok": age is not None and age <= settings.HEARTBEAT_MAX_AGE_SECONDS,
            "age": age,
        }
    return found
