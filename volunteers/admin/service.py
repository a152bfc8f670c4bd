"""Staff pages of service records and certificates: what waits, confirming, correcting, issuing, and a table for Excel."""

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from openpyxl import Workbook

from people.access import minors
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.party import covered
from people.admin.shared import Act, ActForm, ListFilter, PortalAdmin, PortalInline, ReadOnly, Told, list_url
from people.models import Committee
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day, hm, span
from portal.fields import CleanCharField
from portal.forms import field_of
from volunteers.admin.pieces import pieces_act
from volunteers.forms import moment_of, time_field
from volunteers.models import Certificate, CertificateLine, ServiceCorrection, ServiceRecord
from volunteers.operations import certificates, service

MOST_ROWS = 20_000
COLUMNS = [
    gettext_lazy("Day"),
    gettext_lazy("Name"),
    gettext_lazy("Activity"),
    gettext_lazy("Came"),
    gettext_lazy("Left"),
    gettext_lazy("Breaks, minutes"),
    gettext_lazy("Minutes"),
    gettext_lazy("Source"),
    pgettext_lazy("of a record", "State"),
    pgettext_lazy("remark", "Note"),
]


class ReasonForm(ActForm):
    reason = CleanCharField(label=gettext_lazy("Why"), max_length=200)


class CorrectForm(ReasonForm):
    came = time_field(gettext_lazy("Came at"))
    left = time_field(gettext_lazy("Left at"), required=False)
    break_minutes = forms.IntegerField(label=gettext_lazy("Breaks, in minutes"), min_value=0, max_value=600, initial=0)
    field_order = ["came", "left", "break_minutes", "reason"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if len(self.rows) == 1:
            row = self.rows[0]
            self.fields["came"].initial = localtime(row.started_at).time()
            self.fields["left"].initial = localtime(row.ended_at).time() if row.ended_at else None
            self.fields["break_minutes"].initial = row.break_minutes


def on_confirm(request: StaffRequest, record: ServiceRecord, data: dict[str, Any]) -> str:
    service.confirm(record, by=request.user, at=clock.now())
    return _("Confirmed.")


def before_confirming(request: StaffRequest, record: ServiceRecord) -> Told:
    """Both times and the plan (V2)."""
    facts = [_("planned %(span)s") % {"span": f"{day(record.activity.starts_at)} {span(record.activity)}"}]
    if record.arrived_at and record.arrived_at != record.started_at:
        facts.append(
            _("came at %(came)s, counts from %(since)s")
            % {"came": hm(record.arrived_at), "since": hm(record.started_at)}
        )
    else:
        facts.append(_("came at %(came)s") % {"came": hm(record.started_at)})
    if record.ended_at is not None:
        facts.append(_("left at %(left)s") % {"left": hm(record.ended_at)} + f" · {record.time}")
    return Told(facts)


def on_reject(request: StaffRequest, record: ServiceRecord, data: dict[str, Any]) -> str:
    service.reject(record, reason=data["reason"], by=request.user, at=clock.now())
    return _("Rejected; it counts nowhere.")


def on_correct(request: StaffRequest, record: ServiceRecord, data: dict[str, Any]) -> str:
    service.correct(
        record,
        moment_of(record.activity, data["came"]),
        moment_of(record.activity, data["left"]) if data["left"] else None,
        data["break_minutes"],
        reason=data["reason"],
        by=request.user,
        at=clock.now(),
    )
    return _("Corrected; what stood before is kept.")


class CorrectionInline(ReadOnly, PortalInline, admin.TabularInline):
    model = ServiceCorrection
    fields = ["corrected_at", "corrected_by", "old_started_at", "old_ended_at", "old_minutes", "reason"]
    extra = 0


class Doubtful(ListFilter):
    """Rows of before that break a rule of today: they count nowhere until somebody has looked."""

    title = gettext_lazy("to be looked at")
    parameter_name = "doubtful"

    def lookups(self, request, model_admin):
        return [("1", _("confirmed, but not there, not service, or ahead of time"))]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=ServiceRecord.objects.doubtful().values("pk")) if self.value() else queryset


class ToIssueAnew(ListFilter):
    title = gettext_lazy("to be issued anew")
    parameter_name = "anew"

    def lookups(self, request, model_admin):
        return [("1", _("rests on a record that was corrected or does not hold"))]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=certificates.to_issue_anew().values("pk")) if self.value() else queryset


@admin.register(ServiceRecord)
class ServiceRecordAdmin(ReadOnly, PortalAdmin):
    list_display = ["day", "who", "activity", "served", "source", "state", "note"]
    list_select_related = ["person", "activity"]
    list_filter = ["state", Doubtful, "source", "started_at"]
    search_fields = ["person__name", "activity__title"]
    fields = [
        "who", "activity", "planned", "arrived_at", ("started_at", "ended_at", "break_minutes"), "served", "source", "state", "note",
        ("confirmed_by", "confirmed_at"),
    ]  # fmt: skip
    inlines = [CorrectionInline]
    actions = ["export"]
    acts = (
        Act("confirm", gettext_lazy("confirm"), on_confirm, told=before_confirming, applies=lambda row: row.state == "pending",
            may=lambda model_admin, request, row: model_admin.may_decide(request, row)),
        Act("correct", gettext_lazy("correct"), on_correct, form=CorrectForm, applies=lambda row: row.state != "rejected",
            may=lambda model_admin, request, row: model_admin.may_decide(request, row), many=False),
        Act("reject", gettext_lazy("reject"), on_reject, form=ReasonForm, applies=lambda row: row.state != "rejected", css="danger",
            may=lambda model_admin, request, row: model_admin.may_decide(request, row)),
        pieces_act(applies=lambda row: row.state != "rejected",
            may=lambda model_admin, request, row: model_admin.may_decide(request, row)),
    )  # fmt: skip

    def narrow(self, request, queryset):
        rows = queryset.filter(covered(request.user, "volunteers.view_servicerecord", team="activity__team"))
        return rows.filter(minors.may_be_named(request.user, "person__"))

    def may_decide(self, request: StaffRequest, row: ServiceRecord) -> bool:
        neighbourhoods = neighbourhoods_with(request.user, "volunteers.change_servicerecord")
        return row.neighbourhood_id in neighbourhoods

    @admin.display(description=gettext_lazy("day"), ordering="started_at")
    def day(self, record):
        return day(record.started_at)

    @admin.display(description=gettext_lazy("person"), ordering="person__name")
    def who(self, record):
        return record.person.name

    @admin.display(description=gettext_lazy("planned"))
    def planned(self, record):
        return f"{day(record.activity.starts_at)} {span(record.activity)}"

    @admin.display(description=gettext_lazy("time served"), ordering="minutes")
    def served(self, record):
        return record.time or "–"

    @admin.action(description=gettext_lazy("Table for Excel"), permissions=["view"])
    def export(self, request, queryset):
        """The same minutes as everywhere else; only what this staff member may see."""
        book = Workbook(write_only=True)
        sheet = book.create_sheet(_("Service records"))
        sheet.append([str(name) for name in COLUMNS])
        rows = queryset.select_related("person", "activity").order_by("started_at", "pk")[:MOST_ROWS]
        for record in rows:
            start, end = localtime(record.started_at), localtime(record.ended_at) if record.ended_at else None
            sheet.append(
                [
                    start.date(),
                    plain(record.person.name),
                    plain(record.activity.title),
                    f"{start:%H:%M}",
                    f"{end:%H:%M}" if end else "",
                    record.break_minutes,
                    record.minutes,
                    str(record.get_source_display()),
                    str(record.get_state_display()),
                    plain(record.note),
                ]
            )
        out = BytesIO()
        book.save(out)
        response = HttpResponse(
            out.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
        response["Content-Disposition"] = f'attachment; filename="service-{clock.today():%Y-%m-%d}.xlsx"'
        return response


def plain(text: str) -> str:
    """Nothing that a spreadsheet would take for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


class IssueForm(ActForm):
    issuer = forms.ModelChoiceField(label=gettext_lazy("Issuer"), queryset=Committee.objects.none(), empty_label=None)
    handler = CleanCharField(label=gettext_lazy("Handled by"), max_length=60)
    responsible = CleanCharField(label=gettext_lazy("Responsible"), max_length=60)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        neighbourhoods = {row.neighbourhood_id for row in self.rows}
        field_of(self, "issuer", forms.ModelChoiceField).queryset = Committee.objects.filter(
            neighbourhood__in=neighbourhoods, can_issue_certificates=True
        )


def on_issue(request: StaffRequest, row: Certificate, data: dict[str, Any]) -> str:
    done = certificates.issue(row, **data, by=request.user, at=clock.now())
    return _("Issued as %(number)s. Whoever asked for it is told.") % {"number": done.number}


def before_issue(request: StaffRequest, row: Certificate) -> Told:
    records = certificates.records_of(row.person, row.since, row.until)
    minutes = sum(record.minutes or 0 for record in records)
    waiting = ServiceRecord.objects.filter(person=row.person, state=ServiceRecord.State.PENDING).count()
    facts = [
        ngettext(
            "%(n)d confirmed record, %(minutes)d minutes.",
            "%(n)d confirmed records, %(minutes)d minutes.",
            len(records),
        )
        % {"n": len(records), "minutes": minutes}
    ]
    warnings = []
    if waiting:
        warnings.append(
            ngettext(
                "%(n)d record still waits and is not certified.",
                "%(n)d records still wait and are not certified.",
                waiting,
            )
            % {"n": waiting}
        )
    return Told(facts=facts, warnings=warnings)


def on_refuse(request: StaffRequest, row: Certificate, data: dict[str, Any]) -> str:
    certificates.refuse(row, reason=data["reason"], at=clock.now())
    return _("Refused; whoever asked for it is told.")


def on_anew(request: StaffRequest, row: Certificate, data: dict[str, Any]) -> str:
    certificates.ask_anew(row, at=clock.now())
    return _("A new application stands in the list; issuing it makes this one void.")


def on_void(request: StaffRequest, row: Certificate, data: dict[str, Any]) -> str:
    certificates.void(row, reason=data["reason"], at=clock.now())
    return _("It is void; whoever verifies it reads so.")


def certificate_act(name: str, label: Any, run: Any, state: str, **more: Any) -> Act:
    """An act on one certificate that stands in ``state``."""
    return Act(
        name,
        label,
        run,
        applies=lambda row: row.state == state,
        may=lambda model_admin, request, row: model_admin.may_decide(request, row),
        many=False,
        **more,
    )


class LineInline(ReadOnly, PortalInline, admin.TabularInline):
    model = CertificateLine
    fields = ["day", "title", "minutes"]
    extra = 0


@admin.register(Certificate)
class CertificateAdmin(ReadOnly, PortalAdmin):
    list_display = ["person", "number", "since", "until", "total_minutes", "state", "asked_at"]
    list_select_related = ["person"]
    list_filter = ["state", ToIssueAnew, "issued_on"]
    search_fields = ["number", "code", "person__name"]
    fields = [
        "person", "asked_by", "asked_at", "purpose", ("since", "until"), "state", ("number", "code"), "issuer",
        ("handler", "responsible"), "issued_on", "total_minutes", ("ended_on", "reason"), "replaces",
    ]  # fmt: skip
    inlines = [LineInline]
    acts = (
        certificate_act("issue", gettext_lazy("issue"), on_issue, "requested", form=IssueForm, told=before_issue),
        certificate_act("refuse", gettext_lazy("refuse"), on_refuse, "requested", form=ReasonForm, css="danger"),
        certificate_act("anew", gettext_lazy("issue anew"), on_anew, "issued"),
        certificate_act("void", gettext_lazy("make void"), on_void, "issued", form=ReasonForm, css="danger"),
    )

    def narrow(self, request, queryset):
        return queryset.filter(minors.may_be_named(request.user, "person__"))

    def may_decide(self, request: StaffRequest, row: Certificate) -> bool:
        return row.neighbourhood_id in neighbourhoods_with(request.user, "volunteers.change_certificate")


def records_to_confirm(request: StaffRequest) -> Job | None:
    permission = "volunteers.change_servicerecord"
    neighbourhoods = neighbourhoods_with(request.user, permission)
    if not neighbourhoods:
        return None
    rows = ServiceRecord.objects.filter(neighbourhood__in=neighbourhoods, state=ServiceRecord.State.PENDING)
    rows = rows.filter(covered(request.user, permission, team="activity__team"))
    rows = rows.filter(minors.may_be_named(request.user, "person__")).select_related("person", "activity")
    found = list(rows.order_by("started_at")[:100])
    return Job(
        _("Service to confirm"),
        len(found),
        list_url(ServiceRecord, state__exact="pending"),
        [
            Line(
                _("%(name)s, “%(title)s”") % {"name": row.person.name, "title": row.activity},
                day(row.started_at) if row.minutes is not None else _("nobody checked out"),
                reverse("admin:volunteers_servicerecord_change", args=[row.pk]),
                _("Look"),
            )
            for row in found[:SHOWN]
        ],
        nothing=_("All service is confirmed."),
    )


def certificates_asked_for(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, "volunteers.change_certificate")
    if not neighbourhoods:
        return None
    rows = Certificate.objects.filter(neighbourhood__in=neighbourhoods, state=Certificate.State.REQUESTED)
    rows = rows.filter(minors.may_be_named(request.user, "person__")).select_related("person")
    found = list(rows.order_by("asked_at")[:100])
    return Job(
        _("Certificates asked for"),
        len(found),
        list_url(Certificate, state__exact="requested"),
        [
            Line(
                row.person.name,
                day(row.asked_at),
                reverse("admin:volunteers_certificate_change", args=[row.pk]),
                _("Check"),
            )
            for row in found[:SHOWN]
        ],
        nothing=_("Nobody is waiting for a certificate."),
    )


def what_does_not_hold(request: StaffRequest) -> Job | None:
    """T0: hours and certificates of before that break a rule of today; nothing of them is altered in silence."""
    neighbourhoods = neighbourhoods_with(request.user, "volunteers.change_certificate")
    if not neighbourhoods:
        return None
    named = minors.may_be_named(request.user, "person__")
    records = ServiceRecord.objects.doubtful().filter(named, neighbourhood__in=neighbourhoods)
    rows = list(records.select_related("person", "activity").order_by("started_at")[:100])
    papers = certificates.to_issue_anew().filter(named, neighbourhood__in=neighbourhoods)
    anew = list(papers.select_related("person").order_by("asked_at")[:100])
    lines = [
        Line(
            _("%(name)s, certificate %(number)s") % {"name": row.person.name, "number": row.number},
            _("issue anew"),
            reverse("admin:volunteers_certificate_change", args=[row.pk]),
            _("Look"),
        )
        for row in anew
    ]
    lines += [
        Line(
            _("%(name)s, “%(title)s”") % {"name": row.person.name, "title": row.activity},
            day(row.started_at),
            reverse("admin:volunteers_servicerecord_change", args=[row.pk]),
            _("Look"),
        )
        for row in rows
    ]
    return Job(
        _("Hours and certificates that do not hold"),
        len(lines),
        list_url(Certificate, anew="1") if anew else list_url(ServiceRecord, doubtful="1"),
        lines[:SHOWN],
        nothing=_("All hours and certificates hold."),
    )
