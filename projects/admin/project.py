"""Staff pages of beautification projects, with their stages in order (P1)."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.admin.fields import TicksField
from people.admin.many_photos import photos_act
from people.admin.shared import PortalAdmin, PortalInline, Rows, folded
from portal.fields import CleanCharField
from projects.admin import adults_only
from projects.admin.leads import lead_buttons
from projects.admin.on_paper import KeepsOnPaper
from projects.admin.records import DonationInline, RecordInline, WorkInline
from projects.admin.stages import STAGE_ACTS
from projects.models import Governance, Project, ProjectArticle, ProjectPhoto, ProjectStage, Theme
from projects.operations.photos import show_with_project
from projects.pages.lineage import grew_out_of
from projects.rules.gates import DEFAULT_REQUIRES, unproven, waits_for_itself, world_of

Stage = ProjectStage.Stage
MONEY, SUMS = gettext_lazy("Money"), ("approved", "spent")
MOST_ROWS = 40  # photos that one page lists; each row looks its photo up, and nobody sorts hundreds by hand


class StageForm(forms.ModelForm):
    requires = TicksField(
        label=gettext_lazy("waits for"),
        choices=Stage.choices,
        widget=forms.SelectMultiple(attrs={"size": 3}),
        help_text=gettext_lazy("Empty on a new stage: the usual ones."),
    )
    note = CleanCharField(label=gettext_lazy("note"), max_length=200, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "stage" in self.fields:
            self.fields["stage"].disabled = True
            # It began because what it waited for was over.
            self.fields["requires"].disabled = self.instance.start is not None

    def clean(self):
        data = super().clean() or self.cleaned_data
        if self.instance.skipped and not data.get("note"):
            self.add_error("note", _("Say why this stage is skipped."))
        if not self.instance.pk and not data.get("requires"):
            data["requires"] = [str(code) for code in DEFAULT_REQUIRES.get(data.get("stage") or "", [])]
        return data


class StageFormSet(Rows):
    """P1: which stages there are and what each waits for. When they begin and end is written down by acts."""

    def clean(self) -> None:
        super().clean()
        rows = {data["stage"]: (form, data.get("requires") or []) for form, data in self.typed() if data.get("stage")}
        if code := waits_for_itself({code: requires for code, (_form, requires) in rows.items()}):
            rows[code][0].add_error(
                "requires",
                _("“%(stage)s” would wait for itself and could never begin. Please take one of them off.")
                % {"stage": Stage(code).label},
            )


class StageInline(PortalInline, admin.TabularInline):
    model = ProjectStage
    form = StageForm
    formset = StageFormSet
    fields = ["stage", "start", "end", "skipped", "requires", "adults_only", "note"]
    readonly_fields = ["start", "end", "skipped"]
    ordering = ["order"]
    extra = 0
    can_delete = False


class PhotoInline(PortalInline, admin.TabularInline):
    model = ProjectPhoto
    fields = ["photo", "order"]
    autocomplete_fields = ["photo"]
    extra = 0
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("photo", "project")


class ArticleInline(PortalInline, admin.TabularInline):
    model = ProjectArticle
    fields = ["article"]
    autocomplete_fields = ["article"]
    extra = 0
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("article", "project")


class ProjectForm(forms.ModelForm):
    governance = TicksField(label=gettext_lazy("governance"), choices=Governance.choices)
    themes = TicksField(label=gettext_lazy("themes"), choices=Theme.choices)

    def clean_derived_from(self) -> Project | None:
        origin = self.cleaned_data["derived_from"]
        if origin is not None and self.instance.pk and grew_out_of(self.instance, origin):
            raise forms.ValidationError(
                _("“%(origin)s” is this project or grew out of it. Please choose another one, or leave it empty.")
                % {"origin": origin}
            )
        return origin


def has_many_photos(project: Project | None) -> bool:
    return project is not None and project.project_photos.all()[: MOST_ROWS + 1].count() > MOST_ROWS


def unproven_ends(project: Project) -> list[str]:
    """For the rows of before: readers are told that such a stage runs on, until it is put right."""
    rows = list(project.stages.order_by("order"))
    if all(row.end is None for row in rows):
        return []
    words = _("“%(stage)s” is entered as over, but everybody reads that it runs on. %(missing)s")
    return [words % {"stage": stage, "missing": missing} for stage, missing in unproven(rows, world_of(project.pk))]


@admin.register(Project)
class ProjectAdmin(KeepsOnPaper, PortalAdmin):
    on_paper = "slug"
    form = ProjectForm
    list_display = ["title", "umbrella", "lead", "approved", "spent", "is_published"]
    list_select_related = ["lead_org", "lead_team", "lead_committee"]
    list_filter = ["is_published", "pilot", "umbrella"]
    search_fields = ["title", "tagline", "slug"]
    autocomplete_fields = ["derived_from", "places"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [StageInline, RecordInline, WorkInline, DonationInline, PhotoInline, ArticleInline]
    acts = (*STAGE_ACTS, photos_act(show_with_project))
    fieldsets = [
        (
            None,
            {"fields": ["neighbourhood", "title", "slug", "tagline", "text", "illustration", "is_published"]},
        ),
        (
            gettext_lazy("Who"),
            {
                "fields": [
                    ("proposed_by_org", "proposed_by_team"),
                    ("lead_org", "lead_team", "lead_committee"),
                    "partner_units",
                    "partner_committees",
                    "partner_companies",
                ]
            },
        ),
        (
            gettext_lazy("What and where"),
            {
                "fields": [
                    "umbrella",
                    "pilot",
                    "derived_from",
                    "places",
                    "governance",
                    "themes",
                    "result",
                    "pieces_note",
                ]
            },
        ),
        (
            MONEY,
            {
                "fields": ["fund_source", ("approved", "spent"), "accounts_published_on"],
                "description": gettext_lazy(
                    "Everybody reads the source, the sums and the gifts from the day of publication on."
                ),
            },
        ),
    ]

    @admin.display(description=gettext_lazy("led by"))
    def lead(self, project):
        return project.lead_org or project.lead_team or project.lead_committee or "–"

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name.startswith("partner_"):
            kwargs["widget"] = forms.CheckboxSelectMultiple  # a dozen at most, and no key has to be held down
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_list_display(self, request):
        """P6: sums that may not be public yet are for whoever keeps them."""
        columns = super().get_list_display(request)
        return columns if self.has_change_permission(request) else [one for one in columns if one not in SUMS]

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            found = [part for part in found if part[0] != MONEY]
        return found if obj is None else folded(found, after=1)  # set up once; from then on the stages are the work

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj is not None else super().get_prepopulated_fields(request, obj)

    def get_inlines(self, request, obj):
        inlines = super().get_inlines(request, obj)
        return [one for one in inlines if one is not PhotoInline] if has_many_photos(obj) else inlines

    def notes(self, request, obj):
        found = [*super().notes(request, obj), *(unproven_ends(obj) if obj is not None else [])]
        if not has_many_photos(obj):
            return found
        words = _("More than %(most)d photos belong to this project: look for them in the list of photos, one by one.")
        return [*found, words % {"most": MOST_ROWS}]

    def buttons(self, request, obj):
        return [*super().buttons(request, obj), *lead_buttons(self.admin_site, request, obj)]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        adults_only.check_again(request, form.instance)

    def view_on_site(self, obj):
        return obj.get_absolute_url()
