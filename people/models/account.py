"""Accounts: who can log in, and which roles they hold where."""

from typing import Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from people.models.neighbourhood import Building, Neighbourhood
from portal import clock


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Make an account; without a password one logs in by a code sent by e-mail."""
        user = self.model(email=self.normalize(email), **fields)
        user.set_password(password)
        user.save()
        return user

    @staticmethod
    def normalize(email: str) -> str:
        return email.strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize(username or ""))


class User(AbstractBaseUser):
    """An account. Has no ``is_superuser``: what one may do follows from role grants alone (docs/permissions.md)."""

    email = models.EmailField(_("e-mail"), unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the staff pages"), default=False)
    sessions_since = models.DateTimeField(null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=clock.real_now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    #: Read once an object by people.access.grants.
    _grants: list[Any]
    #: Set by the backends: it proves nothing outside its request (people.access.second_factor).
    comes_from_session = False

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_superuser = False

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_case_insensitive")]

    def __str__(self) -> str:
        return self.email

    @property
    def masked_email(self) -> str:
        """Enough to be recognised by whoever knows it: w…@example.org."""
        name, _at, domain = self.email.partition("@")
        return f"{name[:1]}…@{domain}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions from before ``sessions_since`` hold no more (people.operations.sessions)."""
        bound = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if self.sessions_since is None:
            return bound
        moment = str(self.sessions_since.timestamp())
        return salted_hmac("people.sessions_since", bound + moment, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Ask the backends, as Django's PermissionsMixin does; ``obj`` narrows to grants that cover its neighbourhood."""
        for backend in get_backends():
            if not hasattr(backend, "has_perm"):
                continue
            try:
                if backend.has_perm(self, perm, obj):
                    return True
            except PermissionDenied:
                return False
        return False

    def has_perms(self, perm_list, obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return any(
            backend.has_module_perms(self, app_label)
            for backend in get_backends()
            if hasattr(backend, "has_module_perms")
        )


class RoleGrantQuerySet(models.QuerySet):
    def in_force(self, at):
        return self.exclude(needs_yes=True, confirmed_at=None).filter(models.Q(until=None) | models.Q(until__gt=at))

    def waiting(self, at):
        """Proposals that nobody has answered."""
        return self.filter(needs_yes=True, confirmed_at=None).filter(models.Q(until=None) | models.Q(until__gt=at))


class RoleGrant(models.Model):
    """One role of one account in one neighbourhood, in force once confirmed where it takes two.

    Scoped roles also name the branch, team, building or body.
    """

    class Role(models.TextChoices):
        BUILDING_LEADER = "building_leader", _("building leader")
        VOLUNTEER_COORDINATOR = "volunteer_coordinator", _("volunteer coordinator")
        TEAM_LEADER = "team_leader", _("team leader")
        BRANCH_SECRETARY = "branch_secretary", _("branch secretary")
        PARTY_ADMIN = "party_admin", _("Party administrator")
        COMMITTEE_ADMIN = "committee_admin", _("committee administrator")
        EDITOR = "editor", _("editor")
        ISSUE_HANDLER = "issue_handler", _("issue handler")
        OWNERS_COMMITTEE = "owners_committee", _("owners' committee")
        PARTNER_UNIT = "partner_unit", _("partner unit")
        SYSTEM_ADMIN = "system_admin", _("system administrator")

    SCOPES: ClassVar[dict[str, str]] = {
        Role.BUILDING_LEADER: "building",
        Role.TEAM_LEADER: "team",
        Role.BRANCH_SECRETARY: "org",
        Role.OWNERS_COMMITTEE: "committee",
        Role.PARTNER_UNIT: "unit",
    }

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("account"))
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="grants", verbose_name=_("residential area")
    )
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    org = models.ForeignKey(
        "people.PartyOrg", models.CASCADE, null=True, blank=True, verbose_name=_("Party organisation")
    )
    team = models.ForeignKey("people.Team", models.CASCADE, null=True, blank=True, verbose_name=_("team"))
    building = models.ForeignKey(Building, models.CASCADE, null=True, blank=True, verbose_name=_("building"))
    committee = models.ForeignKey(
        "people.Committee", models.CASCADE, null=True, blank=True, verbose_name=_("committee")
    )
    unit = models.ForeignKey(
        "people.PartnerUnit", models.CASCADE, null=True, blank=True, verbose_name=_("partner unit")
    )
    given_at = models.DateTimeField(_("given at"))
    given_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("given by")
    )
    until = models.DateTimeField(_("until"), null=True, blank=True)
    needs_yes = models.BooleanField(_("needs a second yes"), default=False, db_default=False, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("confirmed by")
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        ordering = ["user", "role"]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @property
    def is_waiting(self) -> bool:
        """A proposal: it gives nothing until somebody else has said yes (people.access.second_yes)."""
        return self.needs_yes and self.confirmed_at is None

    @property
    def scope_id(self) -> int | None:
        name = self.SCOPES.get(self.role)
        return getattr(self, f"{name}_id") if name else None
