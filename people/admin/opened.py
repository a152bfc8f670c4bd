"""Staff pages write what their writer changed, on top of the row as it is under the lock (T16, docs/rules/saving.md)."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin, ModelAdmin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.access.requests import StaffRequest
from people.forms.opened_values import NAME, KeepsOthersChanges, Opened, key_of, mark
from people.models import User
from portal import clock
from portal.dates import moment

Groups = tuple[tuple[str, ...], ...]
PAGES_LAST = timedelta(days=1)  # a page without marks, from before the release that brought them, is no older
HISTORY = 50  # versions of a row that are looked through for who changed a field


def who_changed(row: models.Model, name: str) -> str:
    """Who gave the field its value, and when, as far as it is written down; staff read staff by their address."""
    history = getattr(row, "history", None)
    if history is None:
        about = ContentType.objects.get_for_model(row, for_concrete_model=False)
        entry = LogEntry.objects.filter(content_type=about, object_id=str(row.pk)).select_related("user").first()
        return f"{entry.user}, {moment(entry.action_time)}" if entry is not None else ""
    versions = list(history.order_by("-history_date", "-history_id").select_related("history_user")[:HISTORY])
    for newer, older in zip(versions, [*versions[1:], None], strict=False):
        if older is None or getattr(newer, name, None) != getattr(older, name, None):
            by = newer.history_user
            return f"{by}, {moment(newer.history_date)}" if by is not None else str(moment(newer.history_date))
    return ""


def changed_by_another(row: models.Model, user: Any) -> bool:
    """Within the time that a page stays open somebody else has saved this record."""
    since = clock.now() - PAGES_LAST
    about = ContentType.objects.get_for_model(row, for_concrete_model=False)
    entries = LogEntry.objects.filter(content_type=about, object_id=str(row.pk), action_time__gte=since)
    return entries.exclude(user=user).exists()


def row_lock(model: type[models.Model], pk: Any) -> None:
    """Lock one row until the transaction ends; of a kind of activity the row that all kinds share, as operations do."""
    root: Any = (model._meta.get_parent_list() or [model])[-1]
    list(root._base_manager.select_for_update(no_key=True).filter(pk=pk).values_list("pk"))


class WritesOwnChanges(BaseModelAdmin):
    """For admins and inlines. ``together``: fields that mean something only as a set, declared once for each model."""

    together: ClassVar[Groups] = ()

    def marked(self, request: StaffRequest) -> dict[str, Any]:
        return {
            "opened": getattr(request, "_opened", None),
            "together": self.together,
            "who_changed": staticmethod(who_changed),
        }


class OpenedRows(forms.BaseInlineFormSet):
    """Rows that somebody removed since: what nobody wrote in is gone, what was written becomes a new row, and is said."""

    opened: Opened | None = None

    def __init__(self, data=None, files=None, instance=None, **kwargs) -> None:
        self.removed = 0
        opts: Any = self
        if data is not None and instance is not None and instance.pk:
            rows = opts.model._base_manager.filter(**{opts.fk.name: instance})
            standing = set(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
            prefix = kwargs.get("prefix") or self.get_default_prefix()
            data = self._without_removed(data, files, prefix, {str(pk) for pk in standing})
        super().__init__(data, files, instance, **kwargs)

    def _without_removed(self, data: Any, files: Any, prefix: str, standing: set[str]) -> Any:
        """``data`` as it would have been sent had the rows that are gone been new ones, or not there at all."""
        opts: Any = self
        pk_name = opts.model._meta.pk.name
        known = self.opened.rows if self.opened is not None else {}
        label = opts.model._meta.label_lower
        try:
            total, initial = int(data.get(f"{prefix}-TOTAL_FORMS")), int(data.get(f"{prefix}-INITIAL_FORMS"))
        except (TypeError, ValueError):
            return data
        if not 0 <= initial <= total <= 1000:
            return data
        gone = {
            number
            for number in range(initial)
            if (pk := data.get(f"{prefix}-{number}-{pk_name}")) not in standing and f"{label}:{pk}" in known
        }
        if not gone:
            return data
        kept = {number for number in gone if self._written(data, files, f"{prefix}-{number}", known, label, pk_name)}
        self.removed = len(kept)
        order = [number for number in range(initial) if number not in gone]
        new = sorted(kept) + list(range(initial, total))
        changed = data.copy()
        for key in [
            key for key in data if key.startswith(f"{prefix}-") and key.split("-")[len(prefix.split("-"))].isdigit()
        ]:
            del changed[key]
        for place, number in enumerate(order + new):
            start = f"{prefix}-{number}-"
            for key in [key for key in data if key.startswith(start)]:
                if not (number in kept and key == start + pk_name):
                    changed.setlist(f"{prefix}-{place}-{key[len(start) :]}", data.getlist(key))
        changed[f"{prefix}-TOTAL_FORMS"], changed[f"{prefix}-INITIAL_FORMS"] = str(len(order + new)), str(len(order))
        return changed

    def _written(self, data: Any, files: Any, prefix: str, known: dict, label: str, pk_name: str) -> bool:
        if data.get(f"{prefix}-DELETE"):
            return False
        shown = known[f"{label}:{data.get(f'{prefix}-{pk_name}')}"]
        opts: Any = self
        form = opts.form(data, files, prefix=prefix)
        form.full_clean()
        sent = form.cleaned_data
        return any(name in sent and mark(sent[name]) != was for name, was in shown.items() if isinstance(was, str))

    def clean(self) -> None:
        super().clean()
        if self.removed:
            raise ValidationError(
                ngettext(
                    "Somebody else has removed a row that you changed. It stands below as a new one: press “Save” once more to keep"
                    " it, or empty it.",
                    "Somebody else has removed %(n)d rows that you changed. They stand below as new ones: press “Save” once more"
                    " to keep them, or empty them.",
                    self.removed,
                )
                % {"n": self.removed}
            )


class InlineOfOpenedRows(WritesOwnChanges, InlineModelAdmin):
    def get_formset(self, request, obj=None, **kwargs):
        made = super().get_formset(request, obj, **kwargs)
        marked = self.marked(request)
        form = type(made.form.__name__, (made.form,), marked)
        return type(made.__name__, (OpenedRows, made), {"form": form, "opened": marked["opened"]})


class PageOfOpenedRows(WritesOwnChanges, ModelAdmin):
    def lock_row(self, request: StaffRequest, pk: Any) -> None:
        """Before the row is read to be changed; override where operations lock something else first."""
        row_lock(self.model, pk)

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST" and getattr(request, "_is_saving", False):
            self.lock_row(request, object_id)
        return super().get_object(request, object_id, from_field)

    def read_opened(self, request: StaffRequest, object_id: str | None) -> None:
        """Before the page is made: what its writer saw."""
        page: Any = request
        page._is_saving = object_id is not None
        about = f"{self.opts.label_lower}:{object_id}"
        page._opened = Opened.read(request.POST.get(NAME, ""), about)

    def unknown(self, request: StaffRequest, obj: Any) -> bool:
        """Whether this was sent from a page whose marks are missing or not ours, and would undo what is not known to be seen."""
        if request.method != "POST" or obj is None or not isinstance(request.user, User):
            return False
        if getattr(request, "_opened", None) is not None:
            return False
        return bool(request.POST.get(NAME)) or changed_by_another(obj, request.user)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk:
            forms_shown = [context["adminform"].form]
            forms_shown += [form for one in context["inline_admin_formsets"] for form in one.formset.forms]
            rows = {key_of(form.instance): form.marks() for form in forms_shown if _is_marked(form)}
            context |= {NAME: Opened(rows).signed(f"{self.opts.label_lower}:{obj.pk}")}
        return super().render_change_form(request, context, add, change, form_url, obj)


class AsksOnceMore(KeepsOthersChanges):
    """For a page whose marks are missing: it is shown as it was filled in, beside nothing, and saved when it is sent again."""

    asks_again = False

    def full_clean(self) -> None:
        super().full_clean()
        if not self.asks_again or not self.is_bound:
            return
        if differing := self.changed_data:
            for name in differing:
                self.add_error(name, _("Now stored: %(value)s.") % {"value": self.words(name)})
            self.add_error(
                None,
                _(
                    "Somebody may have changed this record since you opened it. Please compare with what is stored now, and"
                    " press “Save” once more."
                ),
            )


def _is_marked(form: Any) -> bool:
    return isinstance(form, KeepsOthersChanges) and bool(form.instance.pk and form.fields)
