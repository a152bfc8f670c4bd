"""The member's vote and the upkeep log."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.fields import CleanCharField, ManyRows
from portal.files import PictureField
from portal.forms import field_of
from projects.models import PlantCandidate, UpkeepEntry


class VoteForm(forms.Form):
    """A tick for each candidate one is for."""

    candidates = ManyRows(
        label=_("What shall be planted?"),
        queryset=PlantCandidate.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, plan, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "candidates", forms.ModelChoiceField).queryset = plan.candidates.select_related("plant")

    def clean(self):
        data = super().clean() or self.cleaned_data
        if "candidates" in self.errors:  # a key that is none of them, whatever it was
            del self.errors["candidates"]
            self.add_error(
                "candidates", _("One of these plants is not up for this season. Please look at the list once more.")
            )
        return data


class UpkeepForm(forms.Form):
    work = forms.ChoiceField(label=_("What was done"), choices=UpkeepEntry.Work.choices)
    done_on = forms.DateField(
        label=_("When"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        error_messages={"invalid": _("Please write the day like 2012-05-31.")},
    )
    text = CleanCharField(label=_("In a few words"), max_length=200, required=False)
    picture = PictureField(
        label=_("Photo"),
        required=False,
        help_text=_("Shown when the committee has looked at it. Please no faces without their consent."),
    )
    alt = CleanCharField(
        label=_("What can be seen in the photo"),
        max_length=200,
        required=False,
        help_text=_("For those who cannot see the picture."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = clock.today()
