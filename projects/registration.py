"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from community import about
from people.panels import home_panels
from people.roles import Role, allow
from projects import home


def register() -> None:
    home_panels.register(40, home.made_together)
    about.register(home.projects_of)
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        for model in ("project", "projectstage", "projectphoto", "projectarticle"):
            allow(role, f"projects.{model}", "view", "add", "change")
        for model in ("projectphoto", "projectarticle"):
            allow(role, f"projects.{model}", "delete")
    for role in (Role.VOLUNTEER_COORDINATOR, Role.PARTY_ADMIN):
        allow(role, "projects.project", "view")
        allow(role, "projects.projectstage", "view")
