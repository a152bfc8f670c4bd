"""The garden's jobs on the staff's first page: a vote that is over, a day to plant by, candidates without their note."""

from datetime import timedelta

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.party import covered
from people.admin.shared import admin_url, list_url
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day, moment
from projects.models import Planting, SeasonPlan, UpkeepEntry
from projects.rules import fitting

CHANGE = "projects.change_seasonplan"
NEAR = timedelta(days=30)
MOST = 50
Stand = SeasonPlan.Status


def season(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, CHANGE)
    if not neighbourhoods:
        return None
    at = clock.now()
    live = SeasonPlan.objects.filter(neighbourhood__in=neighbourhoods).exclude(status=Stand.PLANTED)
    rows = live.filter(covered(request.user, CHANGE, team="team")).order_by("plant_by", "pk")
    plans = list(rows[:MOST])
    collecting = [plan for plan in plans if plan.status == Stand.COLLECTING]
    prefetch_related_objects(collecting, "candidates__plant", "candidates__beds")
    lines = [line for plan in plans for line in of(plan, at)]
    today = clock.local_date(at)
    return Job(
        _("Flowers for the next season"),
        len(lines),
        list_url(SeasonPlan),
        lines[:SHOWN],
        nothing=_("Nothing to decide or to plant."),
        urgent=any(plan.plant_by is not None and plan.plant_by <= today for plan in plans),
    )


def of(plan: SeasonPlan, at) -> list[Line]:
    """What is to be done next for one plan."""
    today, url, name = clock.local_date(at), admin_url(plan), str(plan)
    lines = []
    if plan.status == Stand.VOTING and plan.vote_until and plan.vote_until <= at:
        lines.append(
            Line(name, _("The online vote is over: close it and count the hands."), url, pgettext("a vote", "Close"))
        )
    elif plan.status == Stand.VOTING:
        until = moment(plan.vote_until) if plan.vote_until else "–"
        lines.append(Line(name, _("Members vote until %(moment)s.") % {"moment": until}, url, _("Look")))
    elif plan.status == Stand.CLOSED:
        lines.append(Line(name, _("Count the hands and write down the decision."), url, _("Decide")))
    elif plan.status == Stand.DECIDED:
        lines.append(Line(name, due(plan, today), url, pgettext("button", "Plant")))
    elif plan.status == Stand.COLLECTING:
        months = fitting.months_of(plan)
        for one in plan.candidates.all():
            warnings = fitting.mismatches(one.plant, one.beds.all(), months)
            if warnings and not one.note:
                lines.append(Line(f"{name}: {one.plant}", warnings[0], url, _("Write a note")))
        if plan.plant_by and plan.plant_by - NEAR <= today:
            lines.append(Line(name, due(plan, today), url, _("Open the vote")))
    return lines


def due(plan: SeasonPlan, today) -> str:
    if plan.plant_by is None:
        return _("To be planted.")
    words = _("Should have been planted by %(day)s.") if plan.plant_by < today else _("To be planted by %(day)s.")
    return words % {"day": day(plan.plant_by)}


def poison_among_children(request: StaffRequest) -> Job | None:
    """G2: what was found to be toxic after it was planted in a bed for children, until it is out."""
    neighbourhoods = neighbourhoods_with(request.user, "projects.change_planting")
    rows = Planting.objects.standing().filter(
        plant__toxic=True, bed__for_children=True, bed__neighbourhood__in=neighbourhoods
    )
    mine = rows.filter(covered(request.user, "projects.change_planting", team="bed__project__lead_team"))
    found = list(mine.select_related("bed", "plant").order_by("bed__order", "pk")[:MOST]) if neighbourhoods else []
    if not found:
        return None
    lines = [
        Line(
            f"{one.bed.code} {one.bed.title}",
            _("“%(plant)s” is toxic, and this bed is for children.") % {"plant": one.plant},
            admin_url(one),
            _("Take it out"),
        )
        for one in found[:SHOWN]
    ]
    return Job(_("Toxic plants in beds for children"), len(found), list_url(Planting), lines, urgent=True)


def upkeep_photos(request: StaffRequest) -> Job | None:
    """Photos from the upkeep log that wait for somebody to look at them."""
    neighbourhoods = neighbourhoods_with(request.user, "people.change_photo")
    if not neighbourhoods:
        return None
    rows = UpkeepEntry.objects.filter(bed__neighbourhood__in=neighbourhoods, photo__published_at=None).exclude(
        photo=None
    )
    found = list(rows.select_related("bed", "photo").order_by("-done_on", "-pk")[:MOST])
    if not found:
        return None
    lines = [
        Line(f"{entry.bed.code} {entry.bed.title}", entry.photo.alt, admin_url(entry.photo), _("Look"))
        for entry in found[:SHOWN]
        if entry.photo
    ]
    return Job(_("Photos of the beds to look at"), len(found), list_url(UpkeepEntry), lines)
