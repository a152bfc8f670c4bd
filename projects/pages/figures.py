"""What projects cost (P6), and what is in flower when (S33)."""

from math import ceil

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from people.access.viewer import Viewer
from people.pages.figures import Figure
from portal import clock
from projects.models import Planting, Project


def money(viewer: Viewer) -> Figure | None:
    """Published projects with published accounts (P6): what was spent, and how much less or more than was approved."""
    rows = Project.objects.visible_to(viewer).with_public_accounts(clock.today())
    rows = rows.filter(is_published=True, approved__isnull=False, spent__isnull=False)
    lines: list[tuple[str, list[int | None]]] = []
    bars: list[list[int | None]] = []
    for project in rows.order_by("pk"):
        approved, used = int(project.approved or 0), int(project.spent or 0)
        over = ceil(project.overspent or 0)
        left = 0 if over else approved - used
        lines.append((project.title, [used, left, over]))
        bars.append([min(used, approved), left, over])
    if not lines:
        return None
    return Figure(
        key="money",
        title=_("What the projects cost"),
        lede=_("In yuan. The accounts of each project stand on its page."),
        first=_("Project"),
        series=[_("Spent"), _("Left over"), _("Overspent")],
        lines=lines,
        bars=bars,
    )


def seasons(viewer: Viewer) -> Figure | None:
    """How many of the beds' plants show something in each month."""
    shown = Planting.objects.filter(
        bed__neighbourhood=viewer.neighbourhood, bed__is_published=True, bed__project__is_published=True, ended_on=None
    ).values_list("plant__show_months", flat=True)
    by_month = [sum(month in months for months in shown) for month in range(1, 13)]
    if not any(by_month):
        return None
    return Figure(
        key="seasons",
        title=_("What is in flower when"),
        lede=_("How many of the beds' plantings show flowers or colour in each month."),
        first=_("Month"),
        series=[_("Plantings")],
        lines=[(str(MONTHS[number]), [count]) for number, count in enumerate(by_month, start=1)],
    )
