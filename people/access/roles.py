"""Which role may do what: one table, filled by each app in its ``registration.py``; docs/permissions.md shows it.

A permission is Django's ``app.action_model``. Scoped roles (branch, team, building) hold a permission only for rows that
their scope covers; the QuerySets' ``for_staff`` and the operations check that.
"""

from collections import defaultdict

from people.models import RoleGrant

Role = RoleGrant.Role

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


def permissions_of(role: str) -> frozenset[str]:
    return frozenset(_table[role])


def roles_with(permission: str) -> set[str]:
    return {role for role, permissions in _table.items() if permission in permissions}
