"""Staff pages of meetings: planning, the record, its signing and its amendments."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin import ActivityAdmin, InvitationInline
from activities.admin.change_list import Attention, When
from activities.admin.choices import ChoosesActivities
from activities.admin.forms import ActivityForm
from activities.models import Status, Visibility
from activities.rules.expected import expected_at
from community.admin.amendments import amendments_table
from community.models import Absence, Meeting
from community.operations import amend_record, sign_record
from community.operations.meetings import missing_in_record
from community.rules.attendance import attendance_of
from people.access.grants import grants_of
from people.access.requests import StaffRequest
from people.admin.fields import LinesField
from people.admin.shared import Act, ActForm, ListFilter, PortalInline, Rows, Told
from people.models import Location, Person, RoleGrant
from portal import clock
from portal.fields import CleanCharField
from portal.forms import field_of

TOO_FEW = gettext_lazy("Fewer than half of those with a vote were there, so nothing could be decided.")  # M5


class MeetingForm(ActivityForm):
    agenda = LinesField(label=gettext_lazy("agenda"))
    resolutions = LinesField(label=gettext_lazy("resolutions"))

    def clean(self):
        data = super().clean() or self.cleaned_data
        kind = data.get("type", self.instance.type)
        organisation = data.get("organisation", self.instance.organisation)
        team = data.get("team", self.instance.team)
        if kind == Meeting.Type.TEAM_MEETING:
            if team is None:
                self.add_error("team", _("Say which team meets."))
            if organisation is not None:
                self.add_error(
                    "organisation", _("A team's meeting belongs to no Party organisation. Please leave this empty.")
                )
        elif organisation is None:
            self.add_error("organisation", _("Say which Party organisation meets."))
        elif kind == Meeting.Type.GENERAL_BRANCH_COMMITTEE and organisation.kind != "general_branch":
            self.add_error(
                "organisation",
                _("Only the general branch holds this kind of meeting. Please choose it, or another kind."),
            )
        elif kind == Meeting.Type.PARTY_GROUP and organisation.kind != "group":
            self.add_error(
                "organisation", _("Only a Party group holds this kind of meeting. Please choose one, or another kind.")
            )
        elif kind in {Meeting.Type.BRANCH_GENERAL, Meeting.Type.BRANCH_COMMITTEE} and organisation.kind != "branch":
            self.add_error(
                "organisation", _("Only a branch holds this kind of meeting. Please choose one, or another kind.")
            )
        return data

    def _post_clean(self) -> None:
        kind = self.cleaned_data.get("type")
        if kind:
            # M3: a committee meeting expects the post holders of the day.
            self.instance.post_holders_only = kind in Meeting.OF_POST_HOLDERS
        super()._post_clean()


class AbsenceFormSet(Rows):
    """M3, M4: only who should have come can be absent."""

    def clean(self) -> None:
        super().clean()
        named = [(form, data["person"]) for form, data in self.typed() if data.get("person")]
        if not self.instance.pk or not named:
            return
        expected = expected_at([self.instance.pk])[self.instance.pk]
        for form, person in named:
            if person.pk not in expected:
                form.add_error(
                    "person",
                    _("%(name)s was not expected at this meeting, so nobody misses them. Please take the line out.")
                    % {"name": person},
                )


class AbsenceInline(ChoosesActivities, PortalInline, admin.TabularInline):
    """M4: everyone expected is present, or absent with a reason."""

    model = Absence
    formset = AbsenceFormSet
    fields = ["person", "reason"]
    autocomplete_fields = ["person"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "meeting")

    def own_groups(self, request, model):
        return Q()

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and open_record(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and open_record(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and open_record(obj)


def open_record(meeting: Meeting | None) -> bool:
    """M8: a signed record is read-only."""
    return meeting is None or not meeting.is_signed


class RecordFilter(ListFilter):
    title = gettext_lazy("record")
    parameter_name = "record"

    def lookups(self, request, model_admin):
        return [
            *Meeting.RecordState.choices,
            ("missing", _("held, nothing recorded yet")),
            ("unsigned", _("held, to be signed")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "missing":
            return queryset.filter(ends_at__lt=clock.now(), record_state=Meeting.RecordState.PLANNED).exclude(
                status=Status.CANCELLED
            )
        if self.value() == "unsigned":
            return to_sign(queryset)
        return queryset.filter(record_state=self.value()) if self.value() else queryset


def to_sign(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Held, and the record is not signed; mirrors :func:`may_be_signed`."""
    held = meetings.filter(ends_at__lte=clock.now()).exclude(status__in=[Status.CANCELLED, Status.DRAFT])
    return held.exclude(record_state__in=Meeting.SIGNED)


def on_signing(request: StaffRequest, meeting: Meeting, data: dict[str, Any]) -> str:
    sign_record(meeting, at=clock.now(), by=request.user)
    return _("The record is signed; the members read what was resolved.")


def before_signing(request: StaffRequest, meeting: Meeting) -> Told:
    attendance = attendance_of(meeting)
    absent = list(meeting.absences.select_related("person"))
    facts = [
        _("%(present)d of %(expected)d were there.")
        % {"present": len(attendance.present), "expected": len(attendance.expected)}
    ]
    if absent:
        facts.append(_("Absent: %(names)s.") % {"names": _(", ").join(map(str, absent))})
    warnings = missing_in_record(meeting)
    if attendance.is_quorate is False:
        warnings.append(str(TOO_FEW))
    return Told([*facts, *(str(point) for point in meeting.resolutions)], warnings)


def may_be_signed(meeting: Meeting) -> bool:
    over = meeting.status not in {Status.CANCELLED, Status.DRAFT} and meeting.is_past(at=clock.now())
    return open_record(meeting) and over


class AbsentField(LinesField):
    """Who was not there, one on each line: the name, then the reason."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("One on each line: the name and the reason, e.g. “Li Ming: ill”."))
        super().__init__(**kwargs)
        self.known: dict[str, int] = {}

    def clean(self, value: Any) -> dict[int, str]:
        reasons = {str(label): code for code, label in Absence.Reason.choices}
        found: dict[int, str] = {}
        for line in super().clean(value):
            name, _colon, reason = (part.strip() for part in line.replace("：", ":").rpartition(":"))
            if name not in self.known or reason not in reasons:
                raise forms.ValidationError(
                    _("“%(line)s”: please write the name of somebody expected, a colon and one of: %(reasons)s."),
                    params={"line": line[:60], "reasons": _(", ").join(reasons)},
                )
            found[self.known[name]] = reasons[reason]
        return found


class AmendForm(ActForm):
    """The record as it stands; what is changed here is kept side by side with what stood there."""

    title = CleanCharField(label=gettext_lazy("title"), max_length=120)
    starts_at = forms.SplitDateTimeField(label=gettext_lazy("starts at"), widget=AdminSplitDateTime)
    ends_at = forms.SplitDateTimeField(label=gettext_lazy("ends at"), widget=AdminSplitDateTime)
    location = forms.ModelChoiceField(
        label=gettext_lazy("location"), queryset=Location.objects.none(), required=False, empty_label="–"
    )
    chair = forms.ModelChoiceField(label=gettext_lazy("chair"), queryset=Person.objects.none())
    recorder = forms.ModelChoiceField(label=gettext_lazy("recorder"), queryset=Person.objects.none())
    text = CleanCharField(label=gettext_lazy("text"), lines=True, required=False)
    agenda = LinesField(label=gettext_lazy("agenda"))
    resolutions = LinesField(label=gettext_lazy("resolutions"), required=True)
    absences = AbsentField(label=gettext_lazy("absent"))
    reason = CleanCharField(
        label=gettext_lazy("Why it is amended"),
        max_length=200,
        help_text=gettext_lazy("Whoever reads the record reads this, with the old words and the new."),
    )
    withheld = forms.BooleanField(
        label=gettext_lazy("The old words tell something about a person: do not show them to readers"), required=False
    )
    columns = ("title", "starts_at", "ends_at", "location", "chair", "recorder", "text", "agenda", "resolutions")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting: Meeting = self.rows[0]
        expected = attendance_of(meeting).expected
        people = Person.objects.filter(pk__in=[*expected, *filter(None, (meeting.chair_id, meeting.recorder_id))])
        field_of(self, "location", forms.ModelChoiceField).queryset = Location.objects.filter(
            neighbourhood=meeting.neighbourhood_id
        )
        for name in ("chair", "recorder"):
            field_of(self, name, forms.ModelChoiceField).queryset = people.order_by("name", "pk")
        for name in self.columns:
            self.fields[name].initial = getattr(meeting, name)
        rows = list(meeting.absences.select_related("person").order_by("person__name", "pk"))
        absent = field_of(self, "absences", AbsentField)
        absent.initial = [f"{row.person}: {row.get_reason_display()}" for row in rows]
        named = [str(one) for one in people]  # one of two of a name cannot be told from the other, and is refused
        absent.known = {str(one): one.pk for one in people if named.count(str(one)) == 1}
        absent.known |= {str(row.person): row.person_id for row in rows if named.count(str(row.person)) < 2}

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("starts_at") and data.get("ends_at") and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_at", _("The end must lie after the start. Please correct one of the two."))
        return data


def on_amending(request: StaffRequest, meeting: Meeting, data: dict[str, Any]) -> str:
    amend_record(
        meeting,
        at=clock.now(),
        by=request.user,
        reason=data["reason"],
        columns={name: data[name] for name in AmendForm.columns if data[name] != getattr(meeting, name)},
        absences=data["absences"],
        withheld=data["withheld"],
    )
    return _("Amended; what stood there before is kept beside it.")


RECORD_ACTS = (
    Act(
        "sign-record",
        gettext_lazy("sign the record"),
        on_signing,
        told=before_signing,
        applies=may_be_signed,
        intro=gettext_lazy("From then on it is read-only. Whoever was expected and is not named absent was there."),
        many=False,
        css="go",
    ),
    Act(
        "amend-record",
        gettext_lazy("amend the record"),
        on_amending,
        form=AmendForm,
        applies=lambda meeting: not open_record(meeting),
        intro=gettext_lazy("What stands there now is kept beside it, with your name, the day and why."),
        submit=gettext_lazy("Amend"),
        many=False,
    ),
)


class InvitedInline(InvitationInline):
    """Read-only with a signed record."""

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and open_record(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and open_record(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and open_record(obj)


@admin.register(Meeting)
class MeetingAdmin(ActivityAdmin):
    form = MeetingForm
    kind = "meeting"
    default_visibility = Visibility.ORGANISATION
    own_fields = ("type", ("organisation", "team"), "visibility")
    record_fields = ("agenda", "resolutions", "chair", "recorder")
    list_display = ["when", "title", "type", "location", "state", "whose", "record_state"]
    list_filter = [When, "status", "type", "organisation", "team", RecordFilter, Attention]
    search_fields = ["title", "text", "location__name", "organisation__name"]
    autocomplete_fields = ["location", "part_of", "invite_first", "chair", "recorder"]
    inlines = [InvitedInline, AbsenceInline]
    acts = (*ActivityAdmin.acts, *RECORD_ACTS)

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        record: list[Any] = [("chair", "recorder"), "agenda"]
        if obj is not None:
            record += ["resolutions", "record_state", "recorded_at"]
            if not open_record(obj):
                record += [("signed_at", "signed_by"), ("should_attend", "attended"), "amended"]
        found.insert(2, (_("The record. No classified or internal papers."), {"fields": record}))
        # Meetings mostly need no sign-up; who opens one finds the rest folded away.
        for title, options in found[4:-1]:
            options["classes"] = ["collapse"] if title else []
        return found

    def audience_fields(self):
        return []

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), "record_state", "recorded_at"]
        if obj is not None and not open_record(obj):
            fields += (*Meeting.seal.columns, *Meeting.seal.pointers)
        return [*fields, "amended"]

    @admin.display(description=gettext_lazy("amendments"))
    def amended(self, obj):
        return amendments_table(obj)

    def fixed_when_published(self):
        return ("type",)

    def before_saving(self, obj):
        obj.post_holders_only = obj.type in Meeting.OF_POST_HOLDERS
        planned = obj.record_state == Meeting.RecordState.PLANNED
        if planned and obj.resolutions and obj.is_past(at=clock.now()):
            # M8: when it was written down stays visible, also when that was late.
            obj.record_state = Meeting.RecordState.DRAFT
            obj.recorded_at = clock.now()

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        if {grant.role for grant in grants_of(request.user)} == {RoleGrant.Role.TEAM_LEADER}:
            return {"type": Meeting.Type.TEAM_MEETING, **initial, "visibility": Visibility.TEAM}
        return initial

    def notes(self, request, obj):
        found = super().notes(request, obj)
        if not open_record(obj):
            found.append(
                _("The record is signed and stays as it is. What is wrong in it is put right by “Amend the record”.")
            )
            if obj.is_quorate is False:
                found.append(TOO_FEW)
        elif obj.status != Status.CANCELLED:
            expected = len(expected_at([obj.pk])[obj.pk])
            found.append(_("%(n)d people should attend.") % {"n": expected})
        return found
