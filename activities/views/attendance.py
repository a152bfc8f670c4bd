"""Who came: one sheet for attendance and time, for the people in charge of an activity."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.forms.attendance import LineForm, SlipForm, sheet_columns
from activities.models import SEAT_HOLDING, SignUp, SignUpStatus, WalkIn
from activities.models.kinds import activity_kinds, counts_for
from activities.operations import arrival_slips, attendance
from activities.rules import ages, expected
from activities.rules.attendance_sheet import Sheet, sheet_of
from activities.rules.spot_code import word_of
from activities.rules.staff_scope import covers
from activities.views.detail import ActivityPage, may_take_attendance
from people.access import minors
from people.access.requests import StaffRequest
from people.models import AccessLog, Guardianship, Person
from people.operations.staff import note_openings
from people.outbox import absolute
from portal.qr import svg
from portal.refusals import as_message, in_form


class AttendanceView(ActivityPage):
    """Staff in scope, after their second factor (activities/urls.py). ``?sheet`` is the list to print and sign.

    Whoever may not see minors' records reads of children what they call them by, and each opening is logged (V6).
    """

    request: StaffRequest
    #: The guardians whose number was asked for by this press.
    calling: Sequence[Guardianship] = ()

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
    def attending(self) -> list[SignUp | WalkIn]:
        """Everyone with a seat, families together; then those who came without one."""
        statuses = [*SEAT_HOLDING, SignUpStatus.EXCUSED]
        seats = (
            self.activity.sign_ups.filter(status__in=statuses)
            .exclude(status=SignUpStatus.OFFERED)
            .select_related("person", "companion", "booking__made_by")
            .order_by("booking__sequence", "pk")
        )
        return [*seats, *self.activity.walk_ins.select_related("person")]

    @cached_property
    def others(self) -> list[Person]:
        """Expected without a sign-up: members and invited people, whose attendance belongs to the meeting's record."""
        ids = expected.expected_at([self.activity.pk])[self.activity.pk] - {row.person_id for row in self.attending}
        return list(Person.objects.filter(pk__in=ids).order_by("pk"))

    @cached_property
    def names(self) -> dict[int, str]:
        """{person id: what this reader may call them by}, of everybody on the sheet."""
        people = [*(row.person for row in self.attending), *self.others]
        return minors.names_for_leader(self.request.user, people)

    @property
    def minors(self) -> set[int]:
        """Whose guardian may be called now."""
        if not self.activity.has_started(at=self.at) or self.activity.is_past(at=self.at):
            return set()
        people = ages.minors_among(self.activity, (row.person for row in self.attending))
        return {person.pk for person in people}

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
        return self.staff_act("reopen-sheet" if is_closed else "close-sheet")

    def staff_act(self, name: str) -> str:
        kind = activity_kinds.get(self.activity.kind)
        if kind is None:
            return ""
        url = reverse(f"admin:{kind.model.lower().replace('.', '_')}_act", args=[name])
        return f"{url}?ids={self.activity.pk}"

    def walk_in_url(self) -> str:
        """Where somebody known is entered who came without a seat, among those whom the reader's role finds."""
        return self.staff_act("walk-in") if self.sheet.is_open(self.at) else ""

    def lines(self, data: Any = None) -> list[LineForm]:
        columns = sheet_columns.get(counts_for(self.activity.kind))
        known = columns.known(self.activity, [row.person_id for row in self.attending]) if columns else {}
        return [
            LineForm(
                data,
                row=row,
                name=self.names[row.person_id],
                activity=self.activity,
                columns=columns,
                known=known.get(row.person_id),
                at=self.at,
            )
            for row in self.attending
        ]

    def get(self, request: StaffRequest, *args, **kwargs) -> HttpResponse:
        note_openings((row.person for row in self.attending), by=request.user, page=AccessLog.Page.SHEET)
        return self.page(self.lines())

    def post(self, request: StaffRequest, *args, **kwargs) -> HttpResponse:
        """Each good line is kept; what is wrong with the others stands beside them, and what was typed stays."""
        if request.POST.get("do") == "slip":
            return self.write_slip()
        if request.POST.get("do", "").startswith("call-"):
            return self.call_guardian(request.POST["do"].removeprefix("call-"))
        lines, changed = self.lines(request.POST), 0
        for line in lines:
            if not line.is_valid() or not line.is_filled():
                continue
            person = line.row.person_id
            with in_form(line):
                changed += attendance.record_attendance(
                    self.activity,
                    {person: line.cleaned_data["mark"]},
                    at=self.at,
                    by=request.user,
                    details={person: line.details},
                )
        if changed:
            said = ngettext("Saved, %(count)d entry changed.", "Saved, %(count)d entries changed.", changed)
            messages.success(request, said % {"count": changed})
        if any(line.errors for line in lines):
            return self.page(lines)
        if not changed:
            messages.info(request, _("Nothing was changed."))
        return HttpResponseRedirect(request.path)

    def call_guardian(self, wanted: str) -> HttpResponse:
        """The number stands on the page that answers the press, and nowhere afterwards."""
        child = next((row.person for row in self.attending if str(row.person_id) == wanted), None)
        if child is None:
            raise Http404
        with as_message(self.request):
            self.calling = attendance.guardians_to_call(self.activity, child, by=self.request.user, at=self.at)
        return self.page(self.lines())

    def write_slip(self) -> HttpResponse:
        form = SlipForm(self.request.POST)
        if form.is_valid():
            with in_form(form):
                arrival_slips.write(self.activity, form.save(commit=False), by=self.request.user, at=self.at)
                messages.success(self.request, _("The slip is written; the committee finds out who it was."))
                return HttpResponseRedirect(self.request.path)
        return self.page(self.lines(), form)

    def page(self, lines: list[LineForm], slip: SlipForm | None = None) -> HttpResponse:
        marked = [row.status for row in self.attending if isinstance(row, SignUp)]
        here = absolute(
            reverse(
                "activities:here-code",
                args=[self.activity.neighbourhood.slug, self.activity.pk, word_of(self.activity)],
            )
        )
        columns = sheet_columns.get(counts_for(self.activity.kind))
        context = {
            "activity": self.activity,
            "lines": lines,
            "times": columns.template if columns else "",
            "others": [self.names[person.pk] for person in self.others],
            "has_begun": self.activity.has_started(at=self.at),
            "is_closed": self.sheet.is_closed(self.at),
            "closed_at": self.sheet.closed_at,
            "sheet_act": self.act_url(),
            "walk_in_url": self.walk_in_url(),
            "here_url": here,
            "calling": self.calling,
            "minors": self.minors,
            "slip_form": (slip or SlipForm()) if self.sheet.is_open(self.at) else None,
            "slips": list(self.activity.arrival_slips.filter(written_by=self.request.user, settled_at=None)),
            "qr": svg(here, sturdy=True),
            "figures": {
                "seats": len(marked),
                "came": marked.count(SignUpStatus.ATTENDED),
                "walk_ins": len(self.attending) - len(marked),
                "absent": marked.count(SignUpStatus.ABSENT),
                "excused": marked.count(SignUpStatus.EXCUSED),
            },
            "tab": "calendar",
        }
        sheet = "sheet" in self.request.GET
        template = "activities/attendance_sheet.html" if sheet else "activities/attendance.html"
        return render(self.request, template, context)


def old_address(request: HttpRequest, neighbourhood: str, pk: int) -> HttpResponse:
    """Times were once typed on a page of their own; what stands in bookmarks leads to the sheet."""
    return redirect("activities:attendance", neighbourhood, pk, permanent=True)
