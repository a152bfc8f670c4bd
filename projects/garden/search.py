"""What of the beds can be found: their names, and the plants that stand there now."""

from django.utils.translation import gettext_lazy as _

from people import search
from projects.models import Bed, Plant, Planting


def words_of(bed: Bed) -> str:
    """角堇、羽衣甘蓝: each plant once; also what stands on the bed's tag."""
    names = bed.plantings.standing().order_by("-planted_on", "pk").values_list("plant__name", flat=True)
    return "、".join(dict.fromkeys(names))


def document(bed: Bed) -> search.Document:
    return search.Document(
        title=f"{bed.code} {bed.title}",
        body=" · ".join(filter(None, [words_of(bed), bed.note])),
        path=bed.get_absolute_url(),
    )


def register() -> None:
    search.register(
        search.Kind(
            code="bed",
            label=_("Flower beds"),
            order=46,
            model=Bed,
            public=lambda viewer, at: Bed.objects.visible_to(viewer),
            document=document,
            follows={
                Planting: lambda planting: [planting.bed_id],
                Plant: lambda plant: plant.plantings.order_by().values_list("bed", flat=True),
            },
        )
    )
