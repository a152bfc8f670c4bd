"""Staff pages of designs: versions in preparation, publishing, rounds, the final one (P2). What is public is only read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.admin.shared import Button, ListFilter, PortalAdmin, PortalInline, list_url
from people.models import Person
from portal.dates import day_year, days
from portal.fields import CleanCharField
from portal.files import PictureField
from projects.admin.draft_acts import ACTS
from projects.admin.feedback_import import PasteView
from projects.models import DesignDraft, DraftImage, Feedback
from projects.operations import drafts
from projects.rules.versions import shown


class DraftForm(forms.ModelForm):
    summary = CleanCharField(label=gettext_lazy("what it shows"), max_length=2000, lines=True)
    designer = CleanCharField(
        label=gettext_lazy("credit"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Who is named in public: a studio, or a name agreed to."),
    )

    def clean(self):
        data = super().clean() or self.cleaned_data
        first, last = data.get("notice_from"), data.get("notice_until")
        if bool(first) != bool(last):
            self.add_error("notice_until", _("Please give the first and the last day of the public notice."))
        elif first and last and last < first:
            self.add_error(
                "notice_until", _("The last day must not lie before the first. Please correct one of the two.")
            )
        project = data.get("project")
        if project is not None and not self.instance.pk:
            waiting = DesignDraft.objects.filter(project=project, published_at=None).first()
            if waiting is not None:
                self.add_error(
                    "project",
                    _("Version %(number)d is still in preparation. Publish it first, or go on with it.")
                    % {"number": waiting.version},
                )
        return data


class ImageForm(forms.ModelForm):
    upload = PictureField(label=gettext_lazy("picture"), required=False)
    alt = CleanCharField(
        label=gettext_lazy("what can be seen"),
        max_length=200,
        help_text=gettext_lazy("For those who cannot see the picture."),
    )

    class Meta:
        model = DraftImage
        fields = ["columns", "rows"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # A picture is not exchanged: another one is added and this one taken off.
            self.fields["upload"].disabled = True
            self.fields["upload"].widget = forms.HiddenInput()
            self.fields["alt"].initial = self.instance.photo.alt
        else:
            for name in ("columns", "rows"):
                self.fields[name].required = False
                self.fields[name].initial = None
                self.fields[name].help_text = _("Empty: by the picture's shape.")

    def clean(self):
        data = super().clean() or self.cleaned_data
        if not self.instance.pk and self.has_changed() and not data.get("upload") and "upload" not in self.errors:
            self.add_error("upload", _("Please choose a picture."))
        return data

    def _post_clean(self) -> None:
        if self.instance.pk:  # a new row is made by the operation
            form: Any = super()  # Django's hook, which the stubs leave out
            form._post_clean()


class ImageInline(PortalInline, admin.TabularInline):
    model = DraftImage
    form = ImageForm
    extra = 1
    readonly_fields = ["thumbnail"]

    def get_fields(self, request, obj=None):
        changes = obj is None or not obj.is_published
        return ["thumbnail", *(["upload", "alt"] if changes else []), "columns", "rows"]

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, image):
        if not image.pk:
            return "–"
        pic = shown(image, image.draft)
        return format_html('<img src="{}" alt="{}" width="160" loading="lazy">', pic.src, pic.alt) if pic else "–"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("photo__original", "draft__project")

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and (obj is None or not obj.is_published)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_published)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_published)


class State(ListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("preparing", _("in preparation")), ("public", _("public")), ("final", _("final"))]

    def queryset(self, request, queryset):
        wanted: dict[str, dict[str, Any]] = {
            "preparing": {"published_at": None},
            "public": {"published_at__isnull": False},
            "final": {"is_final": True},
        }
        return queryset.filter(**wanted[self.value()]) if self.value() else queryset


@admin.register(DesignDraft)
class DesignDraftAdmin(PasteView, PortalAdmin):
    form = DraftForm
    neighbourhood_paths = ("project__neighbourhood",)
    list_display = ["__str__", "kind", "state", "said", "notice"]
    list_select_related = ["project"]
    list_filter = [State, ("project", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["project__title", "summary"]
    autocomplete_fields = ["author"]
    inlines = [ImageInline]
    ordering = ["-published_at", "project", "-version"]
    acts = ACTS

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("rounds")

    # --- lists ---

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        rows = Feedback.objects.filter(draft__in=[draft.pk for draft in changelist.result_list])
        self._counted = _counts(rows)
        return changelist

    @admin.display(description=gettext_lazy("feedback: all, to be answered"))
    def said(self, draft):
        total, pending = self._counted.get(draft.pk, (0, 0))
        return f"{total} / {pending}"

    @admin.display(description=gettext_lazy("state"))
    def state(self, draft):
        if not draft.is_published:
            return _("in preparation")
        return _("final") if draft.is_final else _("public since %(day)s") % {"day": day_year(draft.published_at)}

    @admin.display(description=gettext_lazy("public notice"))
    def notice(self, draft):
        return days(draft.notice_from, draft.notice_until) if draft.notice_from else "–"

    @admin.display(description=gettext_lazy("feedback rounds"))
    def round_days(self, draft):
        return "; ".join(days(one.opens_on, one.closes_on) for one in draft.rounds.all()) or "–"

    # --- one version ---

    def get_fields(self, request, obj=None):
        who = ["author"] if self.sees_people(request) else []
        words = ["kind", "summary", "designer", *who, "notice_from", "notice_until"]
        if obj is None:
            return ["project", *words]
        return ["project", "version", *words, "approved_by", "state", "round_days"]

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), "approved_by", "state", "round_days"]
        if obj is None:
            return fields
        fixed = ["project", "version"]
        if obj.is_published:
            fixed = self.get_fields(request, obj)
        return list(dict.fromkeys([*fields, *fixed]))

    def has_change_permission(self, request, obj=None):
        """What is public is read; its acts stand above it all the same."""
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_published)

    def may_act(self, request, act, row):
        return super().has_change_permission(request, row)

    def notes(self, request, obj):
        if obj.is_published:
            return [
                _("A public version stays as it is. What should be different becomes version %(number)d.")
                % {"number": obj.version + 1}
            ]
        return []

    def buttons(self, request, obj):
        own = [Button(obj.get_absolute_url(), _("See the page"))]
        if obj.is_published and request.user.has_perm("projects.add_feedback", obj.project):
            own += [
                Button(f"{reverse('admin:projects_feedback_add')}?draft={obj.pk}", _("Type in feedback")),
                Button(reverse("admin:projects_designdraft_paste", args=[obj.pk]), _("Paste a list of feedback")),
            ]
        own.append(Button(list_url(Feedback, draft__id__exact=obj.pk), _("Feedback")))
        return [*super().buttons(request, obj), *own]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "author" and not self.sees_people(request):
            kwargs["queryset"] = Person.objects.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "project" in form.base_fields:
            form.base_fields["project"].widget.can_add_related = False
            form.base_fields["project"].initial = request.GET.get("project")
        return form

    def lock_row(self, request, pk):
        """Whoever changes a version has locked its project, as every operation does."""
        if project := DesignDraft.objects.filter(pk=pk).values_list("project", flat=True).first():
            drafts.lock(project)

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        names = ["kind", "summary", "designer", "author", "notice_from", "notice_until"]
        fields = {name: data[name] for name in names if name in data}
        if change:
            drafts.change(obj, **fields)
            return
        made = drafts.prepare(data["project"], **fields)
        obj.__dict__.update({name: value for name, value in made.__dict__.items() if name != "_state"})
        obj._state.adding = False

    def save_formset(self, request, form, formset, change):
        for row in formset.forms:
            if row in formset.deleted_forms or not row.has_changed():
                continue
            data = row.cleaned_data
            if row.instance.pk:
                drafts.describe_image(row.instance, alt=data["alt"], columns=data["columns"], rows=data["rows"])
            elif data.get("upload"):
                drafts.add_image(
                    form.instance,
                    data["upload"],
                    alt=data["alt"],
                    columns=data.get("columns"),
                    rows=data.get("rows"),
                    by=request.user,
                )
        for row in formset.deleted_forms:
            if row.instance.pk:
                drafts.remove_image(row.instance)
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []


def _counts(rows) -> dict[int, tuple[int, int]]:
    """{draft id: (all, to be answered)}; one query."""
    found: dict[int, tuple[int, int]] = {}
    counted = rows.order_by().values_list("draft", "disposition").annotate(Count("pk"))
    for draft_id, disposition, number in counted:
        total, pending = found.get(draft_id, (0, 0))
        found[draft_id] = (total + number, pending + (number if disposition == "pending" else 0))
    return found
