"""What was deliberated about a project, told on its page and, the other way, on the page of the deliberation."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value

from people.models import Person
from portal.panels import Part
from projects.models import DesignDraft, Donation, Follow, Project, ProjectRecord, Work
from projects.pages.sections import ProjectPage

Where = ProjectRecord.Part


def with_what_they_have(projects: QuerySet[Project], reader: Person | None) -> QuerySet[Project]:
    """Annotated, so that what most projects do not have is not asked for on their pages, nor whether ``reader`` follows."""
    links: Any = Project.partner_units.through._default_manager.filter(project=OuterRef("pk")).order_by()
    units = links.values("project").annotate(n=Count("pk"))
    # By name, as the model declares it too, which the type checker would take for a clash.
    follows: dict[str, Any] = {
        "is_followed": Exists(Follow.objects.filter(project=OuterRef("pk"), person=reader)) if reader else Value(False)
    }
    return projects.annotate(
        **follows,
        has_records=Exists(ProjectRecord.objects.filter(project=OuterRef("pk"))),
        has_drafts=Exists(DesignDraft.objects.published().filter(project=OuterRef("pk"))),
        has_works=Exists(Work.objects.filter(project=OuterRef("pk"))),
        has_donations=Exists(Donation.objects.filter(project=OuterRef("pk"))),
        unit_count=Subquery(units.values("n")),
    )


def decided(page: ProjectPage) -> Part | None:
    """How it came about: proposed, discussed, decided."""
    rows = [one for one in page.records if one.part != Where.REVIEWED]
    return ("projects/_decided.html", {"records": rows}) if rows else None


def reviewed(page: ProjectPage) -> Part | None:
    """What people thought of it afterwards, and what grew out of that."""
    rows = [one for one in page.records if one.part == Where.REVIEWED]
    following = [one for one in page.all_projects if one.derived_from_id == page.project.pk]
    if not rows and not following:
        return None
    return "projects/_reviewed.html", {"records": rows, "following": following}


def url_of(page: ProjectPage, part: str) -> str:
    """Where a stage of the project was talked about; "" where nothing is known."""
    return next((one.activity.get_absolute_url() for one in page.records if one.part == part), "")
