"""What was built or mended, before and after (S35, S39), and what was given for it (P6)."""

from people.media.pictures import Pair, shown
from portal.panels import Part
from projects.models import Donation, Project, Work
from projects.pages.sections import ProjectPage


def section(page: ProjectPage) -> Part | None:
    """Nothing, and no query, for a project without works."""
    if not getattr(page.project, "has_works", True):
        return None
    works = page.shared.get("works", lambda: with_pictures(page.project))
    return ("projects/_works.html", {"works": works}) if works else None


def with_pictures(project: Project) -> list[Work]:
    """The project's works, each with ``pictures``; one query."""
    works = list(Work.objects.filter(project=project).select_related("place", "pair__before", "pair__after"))
    for work in works:
        work.pictures = pictures_of(work)
    return works


def pictures_of(work: Work) -> Pair | None:
    """Both pictures, where both are public."""
    if work.pair is None:
        return None
    before, after = shown(work.pair.before), shown(work.pair.after)
    if before is None or after is None:
        return None
    ids = frozenset({work.pair.before_id, work.pair.after_id})
    return Pair(f"w{work.pk}", before, after, work.title, ids)


def donations(page: ProjectPage) -> list[Donation]:
    if not getattr(page.project, "has_donations", True):
        return []
    rows = Donation.objects.filter(project=page.project).select_related("unit")
    return page.shared.get("donations", lambda: list(rows))
