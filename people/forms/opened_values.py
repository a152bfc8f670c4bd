"""What a form was opened with, so that a save writes what its writer changed and undoes nobody else's change unseen.

The page carries a mark of each value that it showed (:class:`Opened`: signed, no values in clear). When it is sent, the row is
read under its lock, and each field is looked at three ways: as it was shown, as it was sent, as it stands now. What the writer
left alone stays as it stands now; what only the writer changed is written; what both changed, differently, comes back
with both values, and pressing "Save" once more means the writer's, knowingly (docs/rules/saving.md).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any, Self

from django import forms
from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.dates import moment
from portal.forms import come_back_with

NAME = "opened"
MANY = (forms.ModelMultipleChoiceField, forms.MultipleChoiceField)  # each choice is put in and taken out by itself
LONGEST = 500_000  # letters of the hidden field that are read at all
Marks = dict[str, Any]


def plain(value: Any) -> Any:
    """``value`` so that two that a form would show alike are equal."""
    if value is None or value == "":
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, (models.QuerySet, set, frozenset)) or _are_rows(value):
        return sorted(str(getattr(one, "pk", one)) for one in value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float, Decimal)):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, FieldFile):
        return value.name
    if isinstance(value, UploadedFile):
        return f"new: {value.name} {value.size}"
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    return "\n".join(line.rstrip() for line in str(value).replace("\r\n", "\n").strip().split("\n"))


def _are_rows(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(one, models.Model) for one in value)


def mark(value: Any) -> str:
    return sha256(json.dumps(plain(value), sort_keys=True, default=str).encode()).hexdigest()[:10]


@dataclass
class Opened:
    """``rows``: for each row that the page showed (:func:`key_of`) the mark of each field; of many rows chosen, their keys."""

    rows: dict[str, Marks] = field(default_factory=dict)

    def signed(self, about: str) -> str:
        return signing.dumps(self.rows, salt=f"opened {about}", compress=True)

    @classmethod
    def read(cls, text: str, about: str) -> Self | None:
        """None for what is no mark of ours, or one of another page."""
        if not text or len(text) > LONGEST:
            return None
        try:
            return cls(signing.loads(text, salt=f"opened {about}"))
        except (signing.BadSignature, ValueError):
            return None


def key_of(row: models.Model) -> str:
    return f"{row._meta.label_lower}:{row.pk}"


class ThreeWays(forms.BaseForm):
    """Looks at each field as it was shown, as it was sent, and as it stands now. For the two kinds of form below."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.mine: set[str] = set()
        self.clashes: set[str] = set()
        self.rebased: set[str] = set()
        self.fixed_since: list[str] = []

    #: Fields that mean something only as a set (start and end); what one changed of them and the other, too, is one clash.
    together: tuple[tuple[str, ...], ...] = ()

    @property
    def shown(self) -> Marks | None:
        """The marks of the values as the writer saw them; None where nothing tells."""
        raise NotImplementedError

    def _who(self, name: str) -> str:
        return ""

    def _python(self, name: str) -> Any:
        """What stands in the row, as the form would have read it."""
        return self.standing(name)

    def _leave_what_was_not_shown(self, shown: Marks) -> None:
        pass

    def _wrote(self, name: str, shown: Any) -> bool:
        return False

    def _label(self, name: str) -> str:
        return str(self.fields[name].label)

    def _compared(self) -> list[str]:
        return [name for name in self.fields if name != NAME]

    # --- the marks ---

    def standing(self, name: str) -> Any:
        """The value that stands in the row; the form's own ``initial``, whatever the form has written into the instance."""
        return self.get_initial_for_field(self.fields[name], name)

    def marks(self) -> Marks:
        """What the page that is shown now carries: as it was opened, but for what its writer has now been told."""
        shown = self.shown or {}
        return {
            name: shown[name] if name in shown and name not in self.rebased else self._mark(name, self.standing(name))
            for name in self._compared()
            if not isinstance(self.fields[name].widget, forms.FileInput)
        }

    def _mark(self, name: str, value: Any) -> Any:
        asked = self.fields[name]
        if isinstance(asked, MANY):
            return sorted(str(getattr(one, "pk", one)) for one in value or [])
        ticked = isinstance(asked, forms.BooleanField) and not isinstance(asked, forms.NullBooleanField)
        return mark(bool(value) if ticked else value)

    # --- three ways ---

    def _clean_fields(self) -> None:
        form: Any = super()
        form._clean_fields()
        if (shown := self.shown) is None:
            return
        theirs, same = set(), set()
        self._leave_what_was_not_shown(shown)
        for name in [name for name in self._compared() if name in shown]:
            now = self._mark(name, self.standing(name))
            if isinstance(self.fields[name], MANY):
                self._unite(name, shown[name], now)
                continue
            sent = self._mark(name, self.cleaned_data[name]) if name in self.cleaned_data else None
            if sent != shown[name]:
                self.mine.add(name)
            if now != shown[name]:
                theirs.add(name)
            if now == sent:
                same.add(name)
        clashing = self._clashing(theirs, same)
        for name in theirs - self.mine - self.rebased:
            self.cleaned_data[name] = self._python(name)
        self.clashes = clashing
        self.mine -= same - self.rebased
        self.fixed_since = [name for name in shown if name not in self.fields and self._wrote(name, shown[name])]

    def _clashing(self, theirs: set[str], same: set[str]) -> set[str]:
        clashing = (self.mine & theirs) - same
        self.rebased = set(clashing)
        for group in map(set, self.together):
            if self.mine & group - same and theirs & group - same:
                clashing |= theirs & group - same
                self.rebased |= group & self.fields.keys()
        return clashing

    def _unite(self, name: str, shown: list[str], now: list[str]) -> None:
        """What either added is there, what either took out is not."""
        if name not in self.cleaned_data:
            self.mine.add(name)
            return
        sent = set(self._mark(name, self.cleaned_data[name]))
        if sent == set(shown):
            wanted = set(now)
        else:
            wanted = (set(now) | (sent - set(shown))) - (set(shown) - sent)
        if wanted != sent:
            asked: Any = self.fields[name]
            if hasattr(asked, "label_from_instance"):
                self.cleaned_data[name] = asked.queryset.model._default_manager.filter(pk__in=wanted)
            else:
                known = {str(one): one for one in [*(self.standing(name) or []), *self.cleaned_data[name]]}
                order = {value: place for place, (value, _label) in enumerate(_flat(asked.choices))}
                self.cleaned_data[name] = [known[one] for one in sorted(wanted, key=lambda one: order.get(one, 0))]
        if wanted != set(now):
            self.mine.add(name)

    # --- what is said ---

    def full_clean(self) -> None:
        self.mine, self.clashes, self.rebased, self.fixed_since = set(), set(), set(), []
        super().full_clean()
        for name in [name for name in self.fields if name in self.clashes]:
            self.add_error(name, self._clash(name))
        if self.fixed_since:
            labels = _(", ").join(f"“{self._label(name)}”" for name in self.fixed_since)
            self.add_error(
                None,
                _(
                    "Meanwhile %(fields)s can no longer be changed here, because others rely on it. What you wrote there is not"
                    " saved; the rest is, when you press “Save” once more."
                )
                % {"fields": labels},
            )

    def _clash(self, name: str) -> str:
        words = {"value": self.words(name), "who": self._who(name)}
        if words["who"]:
            sentence = _(
                "Meanwhile changed to: %(value)s (%(who)s). Press “Save” once more to keep yours, or write that here."
            )
        else:
            sentence = _("Meanwhile changed to: %(value)s. Press “Save” once more to keep yours, or write that here.")
        return sentence % words

    def words(self, name: str) -> str:
        """What stands in the row now, as its writer may read it."""
        value = self.standing(name)
        asked: Any = self.fields[name]
        if value in (None, "", []):
            return _("nothing")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if hasattr(asked, "label_from_instance"):
            row = asked.queryset.filter(pk=getattr(value, "pk", value)).first()
            return asked.label_from_instance(row) if row is not None else _("something that you may not see")
        if hasattr(asked, "choices"):
            labels = dict(_flat(asked.choices))
            return _(", ").join(
                str(labels.get(str(one), one)) for one in (value if isinstance(value, list) else [value])
            )
        if isinstance(value, datetime):
            return str(moment(value))
        if isinstance(value, list):
            return _(", ").join(str(one) for one in value)
        return f"“{value}”" if isinstance(value, str) else str(localize(value))

    @cached_property
    def changed_data(self) -> list[str]:
        form: Any = self
        changed = {name for name, bound in form._bound_items() if bound._has_changed()}
        if (shown := self.shown) is not None and self.errors is not None:
            changed = {name for name in self.fields if name in (self.mine if name in shown else changed)}
        return [name for name in self.fields if name in changed]


class KeepsOthersChanges(ThreeWays, forms.ModelForm):
    """A form of one row that others may have changed since it was opened. The row has to be read under its lock.

    opened: what the page carried; None where there is nothing to compare with.
    who_changed(row, name of the field): "王芳, 10:02", or "" where nothing tells.
    """

    opened: Opened | None = None
    who_changed: Callable[[models.Model, str], str] = staticmethod(lambda row, name: "")

    @property
    def shown(self) -> Marks | None:
        """The marks of this row as its writer saw it."""
        found = self.opened.rows.get(key_of(self.instance)) if self.opened is not None and self.instance.pk else None
        return found if self.is_bound else None

    def _who(self, name: str) -> str:
        return self.who_changed(self.instance, name)

    def _leave_what_was_not_shown(self, shown: Marks) -> None:
        """What the page offers only since it was opened was not sent, and stands as it is."""
        columns = {one.name for one in self.instance._meta.get_fields() if hasattr(one, "formfield")}
        for name in columns & self.fields.keys() - shown.keys():
            if not isinstance(self.fields[name].widget, forms.FileInput):
                self.cleaned_data[name] = self._python(name)
                self.errors.pop(name, None)

    def _python(self, name: str) -> Any:
        """What stands in the row, as the form would have read it."""
        try:
            self.instance._meta.get_field(name)
        except FieldDoesNotExist:
            return self.cleaned_data.get(name)
        value = self.standing(name)
        chosen = self.fields[name]
        if isinstance(chosen, forms.ModelChoiceField) and value is not None:
            return getattr(self.instance, name)
        return value

    def _wrote(self, name: str, shown: Any) -> bool:
        """Whether the writer changed a field that the page offered and that is fixed by now."""
        sent: Any = self.data
        keys = [
            key
            for key in (self.add_prefix(name), *(f"{self.add_prefix(name)}_{n}" for n in (0, 1)))
            if key in self.data
        ]
        if not keys:
            return False
        try:
            model_field: Any = self.instance._meta.get_field(name)
            asked = model_field.formfield()
            if isinstance(shown, list):
                return sorted(sent.getlist(keys[0])) != shown
            return mark(asked.clean(" ".join(str(sent[key]) for key in keys).strip())) != shown
        except (FieldDoesNotExist, ValidationError, AttributeError):
            return True

    def _label(self, name: str) -> str:
        try:
            return capfirst(str(getattr(self.instance._meta.get_field(name), "verbose_name", name)))
        except FieldDoesNotExist:
            return name


class KeepsOthersAnswers(ThreeWays, forms.Form):
    """A form of a resident about what is stored, such as a name. ``initial`` is what is stored now, also when it was sent.

    about: which record it is, so that marks of another count for nothing.  who(name of the field): "the committee, 10:02".
    The operation writes only what is in ``mine``, under its lock.
    """

    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST)

    def __init__(self, *args, about: str = "", who: Callable[[str], str] | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.about, self.who = about, who
        self.initial[NAME] = Opened({"": self.marks()}).signed(about)

    @property
    def shown(self) -> Marks | None:
        if not self.is_bound or not hasattr(self, "about"):
            return None
        read = Opened.read(str(self.data.get(NAME, "")), self.about)
        return read.rows.get("") if read is not None else None

    def _who(self, name: str) -> str:
        return self.who(name) if self.who is not None else ""

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        if self.shown is None:
            self.mine = {name for name in self._compared() if name in self.changed_data}
            if self.data.get(NAME):
                for name in sorted(self.mine):
                    self.add_error(name, _("Now stored: %(value)s.") % {"value": self.words(name)})
        if self.errors:
            come_back_with(self, NAME, Opened({"": self.marks()}).signed(self.about))


def _flat(choices: Any) -> Iterable[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield str(value), label
