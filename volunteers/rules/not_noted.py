"""Mornings that nobody noted: never done, never missed, but "not noted" until somebody says how they went (G1, T9)."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from activities.models import Status
from activities.rules import attendance_sheet
from people.access.viewer import local_midnight
from portal import clock
from volunteers.models import Rota, Shift, duties

NOON = timedelta(hours=12)
#: From when on it is also the coordinator's to see to, and not the team's alone.
WAITS_FOR_THE_TEAM = timedelta(days=3)
UNWRITTEN = ("", Shift.Outcome.PENDING)


def is_not_noted(slot: Shift, at: datetime) -> bool:
    """Whether it is over, took place for all the portal knows, and nobody said how it went."""
    return slot.status in {Status.PUBLISHED, Status.DONE} and slot.outcome in UNWRITTEN and slot.is_past(at=at)


def was_done(slot: Shift) -> str:
    """A sentence where it was noted that somebody did it, else ""."""
    if slot.outcome in (*UNWRITTEN, Shift.Outcome.MISSED):
        return ""
    return _("It is noted of “%(title)s” how it went: %(outcome)s. Please correct that first.") % {
        "title": slot.title,
        "outcome": slot.get_outcome_display(),
    }


def not_noted(at: datetime):
    """All such mornings of the rotas, however long ago."""
    standing = [Status.PUBLISHED, Status.DONE]
    found = duties().filter(status__in=standing, outcome__in=UNWRITTEN, ends_at__lte=at)
    return found.filter(team__in=Rota.objects.order_by().values("team")).order_by("starts_at", "pk")


def to_note(at: datetime):
    """Those that can still be noted, from noon of their day on."""
    today = local_midnight(clock.local_date(at))
    is_noon = localtime(at) >= localtime(today) + NOON
    until = at if is_noon else today
    return not_noted(at).filter(Q(starts_at__lt=until), attendance_sheet.with_open_sheet(at))


def never_noted(at: datetime):
    """T0: those whose sheet is closed, so that somebody in charge has to open it again first."""
    return not_noted(at).exclude(attendance_sheet.with_open_sheet(at))
