"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from activities.rules import resting
from community.rules.about import Came, about_activities, about_articles
from people.access.roles import Role, allow
from people.access.viewer import reader_marks
from people.operations import photos
from people.outbox import message_kinds
from people.pages.figures import figures
from people.pages.panels import home_panels, me_sections
from people.pages.plan_links import plan_addresses
from people.pages.posters import poster_kinds
from people.pages.staff_jobs import staff_jobs
from people.search import search_kinds
from portal.page_cache.version import quiet_models
from portal.sweeps import sweeps
from projects import admin, emails, tasks
from projects.admin.leads import Lead, leads
from projects.emails.news import SOURCES, news_sources
from projects.models import (
    Bed,
    Cover,
    DesignDraft,
    Disposition,
    Feedback,
    Follow,
    OralHistory,
    SeasonPlan,
    WallPanel,
)
from projects.models.piece_kinds import PieceKind, piece_kinds
from projects.operations import drafts, stories
from projects.pages import (
    beds,
    covers,
    decisions,
    garden_year,
    home,
    outcomes,
    participation,
    plan,
    posters,
    project,
    search,
    search_garden,
    search_places,
    search_wall,
    wall,
    works,
)
from projects.pages import drafts as page_drafts
from projects.pages.figures import money, seasons
from projects.pages.sections import project_sections
from projects.views import follow
from projects.views import wall as wall_views

GARDEN = ("bed", "plant", "planting", "seasonplan", "plantcandidate", "adoption", "upkeepentry")


def register() -> None:
    pieces()
    sections()
    pages()
    search_and_plan()
    messages()
    staff()
    permissions()
    garden_permissions()
    piece_permissions()
    photos.reasons_against.add(drafts.in_preparation, order=300)
    photos.reasons_against.add(stories.without_the_narrators_yes, order=301)
    quiet_models.add(Follow, order=300)
    resting.own_rows.add("projects.ActivityGovernance", order=300)


def pieces() -> None:
    piece_kinds.add(
        PieceKind(
            code="cover",
            label=_("manhole cover"),
            plural=_("Manhole covers"),
            model="projects.Cover",
            template="projects/_cover.html",
            details=covers.details,
            round=True,
            says=lambda cover: cover.message,
        ),
        order=10,
    )
    piece_kinds.add(
        PieceKind(
            code="panel",
            label=_("story on the wall"),
            plural=_("stories on the wall"),
            model="projects.WallPanel",
            template="projects/_panel.html",
            details=wall.details,
            says=wall.caption,
        ),
        order=20,
    )
    piece_kinds.add(
        PieceKind(
            code="bed",
            label=_("flower bed"),
            plural=_("flower beds"),
            model="projects.Bed",
            template="projects/_bed.html",
            details=beds.details,
            says=search_garden.words_of,
        ),
        order=30,
    )


def sections() -> None:
    project_sections.add(project.lineage, order=10)
    project_sections.add(follow.button, order=15)
    project_sections.add(project.coming, order=20)
    project_sections.add(covers.gallery, order=25)
    project_sections.add(garden_year.section, order=26)
    project_sections.add(wall.section, order=27)
    project_sections.add(decisions.decided, order=30)
    project_sections.add(page_drafts.section, order=40)
    project_sections.add(project.photos, order=50)
    project_sections.add(project.stages, order=60)
    project_sections.add(project.facts, order=70)
    project_sections.add(works.section, order=75)
    project_sections.add(participation.section, order=78)
    project_sections.add(project.done, order=80)
    project_sections.add(decisions.reviewed, order=85)
    project_sections.add(project.articles, order=90)


def pages() -> None:
    home_panels.add(home.made_together, order=40)
    home_panels.add(garden_year.home, order=46)
    me_sections.add(follow.my_follows, order=30)
    me_sections.add(wall_views.my_stories, order=35)
    reader_marks.add(has_follows, order=300, name="has_follows")
    reader_marks.add(has_stories, order=301, name="has_stories")
    about_articles.add(home.projects_of, order=300)
    about_activities.add(Came(outcomes.of, outcomes.is_any), order=300)
    figures.add(money, order=30)
    figures.add(seasons, order=40)
    poster_kinds.add_all(posters.KINDS, order=300)


def has_follows() -> Exists:
    return Exists(Follow.objects.filter(person=OuterRef("pk")).order_by())


def has_stories() -> Exists:
    return Exists(OralHistory.objects.filter(sent_by=OuterRef("pk")).order_by())


def search_and_plan() -> None:
    search_kinds.add(search.PROJECTS, order=20)
    search_kinds.add(search_wall.PANELS, order=21)
    search_kinds.add(search.WORKS, order=22)
    search_kinds.add(search_wall.STORIES, order=23)
    search_kinds.add(search.DRAFTS, order=27)
    search_kinds.add(search.COVERS, order=40)
    search_kinds.add(search_garden.BEDS, order=46)
    search_kinds.add(search_garden.SEASONS, order=47)
    search_kinds.add(search_places.TRAILS, order=50)
    search_kinds.add(search_places.LOCATIONS, order=70)
    plan.pin_sources.add(plan.PIECES, order=10)
    plan.pin_sources.add(plan.PLACES, order=20)
    plan.pin_sources.add(plan.BUILDINGS, order=25)
    plan_addresses.add(plan.location_url, order=300)


def messages() -> None:
    message_kinds.add_all(emails.KINDS, order=300)
    news_sources.add_all(SOURCES, order=300)
    sweeps.add(tasks.tell_feedback_outcomes, order=30)
    sweeps.add(tasks.queue_project_digests, order=35)


def staff() -> None:
    staff_jobs.add(admin.garden_today.poison_among_children, order=12)
    staff_jobs.add(admin.drafts_today.to_answer, order=33)
    staff_jobs.add(admin.drafts_today.rounds_closing, order=34)
    staff_jobs.add(admin.drafts_today.notices_over, order=35)
    staff_jobs.add(admin.garden_today.season, order=45)
    staff_jobs.add(admin.stories.to_read, order=55)
    staff_jobs.add(admin.today.covers_to_see_to, order=56)
    staff_jobs.add(admin.today.words_to_read, order=66)
    staff_jobs.add(admin.garden_today.upkeep_photos, order=75)
    leads.add(Lead(DesignDraft, is_a_beginning=True), order=10)
    to_answer = {"disposition": Disposition.PENDING}
    leads.add(Lead(Feedback, "draft__project", _("feedback to answer"), to_answer, css="go"), order=20)
    leads.add(Lead(Feedback, "draft__project"), order=21)
    leads.add(Lead(Cover), order=30)
    leads.add(Lead(WallPanel), order=31)
    leads.add(Lead(Bed), order=32)
    leads.add(Lead(SeasonPlan), order=40)


def permissions() -> None:
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        for model in ("project", "projectstage", "projectphoto", "projectarticle"):
            allow(role, f"projects.{model}", "view", "add", "change")
        for model in ("projectphoto", "projectarticle"):
            allow(role, f"projects.{model}", "delete")
        for model in ("designdraft", "feedbackround", "feedback"):
            allow(role, f"projects.{model}", "view", "add", "change")
        allow(role, "projects.draftimage", "view", "add", "change", "delete")
        for model in ("projectrecord", "work", "donation", "activitygovernance"):
            allow(role, f"projects.{model}", "view", "add", "change", "delete")
        allow(role, "projects.planpicture", "view", "add", "change")
        allow(role, "projects.trail", "view", "add", "change")
        allow(role, "projects.trailpoint", "view", "add", "change", "delete")
        allow(role, "projects.trailword", "view", "change")
    for role in (Role.VOLUNTEER_COORDINATOR, Role.PARTY_ADMIN):
        allow(role, "projects.project", "view")
        allow(role, "projects.projectstage", "view")
        allow(role, "projects.designdraft", "view")
        allow(role, "projects.feedback", "view")


def piece_permissions() -> None:
    """On covers and on the wall."""
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        allow(role, "projects.piecephoto", "view", "add", "change", "delete")
        allow(role, "projects.cover", "view", "add", "change")
        for model in ("wallpanel", "oralhistory", "storyphoto"):
            allow(role, f"projects.{model}", "view", "add", "change")
        allow(role, "projects.storyphoto", "delete")
    allow(Role.VOLUNTEER_COORDINATOR, "projects.cover", "view", "change")
    for role in (Role.COMMITTEE_ADMIN, Role.VOLUNTEER_COORDINATOR):
        # Who painted is mostly children (V6): for those who may see their records.
        allow(role, "projects.coverartist", "view", "add", "change", "delete")
        allow(role, "projects.coverinspection", "view", "add", "change")
        allow(role, "projects.coverrepaint", "view", "add")
    for model in ("wall", "wallsurvey", "wallstage"):
        allow(Role.COMMITTEE_ADMIN, f"projects.{model}", "view", "add", "change")
        allow(Role.VOLUNTEER_COORDINATOR, f"projects.{model}", "view")


def garden_permissions() -> None:
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
