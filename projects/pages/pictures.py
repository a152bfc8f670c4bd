"""The drawings a project is shown by until it has photos of its own."""

from collections.abc import Iterable
from functools import cache

from django.db.models import OuterRef, QuerySet, Subquery
from django.templatetags.static import static
from django.utils.translation import gettext as _

from people.media.pictures import shown
from people.models import Photo
from projects.models import Project, ProjectPhoto

LIDS = (5, 1, 7, 3, 10, 8, 9)  # seven of the twelve covers, as different from each other as can be
DRAWINGS: dict[str, str] = {
    Project.Illustration.WALL: "art/panel-05.svg",
    Project.Illustration.BEDS: "art/bed-winter.svg",
    Project.Illustration.LANE: "art/lane.svg",
}


@cache
def lids() -> list[str]:
    return [static(f"art/cover-{number:02}.svg") for number in LIDS]


def drawing(project: Project) -> str:
    """The address of its one picture; "" where it has none or is shown by its covers."""
    name = DRAWINGS.get(project.illustration)
    return static(name) if name else ""


def small(project: Project) -> str:
    """A square one for the lineage."""
    if project.illustration == Project.Illustration.COVERS:
        return static("art/cover-01.svg")
    return drawing(project)


def alt(project: Project) -> str:
    return {
        Project.Illustration.COVERS.value: _("Painted manhole covers"),
        Project.Illustration.WALL.value: _("A panel of the story wall: a summer night in the lane"),
        Project.Illustration.BEDS.value: _("A flower bed in winter"),
        Project.Illustration.LANE.value: _("The lane, drawn"),
    }.get(project.illustration, "")


def card(project: Project) -> dict:
    """What ``components/_project.html`` draws."""
    origin = project.derived_from
    return {
        "url": project.get_absolute_url(),
        "title": project.title,
        "text": project.tagline,
        "lids": lids()[:6] if project.illustration == Project.Illustration.COVERS else None,
        "picture": drawing(project),
        "alt": alt(project),
        "grew_from": origin.title if origin is not None and origin.is_published else "",
    }


def with_newest_photo(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Annotate ``newest_photo``: the key of the newest public photo that is no drawing, or None."""
    photos = ProjectPhoto.objects.filter(project=OuterRef("pk"), photo__is_illustration=False)
    shown = photos.exclude(photo__published_at=None).order_by("-photo__taken_on", "-photo")
    return projects.annotate(newest_photo=Subquery(shown.values("photo")[:1]))


def cards(projects: Iterable[Project], neighbourhood) -> list[dict]:
    """One for each; with :func:`with_newest_photo` one query more where there are photos."""
    found = list(projects)
    keys = [key for project in found if (key := getattr(project, "newest_photo", None))]
    photos = Photo.objects.in_bulk(keys) if keys else {}
    made = []
    for project in found:
        project.neighbourhood = neighbourhood
        photo = photos.get(getattr(project, "newest_photo", None))
        made.append(card(project) | {"pic": shown(photo)})
    return made
