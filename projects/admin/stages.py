"""Acts on a project's stages: start, finish, leave out (P1)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm
from portal import clock
from portal.fields import CleanCharField
from portal.forms import field_of
from projects.models import Project, ProjectStage
from projects.operations.stages import finish_stage, skip_stage, start_stage


class StageActForm(ActForm):
    """One of the project's stages; ``which`` ones, a subclass says."""

    which: ClassVar[dict[str, Any]] = {}
    stage = forms.ModelChoiceField(label=gettext_lazy("Stage"), queryset=ProjectStage.objects.none(), empty_label=None)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        found = ProjectStage.objects.filter(project__in=[row.pk for row in self.rows], **self.which)
        field_of(self, "stage", forms.ModelChoiceField).queryset = found.order_by("order")
        words = _("This cannot be done to a stage as they stand now. Please look at the table of stages once more.")
        self.fields["stage"].error_messages |= {"required": words, "invalid_choice": words}
        if "on" in self.fields:
            self.fields["on"].initial = clock.today()


class StartForm(StageActForm):
    which: ClassVar = {"start": None, "skipped": False}
    on = forms.DateField(label=gettext_lazy("Begins on"), widget=AdminDateWidget)


class FinishForm(StageActForm):
    which: ClassVar = {"start__isnull": False, "end": None}
    on = forms.DateField(label=gettext_lazy("Ended on"), widget=AdminDateWidget)
    note = CleanCharField(
        label=gettext_lazy("What came of it"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Public. Empty: the note stays."),
    )


class SkipForm(StageActForm):
    which: ClassVar = {"start": None, "skipped": False}
    note = CleanCharField(label=gettext_lazy("Why"), max_length=200, help_text=gettext_lazy("Public."))


def start(request: StaffRequest, project: Project, data: dict) -> str:
    return _("“%(stage)s” has begun.") % {"stage": start_stage(data["stage"], on=data["on"])}


def finish(request: StaffRequest, project: Project, data: dict) -> str:
    return _("“%(stage)s” is over.") % {"stage": finish_stage(data["stage"], on=data["on"], note=data["note"])}


def skip(request: StaffRequest, project: Project, data: dict) -> str:
    return _("“%(stage)s” is left out.") % {"stage": skip_stage(data["stage"], note=data["note"])}


def _act(name: str, label: object, run: Callable, form: type[StageActForm]) -> Act:
    def applies(project: Project) -> bool:
        return project.stages.filter(**form.which).exists()

    return Act(name=name, label=label, run=run, form=form, applies=applies, many=False)


STAGE_ACTS = (
    _act("start-stage", gettext_lazy("start a stage"), start, StartForm),
    _act("finish-stage", gettext_lazy("finish a stage"), finish, FinishForm),
    _act("skip-stage", gettext_lazy("leave a stage out"), skip, SkipForm),
)
