"""The kinds of piece: covers, wall panels, beds. Added in ``registration.py``.

A kind says what its page at ``/<n>/places/<code>/`` shows below the title and how it is shown in lists.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.registry import Registry


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
    round: bool = False  # its pictures are roundels
    says: Callable[[Any], str] | None = field(default=None, compare=False)  # what stands on its tag and poster


#: projects: 10 covers, 20 panels, 30 beds.
piece_kinds = Registry[PieceKind]("kinds of piece")


def code_of(model: str) -> str:
    """The kind whose rows are ``model`` ("projects.Cover"); "" for none."""
    return next((kind.code for kind in piece_kinds if kind.model == model), "")


def with_kinds(rows: Any) -> Any:
    """``rows`` (a QuerySet of pieces) joined with what each is, so that :func:`as_its_kind` costs no query."""
    return rows.select_related(*(relation(kind) for kind in piece_kinds))


def as_its_kind(piece: Any) -> Any:
    """The row as the cover, panel or bed it is; itself for a plain one."""
    kind = piece_kinds.get(piece.kind)
    return getattr(piece, relation(kind), piece) if kind is not None else piece


def relation(kind: PieceKind) -> str:
    return kind.model.split(".")[1].lower()
