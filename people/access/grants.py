"""The backend that turns role grants into permissions."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from people.access import roles
from people.access.second_factor import is_proved
from people.models import RoleGrant, User
from portal import clock


def grants_of(user: User) -> list[RoleGrant]:
    """Grants in force, read once per user object; those of roles with staff pages only where the second factor is proved."""
    if not hasattr(user, "_grants"):
        grants = RoleGrant.objects.filter(user=user).in_force(clock.now()).order_by("pk")
        user._grants = list(grants) if user.pk and user.is_active else []
    if not any(roles.has_staff_pages(grant.role) for grant in user._grants) or is_proved(user):
        return user._grants
    return [grant for grant in user._grants if not roles.has_staff_pages(grant.role)]


def lacks_proof(user: User) -> bool:
    """Whether ``user`` has roles with staff pages that give nothing until the second factor is proved again."""
    return user.is_staff and not is_proved(user) and len(grants_of(user)) < len(user._grants)


def know_no_grants(user: User) -> None:
    """Whoever found out by another query spares the next one this."""
    user._grants = []


def neighbourhoods_with(user: User, permission: str) -> set[int]:
    """Ids of the neighbourhoods where some grant of ``user`` carries ``permission``."""
    allowed = roles.roles_with(permission)
    return {grant.neighbourhood_id for grant in grants_of(user) if grant.role in allowed}


class FromSession:
    """A backend whose accounts come out of a session."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.filter(pk=user_id, is_active=True).first()
        if user is not None:
            user.comes_from_session = True
        return user


class RoleBackend(FromSession, BaseBackend):
    """``obj`` narrows to grants of its neighbourhood, where it has one. Scopes are the operations' and QuerySets' job."""

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        neighbourhoods = neighbourhoods_with(user_obj, perm)
        neighbourhood_id = getattr(obj, "neighbourhood_id", None)
        return neighbourhood_id in neighbourhoods if neighbourhood_id else bool(neighbourhoods)

    def has_module_perms(self, user_obj, app_label: str) -> bool:
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        return any(
            permission.startswith(f"{app_label}.")
            for grant in grants_of(user_obj)
            for permission in roles.permissions_of(grant.role)
        )
