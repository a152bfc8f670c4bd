"""The calendar's kinds of activity: a small registry that the upper apps fill in ``AppConfig.ready()``."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """``model``: "app.Model" of the rows of this kind. ``group``: which calendar filter they come under.

    ``detail_template``: what this kind adds to the page of an activity, or "". ``details(activity, viewer)`` gives that
    template its context; it may cost queries, once a page.
    """

    code: str
    label: object
    model: str
    group: str
    group_label: object
    detail_template: str = ""
    details: Callable[..., dict] | None = field(default=None, compare=False)
    group_order: int = 50


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.code] = kind


def get(code: str) -> Kind | None:
    return _kinds.get(code)


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def groups() -> dict[str, object]:
    """{group code: label}, lowest ``group_order`` first."""
    return {kind.group: kind.group_label for kind in sorted(_kinds.values(), key=lambda kind: kind.group_order)}


def codes_of(group: str) -> list[str]:
    return [kind.code for kind in _kinds.values() if kind.group == group]
