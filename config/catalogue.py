"""The words of the portal, collected from code and templates without gettext's programs, which plain Debian lacks.

``manage.py messages`` writes what is missing into the catalogue and takes out what is no longer said; a test fails while
an entry is missing, untranslated or fuzzy.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

FUNCTIONS = {
    # name: positions of context, singular and plural among the arguments
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
}
LEFT_OUT = {"tests", "bench", ".venv", "var", "node_modules", "migrations"}
CALL = re.compile(r"\b(?:n?p?gettext|_)\(")


@dataclass(frozen=True)
class Said:
    singular: str
    plural: str = ""
    context: str = ""


def catalogue_path() -> Path:
    return Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[Path]:
    for path in sorted(Path(settings.BASE_DIR).rglob("*")):
        inside = path.relative_to(settings.BASE_DIR)
        if (
            path.suffix in {".py", ".html", ".txt"}
            and not LEFT_OUT & set(inside.parts)
            and not inside.name.startswith(".")
        ):
            if path.suffix == ".txt" and inside.parts[0] != "templates":
                continue
            yield path


def said() -> dict[Said, list[str]]:
    """{what the portal says: the files that say it}."""
    found: dict[Said, list[str]] = {}
    for path in sources():
        name = str(path.relative_to(settings.BASE_DIR))
        text = path.read_text(encoding="utf-8")
        calls = calls_in(text) if path.suffix == ".py" else calls_in_template(text, name)
        for one in calls:
            places = found.setdefault(one, [])
            if name not in places:
                places.append(name)
    return found


def calls_in(code: str) -> Iterator[Said]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and (one := said_by(node)):
            yield one


def said_by(node: ast.Call) -> Said | None:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name not in FUNCTIONS:
        return None

    def text(position: int | None) -> str | None:
        if position is None:
            return ""
        argument = node.args[position] if position < len(node.args) else None
        return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None

    context, singular, plural = (text(position) for position in FUNCTIONS[name])
    if singular is None or plural is None or context is None or not singular:
        return None
    return Said(singular, plural, context)


def calls_in_template(text: str, name: str) -> Iterator[Said]:
    """Django turns a template into something like code; the calls in it are read one by one."""
    code = templatize(text, origin=name)
    for match in CALL.finditer(code):
        depth, end = 0, match.end() - 1
        while end < len(code):
            if code[end] in "\"'":
                end = end_of_text(code, end)
            depth += {"(": 1, ")": -1}.get(code[end], 0) if end < len(code) else 0
            end += 1
            if depth == 0:
                break
        try:
            node = ast.parse(code[match.start() : end].strip(), mode="eval").body
        except SyntaxError:
            continue
        if isinstance(node, ast.Call) and (one := said_by(node)):
            yield one


def end_of_text(code: str, start: int) -> int:
    """The position of the quote that ends the string literal beginning at ``start``."""
    quote = code[start : start + 3] if code[start : start + 3] in {'"""', "'''"} else code[start]
    at = start + len(quote)
    while at < len(code) and not code.startswith(quote, at):
        at += 2 if code[at] == "\\" else 1
    return at + len(quote) - 1


def update(translations: dict[Said, str] | None = None) -> tuple[int, int]:
    """Bring the catalogue up to date; returns how many entries were added and taken out."""
    path = catalogue_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        catalogue = polib.pofile(str(path), wrapwidth=110)
    else:
        catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "portal",
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    wanted = said()
    known = {Said(entry.msgid, entry.msgid_plural or "", entry.msgctxt or ""): entry for entry in catalogue}
    given = translations or {}
    for one, places in wanted.items():
        entry = known.get(one)
        if entry is None:
            entry = polib.POEntry(msgid=one.singular, msgctxt=one.context or None)
            if one.plural:
                entry.msgid_plural, entry.msgstr_plural = one.plural, {0: ""}
            catalogue.append(entry)
        entry.occurrences = [(place, "") for place in places]
        if chinese := given.get(one):
            if one.plural:
                entry.msgstr_plural = {0: chinese}
            elif not entry.msgstr:
                entry.msgstr = chinese
    gone = [entry for one, entry in known.items() if one not in wanted]
    for entry in gone:
        catalogue.remove(entry)
    catalogue.sort(key=lambda entry: (entry.occurrences[0][0], entry.msgid) if entry.occurrences else ("", entry.msgid))
    catalogue.save(str(path))
    return len(wanted.keys() - known.keys()), len(gone)


def gaps() -> list[str]:
    """A line for each entry that is missing, untranslated, fuzzy or lost a placeholder; empty when all is well."""
    catalogue = polib.pofile(str(catalogue_path()))
    known = {Said(entry.msgid, entry.msgid_plural or "", entry.msgctxt or ""): entry for entry in catalogue}
    found = []
    for one, places in said().items():
        entry = known.get(one)
        where = f"{one.singular!r} ({places[0]})"
        if entry is None:
            found.append(f"missing: {where}")
        elif "fuzzy" in entry.flags:
            found.append(f"fuzzy: {where}")
        elif not (entry.msgstr or entry.msgstr_plural.get(0)):
            found.append(f"untranslated: {where}")
        else:
            chinese = entry.msgstr or entry.msgstr_plural[0]
            lost = placeholders(chinese) ^ placeholders(one.plural or one.singular)
            if lost - {"%(count)d", "%(counter)s"}:
                found.append(f"placeholders differ ({', '.join(sorted(lost))}): {where}")
    found += [f"said nowhere: {one.singular!r}" for one in known.keys() - said().keys()]
    return sorted(found)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text))
