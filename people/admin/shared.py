"""What the portal's ModelAdmins share: acts with a page of their consequences, people to choose from, history, notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from simple_history.admin import SimpleHistoryAdmin

from people.access import minors
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.fields import SearchMany, SearchOne
from people.admin.finding import FindsPeople
from people.admin.opened import AsksOnceMore, InlineOfOpenedRows, PageOfOpenedRows
from people.admin.scope import ScopedAdmin, ScopedFields, ScopedInline
from people.admin.sent_once import SavesOnce
from people.admin.whole_rows import ChecksWholeRow, whole_or_refused
from people.models import Person, User
from portal.fields import ManyRows, ids_in, is_id
from portal.refusals import Refusal, as_message, caught

MOST_AT_ONCE = 200


class ListFilter(admin.SimpleListFilter):
    """Django's, which also takes values that it does not offer: here those count as none."""

    def value(self):
        value = super().value()
        return value if value in {str(code) for code, _label in self.lookup_choices} else None


@dataclass(frozen=True)
class Button:
    """A link above a record."""

    url: str
    label: object
    css: str = ""


@dataclass(frozen=True)
class Told:
    """What a page says before something is done to one row: ``facts`` plainly, ``warnings`` set apart."""

    facts: Sequence[str] = ()
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Act:
    """Something staff do to rows, always after a page that says what follows.

    run(request, row, form data) -> the sentence that says it is done; it calls an operation and may raise Refusal.
    applies(row): whether the button stands above the record.  told(request, row, form data or None): the consequences.
    form: a form class with ``(data, files, rows=…, request=…)``, or None where a button is enough.
    many: also an action of the list.
    """

    name: str
    label: object
    run: Callable[[StaffRequest, Any, dict[str, Any]], str]
    applies: Callable[[Any], bool] = lambda row: True
    told: Callable[[StaffRequest, Any], Told] | None = None
    may: Callable[[Any, StaffRequest, Any], bool] | None = None
    form: type[ActForm] | None = None
    submit: object = ""
    intro: object = ""
    many: bool = True
    css: str = ""


class ActForm(forms.Form):
    """Base of the forms on such pages: knows the rows and the request, so that choices stay within them."""

    request: StaffRequest

    def __init__(self, *args, rows: Sequence[Any] = (), request: StaffRequest | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        if request is not None:
            self.request = request

    def ask_first(self) -> Told | None:
        """What follows from just these values, to be read before they are sent again; None when that has been seen."""
        return None


def admin_url(row: models.Model, page: str = "change", *args: object) -> str:
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args or [row.pk])


def list_url(model: type[models.Model], **query: object) -> str:
    opts = model._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return f"{url}?{urlencode(query)}" if query else url


def page(
    model_admin: admin.ModelAdmin,
    request: StaffRequest,
    *,
    title: object,
    submit: object,
    form: forms.Form | None = None,
    rows: Iterable[tuple[object, Told]] = (),
    intro: object = "",
    back: str = "",
    hidden: Iterable[tuple[str, object]] = (),
    danger: bool = False,
    template: str = "admin/portal/act.html",
    **extra: object,
) -> TemplateResponse:
    """A staff page with one form: what will follow, the fields, one button and the way back."""
    media = model_admin.media + (form.media if form is not None else forms.Media())
    # Choices by autocomplete need jQuery and the labels of Django's own forms.
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "media": media,
        "form": form,
        "rows": list(rows),
        "intro": intro,
        "submit": submit,
        "back": back or reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist"),
        "hidden": list(hidden),
        "danger": danger,
        **extra,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, template, context)


class ChoosesPeople(ScopedFields):
    """Choices of people: by search for whoever may see people, from a short list for everybody else, never a hidden minor."""

    # Fields only for whoever may see people; nobody else empties them. Each in a row of its own.
    names_of_people: ClassVar[frozenset[str]] = frozenset()

    def circle(self, request: StaffRequest) -> models.Q:
        """People whom staff without access to the people's records may choose all the same; override."""
        return models.Q(pk__in=[])

    def sees_people(self, request: StaffRequest) -> bool:
        return isinstance(request.user, User) and request.user.has_perm("people.view_person")

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if not self.names_of_people or self.sees_people(request):
            return found
        kept = [[one for one in part["fields"] if one not in self.names_of_people] for _title, part in found]
        return [(title, {**part, "fields": fields}) for (title, part), fields in zip(found, kept, strict=True)]

    def get_autocomplete_fields(self, request):
        fields = super().get_autocomplete_fields(request)
        if self.sees_people(request):
            return fields
        return [name for name in fields if self.opts.get_field(name).related_model is not Person]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchOne(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchMany(db_field, self.admin_site))
        kwargs.setdefault("form_class", ManyRows)
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, SearchMany):
            # Its "clear all" stands in the list of what is chosen, which screen readers then cannot read as a list.
            field.widget.is_required = True
        return field

    def limited(self, request: StaffRequest, model: type[models.Model], queryset: Any) -> Any:
        rows = super().limited(request, model, queryset)
        if model is Person:
            seen = models.Q(neighbourhood__in=neighbourhoods_with(request.user, "people.view_person"))
            named = models.Q(pk__in=Person.objects.filter(self.circle(request)).values("pk"))
            rows = minors.without_minors(rows.filter(seen | named, anonymised_at=None), request.user)
        return rows


class SaysItSomewhere(AsksOnceMore, ChecksWholeRow):
    """For model forms: what is wrong with a field that this page does not show is said above the form, not as a crash.

    refusal: what saving was refused with; the form comes back with that and everything typed.
    """

    staff: User
    refusal: Refusal | None = None

    def full_clean(self) -> None:
        super().full_clean()
        if self.refusal is not None and self.is_bound:
            self.add_error(self.refusal.about or None, str(self.refusal))

    def add_error(self, field: str | None, error: Any) -> None:
        fields = self.fields
        if field is None and hasattr(error, "error_dict"):
            said: dict[str, list] = {}
            for name, errors in error.error_dict.items():
                said.setdefault(name if name in fields else NON_FIELD_ERRORS, []).extend(errors)
            error = ValidationError(said)
        elif field is not None and field not in fields:
            field = None
        super().add_error(field, error)


class PortalInline(InlineOfOpenedRows, ChoosesPeople, ScopedInline):
    def get_formset(self, request, obj=None, **kwargs):
        form = kwargs.pop("form", self.form)
        kwargs["form"] = type(form.__name__, (SaysItSomewhere, form), {})
        return super().get_formset(request, obj, **kwargs)


class Rows(forms.BaseInlineFormSet):
    """For inlines that ask something of all their rows together."""

    def typed(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        """(form, cleaned data) of each row that was sent and stays. Not the rows that are only shown: Django gives those
        the keys they were read with as "cleaned", and nothing about them is to be decided."""
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if data and data is not form.initial and not data.get("DELETE"):
                yield form, data


def folded(fieldsets: Iterable[Any], *, after: int) -> list[Any]:
    """What is seldom changed waits behind its heading, from ``after`` on; Django opens where something is wrong."""
    fieldsets = list(fieldsets)
    return fieldsets[:after] + [(title, {**part, "classes": ["collapse"]}) for title, part in fieldsets[after:]]


class PortalAdmin(SavesOnce, FindsPeople, PageOfOpenedRows, ChoosesPeople, ScopedAdmin):
    """Base of every ModelAdmin of the portal."""

    change_form_template = "admin/portal/change_form.html"
    acts: ClassVar[tuple[Act, ...]] = ()

    def get_object(self, request, object_id, from_field=None):
        return super().get_object(request, object_id, from_field) if is_id(object_id) else None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "_refused_saving", None)
        asks = change and self.unknown(request, obj)
        own = {"staff": request.user, "refusal": refusal, "asks_again": asks, **self.marked(request)}
        return type(form.__name__, (SaysItSomewhere, form), own)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Refused behind the lock, because a colleague was faster: nothing is saved, and the form comes back as it was typed."""
        self.read_opened(request, object_id)
        with caught() as no, whole_or_refused() if request.method == "POST" else nullcontext():
            return super().changeform_view(request, object_id, form_url, extra_context)
        request._refused_saving = no.refusal
        for upload in (one for name in request.FILES for one in request.FILES.getlist(name)):
            upload.seek(0)
        page = super().changeform_view(request, object_id, form_url, extra_context)
        if isinstance(page, HttpResponseRedirect):  # the record is gone, or none of theirs any more
            messages.error(request, no.sentence)
        return page

    # --- acts ---

    def get_urls(self):
        opts = self.opts
        name = f"{opts.app_label}_{opts.model_name}_act"
        own = [path("act/<slug:name>/", self.admin_site.admin_view(self.act_view), name=name)]
        return own + super().get_urls()

    def act_url(self, act: Act, ids: Iterable[object]) -> str:
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_act", args=[act.name])
        return f"{url}?{urlencode({'ids': ','.join(str(pk) for pk in ids)})}"

    def may_act(self, request: StaffRequest, act: Act, row: models.Model) -> bool:
        if act.may is not None:
            return act.may(self, request, row)
        return self.has_change_permission(request, row)

    def get_actions(self, request):
        """Deleting is never done to many at once: what may be deleted, and why not, stands on each record."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        may = self.has_change_permission(request) or any(act.may is not None for act in self.acts)
        if may:
            for act in self.acts:
                if act.many:
                    actions[act.name] = (self._list_action(act), act.name, capfirst(str(act.label)))
        return actions

    def response_action(self, request, queryset, *args, **kwargs):
        """Ticks that are no keys of rows are ticks of nothing; Django would ask the database for them."""
        if not all(is_id(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            messages.error(request, _("There is no such record, or it is none of yours."))
            return None
        return super().response_action(request, queryset, *args, **kwargs)

    def _list_action(self, act: Act):
        def lead(model_admin, request, queryset):
            ids = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
            if len(ids) > MOST_AT_ONCE:
                messages.error(request, _("Please choose at most %(most)d at a time.") % {"most": MOST_AT_ONCE})
                return None
            return HttpResponseRedirect(self.act_url(act, ids))

        return lead

    def act_view(self, request: StaffRequest, name: str) -> HttpResponseBase:
        """The page of an act on the rows ``?ids=``; POST does it to each and says for each how it went."""
        act = next((act for act in self.acts if act.name == name), None)
        if act is None:
            raise Http404
        rows = self.rows_of(request, act)
        if not rows:
            messages.error(request, _("There is no such record, or it is none of yours."))
            return HttpResponseRedirect(list_url(self.model))
        data = (request.POST, request.FILES) if request.method == "POST" else ()
        form = act.form(*data, rows=rows, request=request) if act.form else None
        valid = request.method == "POST" and (form is None or form.is_valid())
        follows = form.ask_first() if valid and form is not None else None
        if valid and follows is None:
            done = self.do(request, act, rows, form.cleaned_data if form else {})
            if done or form is None:
                return HttpResponseRedirect(self.after_act(request, rows))
        if follows is not None:
            told = [(self.name_of(request, row), follows) for row in rows]
        else:
            told = [(self.name_of(request, row), act.told(request, row) if act.told else Told()) for row in rows]
        return page(
            self,
            request,
            title=capfirst(str(act.label)),
            submit=act.submit or capfirst(str(act.label)),
            form=form,
            rows=told,
            intro=act.intro if follows is None else _("This is what will follow. Press once more to do it."),
            back=admin_url(rows[0]) if len(rows) == 1 else list_url(self.model),
            hidden=[("ids", ",".join(str(row.pk) for row in rows)), ("from", request.GET.get("from", "")[:20])],
            danger=act.css == "danger",
        )

    def name_of(self, request: StaffRequest, row: Any) -> str:
        """What this reader may call ``row`` by."""
        return str(row)

    def after_act(self, request: StaffRequest, rows: Sequence[Any]) -> str:
        """Where the act leads to: the one record it was about, if it is still there, else the list."""
        single = len(rows) == 1 and self.get_queryset(request).filter(pk=rows[0].pk).exists()
        return admin_url(rows[0]) if single else list_url(self.model)

    def rows_of(self, request: StaffRequest, act: Act) -> list[Any]:
        source = request.POST if request.method == "POST" else request.GET
        ids = ids_in(source.get("ids", ""), MOST_AT_ONCE)
        rows = list(self.get_queryset(request).filter(pk__in=ids))
        if any(not self.may_act(request, act, row) for row in rows):
            raise PermissionDenied
        return rows

    def do(self, request: StaffRequest, act: Act, rows: Sequence[Any], data: dict[str, Any]) -> int:
        """Do it to each row; what is refused for one does not keep the others from it. Returns how many went well."""
        done = 0
        for row in rows:
            with as_message(request), whole_or_refused():
                sentence = act.run(request, row, data)
                done += 1
                self.log_change(request, row, capfirst(str(act.label)))
                if len(rows) == 1:
                    messages.success(request, sentence)
        if done and len(rows) > 1:
            messages.success(request, ngettext("Done for %(n)d.", "Done for %(n)d.", done) % {"n": done})
        return done

    # --- the change form ---

    def buttons(self, request: StaffRequest, obj: Any) -> list[Button]:
        """Links above the record; acts that apply first."""
        return [
            Button(self.act_url(act, [obj.pk]), capfirst(str(act.label)), act.css)
            for act in self.acts
            if act.applies(obj) and self.may_act(request, act, obj)
        ]

    def notes(self, request: StaffRequest, obj: Any) -> list[object]:
        """Sentences above the form: why something is fixed, what to do instead."""
        return []

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk:
            context |= {"buttons": self.buttons(request, obj), "notes": self.notes(request, obj)}
            if not context["adminform"].form.fields and not context["inline_admin_formsets"]:
                context |= {"show_save": False, "show_save_and_continue": False}  # only acts change such a record
        return super().render_change_form(request, context, add, change, form_url, obj)


class ReadOnly:
    """For lists of what only operations write."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class WithHistory(SimpleHistoryAdmin):
    """Django's history page filled from simple_history: who changed what, when. Nothing is reverted from here."""

    object_history_list_template = "admin/portal/history.html"

    def revert_disabled(self, request, obj=None) -> bool:
        return True

    def history_view(self, request, object_id, extra_context=None):
        # The stock view would also show the history of rows outside the scope, taken from the history itself.
        if self.get_object(request, unquote(object_id)) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None) -> HttpResponse:
        """An old version is read in the list of changes; putting it back would go past the operations."""
        return HttpResponseRedirect(admin_url(self.model(pk=object_id), "history"))
