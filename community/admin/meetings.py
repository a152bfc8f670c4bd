"""Staff pages of meetings: planning and the plain record; signing comes with the compliance board."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin import ActivityAdmin, InvitationInline
from activities.admin.change_list import Attention, When
from activities.admin.choices import ChoosesActivities
from activities.admin.forms import ActivityForm
from activities.models import Status, Visibility
from activities.rules.expected import expected_at
from community.models import Absence, Meeting
from community.operations import close_team_record
from people.access.grants import grants_of
from people.access.requests import StaffRequest
from people.admin.fields import LinesField
from people.admin.shared import Act, ListFilter, PortalInline, Rows, Told
from people.models import RoleGrant
from portal import clock


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
        return [*Meeting.RecordState.choices, ("missing", _("held, nothing recorded yet"))]

    def queryset(self, request, queryset):
        if self.value() == "missing":
            return queryset.filter(ends_at__lt=clock.now(), record_state=Meeting.RecordState.PLANNED).exclude(
                status=Status.CANCELLED
            )
        return queryset.filter(record_state=self.value()) if self.value() else queryset


def on_close(request: StaffRequest, meeting: Meeting, data: dict[str, Any]) -> str:
    close_team_record(meeting, at=clock.now(), by=request.user)
    return _("The record stands; the members read what was resolved.")


def before_closing(request: StaffRequest, meeting: Meeting) -> Told:
    expected = expected_at([meeting.pk])[meeting.pk]
    absent = list(meeting.absences.select_related("person"))
    facts = [
        _("%(present)d of %(expected)d were there.")
        % {"present": len(expected - {one.person_id for one in absent}), "expected": len(expected)}
    ]
    if absent:
        facts.append(_("Absent: %(names)s.") % {"names": _(", ").join(map(str, absent))})
    return Told(facts=[*facts, *(str(point) for point in meeting.resolutions)])


def may_be_closed(meeting: Meeting) -> bool:
    over = meeting.status != Status.CANCELLED and meeting.is_past(at=clock.now())
    return meeting.type == Meeting.Type.TEAM_MEETING and open_record(meeting) and over


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
    inlines = [InvitationInline, AbsenceInline]
    acts = (
        *ActivityAdmin.acts,
        Act(
            "close-record",
            gettext_lazy("close the record"),
            on_close,
            told=before_closing,
            applies=may_be_closed,
            intro=gettext_lazy("From then on it is read-only. Whoever was expected and is not named absent was there."),
            many=False,
        ),
    )

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        record: list[Any] = [("chair", "recorder"), "agenda"]
        if obj is not None:
            record += ["resolutions", "record_state", "recorded_at"]
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
            fields += self.record_fields
        return fields

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
            found.append(_("The record is signed and stays as it is."))
        elif obj.status != Status.CANCELLED:
            expected = len(expected_at([obj.pk])[obj.pk])
            found.append(_("%(n)d people should attend.") % {"n": expected})
        return found


# --- notices and articles ---
