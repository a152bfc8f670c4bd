"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from community.rules import about
from people.access.roles import Role, allow
from people.access.viewer import mark_readers
from people.operations import photos
from people.pages import figures, plan_links
from portal.page_cache import version
from portal.panels import home_panels, me_sections
from portal.sweeps import sweeps
from projects import tasks
from projects.models import Follow, OralHistory, piece_kinds
from projects.operations import drafts, stories
from projects.pages import (
    beds,
    covers,
    decisions,
    garden_year,
    home,
    plan,
    posters,
    project,
    search,
    search_garden,
    search_places,
    search_wall,
    wall,
)
from projects.pages import drafts as page_drafts
from projects.pages.figures import money, seasons
from projects.pages.sections import project_sections
from projects.views import follow
from projects.views import wall as wall_views

GARDEN = ("bed", "plant", "planting", "seasonplan", "plantcandidate", "adoption", "upkeepentry")


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
    plan_links.register(plan.location_url)
    garden()
    the_wall()
    home_panels.register(40, home.made_together)
    about.register(home.projects_of)
    project_sections.register(10, project.lineage)
    project_sections.register(15, follow.button)
    project_sections.register(20, project.coming)
    project_sections.register(40, page_drafts.section)
    project_sections.register(50, project.photos)
    project_sections.register(60, project.stages)
    project_sections.register(70, project.facts)
    project_sections.register(80, project.done)
    project_sections.register(90, project.articles)
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
    sweeps.add(tasks.tell_feedback_outcomes, order=30)
    sweeps.add(tasks.queue_project_digests, order=35)
    me_sections.register(30, follow.my_follows)
    mark_readers("has_follows", lambda: Exists(Follow.objects.filter(person=OuterRef("pk")).order_by()))
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        allow(role, "projects.planpicture", "view", "add", "change")
        allow(role, "projects.trail", "view", "add", "change")
        allow(role, "projects.trailpoint", "view", "add", "change", "delete")
        allow(role, "projects.trailword", "view", "change")
    posters.register()
    search_places.register()
    decisions.register()


def garden() -> None:
    search_garden.register()
    home_panels.register(45, garden_year.home)
    project_sections.register(25, garden_year.section)
    piece_kinds.register(
        piece_kinds.PieceKind(
            code="bed",
            label=_("flower bed"),
            plural=_("flower beds"),
            model="projects.Bed",
            template="projects/_bed.html",
            details=beds.details,
            says=search_garden.words_of,
            order=30,
        )
    )
    for model in GARDEN:
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


def the_wall() -> None:
    me_sections.register(35, wall_views.my_stories)
    mark_readers("has_stories", lambda: Exists(OralHistory.objects.filter(sent_by=OuterRef("pk")).order_by()))
    project_sections.register(25, wall.section)
    piece_kinds.register(
        piece_kinds.PieceKind(
            code="panel",
            label=_("story on the wall"),
            plural=_("stories on the wall"),
            model="projects.WallPanel",
            template="projects/_panel.html",
            details=wall.details,
            order=20,
            says=wall.caption,
        )
    )
    search_wall.register()
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        for model in ("wallpanel", "oralhistory", "storyphoto"):
            allow(role, f"projects.{model}", "view", "add", "change")
        allow(role, "projects.storyphoto", "delete")
    for model in ("wall", "wallsurvey", "wallstage"):
        allow(Role.COMMITTEE_ADMIN, f"projects.{model}", "view", "add", "change")
        allow(Role.VOLUNTEER_COORDINATOR, f"projects.{model}", "view")
