"""A signed sheet typed back in: one line a person, from field to field by the keyboard alone; and the code for the spot."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.models import SEAT_HOLDING, SignUp
from activities.views.detail import ActivityPage, may_take_attendance
from people.access.requests import StaffRequest
from people.outbox import absolute
from portal import clock
from portal.qr import svg
from portal.refusals import in_form
from volunteers.forms import moment_of, time_field
from volunteers.models import ServiceRecord
from volunteers.operations import service


class LineForm(forms.Form):
    """One line of the sheet. Empty times: not on it."""

    came = time_field(gettext_lazy("Came at"), required=False)
    left = time_field(gettext_lazy("Left at"), required=False)
    break_minutes = forms.IntegerField(
        label=gettext_lazy("Breaks, in minutes"), min_value=0, max_value=600, required=False
    )

    def __init__(self, *args, row: SignUp, record: ServiceRecord | None, **kwargs) -> None:
        super().__init__(*args, **{**kwargs, "prefix": f"p{row.person_id}"})
        self.row, self.record = row, record
        self.saved = False
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{row.person.name}: {field.label}"
            field.widget.attrs |= {"autocomplete": "off", "class": "input"}
            if name == "break_minutes":
                field.widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("left") and not data.get("came") and "came" not in self.errors:
            self.add_error("came", _("Please write the time."))
        return data


class ServiceSheetView(ActivityPage):
    """For staff in scope, after their second factor (volunteers/urls.py)."""

    request: StaffRequest

    def find(self, pk: int) -> Any:
        activity = super().find(pk)
        if not may_take_attendance(self.request, activity):
            raise Http404
        return activity

    def lines(self, data: Any = None) -> list[LineForm]:
        rows = (
            self.activity.sign_ups.filter(status__in=SEAT_HOLDING)
            .select_related("person", "booking")
            .order_by("booking__sequence", "pk")
        )
        known = {
            record.person_id: record for record in ServiceRecord.objects.standing().filter(activity=self.activity.pk)
        }
        usual = {"came": localtime(self.activity.starts_at).time(), "left": localtime(self.activity.ends_at).time()}
        return [
            LineForm(data, row=row, record=known.get(row.person_id), initial=usual if data is None else {})
            for row in rows
        ]

    def get(self, request: StaffRequest, *args, **kwargs) -> HttpResponse:
        return self.page(self.lines())

    def page(self, lines: list[LineForm]) -> HttpResponse:
        here = absolute(reverse("volunteers:spot", args=[self.request.neighbourhood.slug, self.activity.pk]))
        context = {
            "activity": self.activity,
            "lines": lines,
            "open_lines": [line for line in lines if line.record is None and not line.saved],
            "spot_url": here,
            "qr": svg(here, sturdy=True),
            "has_begun": self.activity.has_started(at=self.at),
        }
        response = render(self.request, "volunteers/service_sheet.html", context)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def post(self, request: StaffRequest, *args, **kwargs) -> HttpResponse:
        """Each good line is kept; what is wrong with the others stands beside them, and what was typed stays."""
        lines = self.lines(request.POST)
        kept = 0
        for line in lines:
            if line.record is not None or not line.is_valid() or not line.cleaned_data.get("came"):
                continue
            with in_form(line):
                self.keep(line)
                line.saved = True
                kept += 1
        if kept:
            said = ngettext("%(n)d line is entered.", "%(n)d lines are entered.", kept) % {"n": kept}
            messages.success(request, said)
        if any(line.errors for line in lines):
            return self.page(lines)
        if not kept:
            messages.info(request, _("Nothing was entered."))
        return redirect(request.path)

    def keep(self, line: LineForm) -> None:
        data, at = line.cleaned_data, clock.now()
        end: datetime | None = moment_of(self.activity, data["left"]) if data.get("left") else None
        service.enter(
            self.activity,
            line.row.person,
            moment_of(self.activity, data["came"]),
            end,
            at=at,
            source=ServiceRecord.Source.SHEET,
            break_minutes=data.get("break_minutes") or 0,
            by=self.request.user,
            confirms=True,
        )
