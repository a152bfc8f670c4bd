"""A year by the four kinds of governance (S43): what projects and activities stood for them, each a link."""

from dataclasses import dataclass, field
from datetime import date

from activities.models import Activity, Status
from people.access.viewer import Viewer
from portal import clock
from projects.models import ActivityGovernance, Governance, Project


@dataclass(frozen=True)
class Entry:
    title: str
    url: str
    on: date
    is_project: bool


@dataclass
class Kind:
    code: str
    label: str
    projects: list[Entry] = field(default_factory=list)
    activities: list[Entry] = field(default_factory=list)


def years_of(project: Project) -> range:
    """The years in which one of its stages ran; a stage without an end runs on."""
    stages = [stage for stage in project.stages.all() if stage.start is not None]
    if not stages:
        return range(0)
    last = max((stage.end or clock.today()).year for stage in stages)
    return range(min(stage.start.year for stage in stages if stage.start), last + 1)


def entries(viewer: Viewer) -> list[tuple[int, list[str], Entry]]:
    """(year, tags, entry) of all that the reader may see; three queries whatever the length."""
    found: list[tuple[int, list[str], Entry]] = []
    neighbourhood = viewer.neighbourhood
    if neighbourhood is None:
        return found
    for project in Project.objects.visible_to(viewer).prefetch_related("stages"):
        project.neighbourhood = neighbourhood
        for year in years_of(project):
            entry = Entry(project.title, project.get_absolute_url(), date(year, 1, 1), True)
            found.append((year, project.governance, entry))
    seen = Activity.objects.visible_to(viewer).exclude(status=Status.DRAFT).order_by()
    rows = ActivityGovernance.objects.filter(activity__in=seen.values("pk")).select_related("activity")
    for row in rows.order_by("activity__starts_at", "pk"):
        row.activity.neighbourhood = neighbourhood
        on = clock.local_date(row.activity.starts_at)
        found.append((on.year, row.tags, Entry(row.activity.title, row.activity.get_absolute_url(), on, False)))
    return found


def by_kind(found: list[tuple[int, list[str], Entry]], year: int) -> list[Kind]:
    kinds = {code: Kind(code, str(label)) for code, label in Governance.choices}
    for one, tags, entry in found:
        if one == year:
            for code in set(tags) & kinds.keys():
                (kinds[code].projects if entry.is_project else kinds[code].activities).append(entry)
    return list(kinds.values())
