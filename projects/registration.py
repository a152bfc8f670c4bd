"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.db.models import Exists, OuterRef

from community import about
from people import figures, sweeps, whereabouts
from people.operations import photos
from people.page_cache import version
from people.panels import home_panels, me_sections
from people.roles import Role, allow
from people.viewer import mark_readers
from projects import covers, home, page, page_drafts, plan, search, tasks
from projects.figures import money, seasons
from projects.garden import registration as garden
from projects.models import Follow
from projects.operations import drafts, stories
from projects.sections import project_sections
from projects.views import follow
from projects.wall import registration as wall


def register() -> None:
    figures.register(30, money)
    figures.register(40, seasons)
    version.quiet(Follow)
    for reason in (drafts.in_preparation, stories.without_the_narrators_yes):
        if reason not in photos.reasons_against:
            photos.reasons_against.append(reason)
    search.register()
    covers.register()
    plan.register_own()
    whereabouts.register(plan.location_url)
    garden.register()
    wall.register()
    home_panels.register(40, home.made_together)
    about.register(home.projects_of)
    project_sections.register(10, page.lineage)
    project_sections.register(15, follow.button)
    project_sections.register(20, page.coming)
    project_sections.register(40, page_drafts.section)
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
        for model in ("designdraft", "feedbackround", "feedback"):
            allow(role, f"projects.{model}", "view", "add", "change")
        allow(role, "projects.draftimage", "view", "add", "change", "delete")
    for role in (Role.VOLUNTEER_COORDINATOR, Role.PARTY_ADMIN):
        allow(role, "projects.project", "view")
        allow(role, "projects.projectstage", "view")
        allow(role, "projects.designdraft", "view")
        allow(role, "projects.feedback", "view")
    for sweep in (tasks.tell_feedback_outcomes, tasks.queue_project_digests):
        sweeps.register(sweep)
    me_sections.register(30, follow.my_follows)
    mark_readers("has_follows", lambda: Exists(Follow.objects.filter(person=OuterRef("pk")).order_by()))
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        allow(role, "projects.planpicture", "view", "add", "change")
        allow(role, "projects.trail", "view", "add", "change")
        allow(role, "projects.trailpoint", "view", "add", "change", "delete")
        allow(role, "projects.trailword", "view", "change")
