"""The kinds of piece: covers, wall panels, beds. A small registry, filled in ``registration.py``.

A kind says what its page at ``/<n>/places/<code>/`` shows below the title and how it is shown in lists.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PieceKind:
    """``model``: "app.Model". ``template`` stands on the place's page; ``details(piece)`` gives it its context
    (``piece`` is the most derived row): the same for every reader, so that it is asked once until something changes.
    """

    code: str
    label: object
    plural: object
    model: str
    template: str
    details: Callable[..., dict] | None = field(default=None, compare=False)
    order: int = 50
    round: bool = False  # its pictures are roundels
    says: Callable[[Any], str] | None = field(default=None, compare=False)  # what stands on its tag and poster


_kinds: dict[str, PieceKind] = {}


def register(kind: PieceKind) -> None:
    _kinds[kind.code] = kind


def get(code: str) -> PieceKind | None:
    return _kinds.get(code)


def all_kinds() -> list[PieceKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def code_of(model: str) -> str:
    """The kind whose rows are ``model`` ("projects.Cover"); "" for none."""
    return next((kind.code for kind in _kinds.values() if kind.model == model), "")


def with_kinds(rows: Any) -> Any:
    """``rows`` (a QuerySet of pieces) joined with what each is, so that :func:`as_its_kind` costs no query."""
    return rows.select_related(*(relation(kind) for kind in _kinds.values()))


def as_its_kind(piece: Any) -> Any:
    """The row as the cover, panel or bed it is; itself for a plain one."""
    kind = _kinds.get(piece.kind)
    return getattr(piece, relation(kind), piece) if kind is not None else piece


def relation(kind: PieceKind) -> str:
    return kind.model.split(".")[1].lower()
