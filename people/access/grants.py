"""The backend that turns role grants into permissions."""

from django.contrib.auth.backends import BaseBackend

from people.access import roles
from people.models import RoleGrant, User
from portal import clock


def grants_of(user: User) -> list[RoleGrant]:
    """Grants in force, read once per user object."""
    if not hasattr(user, "_grants"):
        grants = RoleGrant.objects.filter(user=user).in_force(clock.now()).order_by("pk")
        user._grants = list(grants) if user.pk and user.is_active else []
    return user._grants


def know_no_grants(user: User) -> None:
    """Whoever found out by another query spares the next one this."""
    user._grants = []


def neighbourhoods_with(user: User, permission: str) -> set[int]:
    """Ids of the neighbourhoods where some grant of ``user`` carries ``permission``."""
    allowed = roles.roles_with(permission)
    return {grant.neighbourhood_id for grant in grants_of(user) if grant.role in allowed}


class RoleBackend(BaseBackend):
    """``obj`` narrows to grants of its neighbourhood, where it has one. Scopes are the operations' and QuerySets' job."""

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).first()

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
