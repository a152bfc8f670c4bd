"""New dates of a project, for its followers: shifts that everybody may see and that were published in that time."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Min
from django.utils.translation import gettext as _

from activities.models import SignUp, Status, Visibility
from portal.dates import day
from projects.emails.news import News, Words
from volunteers.models import Shift


def shifts(project_ids: Collection[int], since: datetime, until: datetime) -> Iterable[News]:
    """When a shift was first published is known from its history; one that is cancelled by now is no news."""
    rows = Shift.objects.filter(
        project__in=project_ids,
        kind="shift",
        status=Status.PUBLISHED,
        visibility=Visibility.PUBLIC,
        starts_at__gt=until,
    )
    shifts = {shift.pk: shift for shift in rows.select_related("neighbourhood")}
    signed_up: dict[int, list[str]] = defaultdict(list)
    for shift_id, pk in SignUp.objects.filter(activity__in=shifts).order_by().values_list("activity", "pk"):
        signed_up[shift_id].append(f"sign_up:{pk}")
    history = Shift.history.filter(id__in=shifts, status=Status.PUBLISHED).order_by()
    for pk, published_at in history.values_list("id").annotate(Min("history_date")):
        shift = shifts[pk]
        if shift.project_id is not None and since < published_at <= until:
            yield News(shift.project_id, published_at, _words(shift), shift.get_absolute_url(), tuple(signed_up[pk]))


def _words(shift: Shift) -> Words:
    return lambda: _("New date: %(title)s, %(day)s") % {"title": shift.title, "day": day(shift.starts_at)}
