"""Staff pages of volunteer shifts and morning duties."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.admin import ActivityAdmin
from activities.admin.change_list import Attention, When
from activities.admin.forms import ActivityForm
from activities.models import Minors, Status
from people import outbox
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.party import covered
from people.admin.shared import Act, ListFilter, Told, list_url
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day, moment, span
from portal.refusals import as_message, caught
from projects.models import ProjectStage
from volunteers.admin.not_noted import NotNoted
from volunteers.admin.pieces import pieces_act
from volunteers.models import HelpCall, Shift
from volunteers.operations import helping
from volunteers.rules import not_noted
from volunteers.rules.adults_only import is_for_adults

AHEAD = timedelta(days=21)  # for how long before a shift staff look for hands
KINDS = [("shift", gettext_lazy("volunteer shift")), ("duty", gettext_lazy("morning duty"))]


class ShiftForm(ActivityForm):
    kind_of = forms.ChoiceField(label=gettext_lazy("kind"), choices=KINDS, initial="shift")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind and "kind_of" in self.fields:
            self.fields["kind_of"].initial = self.instance.kind

    def clean(self):
        data = super().clean() or self.cleaned_data
        stage, project = data.get("stage"), data.get("project")
        if stage is not None and stage.project_id != getattr(project, "pk", None):
            self.add_error("stage", _("This stage is not one of that project."))
        if data.get("kind_of") == "duty" and not data.get("team"):
            self.add_error("team", _("Say which team is on duty."))
        return data

    def _post_clean(self) -> None:
        if kind := self.cleaned_data.get("kind_of"):
            self.instance.kind = kind
        super()._post_clean()


class KindOfShift(ListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return KINDS

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class Hands(ListFilter):
    """Thin ones: published, to come, with fewer hands than they need; shifts and mornings of the rota alike."""

    title = gettext_lazy("hands")
    parameter_name = "hands"

    def lookups(self, request, model_admin):
        return [("short", _("some are missing"))]

    def queryset(self, request, queryset):
        if self.value() != "short":
            return queryset
        return queryset.filter(pk__in=helping.thin(clock.now(), clock.now() + AHEAD).order_by().values("pk"))


def before_calling(request: StaffRequest, shift: Shift) -> Told:
    """How many are missing, how many would be asked, and whom it does not go to."""
    at = clock.now()
    with caught() as no:
        helping.check_callable(shift, at)
    if no.refusal is not None:
        return Told(warnings=[no.sentence])
    asked = helping.whom_to_ask(shift, at)
    missing = helping.missing(shift)
    facts = [
        f"{day(shift.starts_at)} {span(shift)}",
        ngettext("%(n)d pair of hands is missing.", "%(n)d pairs of hands are missing.", missing) % {"n": missing},
        ngettext("%(n)d person would be asked.", "%(n)d people would be asked.", len(asked.people))
        % {"n": len(asked.people)},
    ]
    by_phone = sum(not outbox.address_of(person) for person in asked.people)
    if by_phone:
        facts.append(_("%(n)d of them have no e-mail and go on the phone list.") % {"n": by_phone})
    if asked.today:
        facts.append(_("%(n)d were asked for something else within a day and are left in peace.") % {"n": asked.today})
    last = HelpCall.objects.filter(shift=shift).first()
    if last is not None:
        facts.append(_("Called before on %(when)s.") % {"when": moment(last.called_at)})
    return Told(facts=facts)


def on_call(request: StaffRequest, shift: Shift, data: dict) -> str:
    called = helping.call_for_help([shift], by=request.user, at=clock.now())
    return asked_words(called[shift])


def asked_words(people: int) -> str:
    return ngettext("%(n)d person is asked.", "%(n)d people are asked.", people) % {"n": people}


@admin.register(Shift)
class ShiftAdmin(ActivityAdmin):
    form = ShiftForm
    kind = "shift"
    own_fields = ("kind_of", ("project", "stage"))
    record_fields = ("outcome", "outcome_note")
    list_display = ["when", "title", "project", "state", "places_taken", "missing", "whose", "went"]
    acts = (
        *ActivityAdmin.acts,
        pieces_act(),
        Act(
            "call-for-help",
            gettext_lazy("call for help"),
            on_call,
            told=before_calling,
            applies=lambda shift: (
                shift.kind == "shift" and shift.status == Status.PUBLISHED and bool(shift.people_needed)
            ),
            submit=gettext_lazy("Ask them"),
            intro=gettext_lazy(
                "Those who ticked “tell me next time” are asked: one mail a person, whatever is chosen here."
            ),
        ),
    )
    list_select_related = ["location", "organisation", "team", "project"]
    list_filter = [When, Hands, NotNoted, "status", KindOfShift, Attention, "project", "team"]
    search_fields = ["title", "text", "location__name", "project__title"]

    def limited(self, request, model, queryset):
        rows = super().limited(request, model, queryset)
        if model is ProjectStage:  # has no page, and its area only by its project
            rows = rows.filter(project__neighbourhood__in=self.neighbourhoods_to_choose_from(request)).select_related(
                "project"
            )
        return rows

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "stage":
            field.label_from_instance = lambda stage: f"{stage.project}: {stage}"
        return field

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if obj is not None and obj.kind == "duty":
            found.insert(1, (_("How it went"), {"fields": ["outcome", "outcome_note"]}))
        if obj is not None and obj.status != Status.DRAFT:
            found[0] = (
                None,
                {"fields": [name if name != "kind_of" else "kind_words" for name in found[0][1]["fields"]]},
            )
        return found

    @admin.display(description=gettext_lazy("kind"))
    def kind_words(self, shift):
        return shift.kind_label

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        return [*fields, "kind_of", "kind_words"] if obj is not None and obj.status != Status.DRAFT else fields

    def copy_of(self, source):
        return {**super().copy_of(source), "kind_of": source.kind}

    def before_saving(self, obj):
        if is_for_adults(obj):
            obj.minors = Minors.NO  # P3, also where the stage is chosen after it was published

    def notes(self, request, obj):
        found = super().notes(request, obj)
        if obj.status in {Status.DRAFT, Status.PUBLISHED} and is_for_adults(obj):
            found.append(
                _("The work of that day is for adults only (dust, height, solvents): no child can be signed up here.")
            )
        return found

    @admin.display(description=gettext_lazy("hands missing"))
    def missing(self, shift):
        if not shift.people_needed or shift.status != Status.PUBLISHED:
            return "–"
        return max(shift.people_needed - shift.taken, 0)

    @admin.display(description=gettext_lazy("how it went"), ordering="outcome")
    def went(self, shift):
        if shift.kind != "duty":
            return "–"
        if not_noted.is_not_noted(shift, clock.now()):
            return format_html('<span class="state due">{}</span>', _("not noted"))
        return shift.get_outcome_display() if shift.outcome not in not_noted.UNWRITTEN else "–"

    def do(self, request, act, rows, data):
        """Several shifts are called for at once, so that nobody gets a mail for each."""
        if act.name != "call-for-help" or len(rows) == 1:
            return super().do(request, act, rows, data)
        with as_message(request):
            called = helping.call_for_help(rows, by=request.user, at=clock.now())
            for shift, people in called.items():
                messages.success(request, f"{shift}: {asked_words(people)}")
                self.log_change(request, shift, _("call for help"))
            return len(called)
        return 0


def thin_shifts(request: StaffRequest) -> Job | None:
    """Mornings of the rota stand in a line of their own."""
    permission = "volunteers.change_shift"
    neighbourhoods = neighbourhoods_with(request.user, permission)
    if not neighbourhoods:
        return None
    at = clock.now()
    rows = helping.thin(at, at + AHEAD).filter(neighbourhood__in=neighbourhoods, kind="shift")
    found = list(rows.filter(covered(request.user, permission, team="team"))[:50])
    return Job(
        _("Shifts that lack hands"),
        len(found),
        list_url(Shift, hands="short", kind="shift"),
        [
            Line(
                shift.title,
                f"{day(shift.starts_at)} {span(shift)} · "
                + _("%(down)d of %(needed)d are down for it")
                % {"down": shift.hands, "needed": shift.people_needed or 0},
                reverse("admin:volunteers_shift_change", args=[shift.pk]),
                _("Call for help"),
            )
            for shift in found[:SHOWN]
        ],
        nothing=_("Every shift of the next three weeks has its hands."),
    )
