"""Text as it is compared, in names (portal/names.py) and in every search.

Full-width and half-width, capitals and small, traditional and simplified count as the same.

Characters are folded one by one, so that a find in the folded text can be shown in the text as it was written.
"""

import unicodedata
from functools import lru_cache

from portal.traditional_characters import SIMPLIFIED

#: The dots that stand within names of several parts; each keyboard has its own. All are written and compared as one.
DOTS = dict.fromkeys("·•‧・･∙⋅●ᐧ᛫˙", "·")


@lru_cache(maxsize=32_768)
def fold_character(character: str) -> str:
    """What one character counts as: "" for what nobody sees, a space for any gap."""
    category = unicodedata.category(character)
    if character.isspace() or category in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    if category in {"Cf", "Cs"} or "\ufe00" <= character <= "\ufe0f":  # joiners, marks of direction, variants
        return ""
    if character in DOTS:
        return "·"
    folded = unicodedata.normalize("NFKC", character).casefold()
    return folded.translate(SIMPLIFIED)


def compose(text: str) -> str:
    """``text`` with letters and their accents as one character, as they are kept and compared."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """For comparing; gaps are one space."""
    return " ".join("".join(map(fold_character, compose(text))).split())


def fold_with_positions(text: str) -> tuple[str, list[int]]:
    """``text`` (composed, its gaps single spaces) folded, and for each folded character the index of its origin."""
    folded: list[str] = []
    positions: list[int] = []
    for index, character in enumerate(text):
        for piece in fold_character(character):
            folded.append(piece)
            positions.append(index)
    return "".join(folded), positions


def squeeze(text: str) -> str:
    """As it is kept: composed, on one line, without what a database refuses."""
    return " ".join(compose(text.replace("\x00", " ")).split())
