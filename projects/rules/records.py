"""What was said about a project at deliberations and meetings, by what the reader may see of those."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from activities.models import Activity, Status
from community.models import Deliberation, Meeting
from people.access.viewer import Viewer
from portal import clock
from projects.models import Project, ProjectRecord

Part = ProjectRecord.Part
#: States of a result or record in which what was decided there is decided.
STANDS = {Deliberation.ResultState.PUBLISHED, *Meeting.SIGNED}


def part_so_far(part: str, state: str) -> str:
    """Nothing was decided before the result is public or the record signed: until then it was talked about there."""
    return Part.DISCUSSED if part == Part.DECIDED and state not in STANDS else part


def happened(part: str, activity: Activity) -> str:
    """In words: a day to come has decided and reviewed nothing."""
    return str(Part(part).label) if activity.is_past(at=clock.now()) else _("to be discussed there")


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
    seen = Activity.objects.visible_to(viewer).exclude(status=Status.DRAFT).order_by()
    rows = ProjectRecord.objects.filter(project=project, activity__in=seen.values("pk"))
    rows = rows.select_related("activity__deliberation", "activity__meeting").order_by("activity__starts_at", "pk")
    return [told(row, project) for row in rows]


def told(row: ProjectRecord, project: Project) -> Told:
    row.activity.neighbourhood = project.neighbourhood
    held: Deliberation | None = getattr(row.activity, "deliberation", None)
    met: Meeting | None = getattr(row.activity, "meeting", None)
    public = held is not None and held.is_public_result
    state = held.result_state if held is not None else met.record_state if met is not None else ""
    part = part_so_far(row.part, state)
    return Told(
        part,
        happened(part, row.activity),
        row.activity,
        (held.decision or held.agreement) if held is not None and public else "",
        held.satisfaction if held is not None and public else None,
    )
