import os
import subprocess
import sys

import pytest

import bootstrap


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project folder that bootstrap takes for its own; commands are noted instead of run."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VAR", tmp_path / "var")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    lock = tmp_path / "requirements.txt"
    lock.write_text("django==5.2.19 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(bootstrap, "LOCKS", {"serve": lock})
    for name in ("DATABASE_URL", "VAR_DIR", "ENV_FILE", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.delenv(name, raising=False)
    for folder in (
        ".venv/bin",
        ".venv/lib/python3.11/site-packages/pip",
        "var",
        "people/migrations",
        "locale/zh_Hans/LC_MESSAGES",
    ):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    (tmp_path / ".venv/lib/python3.11/site-packages/pip/__init__.py").touch()
    return tmp_path


@pytest.fixture
def commands(monkeypatch):
    ran = []

    def note(*command, **_):
        ran.append([str(part) for part in command])
        return subprocess.CompletedProcess(command, 0, stdout="")

    monkeypatch.setattr(bootstrap, "run", note)
    return ran


def test_an_old_python_gets_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))

    with pytest.raises(SystemExit):
        bootstrap.main()

    assert capsys.readouterr().err.startswith("The portal needs Python 3.11 or newer; this is")


def test_nothing_newer_than_python_36_keeps_the_sentence_from_being_said():
    import ast

    source = (bootstrap.ROOT / "bootstrap.py").read_text()
    ast.parse(source, feature_version=(3, 6))  # raises SyntaxError otherwise


def test_without_ensurepip_an_ordinary_user_reads_what_to_install(project, commands, monkeypatch, capsys):
    (project / ".venv/bin/python").unlink()
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit):
        bootstrap.make_venv()

    minor = sys.version_info.minor
    assert capsys.readouterr().err == (
        f"Python's venv module is incomplete here; as root run: apt-get install python3.{minor}-venv\n"
    )
    assert commands == []


def test_without_ensurepip_root_installs_it(project, commands, monkeypatch):
    (project / ".venv/bin/python").unlink()
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")

    bootstrap.make_venv()

    assert commands[0][:2] == ["apt-get", "install"]
    assert commands[0][-1] == f"python3.{sys.version_info.minor}-venv"
    assert commands[1][1:3] == ["-m", "venv"]


def test_an_environment_whose_making_was_interrupted_is_made_again(project, commands):
    bootstrap.make_venv()
    assert commands == []
    (project / ".venv/lib/python3.11/site-packages/pip/__init__.py").unlink()
    bootstrap.make_venv()
    assert [command[1:4] for command in commands] == [["-m", "venv", "--clear"]]


def test_an_installed_lock_is_not_installed_again(project, monkeypatch):
    digest = bootstrap.hashlib.sha256((project / "requirements.txt").read_bytes()).hexdigest()
    (project / ".venv" / ".installed-serve").write_text(digest)

    def fail(*_, **__):
        raise AssertionError("pip was started")

    monkeypatch.setattr(bootstrap.subprocess, "Popen", fail)
    bootstrap.install("serve")
    (project / "requirements.txt").write_text("django==5.2.20\n")
    with pytest.raises(AssertionError, match="pip was started"):
        bootstrap.install("serve")


def test_a_prepared_database_is_not_looked_at_again(project, commands):
    bootstrap.prepare_database()
    assert [command[1:] for command in commands] == [["manage.py", "prepare"]]
    bootstrap.prepare_database()  # the file is missing, as if it had been thrown away
    assert len(commands) == 2
    (project / "var" / "portal.sqlite3").touch()
    bootstrap.prepare_database()
    assert len(commands) == 2
    (project / "people/migrations/0002_more.py").write_text("# new")
    bootstrap.prepare_database()
    assert len(commands) == 3


def test_a_database_from_the_environment_is_always_looked_at(project, commands, monkeypatch):
    (project / "var" / "portal.sqlite3").touch()
    (project / "var" / "prepared").write_text(bootstrap.fingerprint())
    monkeypatch.setenv("DATABASE_URL", "postgres://portal@127.0.0.1/portal")

    bootstrap.prepare_database()

    assert len(commands) == 1


def test_only_changed_catalogues_are_compiled(project, commands):
    po = project / "locale/zh_Hans/LC_MESSAGES/django.po"
    po.write_text('msgid "a"\nmsgstr "甲"\n')
    assert bootstrap.stale_catalogues() == [po]
    po.with_suffix(".mo").touch()
    assert bootstrap.stale_catalogues() == []
    os.utime(po, (po.stat().st_mtime + 5, po.stat().st_mtime + 5))
    assert bootstrap.stale_catalogues() == [po]


def test_a_skip_fails_only_where_nothing_may_be_skipped(capsys):
    report = bootstrap.Report()
    report.skip("browser tests", "no Chromium")
    report.summary()

    assert capsys.readouterr().out.splitlines()[-1] == "Skipped  browser tests: no Chromium"
    assert report.failed == []


def test_services_leave_nothing_behind():
    with bootstrap.Services() as services:
        folder = services.folder
        url = services.start_redis()
        if url is None:
            pytest.skip("Redis is not installed.")
        redis = pytest.importorskip("redis")
        assert redis.Redis.from_url(url).ping()
        process = services.processes[0]
    assert process.poll() is not None
    assert not folder.exists()
