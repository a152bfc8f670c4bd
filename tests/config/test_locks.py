"""The three locks agree, and hold no more than is used."""

import re
from collections import defaultdict
from importlib.metadata import packages_distributions

import pytest
from django.conf import settings

from config.settings.environment import BASE_DIR

LOCKS = ["requirements.txt", "requirements/production.txt", "requirements/development.txt"]
# Switched on by a line of settings or of a service file, with no code of ours.
SETTINGS_ALONE = {
    "crispy-bootstrap5": "the templates by which crispy draws each field",
    "django-csp": "the Content-Security-Policy of every answer",
    "gunicorn": "serves on a server",
}


def pins(path):
    return dict(
        re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)", (BASE_DIR / path).read_text(), re.MULTILINE)
    )


@pytest.mark.parametrize(("smaller", "larger"), [(LOCKS[0], LOCKS[1]), (LOCKS[1], LOCKS[2])])
def test_a_larger_lock_pins_the_same_versions(smaller, larger):
    small, large = pins(smaller), pins(larger)

    assert len(small) > 30
    assert {name: large.get(name) for name in small} == small


@pytest.mark.parametrize("path", LOCKS)
def test_every_pin_has_hashes_and_no_address(path):
    text = (BASE_DIR / path).read_text()

    assert text.count("==") <= text.count("--hash=sha256:")
    assert "://" not in text
    assert "--index-url" not in text


def test_what_the_portal_depends_on_is_used():
    """What nobody imports, loads in a template or has in SETTINGS_ALONE is collected and kept up to date for nothing."""
    modules = defaultdict(set)
    for module, distributions in packages_distributions().items():
        for name in distributions:
            modules[name.lower().replace("_", "-")].add(module)
    python, templates = (
        "\n".join(file.read_text() for folder in folders for file in (BASE_DIR / folder).rglob(pattern))
        for folders, pattern in (
            ([*settings.DOMAIN_APPS, "portal", "config", "demo"], "*.py"),
            (["templates"], "*.html"),
        )
    )
    listed = re.findall(r"^([a-z][a-z0-9-]*)", (BASE_DIR / "requirements/runtime.in").read_text(), re.MULTILINE)
    unused = [
        name
        for name in listed
        if name not in SETTINGS_ALONE
        and not any(
            re.search(rf"^\s*(from|import) {module}\b", python, re.MULTILINE) or f" {module}_tags " in templates
            for module in modules[name]
        )
    ]

    assert len(listed) > 10
    assert unused == []
