"""Staff pages of volunteer shifts and morning duties."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin import ActivityAdmin
from activities.admin.base import Attention, When
from activities.admin.forms import ActivityForm
from activities.models import Minors, Status
from people.admin.shared import Button, ListFilter
from projects.models import ProjectStage
from volunteers.models import Shift

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


@admin.register(Shift)
class ShiftAdmin(ActivityAdmin):
    form = ShiftForm
    kind = "shift"
    own_fields = ("kind_of", ("project", "stage"))
    record_fields = ("outcome", "outcome_note")
    list_display = ["when", "title", "project", "location", "state", "places_taken", "whose"]
    list_select_related = ["location", "organisation", "team", "project"]
    list_filter = [When, "status", KindOfShift, Attention, "project", "team"]
    search_fields = ["title", "text", "location__name", "project__title"]

    def limited(self, request, model, queryset):
        rows = super().limited(request, model, queryset)
        if model is ProjectStage:  # has no page, and its area only by its project
            rows = rows.filter(project__neighbourhood__in=self.places_to_choose_from(request)).select_related("project")
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
        if obj.stage is not None and obj.stage.adults_only:
            obj.minors = Minors.NO  # P3, also where the stage is chosen after it was published

    def buttons(self, request, obj):
        found = super().buttons(request, obj)
        if obj.status in {Status.PUBLISHED, Status.DONE} and request.user.has_perm("volunteers.add_servicerecord", obj):
            url = reverse("volunteers:sheet", args=[obj.neighbourhood.slug, obj.pk])
            found.append(Button(url, _("Service time")))
        return found
