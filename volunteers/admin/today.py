"""The jobs of shifts on the staff's first page."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models import SignUp
from activities.rules.staff_scope import scope
from people.access import minors
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import admin_url, list_url
from people.pages.staff_jobs import SHOWN, Job, Line
from portal.dates import day
from volunteers.models import Shift
from volunteers.rules.adults_only import PERMISSION, children_signed_up


def children_at_adult_work(request: StaffRequest) -> Job | None:
    """For the staff's first page: none of these lost their seat by itself."""
    if not neighbourhoods_with(request.user, PERMISSION):
        return None
    rows = children_signed_up(Shift.objects.filter(scope(request.user, PERMISSION)))
    return Job(
        _("Minors signed up for work that is for adults only"),
        len(rows),
        list_url(SignUp, when="coming"),
        [
            Line(
                _("%(name)s, “%(title)s”") % {"name": minors.name_for(request.user, row.person), "title": row.activity},
                day(row.activity.starts_at),
                f"{admin_url(Shift(pk=row.activity_id))}#bookings",
                pgettext("about people", "Decide"),
            )
            for row in rows[:SHOWN]
        ],
        nothing=_("No minor is signed up where only adults may work."),
        urgent=bool(rows),
    )
