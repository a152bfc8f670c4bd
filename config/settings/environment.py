"""Read the environment once and loudly: what is wrong with a value is said in one sentence that names the variable."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()


class SettingError(ImproperlyConfigured):
    """A setting that keeps the portal from starting; its text is the one sentence the operator reads."""


_REQUIRED: Any = object()


def read_file_named_in_environment() -> None:
    """Take further values from the file that ENV_FILE names, as systemd's EnvironmentFile would; real ones win."""
    if path := env.str("ENV_FILE", default=""):
        if not Path(path).is_file():
            raise SettingError(f"ENV_FILE names {path}, which is not a readable file.")
        env.read_env(path)


def _read(name: str, cast: Callable[[str], T], default: T, expected: str) -> T:
    # An empty value counts as not set: `NAME=` in an environment file means "leave the default".
    text = env.str(name, default="").strip()
    if not text:
        if default is _REQUIRED:
            raise SettingError(f"{name} is not set; it must be {expected}.")
        return default
    try:
        return cast(text)
    except (ValueError, TypeError) as error:
        raise SettingError(f"{name} is {text!r}, but must be {expected}.") from error


def text(name: str, default: str = _REQUIRED, expected: str = "a text") -> str:
    return _read(name, str, default, expected)


def words(
    name: str,
    default: list[str] = _REQUIRED,
    expected: str = "names separated by commas",
) -> list[str]:
    return _read(
        name,
        lambda value: [word.strip() for word in value.split(",") if word.strip()],
        default,
        expected,
    )


def integer(name: str, default: int = _REQUIRED, *, least: int = 0) -> int:
    def cast(value: str) -> int:
        if (number := int(value)) < least:
            raise ValueError
        return number

    return _read(name, cast, default, f"a whole number of at least {least}")


def switch(name: str, default: bool = _REQUIRED) -> bool:
    def cast(value: str) -> bool:
        return {
            "1": True,
            "true": True,
            "yes": True,
            "on": True,
            "0": False,
            "false": False,
            "no": False,
            "off": False,
        }[value.lower()]

    try:
        return _read(name, cast, default, "true or false")
    except KeyError as error:
        raise SettingError(f"{name} is {env.str(name)!r}, but must be true or false.") from error


def hour(name: str, default: str = _REQUIRED) -> str:
    """A time of day as ``HH:MM``."""

    def cast(value: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError
        return value

    return _read(name, cast, default, "a time of day like 18:00")


def moment(name: str, default: str = _REQUIRED) -> str:
    """An aware time as ISO 8601, e.g. ``2018-12-20T09:00:00+08:00``."""

    def cast(value: str) -> str:
        if datetime.fromisoformat(value).tzinfo is None:
            raise ValueError
        return value

    return _read(name, cast, default, "a time with its zone like 2018-12-20T09:00:00+08:00")


def address(name: str, default: str = _REQUIRED) -> str:
    """The portal's own address, without a slash at the end."""

    def cast(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError
        return value.rstrip("/")

    return _read(name, cast, default, "an address like https://portal.example.org")


def database(name: str = "DATABASE_URL", default: str = _REQUIRED) -> dict[str, Any]:
    """The connection as Django's DATABASES wants it: PostgreSQL, or SQLite set up so that writers wait for each other.

    The value itself is never repeated in the sentence, because it may hold a password.
    """
    expected = "postgres://user:password@host:5432/name or sqlite:///path/to/file"
    url = text(name, default, expected=expected)
    try:
        scheme = urlsplit(url).scheme
        if scheme not in {"postgres", "postgresql", "sqlite"}:
            raise ValueError
        config = env.db_url_config(url)
        if not config.get("NAME"):
            raise ValueError
    except (ValueError, ImproperlyConfigured) as error:
        raise SettingError(f"{name} cannot be read; it must be like {expected}.") from error
    if scheme != "sqlite":
        return config
    if config["NAME"] != ":memory:":
        config["NAME"] = str(BASE_DIR / config["NAME"])
    config["OPTIONS"] = {
        **config.get("OPTIONS", {}),
        # A deferred transaction that starts to write fails at once when another one writes; an immediate one waits.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    return config


def broker(name: str = "CELERY_BROKER_URL", default: str = _REQUIRED, *, memory: bool = True) -> str:
    """The broker's URL. memory: whether the embedded broker of a single process is allowed."""
    expected = "redis://host:6379/0" + (" or memory://" if memory else "")
    url = text(name, default, expected=expected)
    try:
        parts = urlsplit(url)
        known = (parts.scheme in {"redis", "rediss"} and bool(parts.hostname) and (parts.port or 1)) or (
            parts.scheme == "memory" and memory
        )
    except ValueError:
        known = False
    if not known:
        raise SettingError(f"{name} cannot be read; it must be like {expected}.")
    return url


def email(name: str = "EMAIL_URL", default: str = _REQUIRED) -> dict[str, Any]:
    """The EMAIL_* settings of an SMTP address; empty when ``default`` is empty and nothing is set."""
    expected = "smtp+tls://user:password@host:587, smtp+ssl://user:password@host:465 or smtp://host:25"
    url = text(name, default, expected=expected)
    if not url:
        return {}
    try:
        if urlsplit(url).scheme not in {"smtp", "smtps", "smtp+tls", "smtp+ssl"} or not urlsplit(url).hostname:
            raise ValueError
        config = env.email_url_config(url)
    except (ValueError, ImproperlyConfigured) as error:
        raise SettingError(f"{name} cannot be read; it must be like {expected}.") from error
    config["EMAIL_PORT"] = config["EMAIL_PORT"] or {"smtp": 25, "smtp+ssl": 465}.get(urlsplit(url).scheme, 587)
    config.pop("EMAIL_FILE_PATH", None)
    config.pop("OPTIONS", None)
    return {key: "" if value is None else value for key, value in config.items()}


def imap(name: str, default: str = _REQUIRED) -> str:
    """The address of a mailbox to be read; empty when ``default`` is empty and nothing is set."""
    expected = "imap+ssl://user:password@host:993/INBOX"
    url = text(name, default, expected=expected)
    try:
        parts = urlsplit(url)
        known = not url or (parts.scheme in {"imap", "imap+ssl"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        known = False
    if not known:
        raise SettingError(f"{name} cannot be read; it must be like {expected}.")
    return url
