"""The attendance sheet: a line for each, with came, absent or excused, and what this kind of activity asks beside it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ArrivalSlip, SignUp, SignUpStatus, WalkIn
from portal.refusals import Refusal
from portal.registry import Registry

MARKS = [
    (SignUpStatus.ATTENDED, _("came")),
    (SignUpStatus.ABSENT, _("did not come")),
    (SignUpStatus.EXCUSED, _("excused")),
]


@dataclass(frozen=True)
class Columns:
    """What the sheet asks beside the mark, for kinds whose attendance counts for something (``Kind.counts_for``).

    known(activity, person ids) -> {person id: what stands already}.  fields(activity, what stands or None, at) -> the fields.
    details(form, activity) -> what the follower of ``record_attendance`` takes, None for nothing typed; adds errors to the form.
    template: shows what stands; gets ``known``.
    """

    known: Callable[[Activity, Collection[int]], dict[int, Any]]
    fields: Callable[[Activity, Any, datetime], dict[str, forms.Field]]
    details: Callable[[forms.Form, Activity], Any]
    template: str


#: By what attendance counts for. volunteers: 400.
sheet_columns = Registry[Columns]("columns of the attendance sheet", named=lambda columns: columns.template)


class LineForm(forms.Form):
    """One person's line; whoever has no mark stays unmarked."""

    mark = forms.ChoiceField(
        choices=MARKS,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one of the three.")},
    )

    def __init__(
        self,
        data: Any,
        *,
        row: SignUp | WalkIn,
        name: str,
        activity: Activity,
        columns: Columns | None,
        known: Any,
        at: datetime,
    ) -> None:
        initial = {"mark": row.status if row.status in {value for value, _label in MARKS} else None}
        super().__init__(data, prefix=f"p{row.person_id}", initial=initial)
        self.row, self.name, self.activity, self.columns, self.known = row, name, activity, columns, known
        self.details: Any = None
        if columns is not None:
            self.fields |= columns.fields(activity, known, at)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{name}: {field.label}" if field.label else name

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields beside the mark."""
        return [self[name] for name in self.fields if name != "mark"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.columns is None or self.errors:
            return data
        self.details = self.columns.details(self, self.activity)
        if self.details is not None and data.get("mark") in {SignUpStatus.ABSENT, SignUpStatus.EXCUSED}:
            self.add_error("mark", _("Whoever was not there has no times. Please clear them, or choose “came”."))
        elif self.details is not None and not data.get("mark"):
            data["mark"] = str(SignUpStatus.ATTENDED)  # whoever has times was there
        return data

    def refuse(self, refusal: Refusal) -> None:
        """Beside its field, and with no more of a child's name than the reader sees on the line."""
        sentence = str(refusal).replace(self.row.person.name, self.name)
        self.add_error(refusal.about if refusal.about in self.fields else None, sentence)

    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("mark"))


class SlipForm(forms.ModelForm):
    """Somebody who is not on the list, as the leader hears it."""

    class Meta:
        model = ArrivalSlip
        fields = ["name", "is_minor", "phone", "consent_by", "came_at", "left_at"]
        widgets = {
            "came_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "left_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "consent_by": _("Only for minors: who said yes, on the spot or by phone."),
            "left_at": _("Empty until they have left."),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **{"prefix": "slip", **kwargs})
