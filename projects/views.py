"""What the neighbourhood makes together: the list, and one project from the first idea to its upkeep. Only read here."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from activities import listing
from activities.models import Status, Visibility
from community.models import Article
from community.views import rows as article_rows
from people import clock
from people.models import Committee, PartnerUnit, PropertyCompany
from people.templatetags.portal import day, days
from projects import pictures
from projects.lineage import family_of
from projects.models import Governance, Project, ProjectPhoto, ProjectStage, Theme

PER_PAGE = 24
ARTICLES = 6
PHOTOS = 24
COMING = DONE = 12


class ProjectList(ListView):
    template_name = "projects/list.html"
    paginate_by = PER_PAGE
    extra_context = {"tab": "projects"}

    def get_queryset(self) -> QuerySet[Project]:
        seen = Project.objects.visible_to(self.request.viewer)
        self.theme = self.request.GET.get("theme", "")
        if self.theme not in Governance.values:
            self.theme = ""
        # JSON paths are not portable (L8) and a neighbourhood's projects are few, so tags are read here.
        wanted = [pk for pk, tags in seen.values_list("pk", "governance") if self.theme in tags] if self.theme else None
        listed = seen.filter(pk__in=wanted) if wanted is not None else seen
        return listed.select_related("derived_from").defer("text", "result", "derived_from__text")

    def paginate_queryset(self, queryset, page_size):
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["projects"] = pictures.cards(context["page_obj"].object_list, self.request.neighbourhood)
        context["tags"] = [{"label": _("All"), "url": "?", "current": not self.theme}] + [
            {"label": label, "url": f"?theme={value}", "current": value == self.theme}
            for value, label in Governance.choices
        ]
        context["theme"] = self.theme
        context["query"] = f"theme={self.theme}" if self.theme else ""
        return context


class ProjectDetail(DetailView):
    template_name = "projects/detail.html"
    context_object_name = "project"
    extra_context = {"tab": "projects"}

    def get_object(self, queryset=None) -> Project:
        """All of the neighbourhood's projects at once: they are few, and the lineage needs them."""
        seen = Project.objects.visible_to(self.request.viewer).select_related(
            "lead_org", "lead_team", "lead_committee", "proposed_by_org", "proposed_by_team"
        )
        self.all_projects = list(seen)
        for project in self.all_projects:
            project.neighbourhood = self.request.neighbourhood
        found = [project for project in self.all_projects if project.slug == self.kwargs["slug"]]
        if not found:
            raise Http404
        return found[0]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        project: Project = self.object
        viewer, at = self.request.viewer, clock.now()
        # The reverse relation looks at each row's project, so that column has to come along.
        shifts = listing.for_lists(project.shifts.visible_to(viewer)).only(*listing.COLUMNS, "project")
        planned = shifts.upcoming(at).exclude(status=Status.CANCELLED)
        coming = listing.rows(planned[:COMING], viewer.neighbourhood, at=at)
        cards = listing.cards(coming, listing.mine(viewer, coming, at=at), at=at)
        # Daily duties are the team's own; what was done together is what everyone could join.
        over = shifts.filter(ends_at__lt=at, status=Status.DONE, visibility=Visibility.PUBLIC)
        done = listing.rows(over.order_by("-starts_at", "-pk")[:DONE], viewer.neighbourhood, at=at)
        return super().get_context_data(
            up_url=reverse("projects:list", args=[viewer.neighbourhood.slug]),
            picture=pictures.drawing(project),
            picture_alt=pictures.alt(project),
            lids=pictures.lids() if project.illustration == Project.Illustration.COVERS else [],
            tags=labels(Governance, project.governance),
            themes=labels(Theme, project.themes),
            lineage=lineage(project, self.all_projects),
            stages=stages(project, clock.today()),
            places=list(project.places.all()),
            lead=project.lead_org or project.lead_team or project.lead_committee,
            proposer=project.proposed_by_org or project.proposed_by_team,
            partners=partners(project),
            photos=photos(project),
            coming=cards,
            wants_hands=any(card.has_seats for card in cards),
            done=done,
            articles=articles(project, viewer),
            **kwargs,
        )


def labels(choices, values: list[str]) -> list[str]:
    return [str(choices(value).label) for value in values if value in choices.values]


def lineage(project: Project, projects: list[Project]) -> list[dict]:
    """Nothing for a project that stands alone."""
    family = family_of(project, projects)
    if len(family) == 1:
        return []
    return [
        {
            "title": one.title,
            "url": one.get_absolute_url(),
            "text": one.result or one.tagline,
            "picture": pictures.small(one),
            "current": one == project,
        }
        for one in family
    ]


def stages(project: Project, today: date) -> list[dict]:
    """In order (P1); a stage without an end runs on, a skipped one says why."""
    return [
        {
            "title": stage.get_stage_display(),
            "when": when(stage),
            "text": stage.note,
            "live": is_running(stage, today),
            "later": not stage.skipped and (stage.start is None or stage.start > today),
            "skipped": stage.skipped,
        }
        for stage in project.stages.all()
    ]


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


def partners(project: Project) -> list[str]:
    """Names of units, committees and property companies in one query."""
    names = PartnerUnit.objects.filter(projects=project).order_by().values_list("name")
    committees = Committee.objects.filter(pk__in=project.partner_committees.order_by().values("pk"))
    companies = PropertyCompany.objects.filter(pk__in=project.partner_companies.order_by().values("pk"))
    rows = names.union(committees.order_by().values_list("name"), companies.order_by().values_list("name"))
    return sorted(name for (name,) in rows)


def photos(project: Project) -> list[ProjectPhoto]:
    """Only what is published, which needs the consent of everyone to be recognised (V5)."""
    shown = project.project_photos.filter(photo__published_at__isnull=False).exclude(photo__picture="")
    return list(shown.select_related("photo").order_by("order", "pk")[:PHOTOS])


def articles(project: Project, viewer) -> list[Article]:
    seen = Article.objects.visible_to(viewer).published_by(clock.now()).filter(about_projects__project=project)
    return article_rows(seen.distinct()[:ARTICLES], viewer.neighbourhood)
