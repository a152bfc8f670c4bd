"""What forms of every kind do with their own fields and with what was sent."""

from typing import Any, TypeVar

from django import forms

Kind = TypeVar("Kind", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, kind: type[Kind]) -> Kind:
    """``form.fields[name]``, which is of this ``kind``: so that what only such a field has can be set.

    field_of(self, "team", forms.ModelChoiceField).queryset = Team.objects.filter(…)
    """
    field = form.fields[name]
    assert isinstance(field, kind), f"{name} is a {type(field).__name__}"
    return field


def come_back_with(form: forms.BaseForm, name: str, value: str) -> None:
    """Have the form, when it is shown again, carry ``value`` instead of what was sent."""
    sent: Any = form.data  # a QueryDict, which its type does not say; the request's own cannot be written to
    data = sent.copy()
    data[name] = value
    form.data = data
