"""The sections of a project's page that this app knows by itself; the order is fixed in ``registration.py``."""

from datetime import date
from typing import NamedTuple

from django.db.models import BigIntegerField, BooleanField, CharField, F, Value
from django.utils.translation import gettext as _

from activities import listing
from activities.models import Status, Visibility
from community.models import Article
from community.views import rows as article_rows
from people import clock
from people.models import Committee, PartnerUnit, PropertyCompany
from people.panels import Part
from people.pictures import of_links, pairs, without_paired
from people.templatetags.portal import day, days
from projects import pictures, works
from projects.decisions import url_of
from projects.lineage import family_of
from projects.models import Project, ProjectRecord, ProjectStage, Theme
from projects.sections import ProjectPage

ARTICLES = 6
PHOTOS = 24
COMING = DONE = 12


def lineage(page: ProjectPage) -> Part | None:
    """Nothing for a project that stands alone (S22)."""
    family = family_of(page.project, page.all_projects)
    if len(family) == 1:
        return None
    items = [
        {
            "title": one.title,
            "url": one.get_absolute_url(),
            "text": one.result or one.tagline,
            "picture": pictures.small(one),
            "current": one == page.project,
        }
        for one in family
    ]
    return "projects/_lineage.html", {"lineage": items}


def shifts(page: ProjectPage):
    # The reverse relation looks at each row's project, so that column has to come along.
    seen = listing.for_lists(page.project.shifts.visible_to(page.viewer))
    return seen.only(*listing.COLUMNS, "project")  # type: ignore[misc]


def coming(page: ProjectPage) -> Part | None:
    planned = shifts(page).upcoming(page.at).exclude(status=Status.CANCELLED)
    rows = listing.rows(planned[:COMING], page.project.neighbourhood, at=page.at)
    cards = listing.cards(rows, listing.mine(page.viewer, rows, at=page.at), at=page.at)
    return ("projects/_coming.html", {"coming": cards}) if cards else None


def done(page: ProjectPage) -> Part | None:
    """Daily duties are the team's own; what was done together is what everyone could join."""
    over = shifts(page).filter(ends_at__lt=page.at, status=Status.DONE, visibility=Visibility.PUBLIC)
    rows = listing.rows(over.order_by("-starts_at", "-pk")[:DONE], page.project.neighbourhood, at=page.at)
    return ("projects/_done.html", {"done": rows}) if rows else None


def stages(page: ProjectPage) -> Part | None:
    """In order (P1); a stage without an end runs on, a skipped one says why."""
    today = clock.today()
    items = [
        {
            "title": stage.get_stage_display(),
            "when": when(stage),
            "text": stage.note,
            "live": is_running(stage, today),
            "later": not stage.skipped and (stage.start is None or stage.start > today),
            "skipped": stage.skipped,
            "adults_only": stage.adults_only,
            "url": leads_to(stage, page),
        }
        for stage in page.project.stages.all()
    ]
    return ("projects/_stages.html", {"stages": items}) if items else None


def leads_to(stage: ProjectStage, page: ProjectPage) -> str:
    """The deliberation at which the stage happened, for those that happen at one."""
    where = {
        ProjectStage.Stage.PROPOSED: ProjectRecord.Part.PROPOSED,
        ProjectStage.Stage.DELIBERATING: ProjectRecord.Part.DECIDED,
        ProjectStage.Stage.ACCEPTED: ProjectRecord.Part.REVIEWED,
    }.get(ProjectStage.Stage(stage.stage))
    return url_of(page, where) if where else ""


def is_running(stage: ProjectStage, today: date) -> bool:
    return not stage.skipped and stage.start is not None and stage.start <= today <= (stage.end or today)


def when(stage: ProjectStage) -> str:
    if stage.skipped:
        return _("left out")
    if stage.start is None:
        return ""
    if stage.end is None:
        return _("since %(day)s") % {"day": day(stage.start)}
    return day(stage.start) if stage.start == stage.end else days(stage.start, stage.end)


def facts(page: ProjectPage) -> Part:
    project = page.project
    places, partners = where_and_with_whom(project)
    return "projects/_facts.html", {
        "places": places,
        "themes": labels(Theme, project.themes),
        "lead": project.lead_org or project.lead_team or project.lead_committee,
        "proposer": project.proposed_by_org or project.proposed_by_team,
        "partners": partners,
        "donations": works.donations(page),
    }


def labels(choices, values: list[str]) -> list[str]:
    return [str(choices(value).label) for value in values if value in choices.values]


class Named(NamedTuple):
    """A place, or who is in it; ``order``: a place's own, 0 for partners."""

    kind: str
    order: int
    name: str
    step_free: bool | None = None
    note: str = ""


def where_and_with_whom(project: Project) -> tuple[list[Named], list[str]]:
    """Places, and the names of units, committees and property companies, in one query."""
    no, nothing = Value(None, BooleanField()), Value("", CharField())
    zero = Value(0, BigIntegerField())
    places = project.places.order_by().values_list(
        Value("place", CharField()), F("pk"), F("name"), F("step_free"), F("note")
    )
    others = [
        rows.order_by().values_list(Value("partner", CharField()), zero, F("name"), no, nothing)
        for rows in (
            PartnerUnit.objects.filter(projects=project),
            Committee.objects.filter(pk__in=project.partner_committees.order_by().values("pk")),
            PropertyCompany.objects.filter(pk__in=project.partner_companies.order_by().values("pk")),
        )
    ]
    rows = [Named(*row) for row in places.union(*others)]
    found = sorted((row for row in rows if row.kind == "place"), key=lambda row: row.order)
    return found, sorted(row.name for row in rows if row.kind == "partner")


def photos(page: ProjectPage) -> Part | None:
    """Only what is published, which needs the consent of everyone to be recognised (V5); before and after side by side (S39)."""
    place = page.project.neighbourhood
    found = of_links(page.project.project_photos.all(), place, most=PHOTOS)
    paired = pairs(place, among=found)
    context = {"pairs": paired, "photos": without_paired(found, paired)}
    return ("components/_pictures.html", context) if found else None


def articles(page: ProjectPage) -> Part | None:
    seen = Article.objects.visible_to(page.viewer).published_by(clock.now())
    found = seen.filter(about_projects__project=page.project).distinct()[:ARTICLES]
    rows = article_rows(found, page.viewer.neighbourhood)
    return ("projects/_articles.html", {"articles": rows}) if rows else None
