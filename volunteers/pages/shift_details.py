"""What the page of a shift adds to the page of any activity."""

from activities.models import Activity
from people.access.viewer import Viewer
from projects.models import Project
from volunteers.models import Shift

SHOWN = [
    "kind", "people_needed", "outcome", "outcome_note", "project__slug", "project__title", "project__is_published",
    "stage__stage",
]  # fmt: skip


def shift_details(activity: Activity, viewer: Viewer) -> dict:
    """Context of ``volunteers/_shift.html``, in one query. How a duty went is its team's own."""
    shift = Shift.objects.select_related("project", "stage").only(*SHOWN).filter(pk=activity.pk).first()
    if shift is None:
        return {}
    project = shift.project
    if project is not None and not may_see(project, viewer):
        project = None
    if project is not None:
        project.neighbourhood = activity.neighbourhood
    shows_outcome = shift.kind == "duty" and bool(shift.outcome) and shift.outcome != Shift.Outcome.PENDING
    return {
        "shift": shift,
        "project": project,
        "stage": shift.stage if project is not None else None,
        "outcome": shift.get_outcome_display() if shows_outcome else "",
    }


def may_see(project: Project, viewer: Viewer) -> bool:
    return project.is_published or viewer.has_perm("projects.change_project")
