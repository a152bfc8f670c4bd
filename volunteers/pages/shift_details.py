"""What the page of a shift adds to the page of any activity."""

from django.utils.translation import gettext as _

from activities.models import Activity
from people.access.viewer import Viewer
from portal import clock
from projects.models import Project
from volunteers.models import Shift
from volunteers.rules import not_noted

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
    outcome = ""
    if shift.kind == "duty":
        shift.status, shift.ends_at = activity.status, activity.ends_at  # known already, so not read again
        open_ended = shift.outcome in not_noted.UNWRITTEN
        outcome = "" if open_ended else shift.get_outcome_display()
        if not_noted.is_not_noted(shift, clock.now()):
            outcome = _("not noted")
    return {
        "shift": shift,
        "project": project,
        "stage": shift.stage if project is not None else None,
        "outcome": outcome,
    }


def may_see(project: Project, viewer: Viewer) -> bool:
    return project.is_published or viewer.has_perm("projects.change_project")
