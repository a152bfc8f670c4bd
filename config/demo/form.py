"""Does every file have the form of the schema? What the rows say to each other is for rules.py."""

from collections.abc import Iterator
from typing import Any

from config.demo.checks import Names
from config.demo.schema import CONSENT_TEXTS, FORMAT, SECTIONS, Section
from config.demo.source import Files, Problem


def label_of(section: Section, row: Any, index: int) -> str:
    """How a row is named in a problem: its id, what else tells it apart, or where it stands."""
    parts = [str(row[name]) for name in section.label if name in row] if isinstance(row, dict) else []
    return " ".join(parts) or f"row {index + 1}"


class Unknown(dict[str, Any]):
    """The ids of a file that could not be read: each may be one of them, so no reference to them is called wrong."""

    def __contains__(self, key: object) -> bool:
        return True


def names_in(files: Files) -> tuple[Names, list[Problem]]:
    """Every id by what it names, and the ids that are used twice. Words of taxonomy.yaml may repeat between lists."""
    names: dict[str, dict[str, Any]] = {"consent text": {version: {} for version in CONSENT_TEXTS}}
    first_seen: dict[str, str] = {}
    problems = []
    for file, sections in SECTIONS.items():
        for name, section in sections.items():
            content = files.content.get(file, {}).get(name)
            if section.kind and not isinstance(content, list if section.is_list else dict):
                names[section.kind] = Unknown(names.get(section.kind, {}))
            found: list[Any] = (content if isinstance(content, list) else []) if section.is_list else [content]
            for row in found:
                if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not section.kind:
                    continue
                of_kind = names.setdefault(section.kind, {})
                if file == "taxonomy.yaml" and row["id"] in of_kind:
                    problems.append(Problem(file, row["id"], f"This id is used twice in {name}."))
                elif file != "taxonomy.yaml" and row["id"] in first_seen:
                    problems.append(
                        Problem(file, row["id"], f"This id is used twice; first in {first_seen[row['id']]}.")
                    )
                elif file != "taxonomy.yaml":
                    first_seen[row["id"]] = f"{file}, {name}"
                of_kind.setdefault(row["id"], row)
    return names, problems


def check_form(files: Files, names: Names) -> Iterator[Problem]:
    """Every section is there and known, every row has its fields, every value its form, every reference its row."""
    for file, sections in SECTIONS.items():
        content = files.content.get(file)
        if content is None:
            continue
        if content.get("schema_version") != FORMAT:
            yield Problem(file, "", f"schema_version must be {FORMAT}.")
        for name in sorted(map(str, content.keys() - sections.keys() - {"schema_version", "kind"})):
            yield Problem(file, "", f"The section “{name}” is not known.")
        for name, section in sections.items():
            if name not in content:
                yield Problem(file, "", f"The section “{name}” is missing.")
            elif section.is_list:
                yield from check_rows(file, name, section, content[name], names)
            else:
                for path, sentence in section.check(content[name], names):
                    yield Problem(file, name, worded(path, sentence))


def check_rows(file: str, name: str, section: Section, content: Any, names: Names) -> Iterator[Problem]:
    if not isinstance(content, list) or not content:
        yield Problem(file, "", f"The section “{name}” must be a list with rows.")
        return
    taken: dict[tuple[str, str], str] = {}
    for index, row in enumerate(content):
        label = label_of(section, row, index)
        for path, sentence in section.check(row, names):
            yield Problem(file, label, worded(path, sentence))
        for field in section.unique_fields:
            value = row.get(field) if isinstance(row, dict) else None
            if value is None:
                continue
            key = (field, str(value))
            if key in taken:
                yield Problem(file, label, f"“{field}” must be unique, but {taken[key]} has {value} too.")
            taken.setdefault(key, label)


def worded(path: str, sentence: str) -> str:
    return f"“{path.lstrip('.')}” {sentence}." if path else f"{sentence[0].upper()}{sentence[1:]}."
