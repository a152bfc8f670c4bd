"""The calendar's kinds of activity: the upper apps add theirs in ``registration.py``."""

from collections.abc import Callable
from dataclasses import dataclass, field

from portal.registry import Registry

SERVICE = "service"
CLASS_HOURS = "class_hours"


@dataclass(frozen=True)
class Kind:
    """``model``: "app.Model" of the rows of this kind. ``group``: which calendar filter they come under.

    ``detail_template``: what this kind adds to the page of an activity, or "". ``details(activity, viewer)`` gives that
    template its context; it may cost queries, once a page. ``counts_for``: what attendance counts for, :data:`SERVICE`,
    :data:`CLASS_HOURS` or "" for nothing beyond having been there (V2).
    """

    code: str
    label: object
    model: str
    group: str
    group_label: object
    detail_template: str = ""
    details: Callable[..., dict] | None = field(default=None, compare=False)
    group_order: int = 50
    counts_for: str = ""


#: community: 200; volunteers: 400; events: 500. So they stand in the staff's filter; residents' by ``group_order``.
activity_kinds = Registry[Kind]("kinds of activity")


def groups() -> dict[str, object]:
    """{group code: label}, lowest ``group_order`` first."""
    return {kind.group: kind.group_label for kind in sorted(activity_kinds, key=lambda kind: kind.group_order)}


def codes_of(group: str) -> list[str]:
    return [kind.code for kind in activity_kinds if kind.group == group]


def counts_for(code: str) -> str:
    """What attendance at an activity of kind ``code`` counts for."""
    kind = activity_kinds.get(code)
    return kind.counts_for if kind else ""


def codes_not_counting_for(what: str) -> list[str]:
    return [kind.code for kind in activity_kinds if kind.counts_for != what]
