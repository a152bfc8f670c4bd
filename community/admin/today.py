"""The jobs of deliberations and team meetings on the staff's first page: what is due, open, or not planned yet."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Status
from activities.rules.staff_scope import scope
from community.admin.deliberations import due, overdue
from community.admin.meetings import may_be_signed, to_sign
from community.models import Deliberation, FollowUp, Meeting
from people.access.grants import grants_of, neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import admin_url, list_url
from people.models import RoleGrant, Team
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day

MOST = 100
TWO_MONTHS = timedelta(days=62)
PERMISSION = "community.change_deliberation"


def results(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, PERMISSION)
    if not neighbourhoods:
        return None
    rows = list(due(Deliberation.objects.filter(neighbourhood__in=neighbourhoods)).order_by("ends_at")[:MOST])
    return Job(
        _("Results of deliberations to publish"),
        len(rows),
        list_url(Deliberation, result="due"),
        [
            Line(row.title, _("due on %(day)s") % {"day": day(row.result_due_on)}, admin_url(row), _("Record"))
            for row in rows[:SHOWN]
        ],
        nothing=_("Every result is public."),
        urgent=any(row.result_due_on < clock.today() for row in rows),
    )


def follow_ups(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, PERMISSION)
    if not neighbourhoods:
        return None
    own = FollowUp.objects.filter(deliberation__neighbourhood__in=neighbourhoods)
    rows = list(overdue(own).select_related("deliberation").order_by("due_on", "pk")[:MOST])
    return Job(
        _("Follow-ups overdue in public"),
        len(rows),
        list_url(Deliberation, result="overdue"),
        [
            Line(
                row.task,
                _("due on %(day)s") % {"day": day(row.due_on)},
                f"{admin_url(row.deliberation)}#follow_ups-group",
                _("Tick off"),
            )
            for row in rows[:SHOWN]
        ],
        nothing=_("What was promised is done or has time."),
        urgent=bool(rows),
    )


def records_to_sign(request: StaffRequest) -> Job | None:
    """For the Party's records: those of meetings that were held, the oldest first (M4, M8)."""
    if not {grant.role for grant in grants_of(request.user)} & {
        RoleGrant.Role.PARTY_ADMIN,
        RoleGrant.Role.BRANCH_SECRETARY,
    }:
        return None
    own = Meeting.objects.filter(scope(request.user, "community.change_meeting"), organisation__isnull=False)
    rows = list(to_sign(own).order_by("starts_at", "pk")[:MOST])
    return Job(
        _("Records to sign"),
        len(rows),
        list_url(Meeting, record="unsigned"),
        [Line(row.title, day(row.starts_at), admin_url(row), _("Sign the record")) for row in rows[:SHOWN]],
        nothing=_("Every record is signed."),
        urgent=bool(rows),
    )


def team_meetings(request: StaffRequest) -> Job | None:
    """For a team's leader: the month's meeting to plan, and records that are still open."""
    teams = [
        grant.team_id
        for grant in grants_of(request.user)
        if grant.role == RoleGrant.Role.TEAM_LEADER and grant.team_id is not None
    ]
    if not teams:
        return None
    now = clock.now()
    held = Meeting.objects.filter(team__in=teams, type=Meeting.Type.TEAM_MEETING).exclude(status=Status.CANCELLED)
    rows = list(held.filter(starts_at__gt=now - TWO_MONTHS).select_related("team").order_by("starts_at", "pk"))
    lines = [
        Line(row.title, day(row.starts_at), admin_url(row), _("Sign the record")) for row in rows if may_be_signed(row)
    ]
    planned = {row.team_id for row in rows if row.starts_at > now}
    month = clock.today().replace(day=1)
    this_month = {row.team_id for row in rows if clock.local_date(row.starts_at).replace(day=1) == month}
    for team in Team.objects.filter(pk__in=set(teams) - planned - this_month).order_by("pk"):
        last = next((row for row in reversed(rows) if row.team_id == team.pk), None)
        query = {"copy": last.pk} if last else {"type": Meeting.Type.TEAM_MEETING, "team": team.pk}
        url = f"{reverse('admin:community_meeting_add')}?{urlencode(query)}"
        lines.append(Line(str(team), _("no meeting this month yet"), url, _("Plan")))
    return Job(
        _("The team's monthly meeting"),
        len(lines),
        list_url(Meeting, type__exact=Meeting.Type.TEAM_MEETING),
        lines[:SHOWN],
        nothing=_("It is planned, and its records are closed."),
    )
