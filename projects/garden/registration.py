"""What the beds tell the registries, and who may do what with them (docs/permissions.md)."""

from django.utils.translation import gettext_lazy as _

from people.panels import home_panels
from people.roles import Role, allow
from projects import pieces
from projects.garden import beds, search, year
from projects.sections import project_sections

RECORDS = ("bed", "plant", "planting", "seasonplan", "plantcandidate", "adoption", "upkeepentry")


def register() -> None:
    search.register()
    home_panels.register(45, year.home)
    project_sections.register(25, year.section)
    pieces.register(
        pieces.PieceKind(
            code="bed",
            label=_("flower bed"),
            plural=_("flower beds"),
            model="projects.Bed",
            template="projects/_bed.html",
            details=beds.details,
            says=search.words_of,
            order=30,
        )
    )
    for model in RECORDS:
        allow(Role.COMMITTEE_ADMIN, f"projects.{model}", "view", "add", "change")
    for model in ("bed", "plant", "upkeepentry"):
        allow(Role.EDITOR, f"projects.{model}", "view", "add", "change")
    for model in ("seasonplan", "plantcandidate", "planting", "upkeepentry"):
        allow(Role.TEAM_LEADER, f"projects.{model}", "view", "add", "change")
    for model in ("bed", "plant"):
        allow(Role.TEAM_LEADER, f"projects.{model}", "view")
    for role in (Role.COMMITTEE_ADMIN, Role.TEAM_LEADER):
        allow(role, "projects.plantcandidate", "delete")
    allow(Role.COMMITTEE_ADMIN, "projects.adoption", "delete")
