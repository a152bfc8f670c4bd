"""Staff pages of the story wall: panels with where their story comes from (P5), the wall with its steps (P3) and surveys."""

from typing import ClassVar

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from people.admin.fields import LinesField
from people.admin.shared import Act, ActForm, PortalAdmin, PortalInline, Told
from portal import clock
from portal.dates import day_year
from portal.fields import CleanCharField
from portal.refusals import in_form
from projects.admin import adults_only
from projects.admin.garden import KeepsUnseen
from projects.admin.on_paper import KeepsOnPaper
from projects.admin.piece import PIECE_PHOTOS, PiecePhotoInline
from projects.models import Wall, WallPanel, WallStage, WallSurvey
from projects.operations import wall as operations


def refuse_a_day_to_come(form: forms.ModelForm, name: str) -> None:
    """A consent is given on a day that has come."""
    if day := form.cleaned_data.get(name):
        with in_form(form, name):
            operations.refuse_a_day_to_come(day)


class PanelForm(KeepsUnseen, forms.ModelForm):
    """P5 holds for what is shown: a published panel is not changed into one that could not be published."""

    keeps_unseen = ("narrator",)
    sources = LinesField(label=gettext_lazy("sources"))

    def clean(self):
        data = super().clean() or self.cleaned_data
        refuse_a_day_to_come(self, "narrator_agreed_on")
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.instance.is_published and not self.errors:
            with in_form(self):
                operations.check_story(self.instance)


def publish(request, panel: WallPanel, data: dict) -> str:
    operations.publish_panel(panel)
    return _("“%(title)s” is shown now.") % {"title": panel.title}


def hide(request, panel: WallPanel, data: dict) -> str:
    operations.hide_panel(panel)
    return _("“%(title)s” is no longer shown.") % {"title": panel.title}


def take_back(request, panel: WallPanel, data: dict) -> str:
    operations.narrator_takes_back(panel)
    return _("Noted: the narrator's consent has ended, and the panel's page with it.")


@admin.register(WallPanel)
class WallPanelAdmin(KeepsOnPaper, PortalAdmin):
    on_paper = "code"
    readonly_fields = ["is_published"]
    form = PanelForm
    list_display = ["code", "title", "order", "fact_check", "told_by", "narrator_agreed_on", "is_published"]
    list_display_links = ["code", "title"]
    list_filter = ["fact_check", "is_published", "project"]
    search_fields = ["code", "title", "story"]
    autocomplete_fields = ["narrator", "artists", "place"]
    inlines = [PiecePhotoInline]
    ordering = ["neighbourhood", "order", "pk"]
    names_of_people = frozenset({"narrator", "artists"})
    fieldsets = [
        (None, {"fields": ["neighbourhood", "project", ("code", "title"), "theme", "is_published"]}),
        (gettext_lazy("The story"), {"fields": ["story", ("fact_check", "history_year"), "sources"]}),
        (gettext_lazy("Told by"), {"fields": ["narrator", ("told_by", "narrator_agreed_on")]}),
        (pgettext_lazy("of a wall", "The picture"), {"fields": ["alt", "artists"]}),
        (gettext_lazy("Where"), {"fields": ["place", ("x", "y"), "order"]}),
    ]
    acts: ClassVar[tuple[Act, ...]] = (
        PIECE_PHOTOS,
        Act(
            name="publish",
            label=gettext_lazy("publish"),
            run=publish,
            applies=lambda panel: not panel.is_published,
            css="go",
        ),
        Act(
            name="hide",
            label=gettext_lazy("no longer show"),
            run=hide,
            applies=lambda panel: panel.is_published,
        ),
        Act(
            name="take-back",
            label=gettext_lazy("the narrator takes the consent back"),
            run=take_back,
            applies=lambda panel: panel.narrator_agreed_on is not None,
            many=False,
            css="danger",
        ),
    )

    def view_on_site(self, obj):
        return obj.get_absolute_url()


class SurveyForm(forms.ModelForm):
    findings = LinesField(label=gettext_lazy("findings"), required=True)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if (on := data.get("surveyed_on")) is not None and on > clock.today():
            self.add_error("surveyed_on", _("This day has not come yet. Please enter the day of the survey."))
        return data


class SurveyInline(PortalInline, admin.StackedInline):
    model = WallSurvey
    form = SurveyForm
    fields = ["surveyed_on", "findings", ("risk", "last_maintained"), "advice", "by"]
    autocomplete_fields = ["by"]
    extra = 0


class StageInline(PortalInline, admin.TabularInline):
    """Which steps there are; when each began and ended is written down on the step's own page."""

    model = WallStage
    fields = ["step", "title", "project_stage", "who", "note", "start", "end"]
    readonly_fields = ["start", "end"]
    ordering = ["order"]
    extra = 0
    can_delete = False
    show_change_link = True


class WallForm(forms.ModelForm):
    def clean(self):
        data = super().clean() or self.cleaned_data
        refuse_a_day_to_come(self, "owners_agreed_on")
        if self.instance.pk and "owners_agreed_on" in self.changed_data and "owners_agreed_on" not in self.errors:
            begun = self.instance.stages.filter(start__isnull=False).order_by("start").first()
            agreed = data.get("owners_agreed_on")
            if begun is not None and (agreed is None or agreed > begun.start):
                self.add_error(
                    "owners_agreed_on",
                    _("“%(stage)s” began on %(day)s, which needs the owners' consent. Please enter a day before it.")
                    % {"stage": begun, "day": day_year(begun.start)},
                )
        return data


@admin.register(Wall)
class WallAdmin(PortalAdmin):
    form = WallForm
    list_display = ["project", "place", "length_m", "owner", "owners_agreed_on"]
    list_select_related = ["project", "place"]
    search_fields = ["project__title", "owner"]
    autocomplete_fields = ["place"]
    inlines = [StageInline, SurveyInline]
    fields = [
        "neighbourhood",
        "project",
        "place",
        ("length_m", "height_m"),
        "owner",
        ("owners_agreed_on", "owners_paper"),
        "keep_clear",
    ]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        adults_only.check_again(request, form.instance.project)

    def view_on_site(self, obj):
        return obj.get_absolute_url()


class DayForm(ActForm):
    on = forms.DateField(label=gettext_lazy("day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()


def start(request, stage: WallStage, data: dict) -> str:
    operations.start_stage(stage, on=data["on"])
    adults_only.check_again(request, stage.wall.project)
    return _("“%(stage)s” begins on %(day)s.") % {"stage": stage, "day": day_year(data["on"])}


def end(request, stage: WallStage, data: dict) -> str:
    operations.end_stage(stage, on=data["on"])
    return _("“%(stage)s” is over.") % {"stage": stage}


class ReasonForm(ActForm):
    reason = CleanCharField(
        label=gettext_lazy("What is corrected, and why"), max_length=200, help_text=gettext_lazy("Public.")
    )


def take_back_step(request, stage: WallStage, data: dict) -> str:
    operations.take_back_step(stage, reason=data["reason"])
    adults_only.check_again(request, stage.wall.project)
    return _("Taken back: “%(stage)s”. Its page tells the reason.") % {"stage": stage}


def on_taking_back(request, stage: WallStage) -> Told:
    if stage.end is not None:
        return Told([_("Its last day, %(day)s, is taken off: it runs again.") % {"day": day_year(stage.end)}])
    return Told([_("Its first day, %(day)s, is taken off: it has not begun.") % {"day": day_year(stage.start)}])


@admin.register(WallStage)
class WallStageAdmin(PortalAdmin):
    neighbourhood_paths = ("wall__neighbourhood",)
    list_display = ["__str__", "wall", "step", "who", "start", "end"]
    list_select_related = ["wall__project"]
    list_filter = ["step", "who"]
    ordering = ["wall", "order"]
    fields = ["wall", ("step", "title"), "project_stage", "who", "note", ("start", "end")]
    acts: ClassVar[tuple[Act, ...]] = (
        Act(
            name="start",
            label=gettext_lazy("begin"),
            run=start,
            form=DayForm,
            applies=lambda stage: stage.start is None,
            many=False,
            css="go",
        ),
        Act(
            name="end",
            label=gettext_lazy("end"),
            run=end,
            form=DayForm,
            applies=lambda stage: stage.start is not None and stage.end is None,
            many=False,
            css="go",
        ),
        Act(
            name="take-back",
            label=gettext_lazy("take back what is entered"),
            run=take_back_step,
            form=ReasonForm,
            told=on_taking_back,
            applies=lambda stage: stage.start is not None,
            many=False,
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), "start", "end"]
        return [*fields, "wall", "step"] if obj is not None else fields

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        adults_only.check_again(request, obj.wall.project)
