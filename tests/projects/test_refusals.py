"""Every refusal of projects and deliberations is a sentence that names what to do (docs/rules/projects.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

ROOT = Path(__file__).parents[2]
REFUSING = re.compile(r"Refusal|_refuse\b|ValidationError|add_error|Constraint|^error$")  # messages.error
#: Whatever these say to staff is why something cannot be published or planted yet.
WHOLE = {"community/rules/vote_sums.py", "community/operations/deliberations.py"}
#: These word a refusal that is raised elsewhere.
WORDING = {
    "missing_to_begin", "missing_to_end", "_design", "_feedback", "_review",
    "_final_words", "closed_words", "_closed_for_staff", "poison", "in_preparation",
    "without_the_narrators_yes", "missing_in_result", "missing_in_record", "sum_wrong", "groups_wrong",
}  # fmt: skip
#: These hand on whatever sentence they get.
HANDING_ON = {"_refuse", "add_error", "_refuse_what_may_not_be_shown"}
TRANSLATING = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
#: A step stands in the imperative: at the beginning of a sentence or of its part, or after "please" and "then".
STEP = re.compile(
    r"\bplease\b|(?:^|[.:;,“] |\b(?:then|so|or|and) )(?:add|answer|ask|choose|close|come|correct|count|decide|enter|finish|"
    r"get|give|go|let|look|name|note|open|propose|publish|say|sign|start|take|tick|turn|write|leave|do not|end)\b"
    # What is best done said otherwise: where to turn, when to come again, what belongs elsewhere.
    r"|need not|is welcome here|is best told|takes feedback from|becomes version|can raise a hand",
    re.IGNORECASE,
)


def name_of(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def sentences(node: ast.AST) -> list[str]:
    """What is said to the reader within this node: the text of each call for a translation."""
    return [
        call.args[0].value
        for call in calls_in(node)
        if name_of(call) in TRANSLATING and isinstance(call.args[0], ast.Constant)
    ]


def calls_in(node: ast.AST) -> list[ast.Call]:
    return [one for one in ast.walk(node) if isinstance(one, ast.Call)]


def sources() -> Iterator[tuple[str, ast.Module]]:
    """(path, syntax tree) of each module whose refusals are read."""
    for place in ("projects", "community", "portal/files.py", "people/operations/photos.py"):
        files = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
        for file in files:
            if "migrations" not in file.parts:
                yield str(file.relative_to(ROOT)), ast.parse(file.read_text())


def says_something(sentence: str) -> bool:
    return bool(re.search(r"[a-z]{3}", re.sub(r"%\(\w+\)[sd]", "", sentence)))


def refusals() -> dict[str, str]:
    """{sentence: where it stands}, for each call that refuses with a sentence of its own, and each function that words one."""
    found = {}
    for where, tree in sources():
        refusing = [call for call in calls_in(tree) if where in WHOLE or REFUSING.search(name_of(call))]
        wording = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in WORDING]
        for node in [*refusing, *wording]:
            found |= dict.fromkeys(sentences(node), f"{where}:{node.lineno}")
    return {one: where for one, where in found.items() if says_something(one)}


ALL = refusals()


def test_there_are_refusals_to_look_at():
    assert len(ALL) > 120


def test_no_refusal_is_left_out():
    """Each says a sentence that is read here: its own, one it was given, or one of a function that words it."""
    silent = []
    for where, tree in sources():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            worded = {name_of(call) for call in calls_in(function)} & WORDING or function.name in HANDING_ON
            for call in calls_in(function):
                if re.search(r"(Refusal|ValidationError)$|^add_error$", name_of(call)) and not worded:
                    given = any(
                        name_of(one) in {"str", "with_link"} or "error_messages" in ast.unparse(one)
                        for one in calls_in(call)
                    )
                    if not sentences(call) and not given:
                        silent.append(f"{where}:{call.lineno} {ast.unparse(call)}")
    assert silent == []


def test_no_kind_of_refusal_is_left_out():
    """A new exception is known by its name, and whatever is raised with a sentence is read."""
    names, unread = [], []
    for where, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = " ".join(ast.unparse(base) for base in node.bases)
                if re.search(r"(Exception|Error|Refusal)\b", bases) and not REFUSING.search(node.name):
                    names.append(f"{where}:{node.lineno} {node.name}")
            elif isinstance(node, ast.Raise):
                unread += [one for one in sentences(node) if says_something(one) and one not in ALL]
    assert (names, unread) == ([], [])


@pytest.mark.parametrize("sentence", sorted(ALL))
def test_a_refusal_is_a_sentence_that_names_what_to_do(sentence):
    assert STEP.search(sentence), ALL[sentence]
    assert sentence.rstrip("”)").endswith((".", "!")), ALL[sentence]
    with override("zh-hans"):
        chinese = gettext(sentence)
    assert chinese != sentence or "%" in sentence, ALL[sentence]
