"""P3: what staff read on the page where a change kept minors out of coming shifts."""

from collections.abc import Sequence

from django.contrib import messages
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity
from activities.rules.staff_scope import scope
from people.access import minors
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import admin_url
from portal import clock
from portal.dates import day
from projects.models import Project
from projects.operations.stages import keep_minors_out
from projects.rules.adults_only import minors_signed_up

NAMED = 10  # in the sentence; the shifts' own pages have all


def check_again(request: StaffRequest, project: Project) -> None:
    """Look at the project's coming shifts again, say which are for adults only now, and who keeps a seat all the same."""
    changed = keep_minors_out(project, at=clock.now(), by=request.user)
    if changed:
        messages.warning(request, words(len(changed)))
        tell_who_is_signed_up(request, changed)


def words(n: int) -> str:
    return ngettext(
        "%(n)d coming shift is for adults only now. Minors who are signed up already stand on the first page.",
        "%(n)d coming shifts are for adults only now. Minors who are signed up already stand on the first page.",
        n,
    ) % {"n": n}


def tell_who_is_signed_up(request: StaffRequest, changed: Sequence[Activity]) -> None:
    """Each with the way to the seats, for whoever may see those; by the name this reader may know (V6)."""
    permission = "activities.view_signup"
    if not neighbourhoods_with(request.user, permission):
        return
    shifts = {row.pk: row for row in changed}
    seen = Activity.objects.filter(scope(request.user, permission), pk__in=shifts)
    found = minors_signed_up(seen.order_by().values("pk"))
    if found:
        links = [
            (
                f"{admin_url(shifts[row.activity_id])}#bookings",
                _("%(name)s, “%(title)s”") % {"name": minors.name_for(request.user, row.person), "title": row.activity},
                day(row.activity.starts_at),
            )
            for row in found[:NAMED]
        ]
        lead = _("They keep their seats until you have asked them and decided:")
        messages.warning(
            request, format_html("{} {}", lead, format_html_join(_(", "), '<a href="{}">{}</a> ({})', links))
        )
