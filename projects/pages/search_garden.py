"""What of the beds can be found: their names, and the plants that stand there now."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from people import search
from people.access.viewer import Viewer
from projects.models import Bed, Plant, PlantCandidate, Planting, Project, SeasonPlan
from projects.pages.search import theme_of


def words_of(bed: Bed) -> str:
    """角堇、羽衣甘蓝: each plant once; also what stands on the bed's tag."""
    names = bed.plantings.standing().order_by("-planted_on", "pk").values_list("plant__name", flat=True)
    return "、".join(dict.fromkeys(names))


def document(bed: Bed) -> search.Document:
    return search.Document(
        title=f"{bed.code} {bed.title}",
        body=search.joined(words_of(bed), bed.note),
        also=theme_of(bed),
        path=bed.get_absolute_url(),
    )


def season_document(plan: SeasonPlan) -> search.Document:
    """What was up for choice, and what its candidates are good for."""
    chosen = [f"{one.plant.name} {one.plant.latin}".strip() for one in plan.candidates.all()]
    return search.Document(
        title=f"{plan.project.title} · {plan}",
        body=search.joined("、".join(chosen), plan.note),
        also=search.in_every_language(lambda: plan),
        path=plan.get_absolute_url(),
        at=search.noon(plan.plant_by),
    )


def plans_with(plant: Plant) -> list[int]:
    return list(plant.candidacies.order_by().values_list("plan", flat=True))


def seasons(viewer: Viewer, at: datetime) -> QuerySet[SeasonPlan]:
    rows = SeasonPlan.objects.visible_to(viewer).select_related("project__neighbourhood")
    return rows.prefetch_related("candidates__plant")


SEASONS = search.Kind(
    code="season",
    label=_("Flowers by season"),
    model=SeasonPlan,
    public=seasons,
    document=season_document,
    follows={
        PlantCandidate: lambda candidate: [candidate.plan_id],
        Plant: plans_with,
        Project: lambda project: project.season_plans.order_by().values_list("pk", flat=True),
    },
)
BEDS = search.Kind(
    code="bed",
    label=_("Flower beds"),
    model=Bed,
    public=lambda viewer, at: Bed.objects.visible_to(viewer),
    document=document,
    follows={
        Planting: lambda planting: [planting.bed_id],
        Plant: lambda plant: plant.plantings.order_by().values_list("bed", flat=True),
    },
)
