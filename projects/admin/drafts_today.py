"""The jobs of projects on the staff's first page: feedback to answer, rounds about to close, notices that are over."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import admin_url, list_url
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day
from projects.models import DesignDraft, Feedback, FeedbackRound

MOST = 100
SOON = timedelta(days=3)


def to_answer(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, "projects.change_feedback")
    if not neighbourhoods:
        return None
    rows = Feedback.objects.pending().filter(draft__project__neighbourhood__in=neighbourhoods)
    found = list(rows.select_related("draft__project").order_by("received_on", "pk")[:MOST])
    lines = [
        Line(
            item.text[:60],
            _("%(project)s, version %(number)d, came on %(day)s")
            % {"project": item.draft.project, "number": item.draft.version, "day": day(item.received_on)},
            admin_url(item),
            _("Answer"),
        )
        for item in found[:SHOWN]
    ]
    return Job(
        _("Feedback to answer"),
        len(found),
        reverse("admin:projects_feedback_next") if found else list_url(Feedback),
        lines,
        nothing=_("All feedback is answered."),
    )


def rounds_closing(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, "projects.change_designdraft")
    if not neighbourhoods:
        return None
    today = clock.today()
    rows = FeedbackRound.objects.filter(
        draft__project__neighbourhood__in=neighbourhoods, closes_on__range=(today, today + SOON)
    )
    found = list(rows.select_related("draft__project").order_by("closes_on", "pk")[:MOST])
    lines = [
        Line(
            str(one.draft),
            _("closes on %(day)s, midnight") % {"day": day(one.closes_on)},
            admin_url(one.draft),
            _("Look"),
        )
        for one in found[:SHOWN]
    ]
    return Job(
        _("Feedback rounds that close soon"),
        len(found),
        list_url(DesignDraft, state="public"),
        lines,
        nothing=_("No round closes in the next three days."),
    )


def notices_over(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, "projects.change_designdraft")
    if not neighbourhoods:
        return None
    today = clock.today()
    newer = DesignDraft.objects.published().filter(project=OuterRef("project"), version__gt=OuterRef("version"))
    rows = DesignDraft.objects.published().filter(
        ~Exists(newer), project__neighbourhood__in=neighbourhoods, is_final=False, notice_until__lte=today
    )
    found = list(rows.select_related("project").order_by("notice_until", "pk")[:MOST])
    lines = [
        Line(
            str(draft),
            _("the public notice ends today")
            if draft.notice_until == today
            else _("the public notice ended on %(day)s") % {"day": day(draft.notice_until)},
            admin_url(draft),
            _("Make it final"),
        )
        for draft in found[:SHOWN]
    ]
    return Job(
        _("Public notices that are over"),
        len(found),
        list_url(DesignDraft, state="public"),
        lines,
        nothing=_("No design waits to be made final."),
        urgent=bool(found),
    )
