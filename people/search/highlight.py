"""Finds shown in the words around them. Every piece of text is escaped; the only markup is our own <mark>."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.folding import fold_with_positions

BEFORE, LENGTH = 24, 110  # characters of an excerpt before the first find, and in all
STOPS = "。！？；.!?;"


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where ``words`` (folded) stand in ``text``: [start, end) of each stretch, those that touch joined."""
    folded, positions = fold_with_positions(text)
    found = []
    for word in words:
        start = folded.find(word)
        while word and start >= 0:
            found.append((positions[start], positions[start + len(word) - 1] + 1))
            start = folded.find(word, start + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, words: Sequence[str]) -> SafeString:
    pieces, done = [], 0
    for start, end in spans(text, words):
        pieces += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*pieces, escape(text[done:])]))


def excerpt(text: str, words: Sequence[str]) -> SafeString:
    """The stretch of ``text`` around the first find, begun after a full stop where one is near."""
    found = spans(text, words)
    start = max(found[0][0] - BEFORE, 0) if found else 0
    if start:
        before = text[max(start - BEFORE, 0) : found[0][0]]
        stop = max(map(before.rfind, STOPS))
        if stop >= 0:
            start = max(start - BEFORE, 0) + stop + 1
        elif text[start - 1].isascii() and text[start - 1].isalnum():
            gap = text.find(" ", start, found[0][0])
            start = gap + 1 if gap >= 0 else start
    stretch = text[start : start + LENGTH]
    if start + LENGTH < len(text):
        if " " in stretch[-15:] and stretch[-1].isascii():
            stretch = stretch[: stretch.rindex(" ")]
        stretch = stretch.rstrip("，、,;；:： ") + "…"
    clean_start = start == 0 or text[start - 1] in STOPS
    return marked(("" if clean_start else "…") + stretch.strip(), words)
