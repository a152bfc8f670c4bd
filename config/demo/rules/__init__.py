"""What the rows say to each other. A rule names the files it reads and is asked only while these have their form."""

from collections.abc import Iterator

from config.demo.checks import Names
from config.demo.rules import activities, garden, learning, party, people, projects, public, records
from config.demo.rules.registry import RULES
from config.demo.source import Files, Problem

__all__ = ["activities", "check_all", "garden", "learning", "party", "people", "projects", "public", "records"]


def check_all(files: Files, names: Names, unsound: set[str]) -> Iterator[Problem]:
    """Every rule whose files are sound; the others would only repeat what is told already."""
    for rule in RULES:
        if not unsound & rule.reads:
            for row, sentence in rule.ask(files, names):
                yield Problem(rule.file, row, sentence)
