"""Every refusal of projects and deliberations is a sentence that names what to do (docs/rules/projects.md), and is seen."""

import ast
import re
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

ROOT = Path(__file__).parents[2]
REFUSING = re.compile(r"Refused|Refusal|ValidationError|add_error|violation")
#: Whatever these say to staff is why something cannot be published or planted yet.
WHOLE = {"community/votes.py", "community/operations/deliberations.py"}
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


def sentences(call: ast.Call) -> list[str]:
    """What is said to the reader within this call: the text of each call for a translation."""
    return [
        node.args[0].value
        for node in ast.walk(call)
        if isinstance(node, ast.Call) and name_of(node) in TRANSLATING and isinstance(node.args[0], ast.Constant)
    ]


def refusals() -> dict[str, str]:
    """{sentence: where it stands}, for each call that refuses with a sentence of its own."""
    found = {}
    for app in ("projects", "community"):
        for file in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in file.parts:
                continue
            where = str(file.relative_to(ROOT))
            calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
            for call in calls:
                if where in WHOLE or REFUSING.search(name_of(call)):
                    found |= dict.fromkeys(sentences(call), f"{where}:{call.lineno}")
    return {one: where for one, where in found.items() if len(one) > 3}


ALL = refusals()


def test_there_are_refusals_to_look_at():
    assert len(ALL) > 120


@pytest.mark.parametrize("sentence", sorted(ALL))
def test_a_refusal_is_a_sentence_that_names_what_to_do(sentence):
    assert STEP.search(sentence), ALL[sentence]
    assert sentence.rstrip("”)").endswith((".", "!")), ALL[sentence]
    with override("zh-hans"):
        chinese = gettext(sentence)
    assert chinese != sentence or "%" in sentence, ALL[sentence]
