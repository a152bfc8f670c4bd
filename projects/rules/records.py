"""What was said about a project at deliberations and meetings, by what the reader may see of those."""

from dataclasses import dataclass

from activities.models import Activity
from community.models import Deliberation
from people.access.viewer import Viewer
from projects.models import Project, ProjectRecord


@dataclass(frozen=True)
class Told:
    """One deliberation or meeting: what happened there, and its decision once that is public."""

    part: str
    word: str
    activity: Activity
    decision: str
    satisfaction: int | None


def records_of(project: Project, viewer: Viewer) -> list[Told]:
    """Everything about the project that the reader may see, oldest first; one query, none where nothing is known."""
    if not getattr(project, "has_records", True):
        return []
    seen = Activity.objects.visible_to(viewer).order_by()
    rows = ProjectRecord.objects.filter(project=project, activity__in=seen.values("pk"))
    rows = rows.select_related("activity__deliberation").order_by("activity__starts_at", "pk")
    return [told(row, project) for row in rows]


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
