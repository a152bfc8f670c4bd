"""The sections of a project's page that this app knows by itself; the order is fixed in ``registration.py``."""

from datetime import date

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
from projects import pictures
from projects.lineage import family_of
from projects.models import Project, ProjectStage, Theme
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
        }
        for stage in page.project.stages.all()
    ]
    return ("projects/_stages.html", {"stages": items}) if items else None


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
    return "projects/_facts.html", {
        "places": list(project.places.all()),
        "themes": labels(Theme, project.themes),
        "lead": project.lead_org or project.lead_team or project.lead_committee,
        "proposer": project.proposed_by_org or project.proposed_by_team,
        "partners": partners(project),
    }


def labels(choices, values: list[str]) -> list[str]:
    return [str(choices(value).label) for value in values if value in choices.values]


def partners(project: Project) -> list[str]:
    """Names of units, committees and property companies in one query."""
    names = PartnerUnit.objects.filter(projects=project).order_by().values_list("name")
    committees = Committee.objects.filter(pk__in=project.partner_committees.order_by().values("pk"))
    companies = PropertyCompany.objects.filter(pk__in=project.partner_companies.order_by().values("pk"))
    rows = names.union(committees.order_by().values_list("name"), companies.order_by().values_list("name"))
    return sorted(name for (name,) in rows)


def photos(page: ProjectPage) -> Part | None:
    """Only what is published, which needs the consent of everyone to be recognised (V5); before and after side by side (S39)."""
    place = page.project.neighbourhood
    found = of_links(page.project.project_photos.all(), place, most=PHOTOS)
    paired = pairs(place, among=found)
    context = {"pairs": paired, "photos": without_paired(found, paired)}
    return ("projects/_photos.html", context) if found else None


def articles(page: ProjectPage) -> Part | None:
    seen = Article.objects.visible_to(page.viewer).published_by(clock.now())
    found = seen.filter(about_projects__project=page.project).distinct()[:ARTICLES]
    rows = article_rows(found, page.viewer.neighbourhood)
    return ("projects/_articles.html", {"articles": rows}) if rows else None
