"""The sections of a project's page that this app knows by itself; the order is fixed in ``registration.py``."""

from datetime import date
from typing import NamedTuple

from django.db.models import BigIntegerField, BooleanField, CharField, Exists, F, OuterRef, Value
from django.utils.translation import gettext as _

from activities.pages import listing
from community.models import Article
from community.pages.articles import rows as article_rows
from people.access.viewer import Viewer
from people.media.pictures import of_links, pairs, without_paired
from people.models import Committee, PartnerUnit, PropertyCompany
from portal import clock
from portal.dates import day, days
from portal.panels import Part
from projects.models import Project, ProjectPhoto, ProjectRecord, ProjectStage, Theme
from projects.pages import pictures, works
from projects.pages.decisions import url_of
from projects.pages.lineage import family_of
from projects.pages.sections import ProjectPage
from projects.rules.gates import unproven, world_of

ARTICLES, LATELY = 6, 24  # shown, and looked through for those that are out by now and for all
PHOTOS = 24


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


def coming(page: ProjectPage) -> Part | None:
    rows = [shift for shift in page.shifts if shift.ends_at >= page.at]
    expected_at = {shift.pk for shift in rows if shift.is_expected}  # type: ignore[attr-defined]
    own = listing.mine(page.viewer, rows, at=page.at, expected_at=expected_at)
    return ("projects/_coming.html", {"coming": listing.cards(rows, own, at=page.at)}) if rows else None


def done(page: ProjectPage) -> Part | None:
    rows = [shift for shift in reversed(page.shifts) if shift.ends_at < page.at]
    return ("projects/_done.html", {"done": rows}) if rows else None


def stages(page: ProjectPage) -> Part | None:
    """In order (P1); a stage without an end runs on, a skipped one says why.

    Only what holds: a day to come is not told, nor an end that nothing in the world bears out.
    """
    today = clock.today()
    rows = page.shared.get("stages", lambda: stages_that_hold(page.project, today))
    items = [
        {
            "title": stage.get_stage_display(),
            "when": when(stage),
            "text": stage.note,
            "correction": stage.correction,
            "live": is_running(stage, today),
            "later": not stage.skipped and stage.start is None,
            "skipped": stage.skipped,
            "adults_only": stage.adults_only,
            "url": leads_to(stage, page),
        }
        for stage in rows
    ]
    return ("projects/_stages.html", {"stages": items, "now": runs_alone(items)}) if items else None


def runs_alone(items: list[dict]) -> str:
    """The step that runs where all others are over, so that a phone may fold them; while some lie ahead all stand open."""
    live = [str(item["title"]) for item in items if item["live"]]
    return live[0] if len(live) == 1 and not any(item["later"] for item in items) else ""


def stages_that_hold(project: Project, today: date) -> list[ProjectStage]:
    """The stages as they may be told, not to be saved; at most three queries."""
    rows = list(ProjectStage.objects.filter(project=project).order_by("order"))
    if any(row.end is not None for row in rows):
        for row, _missing in unproven(rows, world_of(project.pk)):
            row.end = None
    for row in rows:
        if row.start is not None and row.start > today:
            row.start = row.end = None
        elif row.end is not None and row.end > today:
            row.end = None
    return rows


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
    public = project.accounts_are_public_on(clock.local_date(page.at))
    places, partners = page.shared.get("where and with whom", lambda: where_and_with_whom(project))
    return "projects/_facts.html", {
        "places": places,
        "themes": labels(Theme, project.themes),
        "lead": project.lead_org or project.lead_team or project.lead_committee,
        "proposer": project.proposed_by_org or project.proposed_by_team,
        "partners": partners,
        "donations": works.donations(page) if public else [],
        "has_accounts": has_accounts(project),
        "accounts_are_public": public,
    }


def has_accounts(project: Project) -> bool:
    """Whether anything of its money was taken down, public or not."""
    sums = project.approved is not None or project.spent is not None
    return bool(sums or project.fund_source or getattr(project, "has_donations", True))


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
    context = page.shared.get("photos", lambda: pictures_of(page.project))
    return ("components/_pictures.html", {**context}) if context else None


def pictures_of(project: Project) -> dict[str, list]:
    """``pairs`` and the other ``photos``; nothing where none is public."""
    found = of_links(ProjectPhoto.objects.filter(project=project), project.neighbourhood, most=PHOTOS)
    paired = pairs(project.neighbourhood, among=found)
    return {"pairs": paired, "photos": without_paired(found, paired)} if found else {}


def articles(page: ProjectPage) -> Part | None:
    """Asked for the reader alone only where some are about what not everybody may see."""
    told, has_inner = page.shared.get("articles", lambda: told_to_all(page.project))
    rows = [article for article in told if article.published_at and article.published_at <= page.at]
    if has_inner and not page.viewer.is_anonymous:
        seen = Article.objects.visible_to(page.viewer).published_by(page.at)
        found = seen.filter(about_projects__project=page.project).distinct()[:ARTICLES]
        rows = article_rows(found, page.project.neighbourhood)
    return ("projects/_articles.html", {"articles": rows[:ARTICLES]}) if rows else None


def told_to_all(project: Project) -> tuple[list[Article], bool]:
    """The newest articles that everybody may read, those for later among them, and whether there are others; one query."""
    public = Article.objects.visible_to(Viewer(project.neighbourhood)).filter(pk=OuterRef("pk"))
    about = Article.objects.filter(about_projects__project=project, published_at__isnull=False).distinct()
    rows = list(about.annotate(for_all=Exists(public.order_by()))[:LATELY])
    told = [article for article in rows if article.for_all]
    return article_rows(told, project.neighbourhood), len(told) < len(rows)
