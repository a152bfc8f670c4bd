"""The whole demo is judged before a row is written: form first, then what the rows say to each other."""

from pathlib import Path

from config.demo import form, rules
from config.demo.schema import SECTIONS
from config.demo.source import FOLDER, DemoRefused, Files, Problem, read


def problems_in(folder: Path = FOLDER) -> tuple[Files, list[Problem]]:
    """Everything that is wrong with the files of ``folder``.

    A rule between rows is only asked where the files it reads have their form, so that one slip is told once.
    """
    files, problems = read(folder, SECTIONS)
    return files, problems + judge(files, {problem.file for problem in problems})


def judge(files: Files, unread: set[str] | None = None) -> list[Problem]:
    """What is wrong with parsed files; ``unread`` are those that could not be parsed."""
    names, problems = form.names_in(files)
    problems += form.check_form(files, names)
    unsound = (unread or set()) | {problem.file for problem in problems}
    problems += rules.check_all(files, names, unsound)
    return problems


def checked(folder: Path = FOLDER) -> Files:
    """The files, or DemoRefused with every problem in them."""
    files, problems = problems_in(folder)
    if problems:
        raise DemoRefused(problems)
    return files
