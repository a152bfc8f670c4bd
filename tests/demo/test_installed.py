"""The demo is there in a trial, and no part of a server for people who live."""

import os
import subprocess
import sys

import pytest

from bootstrap import PRODUCTION_EXAMPLE
from config.settings.environment import BASE_DIR

#: What a process that serves imports, and which modules of the demo came with it.
PROGRAM = """
import sys, django
django.setup()
from django.apps import apps
from django.core.management import get_commands
import config.urls, config.celery, config.management.commands.prepare, config.management.commands.serve
print(apps.is_installed("demo"), "load_demo" in get_commands())
print(sorted(name for name in sys.modules if name.split(".")[0] in {"demo", "tools"}))
"""


def answer(environment):
    command = [sys.executable, "-c", PROGRAM]
    result = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_a_server_imports_nothing_of_the_demo():
    assert answer({**PRODUCTION_EXAMPLE, "PATH": os.environ["PATH"]}) == ["False False", "[]"]


@pytest.mark.parametrize("trial", ["true", "false"])
def test_a_trial_has_its_command(tmp_path, trial):
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "VAR_DIR": str(tmp_path),
        "TRIAL": trial,
        "EMAIL_URL": PRODUCTION_EXAMPLE["EMAIL_URL"],
        "PATH": os.environ["PATH"],
    }

    installed, modules = answer(environment)

    assert installed == "True True"
    assert modules == "['demo', 'demo.apps']"  # the rest when it is called
