"""What was deliberated about a project, told on its page and, the other way, on the page of the deliberation."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value

from activities.models import Activity
from community import about
from community.models import Deliberation
from people.models import Person
from people.panels import Part
from people.roles import Role, allow
from projects import outcomes, participation, works
from projects.models import DesignDraft, Donation, Follow, Project, ProjectRecord, Work
from projects.sections import ProjectPage, project_sections

EXCERPT = 140
Where = ProjectRecord.Part


@dataclass(frozen=True)
class Told:
    """One deliberation or meeting: what happened there, and its decision once that is public."""

    part: str
    word: str
    activity: Activity
    decision: str
    satisfaction: int | None


def with_what_they_have(projects: QuerySet[Project], reader: Person | None) -> QuerySet[Project]:
    """Annotated, so that what most projects do not have is not asked for on their pages, nor whether ``reader`` follows."""
    links: Any = Project.partner_units.through._default_manager.filter(project=OuterRef("pk")).order_by()
    units = links.values("project").annotate(n=Count("pk"))
    return projects.annotate(
        is_followed=Exists(Follow.objects.filter(project=OuterRef("pk"), person=reader)) if reader else Value(False),
        has_records=Exists(ProjectRecord.objects.filter(project=OuterRef("pk"))),
        has_drafts=Exists(DesignDraft.objects.published().filter(project=OuterRef("pk"))),
        has_works=Exists(Work.objects.filter(project=OuterRef("pk"))),
        has_donations=Exists(Donation.objects.filter(project=OuterRef("pk"))),
        unit_count=Subquery(units.values("n")),
    )


def records_of(page: ProjectPage) -> list[Told]:
    """Everything about the project that the reader may see, oldest first; one query a page."""
    known = page.__dict__.get("records")
    if known is None and not getattr(page.project, "has_records", True):
        known = []
    if known is None:
        seen = Activity.objects.visible_to(page.viewer).order_by()
        rows = ProjectRecord.objects.filter(project=page.project, activity__in=seen.values("pk"))
        rows = rows.select_related("activity__deliberation").order_by("activity__starts_at", "pk")
        known = page.__dict__["records"] = [told(row, page.project) for row in rows]
    return known


def told(row: ProjectRecord, project: Project) -> Told:
    row.activity.neighbourhood = project.neighbourhood
    held: Deliberation | None = getattr(row.activity, "deliberation", None)
    public = held is not None and held.is_public_result
    return Told(
        row.part,
        str(row.get_part_display()),
        row.activity,
        (held.decision or held.agreement) if held is not None and public else "",
        held.satisfaction if held is not None and public else None,
    )


def decided(page: ProjectPage) -> Part | None:
    """How it came about: proposed, discussed, decided."""
    rows = [one for one in records_of(page) if one.part != Where.REVIEWED]
    return ("projects/_decided.html", {"records": rows}) if rows else None


def reviewed(page: ProjectPage) -> Part | None:
    """What people thought of it afterwards, and what grew out of that."""
    rows = [one for one in records_of(page) if one.part == Where.REVIEWED]
    following = [one for one in page.all_projects if one.derived_from_id == page.project.pk]
    if not rows and not following:
        return None
    return "projects/_reviewed.html", {"records": rows, "following": following}


def url_of(page: ProjectPage, part: str) -> str:
    """Where a stage of the project was talked about; "" where nothing is known."""
    return next((one.activity.get_absolute_url() for one in records_of(page) if one.part == part), "")


def register() -> None:
    """The steps of the chain: what was decided, built, given, taken part in and looked back on."""
    about.register_for_activities(outcomes.of, outcomes.is_any)
    project_sections.register(30, decided)
    project_sections.register(75, works.section)
    project_sections.register(78, participation.section)
    project_sections.register(85, reviewed)
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        for model in ("projectrecord", "work", "donation", "activitygovernance"):
            allow(role, f"projects.{model}", "view", "add", "change", "delete")
