"""A broken setting stops the start with one clear sentence; everything else about the settings that a promise needs."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from bootstrap import PRODUCTION_EXAMPLE
from config.settings import environment as env

PRODUCTION = {**PRODUCTION_EXAMPLE, "PATH": os.environ["PATH"]}


def manage(*arguments, environment):
    environment = {name: value for name, value in environment.items() if value is not None}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=env.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", None, "SECRET_KEY is not set; it must be a random text of at least 50 characters."),
        ("SECRET_KEY", "short", "SECRET_KEY is too short or too simple"),
        ("ALLOWED_HOSTS", None, "ALLOWED_HOSTS is not set; it must be the portal's host names"),
        ("ALLOWED_HOSTS", "https://portal.example.org", "ALLOWED_HOSTS holds 'https://portal.example.org'"),
        ("DATABASE_URL", None, "DATABASE_URL is not set"),
        ("DATABASE_URL", "mysql://root:hunter2@db/portal", "DATABASE_URL cannot be read"),
        ("CELERY_BROKER_URL", "memory://", "CELERY_BROKER_URL cannot be read"),
        ("EMAIL_URL", "mail.example.org", "EMAIL_URL cannot be read"),
        ("SITE_URL", "portal.example.org", "SITE_URL is 'portal.example.org'"),
        ("REMINDER_TIME", "6pm", "REMINDER_TIME is '6pm', but must be a time of day like 18:00."),
        ("ENV_FILE", "/nowhere/env", "ENV_FILE names /nowhere/env, which is not a readable file."),
    ],
)
def test_a_broken_setting_stops_the_start_with_one_sentence(name, value, sentence):
    result = manage("check", environment={**PRODUCTION, name: value})

    assert result.returncode == 1
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"The portal did not start: {sentence}")
    assert "hunter2" not in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/portal", "the database of DATABASE_URL does not answer"),
        ("CELERY_BROKER_URL", "redis://127.0.0.1:1/0", "the broker of CELERY_BROKER_URL does not answer"),
    ],
)
def test_serve_says_in_one_sentence_what_cannot_be_reached(tmp_path, name, value, sentence):
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), name: value}

    result = manage("serve", "--port", "1", environment=environment)

    assert result.returncode == 1
    assert result.stderr.strip().startswith(f"The portal did not start: {sentence}")
    assert len(result.stderr.strip().splitlines()) == 1


def test_gunicorn_stops_at_once_with_the_sentence(tmp_path):
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi"]
    environment = {
        **PRODUCTION,
        "BIND": f"unix:{tmp_path / 'web'}",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/portal",
    }

    unreachable = subprocess.run(
        command, cwd=env.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120
    )
    del environment["SECRET_KEY"]
    unset = subprocess.run(command, cwd=env.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)

    assert unreachable.returncode != 0
    assert "the database of DATABASE_URL does not answer" in unreachable.stderr
    assert unset.returncode != 0
    assert "SECRET_KEY is not set" in unset.stderr
    assert "Traceback" not in unreachable.stderr + unset.stderr


@pytest.mark.parametrize("role", ["worker", "beat"])
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set"),
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/portal", "the database of DATABASE_URL does not answer"),
    ],
)
def test_celery_stops_with_the_sentence(role, name, value, sentence):
    command = [sys.executable, "-m", "celery", "-A", "config", role]
    environment = {**PRODUCTION, name: value}

    result = subprocess.run(command, cwd=env.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)

    assert result.returncode == 1
    assert f"The portal did not start: {sentence}" in result.stderr
    assert "Traceback" not in result.stderr


def test_production_passes_the_deployment_check():
    result = manage("check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION)

    assert (result.returncode, result.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


def test_a_file_of_values_is_read_and_the_environment_wins(tmp_path):
    file = tmp_path / "env"
    file.write_text('PORTAL_NAME="海棠里"\nSECRET_KEY=' + "abcdefghij" * 6 + "\nOFFER_HOURS=5\n")
    environment = {**PRODUCTION, "SECRET_KEY": None, "ENV_FILE": str(file), "OFFER_HOURS": "7"}

    program = "from django.conf import settings; print(settings.PORTAL_NAME, settings.OFFER_HOURS)"
    result = manage("shell", "--no-imports", "-c", program, environment=environment)

    assert result.stdout.strip() == "海棠里 7", result.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail:2525", {"EMAIL_HOST": "mail", "EMAIL_PORT": 2525}),
        (
            "smtp+tls://a%40b.org:p%3Aw@mail",
            {"EMAIL_HOST_USER": "a@b.org", "EMAIL_HOST_PASSWORD": "p:w", "EMAIL_PORT": 587},
        ),
        ("smtp+ssl://mail", {"EMAIL_USE_SSL": True, "EMAIL_PORT": 465}),
    ],
)
def test_email_url_becomes_django_settings(monkeypatch, url, expected):
    monkeypatch.setenv("EMAIL_URL", url)

    config = env.email()

    assert {name: config[name] for name in expected} == expected
    assert config["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"


def test_sqlite_writers_wait_for_each_other(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///var/elsewhere.sqlite3")

    config = env.database()

    assert config["NAME"] == str(env.BASE_DIR / "var" / "elsewhere.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]
    assert (
        "ATOMIC_REQUESTS" not in settings.DATABASES["default"] or not settings.DATABASES["default"]["ATOMIC_REQUESTS"]
    )


@pytest.mark.parametrize("value", ["yes", "1", "TRUE"])
def test_an_empty_value_means_the_default(monkeypatch, value):
    monkeypatch.setenv("SOME_SWITCH", "")
    assert env.switch("SOME_SWITCH", default=False) is False
    monkeypatch.setenv("SOME_SWITCH", value)
    assert env.switch("SOME_SWITCH", default=False) is True


def test_every_beat_entry_names_a_task_that_exists():
    from config.celery import app

    app.loader.import_default_modules()

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_pages_carry_the_strict_content_policy(client, db):
    policy = client.get("/healthz")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
