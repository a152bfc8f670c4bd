"""Lists of activities: the columns they share, the filters, and the seats counted for the page that is shown."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin.forms import seats_words
from activities.models import SEAT_HOLDING, SignUp, SignUpStatus, Status
from people.admin.shared import (
    ListFilter,
)
from portal import clock
from portal.dates import day_year, span


class SeatsChangeList(ChangeList):
    """Counts seats for the rows of one page, whatever the length of the list."""

    def get_results(self, request) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        held, waits = Q(status__in=SEAT_HOLDING), Q(status=SignUpStatus.WAITING)
        counted = (
            SignUp.objects.filter(activity__in=[row.pk for row in rows])
            .order_by()
            .values_list("activity")
            .annotate(taken=Count("pk", filter=held), waiting=Count("pk", filter=waits))
        )
        by_activity = {pk: (taken, waiting) for pk, taken, waiting in counted}
        for row in rows:
            row.taken, row.waiting = by_activity.get(row.pk, (0, 0))
        self.result_list = rows


class When(ListFilter):
    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [
            ("coming", _("to come")),
            ("week", _("next 7 days")),
            ("past", _("over")),
            ("begun", _("begun or over")),
        ]

    def queryset(self, request, queryset):
        now = clock.now()
        match self.value():
            case "coming":
                return queryset.filter(ends_at__gte=now)
            case "week":
                return queryset.filter(ends_at__gte=now, starts_at__lt=now + timedelta(days=8))
            case "past":
                return queryset.filter(ends_at__lt=now)
            case "begun":
                return queryset.filter(starts_at__lte=now)
        return queryset


class Attention(ListFilter):
    title = gettext_lazy("needs somebody")
    parameter_name = "needs"

    def lookups(self, request, model_admin):
        return [
            ("consent", _("consent of a guardian")),
            ("answer", _("answer to an offer")),
            ("waiting", _("waiting list")),
        ]

    def queryset(self, request, queryset):
        status = {
            "consent": SignUpStatus.CONSENT_PENDING,
            "answer": SignUpStatus.OFFERED,
            "waiting": SignUpStatus.WAITING,
        }.get(self.value() or "")
        if status is None:
            return queryset
        return queryset.filter(
            status=Status.PUBLISHED, pk__in=SignUp.objects.filter(status=status).order_by().values("activity")
        )


class ShowsActivities:
    """Columns that lists of activities share."""

    def get_changelist(self, request, **kwargs):
        return SeatsChangeList

    @admin.display(description=gettext_lazy("when"), ordering="starts_at")
    def when(self, activity):
        return f"{day_year(activity.starts_at)} {span(activity)}"

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, activity):
        css = {Status.DRAFT: "due", Status.CANCELLED: "stop", Status.PUBLISHED: "good"}.get(activity.status, "")
        return format_html('<span class="state {}">{}</span>', css, activity.get_status_display())

    @admin.display(description=gettext_lazy("seats"))
    def places_taken(self, activity):
        return seats_words(activity) if activity.needs_sign_up or activity.taken else "–"

    @admin.display(description=gettext_lazy("for"))
    def whose(self, activity):
        return activity.organisation or activity.team or "–"
