from pathlib import Path

import pytest
from django.core.management import call_command

from config.management.commands import prepare


@pytest.fixture
def called(monkeypatch):
    names = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **_: names.append(name))
    monkeypatch.setattr(prepare, "compile_catalogues", lambda: names.append("catalogues"))
    return names


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trial", "empty", "steps"),
    [
        (True, True, ["catalogues", "migrate", "load_demo"]),
        (True, False, ["catalogues", "migrate"]),
        (False, True, ["catalogues", "migrate", "collectstatic"]),
    ],
)
def test_the_demo_is_only_for_an_empty_trial(called, settings, monkeypatch, request, trial, empty, steps):
    settings.TRIAL = trial
    monkeypatch.setattr(prepare, "refuse_unreachable", lambda: None)  # it would close this test's connection
    if not empty:
        request.getfixturevalue("neighbourhood")

    call_command("prepare")

    assert called == steps


def test_a_changed_catalogue_is_compiled(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    po = Path(tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po")
    po.parent.mkdir(parents=True)
    po.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "甲"\n')

    prepare.compile_catalogues()

    assert "甲".encode() in po.with_suffix(".mo").read_bytes()
