"""The jobs of projects on the staff's first page."""

from django.utils.translation import gettext as _

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import admin_url, list_url
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day, day_year
from projects.models import Cover, CoverInspection, TrailWord

MOST = 100
INSPECT = "projects.add_coverinspection"


def covers_to_see_to(request: StaffRequest) -> Job | None:
    """Loose ones that nobody was told of, faded ones, and those not looked at for a quarter (P4); three queries."""
    neighbourhoods = neighbourhoods_with(request.user, INSPECT)
    if not neighbourhoods:
        return None
    loose = list(
        CoverInspection.objects.open_loose()
        .filter(cover__neighbourhood__in=neighbourhoods)
        .select_related("cover")
        .order_by("inspected_on", "pk")[:MOST]
    )
    today = clock.today()
    rows = Cover.objects.filter(neighbourhood__in=neighbourhoods).with_upkeep()
    faded = list(rows.faded().order_by("seen_on", "pk")[:MOST])
    due = list(rows.due(today).order_by("order", "pk")[:MOST])
    lines = [
        Line(
            str(row.cover),
            _("loose since %(day)s: report it, and note to whom") % {"day": day(row.inspected_on)},
            admin_url(row.cover),
            _("Pass on"),
        )
        for row in loose[:SHOWN]
    ]
    lines += [
        Line(
            str(cover),
            _("faded, seen on %(day)s: have it repainted") % {"day": day(cover.seen_on)},
            admin_url(cover),
            _("Repaint"),
        )
        for cover in faded[: SHOWN - len(lines)]
    ]
    if due:
        oldest = min(cover.next_inspection(cover.seen_on) for cover in due)
        lines.append(
            Line(
                _("Covers to look at: %(n)d") % {"n": len(due)},
                _("the quarter is over since %(day)s") % {"day": day_year(oldest)},
                list_url(Cover, todo="due"),
                _("Look"),
            )
        )
    return Job(
        _("Manhole covers"),
        len(loose) + len(faded) + len(due),
        list_url(Cover),
        lines,
        nothing=_("Every cover is in good order."),
        urgent=bool(loose),
    )


def words_to_read(request: StaffRequest) -> Job | None:
    """Words about places that wait to be read (L2); one query."""
    neighbourhoods = neighbourhoods_with(request.user, "projects.change_trailword")
    if not neighbourhoods:
        return None
    rows = TrailWord.objects.waiting().filter(point__trail__neighbourhood__in=neighbourhoods)
    found = list(rows.select_related("point__piece").order_by("said_on", "pk")[:MOST])
    return Job(
        _("Words to read before they are shown"),
        len(found),
        list_url(TrailWord, state__exact=TrailWord.State.WAITING),
        [
            Line(f"“{word.words}”", f"{word.name}, {word.point.piece}", admin_url(word), _("Read"))
            for word in found[:SHOWN]
        ],
        nothing=_("Everything has been read."),
    )
