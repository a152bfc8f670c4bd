"""What came of a deliberation or meeting, told on its page: projects, versions of a design it approved, seasons it chose for."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from activities.models import Activity
from community.rules.about import Link
from people.access.viewer import Viewer
from projects.models import DesignDraft, Project, ProjectRecord, Season, SeasonPlan
from projects.rules.records import happened, part_so_far

PROJECT, DRAFT, PLAN = range(3)
OVER = {SeasonPlan.Status.DECIDED, SeasonPlan.Status.PLANTED}


def is_any() -> Combinable:
    """Whether anything came of the activity ``OuterRef("pk")``, public or not."""
    here = OuterRef("pk")
    records = Exists(ProjectRecord.objects.filter(activity=here).order_by())
    drafts = Exists(DesignDraft.objects.filter(approved_by=here).order_by())
    return records | drafts | Exists(SeasonPlan.objects.filter(decided_by=here).order_by())


def of(activity: Activity, viewer: Viewer) -> list[Link]:
    """One query. What is public: the same for every reader, so that nobody's roles are asked for."""
    everybody = Viewer(viewer.neighbourhood)
    projects = Project.objects.visible_to(everybody).order_by().values("pk")
    records = ProjectRecord.objects.filter(activity=activity.pk, project__in=projects)
    drafts = DesignDraft.objects.visible_to(everybody).filter(approved_by=activity.pk)
    plans = SeasonPlan.objects.visible_to(everybody).filter(decided_by=activity.pk)
    named = (F("project__slug"), F("project__title"))
    nothing = Value("", CharField())
    state = Coalesce(F("activity__deliberation__result_state"), F("activity__meeting__record_state"), nothing)
    rows = [
        records.order_by().values_list(Value(PROJECT), F("pk"), *named, F("part"), state),
        drafts.order_by().values_list(Value(DRAFT), F("version"), *named, nothing, nothing),
        plans.order_by().values_list(Value(PLAN), F("year"), *named, F("season"), F("status")),
    ]
    found: dict[str, Link] = {}  # a project once, also where it was discussed and decided there
    for link in links(activity, sorted(rows[0].union(*rows[1:], all=True))):
        found.setdefault(link.url, link)
    return list(found.values())


def links(activity: Activity, rows: list[tuple[Any, ...]]) -> Iterator[Link]:
    neighbourhood = activity.neighbourhood
    for kind, number, slug, title, what, state in rows:
        project = Project(neighbourhood=neighbourhood, slug=slug, title=title)
        if kind == PROJECT:
            words = happened(part_so_far(what, state), activity)
            yield link(_("project"), project, words, project.get_absolute_url())
        elif kind == DRAFT:
            draft = DesignDraft(project=project, version=number)
            yield link(_("design draft"), draft, _("approved there"), draft.get_absolute_url())
        else:
            plan = SeasonPlan(neighbourhood=neighbourhood, project=project, year=number, season=what)
            title = _("Flowers for %(season)s %(year)s") % {"season": Season(what).label, "year": number}
            words = str(ProjectRecord.Part.DECIDED.label) if state in OVER else _("to be decided there")
            yield link(_("flowers"), title, words, plan.get_absolute_url())


def link(word: str, what: object, words: str, url: str) -> Link:
    return Link(word, _("%(project)s: %(what)s") % {"project": what, "what": words}, url)
