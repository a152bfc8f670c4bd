"""Reading the demo's files. Nothing is judged here but whether a file can be read at all."""

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FOLDER = Path(__file__).with_name("data")

Row = dict[str, Any]


class Problem(NamedTuple):
    """What is wrong in one row of ``file``; ``row`` is its id, or says where it stands, "" for the whole file."""

    file: str
    row: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}.yaml{f', {self.row}' if self.row else ''}: {self.sentence}"


class DemoRefused(Exception):
    """The demo is not loaded; ``problems`` lists every reason, each a sentence."""

    def __init__(self, problems: Iterable[Problem | str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Files:
    """The parsed files of ``folder``: {file without .yaml: {section: rows or value}}."""

    folder: Path
    content: dict[str, dict[str, Any]]

    def section(self, file: str, name: str) -> Any:
        """The rows of a section, or its value."""
        return self.content[file][name]


def label_of(row: Any, index: int = 0) -> str:
    """How a row is named in a problem: its id, else the texts it begins with (“va21 bk22”), else where it stands."""
    if not isinstance(row, dict):
        return f"row {index + 1}"
    first = [row["id"]] if "id" in row else list(row.values())[:2]
    return " ".join(str(value) for value in first if isinstance(value, str | int)) or f"row {index + 1}"


class Unquoted(str):
    """A date or a time without quotes, of which YAML 1.1 makes a date, a number or a text, as it happens."""


class StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML's safe subset; a key that stands twice is refused, where YAML would silently keep the second."""


def _mapping(loader: StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    row = loader.construct_mapping(node, deep=True)
    if len(row) < len(node.value):
        keys = [key.value for key, _value in node.value]
        twice = next(key for index, key in enumerate(keys) if key in keys[:index])
        raise yaml.constructor.ConstructorError(None, None, f"the key “{twice}” stands twice", node.start_mark)
    return row


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
StrictLoader.add_constructor("!unquoted", lambda loader, node: Unquoted(node.value))
UNQUOTED = ("!unquoted", re.compile(r"(\d{4}-\d\d?-\d\d?(T.*)?|\d\d?:\d\d(:\d\d)?)\Z"))
GUESSES = yaml.SafeLoader.yaml_implicit_resolvers  # {first character: [(tag, pattern)]}; ours is asked first
StrictLoader.yaml_implicit_resolvers = GUESSES | {digit: [UNQUOTED, *GUESSES.get(digit, [])] for digit in "0123456789"}


def read(folder: Path, names: Iterable[str]) -> tuple[Files, list[Problem]]:
    """Parse the files ``names`` (without .yaml) of ``folder``; one that is missing or no YAML is a problem, and left out."""
    content: dict[str, dict[str, Any]] = {}
    problems = []
    for name in names:
        try:
            parsed = yaml.load((folder / f"{name}.yaml").read_text(encoding="utf-8"), Loader=StrictLoader)
        except FileNotFoundError:
            problems.append(Problem(name, "", "The file is missing."))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(name, "", f"The file cannot be read ({error})."))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"line {mark.line + 1}" if mark else ""
            what = getattr(error, "problem", None) or str(error)
            problems.append(Problem(name, where, f"This is no valid YAML: {what}."))
        else:
            if isinstance(parsed, dict):
                content[name] = parsed
            else:
                problems.append(Problem(name, "", "The file must hold named sections."))
    return Files(folder, content), problems
