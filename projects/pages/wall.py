"""The story wall's painted panels: the strip on the project's page, and one panel's own page."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from people.access.public_names import credits
from people.media.pictures import shown
from portal.panels import Part
from portal.words import listed
from projects.models import WallPanel
from projects.pages.sections import ProjectPage

EXCERPT = 24
MOST = 60
FactCheck = WallPanel.FactCheck


def items(panels: Iterable[WallPanel], neighbourhood) -> list[dict]:
    """What ``projects/_wall_strip.html`` draws; panels as ``ProjectPage.pieces`` gives them."""
    drawn = []
    for number, panel in enumerate(panels, start=1):
        panel.neighbourhood = neighbourhood
        drawn.append(
            {
                "number": number,
                "title": panel.title,
                "url": panel.get_absolute_url(),
                "pic": shown(panel.main_photo),
                "tint": (number - 1) % 5 + 1,
                "words": caption(panel),
            }
        )
    return drawn


def caption(panel: WallPanel) -> str:
    """Under the picture: who remembers it, the year, or how the story begins."""
    if panel.fact_check == FactCheck.MEMORY and panel.told_by:
        return remembered(panel)
    if panel.history_year:
        return _("about %(year)d") % {"year": panel.history_year}
    first = panel.story.split("。")[0].split("，")[0]
    return first if len(first) <= EXCERPT else f"{first[:EXCERPT]}…"


def remembered(panel: WallPanel) -> str:
    """据龚老伯回忆 (P5)."""
    return _("as %(name)s remembers") % {"name": panel.told_by}


def section(page: ProjectPage) -> Part | None:
    panels = [piece for piece in page.pieces if isinstance(piece, WallPanel)]
    if not panels:
        return None
    slug = page.project.neighbourhood.slug
    return "projects/_wall.html", {
        "panels": items(panels[:MOST], page.project.neighbourhood),
        "wall_url": reverse("projects:wall", args=[slug, page.project.slug]),
        "stories_url": reverse("projects:stories", args=[slug]),
    }


def details(panel: WallPanel) -> dict:
    """For ``projects/_panel.html``; at most four queries."""
    beds = list(panel.beds.filter(is_published=True).order_by("order", "pk"))
    for bed in beds:
        bed.neighbourhood = panel.neighbourhood
    return {
        "origin": {
            FactCheck.SOURCED.value: _("Checked against sources"),
            FactCheck.MEMORY.value: remembered(panel) if panel.told_by else "",
            FactCheck.FICTIONAL.value: _("Made up for the wall, after the life of the lane"),
        }[panel.fact_check],
        "sources": panel.sources if panel.fact_check == FactCheck.SOURCED else [],
        "painted_by": listed(credits(panel.artists.all())),
        "beds": beds,
        "stories_url": reverse("projects:stories", args=[panel.neighbourhood.slug]),
    }
