"""Reading the demo's files. Nothing is judged here but whether a file can be read at all."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from config.settings.environment import BASE_DIR

FOLDER = BASE_DIR / "demo"

Row = dict[str, Any]


class Problem(NamedTuple):
    """What is wrong in one row; ``row`` is its id, or says where it stands, "" for the whole file."""

    file: str
    row: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}{f', {self.row}' if self.row else ''}: {self.sentence}"


class DemoRefused(Exception):
    """The demo is not loaded; ``problems`` lists every reason, each a sentence."""

    def __init__(self, problems: Iterable[Problem | str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Files:
    """The parsed files of ``folder``: {file name: {section: rows or value}}."""

    folder: Path
    content: dict[str, dict[str, Any]]

    def section(self, file: str, name: str) -> Any:
        return self.content[f"{file}.yaml"][name]

    def rows(self, file: str, name: str) -> list[Row]:
        return self.section(file, name)


class StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML's safe subset; a key written twice is refused, where YAML would silently keep the second."""


def _mapping(loader: StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _value in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key “{key}” stands twice", key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(folder: Path, names: Iterable[str]) -> tuple[Files, list[Problem]]:
    """Parse the files ``names`` of ``folder``; a file that is missing or no YAML is a problem, and left out."""
    content: dict[str, dict[str, Any]] = {}
    problems = []
    for name in names:
        try:
            parsed = yaml.load((folder / name).read_text(encoding="utf-8"), Loader=StrictLoader)
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
