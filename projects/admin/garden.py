"""Staff pages of the beds: the beds with their adoptions, the catalogue of plants, the planting log, the upkeep log."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.grants import grants_of
from people.access.requests import StaffRequest
from people.admin.fields import TicksField
from people.admin.party import covered
from people.admin.shared import Act, ActForm, ListFilter, PortalAdmin, PortalInline, Rows
from portal import clock
from portal.dates import MONTHS_EN_LONG, words_of_months
from portal.fields import CleanCharField
from portal.refusals import in_form
from projects.admin.on_paper import KeepsOnPaper
from projects.admin.piece import PIECE_PHOTOS, PiecePhotoInline
from projects.models import Adoption, Bed, Plant, Planting, UpkeepEntry
from projects.operations import gardening
from projects.rules import fitting

MONTHS = [(str(number), gettext_lazy(name)) for number, name in enumerate(MONTHS_EN_LONG, start=1)]


class KeepsUnseen(forms.ModelForm):
    """For model forms: a person whom this reader may not choose stays, as they would not even see whom they take out."""

    keeps_unseen: tuple[str, ...] = ()

    def clean(self):
        data = super().clean() or self.cleaned_data
        for name in self.keeps_unseen:
            field, before = self.fields.get(name), getattr(self.instance, name, None)
            if not isinstance(field, forms.ModelChoiceField) or before is None or data.get(name) is not None:
                continue
            if field.queryset is None or not field.queryset.filter(pk=before.pk).exists():
                data[name] = before
        return data


def of_the_team(request: StaffRequest) -> Q:
    """People whom a team's leader may name without access to the people's records."""
    teams = [grant.team_id for grant in grants_of(request.user) if grant.team_id]
    return Q(team_memberships__team__in=teams) | Q(leads_teams__in=teams)


class MonthsField(TicksField):
    """A list of numbers 1 to 12, ticked by name."""

    def __init__(self, **kwargs) -> None:
        super().__init__(choices=MONTHS, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return [str(month) for month in value] if isinstance(value, list) else value

    def clean(self, value: Any) -> list:
        return [int(month) for month in super().clean(value)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed([str(month) for month in initial or []], data)


class PlantForm(forms.ModelForm):
    planting_months = MonthsField(label=gettext_lazy("planted in"), required=True)
    show_months = MonthsField(label=gettext_lazy("worth seeing in"), required=True)


@admin.register(Plant)
class PlantAdmin(PortalAdmin):
    form = PlantForm
    list_display = ["name", "latin", "kind", "planted", "shown", "light", "toxic", "unit_price"]
    list_filter = ["kind", "light", "toxic"]
    search_fields = ["name", "latin"]
    fields = [
        "neighbourhood",
        ("name", "latin"),
        ("kind", "light"),
        "planting_months",
        "show_months",
        "care",
        ("toxic", "unit_price"),
    ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        # That a plant is toxic is a fact and is taken down; what stands where it must not is said until it is out.
        if beds := gardening.poisoned_beds(obj):
            messages.warning(
                request,
                _("“%(plant)s” stands in %(beds)s, for children. Take it out today and enter that in the planting log.")
                % {"plant": obj, "beds": fitting.names(beds)},
            )

    @admin.display(description=gettext_lazy("planted in"))
    def planted(self, plant):
        return words_of_months(plant.planting_months)

    @admin.display(description=gettext_lazy("worth seeing in"))
    def shown(self, plant):
        return words_of_months(plant.show_months)


class AdoptionForm(forms.ModelForm):
    def clean(self):
        data = super().clean() or self.cleaned_data
        if (family := data.get("family")) is not None:
            with in_form(self, "agreed_by"):
                gardening.check_card(family, data.get("card_name", ""), data.get("agreed_by"), data.get("agreed_on"))
        return data


class AdoptionFormSet(Rows):
    def clean(self) -> None:
        super().clean()
        before: list[Adoption] = []
        for form, data in self.typed():
            family, since = data.get("family"), data.get("since")
            if family is None or since is None:
                continue
            with in_form(form, "since"):
                others = [one for one in before if one.family_id == family.pk]
                gardening.refuse_twice(since, data.get("until"), others)
            before.append(form.instance)


class AdoptionInline(PortalInline, admin.TabularInline):
    model = Adoption
    form = AdoptionForm
    formset = AdoptionFormSet
    fields = ["family", "since", "until", "card_name", "agreed_by", "agreed_on"]
    autocomplete_fields = ["family", "agreed_by"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("family", "agreed_by").prefetch_related("family__members")


class BedForm(forms.ModelForm):
    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("for_children") and self.instance.pk and not self.initial.get("for_children"):
            with in_form(self, "for_children"):
                gardening.check_for_children(self.instance)
        return data


@admin.register(Bed)
class BedAdmin(KeepsOnPaper, PortalAdmin):
    on_paper = "code"
    form = BedForm
    list_display = ["code", "title", "project", "light", "for_children", "is_published"]
    list_display_links = ["code", "title"]
    list_select_related = ["project"]
    list_filter = ["project", "light", "for_children", "is_published"]
    search_fields = ["code", "title"]
    autocomplete_fields = ["keepers", "place"]
    inlines = [AdoptionInline, PiecePhotoInline]
    acts = (PIECE_PHOTOS,)
    ordering = ["neighbourhood", "order", "pk"]
    names_of_people = frozenset({"keepers"})
    fieldsets = [
        (None, {"fields": ["neighbourhood", "project", ("code", "title"), "theme", "is_published"]}),
        (
            gettext_lazy("The bed"),
            {"fields": [("length_m", "width_m"), ("light", "for_children"), "wall_panel", "keepers", "note"]},
        ),
        (gettext_lazy("Where"), {"fields": ["place", ("x", "y"), "order"]}),
    ]

    def narrow(self, request, queryset):
        return queryset.filter(covered(request.user, "projects.view_bed", team="project__lead_team"))

    def view_on_site(self, obj):
        return obj.get_absolute_url()


class WhatStands(ListFilter):
    title = gettext_lazy("when")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("yes", _("stands now")), ("no", _("taken out"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.standing()
        return queryset.exclude(ended_on=None) if self.value() == "no" else queryset


class PlantingForm(forms.ModelForm):
    """G2 is asked of a new line; what stands is history."""

    def clean(self):
        data = super().clean() or self.cleaned_data
        bed, plant, on = data.get("bed"), data.get("plant"), data.get("planted_on")
        if on is not None and on > clock.today():
            self.add_error(
                "planted_on",
                _("The log tells what was done, and this day has not come yet. Please enter today or an earlier day."),
            )
        elif self.instance.pk is None and bed and plant and on:
            with in_form(self, "plant" if plant.toxic and bed.for_children else "note"):
                gardening.check_planting(bed, plant, on, data.get("note", ""))
        return data


class EndForm(ActForm):
    on = forms.DateField(label=gettext_lazy("taken out on"), widget=forms.DateInput(attrs={"type": "date"}))
    outcome = forms.ChoiceField(label=gettext_lazy("how it did"), choices=Planting.Outcome.choices)
    note = CleanCharField(
        label=gettext_lazy("what we learnt"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Stands beside the next choice of the same plant."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()


def end(request, planting: Planting, data: dict) -> str:
    gardening.end_planting(planting, on=data["on"], outcome=data["outcome"], note=data["note"])
    return _("Noted: it stands beside the next choice.")


@admin.register(Planting)
class PlantingAdmin(PortalAdmin):
    form = PlantingForm
    neighbourhood_paths = ("bed__neighbourhood",)
    list_display = ["bed", "plant", "quantity", "planted_on", "condition", "ended_on", "outcome"]
    list_select_related = ["bed", "plant"]
    list_filter = [WhatStands, "planted_on", "outcome"]
    search_fields = ["bed__code", "bed__title", "plant__name"]
    fields = [("bed", "plant"), ("quantity", "planted_on"), "donor", "condition", "note"]
    acts: ClassVar[tuple[Act, ...]] = (
        Act(
            name="end",
            label=gettext_lazy("take out and say how it did"),
            run=end,
            form=EndForm,
            applies=lambda planting: planting.ended_on is None,
        ),
    )

    def narrow(self, request, queryset):
        return queryset.filter(covered(request.user, "projects.view_planting", team="bed__project__lead_team"))

    def limited(self, request, model, queryset):
        rows = super().limited(request, model, queryset)
        if model is Bed:
            rows = rows.filter(covered(request.user, "projects.view_planting", team="project__lead_team"))
        return rows

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [*fields, "plan", ("ended_on", "outcome"), "outcome_note"] if obj is not None else fields

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None:
            fields += ["bed", "plant", "planted_on", "plan", "ended_on", "outcome", "outcome_note"]
        return fields


class UpkeepForm(KeepsUnseen, forms.ModelForm):
    keeps_unseen = ("by",)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if (on := data.get("done_on")) is not None and on > clock.today():
            self.add_error(
                "done_on",
                _("The log tells what was done, and this day has not come yet. Please enter today or an earlier day."),
            )
        return data


@admin.register(UpkeepEntry)
class UpkeepEntryAdmin(PortalAdmin):
    form = UpkeepForm
    neighbourhood_paths = ("bed__neighbourhood",)
    stamp_at = ("added_at",)
    stamp_by = ("added_by",)
    list_display = ["done_on", "bed", "work", "text", "has_photo"]
    list_select_related = ["bed", "photo"]
    list_filter = ["work", "done_on"]
    search_fields = ["bed__code", "bed__title", "text"]
    autocomplete_fields = ["by", "photo"]
    fields = ["bed", ("done_on", "work"), "text", "by", "photo"]

    @admin.display(description=gettext_lazy("photo"))
    def has_photo(self, entry):
        if entry.photo is None:
            return "–"
        return _("shown") if entry.photo.published_at else _("waiting to be looked at")

    def narrow(self, request, queryset):
        return queryset.filter(covered(request.user, "projects.view_upkeepentry", team="bed__project__lead_team"))

    def limited(self, request, model, queryset):
        rows = super().limited(request, model, queryset)
        if model is Bed:
            rows = rows.filter(covered(request.user, "projects.view_upkeepentry", team="project__lead_team"))
        return rows

    def circle(self, request):
        return of_the_team(request)
