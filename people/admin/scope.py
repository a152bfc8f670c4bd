"""What every staff page shares: a neighbourhood's staff see, choose and change only their own neighbourhood's rows.

A row that leaks across neighbourhoods is a defect (DESIGN.md §2), so the scope stands here once: lists, filters,
autocomplete, choices in forms, posted ids and the object pages themselves all ask it.
"""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.filters import DateFieldListFilter, FieldListFilter, RelatedOnlyFieldListFilter
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters, InlineModelAdmin
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.auth import get_permission_codename
from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.db import DataError, models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.models import Neighbourhood, User
from portal import clock

Paths = tuple[str, ...]


def paths_of(model: type[models.Model], site: admin.AdminSite | None = None) -> Paths:
    """The lookups that lead from ``model`` to its neighbourhood; empty for what belongs to none (consent texts, sites).

    A registered :class:`ScopedAdmin` says it; otherwise a field called ``neighbourhood`` does.
    """
    if issubclass(model, Neighbourhood):
        return ("pk",)
    registered = (site or admin.site)._registry.get(model)
    if isinstance(registered, ScopedAdmin):
        return registered.neighbourhood_paths
    try:
        model._meta.get_field("neighbourhood")
    except FieldDoesNotExist:
        return ()
    return ("neighbourhood",)


def within(queryset: models.QuerySet, paths: Paths, neighbourhoods: set[int]) -> models.QuerySet:
    """Rows of ``queryset`` that belong to one of ``neighbourhoods`` (ids); all rows where there are no paths."""
    if not paths:
        return queryset
    condition = models.Q()
    for path in paths:
        condition |= models.Q(**{f"{path}__in": neighbourhoods})
    if any(_is_many(queryset.model, path) for path in paths):
        # A join to many rows would list one row several times; a subquery does not.
        return queryset.filter(pk__in=queryset.model._default_manager.filter(condition).values("pk"))
    return queryset.filter(condition)


def _is_many(model: type[models.Model], path: str) -> bool:
    for part in path.split("__"):
        if part == "pk":
            return False
        field = model._meta.get_field(part)
        if field.many_to_many or field.one_to_many:
            return True
        if field.related_model is None:
            return False
        model = field.related_model
    return False


def neighbourhoods_of(obj: models.Model, paths: Paths) -> set[int]:
    """Ids of the neighbourhoods ``obj`` belongs to, as it stands in memory."""
    found: set[int] = set()
    for path in paths:
        if path == "pk":
            found |= {obj.pk}
        elif _is_many(type(obj), path):
            if obj.pk:
                found |= set(type(obj)._default_manager.filter(pk=obj.pk).values_list(path, flat=True))
        else:
            *steps, last = path.split("__")
            target: Any = obj
            for step in steps:
                target = getattr(target, step) if target is not None and getattr(target, f"{step}_id", True) else None
            if target is not None:
                found.add(getattr(target, f"{last}_id"))
    return found - {None}


class ClockDateFilter(DateFieldListFilter):
    """Django's date filter by the portal's clock, and with the days to come, which is what staff plan by."""

    def __init__(self, field, request, params, model, model_admin, field_path):
        super().__init__(field, request, params, model, model_admin, field_path)
        now = timezone.localtime(clock.now())
        today: Any = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if not isinstance(field, models.DateTimeField):
            today = now.date()
        day = timedelta(days=1)
        new_year = today.replace(month=1, day=1)
        next_month = (today.replace(day=1) + 32 * day).replace(day=1)
        spans = [
            (gettext_lazy("Today"), today, today + day),
            (gettext_lazy("Next 7 days"), today, today + 8 * day),
            (gettext_lazy("Past 7 days"), today - 7 * day, today + day),
            (gettext_lazy("This month"), today.replace(day=1), next_month),
            (gettext_lazy("This year"), new_year, new_year.replace(year=today.year + 1)),
        ]
        since, until = self.lookup_kwarg_since, self.lookup_kwarg_until
        nothing = list(self.links[5:])  # "no date", "has date", where the field may be empty
        self.links = (self.links[0], *((title, {since: a, until: b}) for title, a, b in spans), *nothing)


class _AsksForKeys(AutocompleteMixin, forms.Select):
    """Django's autocomplete asks the database for whatever was posted; what cannot be a key would be a 500."""

    def optgroups(self, name, value, attr=None):
        key = self.field.remote_field.model._meta.pk
        return super().optgroups(name, [posted for posted in value if _may_be(key, posted)], attr)


class KeySelect(_AsksForKeys, AutocompleteSelect):
    pass


class KeySelectMultiple(_AsksForKeys, AutocompleteSelectMultiple):
    pass


def _may_be(key: models.Field, posted: Any) -> bool:
    try:
        value = key.to_python(posted)
    except ValidationError:
        return False
    return not isinstance(value, int) or abs(value) < 2**63


class ScopedFields(BaseModelAdmin):
    """Choices in forms, for admins and inlines alike: only rows of neighbourhoods where this staff member acts."""

    #: Lookups to the neighbourhood; () for what belongs to none. Override where the field has another name.
    neighbourhood_paths: ClassVar[Paths] = ("neighbourhood",)

    def neighbourhoods(self, request: StaffRequest, *actions: str) -> set[int]:
        """Ids of the neighbourhoods where the user may do one of ``actions`` (view, add, change …) with this model."""
        user = request.user
        if not isinstance(user, User):
            return set()
        names = (f"{self.opts.app_label}.{get_permission_codename(action, self.opts)}" for action in actions)
        return set().union(*(neighbourhoods_with(user, name) for name in names))

    def neighbourhoods_to_choose_from(self, request: StaffRequest) -> set[int]:
        return self.neighbourhoods(request, "view", "add", "change")

    def narrow(self, request: StaffRequest, queryset: models.QuerySet) -> models.QuerySet:
        """Hook for scopes below the neighbourhood (a branch, a team): return the rows this staff member may see."""
        return queryset

    def get_queryset(self, request):
        rows = within(
            super().get_queryset(request), self.neighbourhood_paths, self.neighbourhoods(request, "view", "change")
        )
        return self.narrow(request, rows)

    def limited(self, request: StaffRequest, model: type[models.Model], queryset: Any) -> Any:
        """The rows of ``model`` that may be chosen; a QuerySet of that model's own class."""
        rows = model._default_manager.all() if queryset is None else queryset
        return within(rows, paths_of(model, self.admin_site), self.neighbourhoods_to_choose_from(request))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        model = db_field.remote_field.model
        kwargs["queryset"] = self.limited(request, model, kwargs.get("queryset"))
        if model is Neighbourhood:
            neighbourhoods = self.neighbourhoods(request, "add", "change")
            kwargs["queryset"] = kwargs["queryset"].filter(pk__in=neighbourhoods)
            if len(neighbourhoods) == 1 and not db_field.null:
                # Who works for one neighbourhood is not asked which; StaysInNeighbourhood fills it in.
                kwargs |= {"initial": next(iter(neighbourhoods)), "widget": forms.HiddenInput(), "required": False}
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeySelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["queryset"] = self.limited(request, db_field.remote_field.model, kwargs.get("queryset"))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeySelectMultiple(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class StaysInNeighbourhood(forms.ModelForm):
    """For model forms: what a row points to lies in the row's own neighbourhood, also for staff of several."""

    only_neighbourhood: int | None = None  # set by ScopedAdmin.get_form
    site: admin.AdminSite | None = None
    paths: Paths = ()

    def clean(self):
        cleaned = super().clean()
        data = self.cleaned_data if cleaned is None else cleaned
        if "neighbourhood" in self.fields and data.get("neighbourhood") is None and self.only_neighbourhood:
            data["neighbourhood"] = Neighbourhood.objects.get(pk=self.only_neighbourhood)
        home = self.home(data)
        if home is not None:
            for name, value in list(data.items()):
                rows = value if isinstance(value, models.QuerySet) else [value]
                for row in rows:
                    if not isinstance(row, models.Model) or isinstance(row, Neighbourhood):
                        continue
                    theirs = neighbourhoods_of(row, paths_of(type(row), self.site))
                    if theirs and home not in theirs:
                        self.add_error(name, _("This belongs to another residential area."))
                        break
        return data

    def home(self, data: dict[str, Any]) -> int | None:
        neighbourhood = data.get("neighbourhood")
        if isinstance(neighbourhood, Neighbourhood):
            return neighbourhood.pk
        try:
            mine = neighbourhoods_of(self.instance, self.paths)
        except models.ObjectDoesNotExist:
            return None
        return next(iter(mine)) if len(mine) == 1 else None


def _same_place(formset: forms.BaseModelFormSet, site: admin.AdminSite, parent: models.Model) -> None:
    """Inline rows point only into the neighbourhood of the row they hang on."""
    paths = paths_of(type(parent), site)
    try:
        home = neighbourhoods_of(parent, paths)
    except models.ObjectDoesNotExist:
        return
    if len(home) != 1:
        return
    for form in formset.forms:
        for name, row in list(getattr(form, "cleaned_data", {}).items()):
            if isinstance(row, models.Model) and not isinstance(row, Neighbourhood) and row != parent:
                theirs = neighbourhoods_of(row, paths_of(type(row), site))
                if theirs and not theirs & home:
                    form.add_error(name, _("This belongs to another residential area."))
                    raise ValidationError(_("This belongs to another residential area."))


class ScopedInline(ScopedFields, InlineModelAdmin):
    """Base of inlines: ``class SeatInline(ScopedInline, admin.TabularInline)``. Rows follow their parent's scope."""

    neighbourhood_paths = ()

    def neighbourhoods_to_choose_from(self, request: StaffRequest) -> set[int]:
        parent = f"{self.parent_model._meta.app_label}.{{}}_{self.parent_model._meta.model_name}"
        user = request.user
        if not isinstance(user, User):
            return set()
        return set().union(*(neighbourhoods_with(user, parent.format(action)) for action in ("view", "add", "change")))

    def get_formset(self, request, obj=None, **kwargs):
        site = self.admin_site
        formset_class = super().get_formset(request, obj, **kwargs)

        class Scoped(formset_class):  # type: ignore[misc, valid-type]
            def clean(self) -> None:
                super().clean()
                _same_place(self, site, self.instance)

        return Scoped


class ScopedAdmin(ScopedFields, admin.ModelAdmin):
    """Base of every portal ModelAdmin: ``class ShiftAdmin(ScopedAdmin)``."""

    #: Date-times that are set from the portal's clock when a row is added, and accounts set to whoever adds it.
    stamp_at: ClassVar[tuple[str, ...]] = ()
    stamp_by: ClassVar[tuple[str, ...]] = ()
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False

    # --- what may be done with one row ---

    def _reaches(self, request: StaffRequest, action: str, obj: models.Model | None) -> bool:
        if obj is None or not self.neighbourhood_paths:
            return True
        mine = neighbourhoods_of(obj, self.neighbourhood_paths)
        return bool(mine & self.neighbourhoods(request, action))

    def has_view_permission(self, request, obj=None):
        allowed = super().has_view_permission(request)
        return allowed and (self._reaches(request, "view", obj) or self._reaches(request, "change", obj))

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request) and self._reaches(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request) and self._reaches(request, "delete", obj)

    # --- forms ---

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except OverflowError as error:  # a key with more digits than any row's, which SQLite cannot even look for
            raise BadRequest("This number is larger than any.") from error

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None and "neighbourhood" in self.neighbourhood_paths and "neighbourhood" not in fields:
            fields.append("neighbourhood")  # a row never moves to another neighbourhood
        return fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        base = super().get_form(request, obj, change=change, **kwargs)
        neighbourhoods = self.neighbourhoods(request, "add", "change")
        attributes = {
            "only_neighbourhood": next(iter(neighbourhoods)) if len(neighbourhoods) == 1 else None,
            "site": self.admin_site,
            "paths": self.neighbourhood_paths,
        }
        return type(base.__name__, (StaysInNeighbourhood, base), attributes)

    def save_model(self, request, obj, form, change):
        if not change:
            for name in self.stamp_at:
                if getattr(obj, name) is None:
                    setattr(obj, name, clock.now())
            for name in self.stamp_by:
                if getattr(obj, f"{name}_id") is None:
                    setattr(obj, name, request.user)
        super().save_model(request, obj, form, change)

    # --- lists ---

    def get_changelist_instance(self, request):
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError, DataError) as error:
            # A number in the address that no column can hold, or a NUL, which PostgreSQL refuses only when asked.
            if not request.GET:
                raise
            raise IncorrectLookupParameters from error

    def get_list_filter(self, request):
        """Plain names get filters that show no other neighbourhood's rows and go by the portal's clock."""
        return [self._own_filter(item) for item in super().get_list_filter(request)]

    def _own_filter(self, item: Any) -> Any:
        if not isinstance(item, str):
            return item
        try:
            field = self._field_at(item)
        except FieldDoesNotExist:
            return item
        filter_class: type[FieldListFilter]
        if isinstance(field, models.DateField):
            filter_class = ClockDateFilter
        elif field.is_relation:
            filter_class = RelatedOnlyFieldListFilter
        else:
            return item
        return (item, filter_class)

    def _field_at(self, path: str) -> Any:
        model: Any = self.model
        field: Any = None
        for part in path.split("__"):
            field = model._meta.get_field(part)
            model = field.related_model
        return field
