"""The three locks agree, and what a browser gets of others' work is what we looked at."""

import hashlib
import re

import pytest
from bootstrap_wrapper import get_bootstrap_dir

from config.settings.environment import BASE_DIR

LOCKS = ["requirements.txt", "requirements/production.txt", "requirements/development.txt"]


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


@pytest.mark.parametrize(
    ("path", "digest"),
    [
        ("css/bootstrap.min.css", "d85327d99c7a3ee1f9b5d0500d1370acea3ad2db39c163c2f51f232baedbdede"),
        ("js/bootstrap.bundle.min.js", "e4fd49181388c48ec5040bd3fe66f57c29c8e67fcd8502b3354b96ec7ab47cc7"),
    ],
)
def test_bootstrap_is_the_released_one(path, digest):
    assert hashlib.sha256((get_bootstrap_dir() / path).read_bytes()).hexdigest() == digest
