"""``manage.py add_staff name@example.org --role committee_admin --neighbourhood lane-600 [--scope CODE]``."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db.models import Model
from django.urls import reverse

from people.models import Neighbourhood, RoleGrant
from people.operations.accounts import grant_role
from portal.refusals import Refusal


class Command(BaseCommand):
    help = "Give somebody a staff role; they enrol their time code when they first sign in."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=RoleGrant.Role.values)
        parser.add_argument("--neighbourhood", required=True, help="its slug, as in addresses")
        parser.add_argument("--scope", default="", help="code (or, for a partner unit, name) of the body a role is for")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"{options['email']!r} is not an e-mail address.") from error
        neighbourhood = Neighbourhood.objects.filter(slug=options["neighbourhood"]).first()
        if neighbourhood is None:
            known = ", ".join(Neighbourhood.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no neighbourhood {options['neighbourhood']!r}; there are: {known}.")
        scope = self.scope(options["role"], options["scope"], neighbourhood) if options["scope"] else None
        try:
            grant = grant_role(options["email"], options["role"], neighbourhood, scope=scope)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        admin = f"{settings.SITE_URL}{reverse('admin:index')}"
        if grant.is_waiting:
            self.stdout.write(
                f"{grant.user.email} is proposed as {grant.role} in {neighbourhood}. Two hold this role already, and it opens\n"
                "records that take two: one of them says yes on the first staff page, then it is in force."
            )
            return
        self.stdout.write(self.style.SUCCESS(f"{grant.user.email} is {grant.role} in {neighbourhood}."))
        self.stdout.write(
            f"They open {admin}, sign in with the code sent to that address, and are then led to set up a time code\n"
            "(any authenticator app). Without it nobody enters the staff pages. Keep the recovery codes shown there."
        )

    def scope(self, role: str, code: str, neighbourhood: Neighbourhood) -> Model:
        name = RoleGrant.SCOPES.get(role)
        if name is None:
            raise CommandError(f"The role {role} is for the whole neighbourhood; leave out --scope.")
        model: Any = RoleGrant._meta.get_field(name).related_model
        key = "name" if name == "unit" else "code"
        found = model.objects.filter(neighbourhood=neighbourhood, **{key: code}).first()
        if found is None:
            known = (
                ", ".join(model.objects.filter(neighbourhood=neighbourhood).values_list(key, flat=True)) or "none yet"
            )
            raise CommandError(f"There is no {name} {code!r} in {neighbourhood}; there are: {known}.")
        return found
