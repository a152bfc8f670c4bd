"""Does every file have the form of schema.yaml? Which values make sense together is for the models and operations to say."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml

from demo.source import FOLDER, DemoRefused, Files, Problem, Unquoted, label_of, read

FORMAT = 1  # schema_version of the files this portal reads
FORMS: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("schema.yaml").read_text(encoding="utf-8"))
WORDS: dict[str, list[str]] = FORMS.pop("words")
MANY_KINDS_OF_WORDS = "taxonomy"  # the file whose ids may repeat from list to list
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")

Wrong = tuple[str, str]  # where in a row, and what is wrong there
Names = Mapping[str, Mapping[str, Any]]  # {kind: {id: its row}}


def text_like(pattern: str, parse: Callable[[str], object] = str) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            return False
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return fits


def number_to(most: int, *kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds and 0 <= value <= most


def pair_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and len(value) == 2 and all(map(fits, value)) and value[0] <= value[1]


is_day = text_like(r"\d{4}-\d\d-\d\d", date.fromisoformat)
is_time = text_like(r"\d\d:\d\d", time.fromisoformat)
#: {type: (what it must be, does a value fit)}
TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("a text", lambda value: isinstance(value, str) and bool(value.strip())),
    "whole": ("a whole number from 0 up", number_to(10**7, int)),
    "number": ("a number from 0 up", number_to(10**7, int, float)),
    "percent": ("a number between 0 and 100", number_to(100, int, float)),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "day": ('a day like "2018-12-20"', is_day),
    "time": ('a time like "06:30"', is_time),
    "moment": ('a moment like "2018-12-20T09:00"', text_like(r"\S{10}T\d\d:\d\d", datetime.fromisoformat)),
    "days": ("a first and a last day in order", pair_of(is_day)),
    "hours": ("a begin and an end in order", pair_of(is_time)),
    "email": ("an address at demo.invalid", text_like(r"[a-z0-9]+@demo\.invalid")),
    "phone": ("a number that begins with 100, which no mobile network has", text_like(r"100\d{8}")),
    "secret": ("a base32 secret of at least 128 bits", text_like(r"[A-Z2-7]{26,}=*")),
    "null": ("null", lambda value: value is None),
}


def wrong_with(value: Any, type_: str, names: Names) -> str:
    """Why ``value`` is none of the types in ``type_`` (“day | null”); "" where it is one of them."""
    kinds = type_.split(" | ")
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, Unquoted):
            return f'must be quoted: "{part}" is no text in YAML 1.1 without'
    if any(TYPES[kind][1](value) if kind in TYPES else is_name(value, names.get(kind, {})) for kind in kinds):
        return "holds something like an ID number; the portal must not need one" if has_id_number(value) else ""
    if value is False and any("no" in names.get(kind, {}) for kind in kinds):
        return 'must be quoted: "no"; bare no is false in YAML 1.1'
    nameable = [kind for kind in kinds if kind != "null"]
    if isinstance(value, str) and not any(kind in TYPES for kind in nameable):
        return f"names no {' or '.join(nameable)}: “{value}” is nowhere defined"
    told = [TYPES[kind][0] if kind in TYPES else f"the id of a {kind}" for kind in kinds]
    return f"must be {' or '.join(told)}, not {shown(value)}"


def is_name(value: Any, known: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and value in known


def has_id_number(value: Any) -> bool:
    return isinstance(value, str) and bool(ID_NUMBER.search(value))


def shown(value: Any) -> str:
    return "null" if value is None else repr(value) if isinstance(value, str) else str(value)


def field_name(key: str) -> str:
    return key.rstrip("~!")


def wrong_in(value: Any, form: Any, names: Names) -> Iterator[Wrong]:
    """Everything in ``value`` that is not as ``form`` has it."""
    if isinstance(form, str):
        if sentence := wrong_with(value, form, names):
            yield "", sentence
    elif isinstance(form, list):
        yield from wrong_in_list(value, form[0], names)
    elif not isinstance(value, dict):
        yield "", f"must be a mapping, not {shown(value)}"
    elif (key_type := next(iter(form))).startswith("<"):
        for name, part in value.items():
            found = [*wrong_in(name, key_type.strip("<>"), names), *wrong_in(part, form[key_type], names)]
            yield from ((f".{name}{path}", sentence) for path, sentence in found)
    else:
        known = {field_name(key): part for key, part in form.items()}
        yield from (
            (f".{field_name(key)}", "is missing") for key in form if "~" not in key and field_name(key) not in value
        )
        yield from ((f".{name}", "is not known here") for name in value if name not in known)
        for name in (name for name in value if name in known):
            form_of_it = "text" if name == "id" else known[name]
            yield from ((f".{name}{path}", sentence) for path, sentence in wrong_in(value[name], form_of_it, names))


def wrong_in_list(value: Any, form: Any, names: Names) -> Iterator[Wrong]:
    if not isinstance(value, list):
        yield "", f"must be a list, not {shown(value)}"
        return
    for index, one in enumerate(value):
        yield from ((f"[{index + 1}]{path}", sentence) for path, sentence in wrong_in(one, form, names))
        if isinstance(one, str) and one in value[:index]:
            yield f"[{index + 1}]", f"stands twice: “{one}”"


class Unknown(dict[str, Any]):
    """The ids of a section that could not be read: each may be one of them, so no reference to them is called wrong."""

    def __contains__(self, key: object) -> bool:
        return True


def names_in(files: Files) -> tuple[Names, list[Problem]]:
    """Every id by its kind, and the ids that are used twice."""
    names: dict[str, dict[str, Any]] = {kind: dict.fromkeys(words) for kind, words in WORDS.items()}
    first_seen: dict[str, str] = {}
    problems = []
    for file, sections in FORMS.items():
        for section, form in sections.items():
            of_row = form[0] if isinstance(form, list) else form
            if not isinstance(of_row, dict) or "id" not in of_row:
                continue
            kind, content = of_row["id"], files.content.get(file, {}).get(section)
            if not isinstance(content, list if isinstance(form, list) else dict):
                names[kind] = Unknown(names.get(kind, {}))
                continue
            for row in content if isinstance(content, list) else [content]:
                if not isinstance(row, dict) or not isinstance(row.get("id"), str):
                    continue
                key = f"{section} {row['id']}" if file == MANY_KINDS_OF_WORDS else row["id"]
                if key in first_seen:
                    problems.append(Problem(file, row["id"], f"“id” is used twice; first in {first_seen[key]}."))
                first_seen.setdefault(key, f"{file}.yaml, {section}")
                names.setdefault(kind, {}).setdefault(row["id"], row)
    return names, problems


def problems_with(files: Files) -> list[Problem]:
    """Every section is there and known, every row has its fields, every value its type, every reference its row."""
    names, problems = names_in(files)
    for file, sections in FORMS.items():
        content = files.content.get(file)
        if content is None:
            continue
        if content.get("schema_version") != FORMAT:
            problems.append(Problem(file, "", f"schema_version must be {FORMAT}."))
        unknown = sorted(map(str, content.keys() - sections.keys() - {"schema_version", "kind"}))
        problems += [Problem(file, "", f"The section “{name}” is not known.") for name in unknown]
        for name, form in sections.items():
            if name not in content:
                problems.append(Problem(file, "", f"The section “{name}” is missing."))
            elif isinstance(form, str | dict):
                problems += told(file, name, wrong_in(content[name], form, names))
            elif not isinstance(content[name], list) or not content[name]:
                problems.append(Problem(file, "", f"The section “{name}” must be a list with rows."))
            else:
                for index, row in enumerate(content[name]):
                    problems += told(file, label_of(row, index), wrong_in(row, form[0], names))
                problems += doubles(file, content[name], form[0])
    return problems


def doubles(file: str, rows: list[Any], form: dict[str, Any]) -> Iterator[Problem]:
    for field in (field_name(key) for key in form if "!" in key):
        first: dict[str, str] = {}
        for index, row in enumerate(rows):
            if isinstance(row, dict) and row.get(field) is not None:
                value, label = str(row[field]), label_of(row, index)
                if value in first:
                    yield Problem(file, label, f"“{field}” must be unique, but {first[value]} has {value} too.")
                first.setdefault(value, label)


def told(file: str, row: str, wrong: Iterable[Wrong]) -> Iterator[Problem]:
    for path, sentence in wrong:
        worded = f"“{path.lstrip('.')}” {sentence}." if path else f"{sentence[0].upper()}{sentence[1:]}."
        yield Problem(file, row, worded)


def problems_in(folder: Path = FOLDER) -> tuple[Files, list[Problem]]:
    """The files of ``folder``, and everything that is wrong with how they are written."""
    files, problems = read(folder, FORMS)
    return files, problems + problems_with(files)


def checked(folder: Path = FOLDER) -> Files:
    """The files, or DemoRefused with every problem in them."""
    files, problems = problems_in(folder)
    if problems:
        raise DemoRefused(problems)
    return files
