"""The jobs of deliberations on the staff's first page: results that are due, follow-ups that nobody ticked off."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from community.admin.deliberations import due, overdue
from community.models import Deliberation, FollowUp
from people import clock
from people.admin.shared import admin_url, list_url
from people.auth import neighbourhoods_with
from people.templatetags.portal import day
from people.today import SHOWN, Job, Line, register

MOST = 100
PERMISSION = "community.change_deliberation"


def results(request: HttpRequest) -> Job | None:
    places = neighbourhoods_with(request.user, PERMISSION)  # type: ignore[arg-type]
    if not places:
        return None
    rows = list(due(Deliberation.objects.filter(neighbourhood__in=places)).order_by("ends_at")[:MOST])
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


def follow_ups(request: HttpRequest) -> Job | None:
    places = neighbourhoods_with(request.user, PERMISSION)  # type: ignore[arg-type]
    if not places:
        return None
    own = FollowUp.objects.filter(deliberation__neighbourhood__in=places)
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


register(60, results)
register(61, follow_ups)
