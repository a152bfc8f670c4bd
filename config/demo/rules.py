"""What the rows say to each other: each rule reads sound files and yields what is wrong, as sentences."""

from collections.abc import Iterator

from config.demo.checks import Names
from config.demo.source import Files, Problem


def check_all(files: Files, names: Names, unsound: set[str]) -> Iterator[Problem]:
    yield from ()
