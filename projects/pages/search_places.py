"""What of the walks and places can be found: trails, and the places that stand on the plan."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people import search
from people.models import Location
from projects.models import Trail


def trail_document(trail: Trail) -> search.Document:
    return search.Document(trail.title, trail.text, trail.get_absolute_url())


def location_document(location: Location) -> search.Document:
    """Leads to its line in the plan's list, which says the same as the picture."""
    plan = reverse("projects:plan", args=[location.neighbourhood.slug])
    return search.Document(location.name, location.note, f"{plan}#place-{location.code}")


TRAILS = search.Kind(
    code="trail",
    label=_("Trails"),
    model=Trail,
    public=lambda viewer, at: Trail.objects.visible_to(viewer),
    document=trail_document,
    gives_examples=True,
)
LOCATIONS = search.Kind(
    code="location",
    label=_("Places"),
    model=Location,
    public=lambda viewer, at: Location.objects.filter(
        neighbourhood=viewer.neighbourhood, x__isnull=False, y__isnull=False
    ),
    document=location_document,
    more="projects:plan",
)
