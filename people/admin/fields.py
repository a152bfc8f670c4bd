"""Form fields of the staff pages for what the models keep as JSON lists, for searched choices and for scanned sheets."""

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal import files
from portal.fields import CleanCharField, is_id


class KnownOnly(AutocompleteMixin, forms.Select):
    """Django's search boxes look up whatever was sent when they draw a form again, and fall over what is no id at all."""

    def optgroups(self, name, value, attr=None):
        known = [one for one in value if not one or is_id(one)]
        return super().optgroups(name, known, attr)


class SearchOne(KnownOnly, AutocompleteSelect):
    pass


class SearchMany(KnownOnly, AutocompleteSelectMultiple):
    pass


class LinesField(CleanCharField):
    """A list of texts, one on each line."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("widget", AdminTextareaWidget(attrs={"rows": 4}))
        kwargs.setdefault("help_text", _("One on each line."))
        kwargs.setdefault("required", False)
        super().__init__(lines=True, **kwargs)

    def prepare_value(self, value):
        return "\n".join(str(line) for line in value) if isinstance(value, list) else value

    def clean(self, value):
        return [line for line in super().clean(value).split("\n") if line]

    def has_changed(self, initial, data) -> bool:
        lines = [line.strip() for line in str(data or "").splitlines() if line.strip()]
        return (initial or []) != lines


class TicksField(forms.MultipleChoiceField):
    """A list of codes out of ``choices``, in their order."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value) -> list[str]:
        chosen = super().clean(value)
        return [str(code) for code, _label in self.widget.choices if code in chosen]

    def has_changed(self, initial, data) -> bool:
        return super().has_changed(initial or [], data)


class ScanField(forms.FileField):
    """A scanned or photographed sheet: cleans to a Document (PDF) or a Picture (portal.files), or None."""

    widget = forms.ClearableFileInput(attrs={"accept": f".pdf,{files.ACCEPTED}"})
    default_error_messages = files.PictureField.default_error_messages

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", _("A photo or a PDF of the signed sheet. Kept privately."))
        super().__init__(**kwargs)

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return None
        is_pdf = upload.read(5) == b"%PDF-"
        upload.seek(0)
        return files.read_document(upload) if is_pdf else files.read_picture(upload)
