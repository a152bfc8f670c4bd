"""Who came: for the people in charge of an activity."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.forms.sign_up import AttendanceForm
from activities.models import SEAT_HOLDING, SignUp, SignUpStatus
from activities.models.kinds import activity_kinds
from activities.operations import lifecycle
from activities.rules import expected
from activities.rules.attendance_sheet import Sheet, sheet_of
from activities.rules.staff_scope import covers
from activities.views.detail import ActivityPage, may_take_attendance
from people.access.requests import StaffRequest
from people.models import Person
from portal.refusals import in_form


class AttendanceView(ActivityPage):
    """Staff in scope, after their second factor (activities/urls.py). ``?sheet`` is the list to print and sign."""

    request: StaffRequest

    def find(self, pk: int) -> Any:
        activity = super().find(pk)
        if not may_take_attendance(self.request, activity):
            raise Http404
        return activity

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @cached_property
    def attending(self) -> list[SignUp]:
        """Everyone with a seat, families together."""
        statuses = [*SEAT_HOLDING, SignUpStatus.EXCUSED]
        return list(
            self.activity.sign_ups.filter(status__in=statuses)
            .exclude(status=SignUpStatus.OFFERED)
            .select_related("person", "companion", "booking")
            .order_by("booking__sequence", "pk")
        )

    @cached_property
    def others(self) -> list[Person]:
        """Expected without a sign-up: members and invited people, whose attendance belongs to the meeting's record."""
        ids = expected.expected_at([self.activity.pk])[self.activity.pk] - {row.person_id for row in self.attending}
        return list(Person.objects.filter(pk__in=ids).order_by("pk"))

    @cached_property
    def sheet(self) -> Sheet:
        return sheet_of(self.activity)

    def act_url(self) -> str:
        """Where it is closed or opened again: an act on its staff page, for whoever may; else ""."""
        kind, is_closed = activity_kinds.get(self.activity.kind), self.sheet.is_closed(self.at)
        if kind is None or not self.activity.is_past(at=self.at):
            return ""
        if is_closed and not covers(self.request.user, "activities.reopen_activity", self.activity):
            return ""
        url = reverse(
            f"admin:{kind.model.lower().replace('.', '_')}_act", args=["reopen-sheet" if is_closed else "close-sheet"]
        )
        return f"{url}?ids={self.activity.pk}"

    def get(self, request: StaffRequest, *args, **kwargs) -> HttpResponse:
        return self.page(AttendanceForm(rows=self.attending))

    def post(self, request: StaffRequest, *args, **kwargs) -> HttpResponse:
        form = AttendanceForm(request.POST, rows=self.attending)
        if not form.is_valid():
            return self.page(form)
        with in_form(form):
            changed = lifecycle.record_attendance(self.activity, form.marks(), at=self.at, by=request.user)
            if changed:
                said = ngettext("Saved, %(count)d entry changed.", "Saved, %(count)d entries changed.", changed)
                messages.success(request, said % {"count": changed})
            else:
                messages.info(request, _("Nothing was changed."))
            return HttpResponseRedirect(request.path)
        return self.page(form)

    def page(self, form: AttendanceForm) -> HttpResponse:
        marked = [row.status for row in self.attending]
        context = {
            "activity": self.activity,
            "form": form,
            "others": self.others,
            "has_begun": self.activity.has_started(at=self.at),
            "is_closed": self.sheet.is_closed(self.at),
            "closed_at": self.sheet.closed_at,
            "sheet_act": self.act_url(),
            "figures": {
                "seats": len(marked),
                "came": marked.count(SignUpStatus.ATTENDED),
                "absent": marked.count(SignUpStatus.ABSENT),
                "excused": marked.count(SignUpStatus.EXCUSED),
            },
            "tab": "calendar",
        }
        sheet = "sheet" in self.request.GET
        template = "activities/attendance_sheet.html" if sheet else "activities/attendance.html"
        return render(self.request, template, context)
