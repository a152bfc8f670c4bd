"""Acts on a project's stages: start, finish, enter what is over, leave out, take back (P1)."""

from collections.abc import Callable

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm
from portal import clock
from portal.dates import day_year
from portal.fields import CleanCharField
from portal.forms import field_of
from projects.models import Project, ProjectStage
from projects.operations.stages import finish_stage, record_stage, skip_stage, start_stage, take_back


class StageActForm(ActForm):
    """One of the project's stages; ``which`` ones, a subclass says."""

    which = Q()
    stage = forms.ModelChoiceField(label=gettext_lazy("Stage"), queryset=ProjectStage.objects.none(), empty_label=None)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        found = ProjectStage.objects.filter(self.which, project__in=[row.pk for row in self.rows])
        field_of(self, "stage", forms.ModelChoiceField).queryset = found.order_by("order")
        words = _("This cannot be done to a stage as they stand now. Please look at the table of stages once more.")
        self.fields["stage"].error_messages |= {"required": words, "invalid_choice": words}
        if "on" in self.fields:
            self.fields["on"].initial = clock.today()


class StartForm(StageActForm):
    which = Q(start=None, skipped=False)
    on = forms.DateField(label=gettext_lazy("Begins on"), widget=AdminDateWidget)


class FinishForm(StageActForm):
    which = Q(start__isnull=False, end=None)
    on = forms.DateField(label=gettext_lazy("Ended on"), widget=AdminDateWidget)
    note = CleanCharField(
        label=gettext_lazy("What came of it"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Public. Empty: the note stays."),
    )


class RecordForm(StageActForm):
    which = Q(start=None, skipped=False)
    start = forms.DateField(label=gettext_lazy("Began on"), widget=AdminDateWidget)
    end = forms.DateField(label=gettext_lazy("Ended on"), widget=AdminDateWidget)
    note = CleanCharField(
        label=gettext_lazy("What came of it"), max_length=200, required=False, help_text=gettext_lazy("Public.")
    )


class EntryField(forms.ModelChoiceField):
    """Names what would be taken back."""

    def label_from_instance(self, obj: ProjectStage) -> str:
        if obj.skipped:
            return _("“%(stage)s”: that it is left out") % {"stage": obj}
        if obj.end is not None:
            return _("“%(stage)s”: that it ended on %(day)s") % {"stage": obj, "day": day_year(obj.end)}
        return _("“%(stage)s”: that it began on %(day)s") % {"stage": obj, "day": day_year(obj.start)}


class TakeBackForm(StageActForm):
    which = Q(start__isnull=False) | Q(skipped=True)
    stage = EntryField(label=gettext_lazy("Stage"), queryset=ProjectStage.objects.none(), empty_label=None)
    reason = CleanCharField(
        label=gettext_lazy("What is corrected, and why"), max_length=200, help_text=gettext_lazy("Public.")
    )


class SkipForm(StageActForm):
    which = Q(start=None, skipped=False)
    note = CleanCharField(label=gettext_lazy("Why"), max_length=200, help_text=gettext_lazy("Public."))


def start(request: StaffRequest, project: Project, data: dict) -> str:
    return _("“%(stage)s” has begun.") % {"stage": start_stage(data["stage"], on=data["on"])}


def finish(request: StaffRequest, project: Project, data: dict) -> str:
    return _("“%(stage)s” is over.") % {"stage": finish_stage(data["stage"], on=data["on"], note=data["note"])}


def record(request: StaffRequest, project: Project, data: dict) -> str:
    stage = record_stage(data["stage"], start=data["start"], end=data["end"], note=data["note"])
    return _("“%(stage)s” is written down with its days.") % {"stage": stage}


def undo(request: StaffRequest, project: Project, data: dict) -> str:
    stage = take_back(data["stage"], reason=data["reason"])
    return _("Taken back: “%(stage)s”. Its page tells the reason.") % {"stage": stage}


def skip(request: StaffRequest, project: Project, data: dict) -> str:
    return _("“%(stage)s” is left out.") % {"stage": skip_stage(data["stage"], note=data["note"])}


def _act(name: str, label: object, run: Callable, form: type[StageActForm]) -> Act:
    def applies(project: Project) -> bool:
        return project.stages.filter(form.which).exists()

    return Act(name=name, label=label, run=run, form=form, applies=applies, many=False)


STAGE_ACTS = (
    _act("start-stage", gettext_lazy("start a stage"), start, StartForm),
    _act("finish-stage", gettext_lazy("finish a stage"), finish, FinishForm),
    _act("record-stage", gettext_lazy("enter a stage that is over"), record, RecordForm),
    _act("skip-stage", gettext_lazy("leave a stage out"), skip, SkipForm),
    _act("take-back-stage", gettext_lazy("take back what is entered for a stage"), undo, TakeBackForm),
)
