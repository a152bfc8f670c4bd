"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from community import about
from people import whereabouts
from people.panels import home_panels
from people.roles import Role, allow
from projects import covers, home, page, plan, search
from projects.garden import registration as garden
from projects.sections import project_sections


def register() -> None:
    search.register()
    covers.register()
    plan.register_own()
    whereabouts.register(plan.location_url)
    garden.register()
    home_panels.register(40, home.made_together)
    about.register(home.projects_of)
    project_sections.register(10, page.lineage)
    project_sections.register(20, page.coming)
    project_sections.register(50, page.photos)
    project_sections.register(60, page.stages)
    project_sections.register(70, page.facts)
    project_sections.register(80, page.done)
    project_sections.register(90, page.articles)
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        for model in ("project", "projectstage", "projectphoto", "projectarticle"):
            allow(role, f"projects.{model}", "view", "add", "change")
        for model in ("projectphoto", "projectarticle"):
            allow(role, f"projects.{model}", "delete")
    for role in (Role.VOLUNTEER_COORDINATOR, Role.PARTY_ADMIN):
        allow(role, "projects.project", "view")
        allow(role, "projects.projectstage", "view")
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        allow(role, "projects.planpicture", "view", "add", "change")
        allow(role, "projects.trail", "view", "add", "change")
        allow(role, "projects.trailpoint", "view", "add", "change", "delete")
        allow(role, "projects.trailword", "view", "change")
