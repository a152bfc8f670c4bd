"""What every way in (manage.py, gunicorn, celery) does first, so that a broken setting is one sentence."""

import sys
from typing import NoReturn

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import SettingError

GUNICORN_BOOT_ERROR = 3  # a worker that ends with this is not started again and again


def stop(sentence: object, *, code: int = 1) -> NoReturn:
    print(f"The portal did not start: {sentence}", file=sys.stderr, flush=True)
    raise SystemExit(code)


def read_settings_or_stop(*, code: int = 1) -> None:
    """Read the settings; stop with the sentence of a SettingError. Other errors are bugs and keep their traceback."""
    try:
        settings.INSTALLED_APPS  # noqa: B018 - reading any setting loads them all
    except SettingError as error:
        stop(error, code=code)


def __getattr__(name: str) -> object:
    """``settings_or_stop``: the settings for Celery, which reads them late and would show a traceback."""
    if name != "settings_or_stop":
        raise AttributeError(name)
    read_settings_or_stop()
    return settings


def refuse_unreachable() -> None:
    """Stop with one sentence when the database or the broker does not answer. Needs ``django.setup()`` to be done."""
    from django.db import DatabaseError, connection  # needs configured settings

    try:
        connection.ensure_connection()
    except (DatabaseError, ImproperlyConfigured) as error:
        stop(f"the database of DATABASE_URL does not answer ({_first_line(error)}).")
    finally:
        connection.close()
    if not settings.CELERY_BROKER_URL.startswith("memory:"):
        import redis  # only where a Redis is set

        client = redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=3, socket_timeout=3)
        try:
            client.ping()
        except (redis.RedisError, OSError) as error:
            stop(f"the broker of CELERY_BROKER_URL does not answer ({_first_line(error)}).")
        finally:
            client.close()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
