"""Which role may do what: one table, filled by each app in its ``registration.py``; docs/permissions.md shows it.

A permission is Django's ``app.action_model``. Scoped roles (branch, team, building) hold a permission only for rows that
their scope covers; the QuerySets' ``for_staff`` and the operations check that.
"""

from collections import defaultdict
from enum import Enum

from people.models import RoleGrant

Role = RoleGrant.Role


class Reach(Enum):
    """Which rows of its neighbourhood a grant covers, where its role has the permission at all."""

    PARTY = "whatever belongs to a Party organisation"
    BRANCH = "what belongs to the branch of the grant and its groups"
    TEAM = "what belongs to the team of the grant"
    COMMITTEE = "everything but what is a Party organisation's own"


_NARROW = {Role.PARTY_ADMIN: Reach.PARTY, Role.BRANCH_SECRETARY: Reach.BRANCH, Role.TEAM_LEADER: Reach.TEAM}

_table: dict[str, set[str]] = defaultdict(set)


def allow(role: str, model: str, *actions: str) -> None:
    """Give ``role`` the ``actions`` (view, add, change, delete or an own verb) on ``model`` ("app.model").

    Raises ValueError for what the role has already: of two lines that give the same, one will be forgotten.
    """
    app, name = model.split(".")
    given = {f"{app}.{action}_{name}" for action in actions}
    if doubled := given & _table[role]:
        raise ValueError(f"{role} is given {', '.join(sorted(doubled))} twice.")
    _table[role] |= given


def reach_of(grant: RoleGrant) -> Reach:
    return _NARROW.get(Role(grant.role), Reach.COMMITTEE)


def is_narrow(grant: RoleGrant) -> bool:
    """It covers only what is named: a Party organisation's own, a branch, a team."""
    return reach_of(grant) is not Reach.COMMITTEE


def permissions_of(role: str) -> frozenset[str]:
    return frozenset(_table[role])


def has_staff_pages(role: str) -> bool:
    return bool(_table.get(role))


def roles_with(permission: str) -> set[str]:
    return {role for role, permissions in _table.items() if permission in permissions}
