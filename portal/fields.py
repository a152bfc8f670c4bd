"""Form fields for what people type: it becomes clean text or a sentence beside the field, never an error page."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from portal.addresses import local_path
from portal.names import written

JOINERS = {"\u200c", "\u200d"}  # some scripts join their letters with these
_SPACES = re.compile(r"[^\S\n]+")


def say_what_is_missing() -> None:
    """Give every form, the staff's too, our sentences for what was left empty: each says what to do, not what is required."""
    sentences: dict[type[forms.Field], Any] = {
        forms.Field: _("Please fill this in."),
        forms.ChoiceField: _("Please choose one."),
        forms.MultipleChoiceField: _("Please choose at least one."),
        forms.ModelMultipleChoiceField: _("Please choose at least one."),
        forms.BooleanField: _("Please tick this box."),
        forms.FileField: _("Please choose a file."),
    }
    for field, sentence in sentences.items():
        # A dict of its own: most kinds of field share theirs with the one they are built on.
        field.default_error_messages = {**field.default_error_messages, "required": sentence}


def tidy(text: str, *, lines: bool = False) -> str:
    """``text`` in composed form (NFC), without spaces at its ends and doubled within; one line unless ``lines``."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).lstrip("\ufeff")
    if lines:
        return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()
    return " ".join(text.split())


@deconstructible
class PlainText:
    """Refuses NUL (PostgreSQL cannot store it), control characters, half surrogates and text that runs backwards."""

    def __call__(self, value: str) -> None:
        for char in value:
            kind = unicodedata.category(char)
            if (kind in {"Cc", "Cs", "Co"} and char not in "\n\t") or (kind == "Cf" and char not in JOINERS):
                raise ValidationError(
                    _("There is a character in it that cannot be read. Please type it again by hand."),
                    code="unreadable",
                )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PlainText)


@deconstructible
class NameText:
    """A name is letters, marks, digits and what stands between them; pictures (emoji) cannot be read out or printed."""

    BETWEEN = set(" ·•・.,'’‘`-‐–—()（）/、，") | JOINERS

    def __call__(self, value: str) -> None:
        for char in value:
            kind = unicodedata.category(char)[0]
            if kind not in {"L", "M", "N"} and char not in self.BETWEEN:
                raise ValidationError(
                    _("A name is written in letters or characters; “%(char)s” cannot stand in it."),
                    code="not_a_name",
                    params={"char": char},
                )
        if not any(unicodedata.category(char)[0] == "L" for char in value):
            raise ValidationError(_("Please write the name in letters or characters."), code="not_a_name")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NameText)


class AtMost(MaxLengthValidator):
    message = _("At most %(limit_value)d characters, please; these are %(show_value)d.")


class OneSentence(forms.Field):
    """For fields: of several things that are wrong with one value, the first is enough to read."""

    def clean(self, value):
        try:
            return super().clean(value)
        except ValidationError as error:
            raise ValidationError(error.error_list[:1]) from error


class CleanCharField(OneSentence, forms.CharField):
    """One line of text (``lines=True``: several), tidied; a sentence for what cannot be kept.

    Nothing is cut off: a text longer than ``max_length`` is refused and stays in the form.
    """

    def __init__(self, *, lines: bool = False, max_length: int | None = None, **kwargs) -> None:
        self.lines = lines
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)
        self.validators.insert(0, PlainText())
        if max_length is not None:
            # Not through Field.max_length: a browser would cut what is pasted without a word.
            self.validators.append(AtMost(max_length))

    def to_python(self, value):
        text = super().to_python(value)
        return tidy(text, lines=self.lines) if isinstance(text, str) else text


class NameField(CleanCharField):
    """A person's name or nickname."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.validators.append(NameText())

    def to_python(self, value):
        text = super().to_python(value)
        return written(text) if isinstance(text, str) else text


class CleanEmailField(OneSentence, forms.EmailField):
    """An address in lower case, because accounts are found by it; at most what a database column and SMTP take."""

    default_error_messages = {
        "invalid": _("This does not look like an e-mail address. It should read like name@example.com."),
    }

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("max_length", 254)
        super().__init__(**kwargs)
        self.widget.attrs.pop("maxlength", None)
        self.widget.attrs |= {"autocomplete": "email", "inputmode": "email", "autocapitalize": "off"}
        self.validators = [PlainText(), *self.validators]

    def to_python(self, value):
        text = super().to_python(value)
        # Full-width letters and the full stop of a Chinese keyboard are what a phone types by mistake.
        return unicodedata.normalize("NFKC", text).replace("。", ".").replace(" ", "").lower() if text else text


def is_id(value: object) -> bool:
    """Whether ``value`` can be some row's key at all; SQLite cannot even look for longer numbers, nor Python read any."""
    digits = str(value)
    return len(digits) < 20 and digits.isascii() and digits.isdigit() and int(digits) < 2**63


def ids_in(text: str, most: int) -> list[int]:
    """The keys of a list like "3,14,15"; of what comes after the first ``most`` nothing is read."""
    return [int(word) for word in text.split(",", most)[:most] if is_id(word)]


class ManyRows(forms.ModelMultipleChoiceField):
    """Django's, with a sentence also for keys that no row can have."""

    def _check_values(self, value):
        for key in value if isinstance(value, (list, tuple)) else []:
            if not is_id(key):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": str(key)[:20]}
                )
        return super()._check_values(value)  # type: ignore[misc]


class OneRow(forms.ModelChoiceField):
    """Django's, with a sentence also for a key that no row can have."""

    def to_python(self, value):
        if value not in self.empty_values and not isinstance(value, models.Model) and not is_id(value):
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": str(value)[:20]})
        return super().to_python(value)


class WantedPageField(forms.Field):
    """The hidden ``next`` of a form: a page of this portal, or nothing; never a reason to refuse the form."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value):
        return local_path(value)

    def bound_data(self, data, initial):
        return local_path(data)
