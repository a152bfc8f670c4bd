"""What a building's leader types when a neighbour asks to be written down."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Activity
from activities.operations.building_leader import Newcomer
from people.admin.fields import ScanField
from people.forms.coming_in import NAME_LENGTH
from people.models import Building, Channel, Person
from portal.fields import CleanCharField, NameField
from portal.forms import field_of
from portal.refusals import CLASH, Refusal

NEW = "new"
HOW = [(Channel.IN_PERSON, gettext_lazy("in person")), (Channel.PHONE, gettext_lazy("by phone"))]


class NeighbourForm(forms.Form):
    """One neighbour from the list, or somebody new; what they said, and how."""

    who = forms.ChoiceField(
        label=gettext_lazy("Who asked you?"),
        error_messages={
            "required": gettext_lazy("Please choose who asked you."),
            "invalid_choice": gettext_lazy("Please choose one of your building's neighbours, or somebody new."),
        },
    )
    name = NameField(label=gettext_lazy("Name of somebody new"), max_length=NAME_LENGTH, required=False)
    building = forms.ChoiceField(label=gettext_lazy("Building"), required=False)
    phone = CleanCharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("Only if they want to be phoned. Without it you tell them yourself."),
    )
    agrees = forms.BooleanField(
        label=gettext_lazy(
            "Is 18 or over, has heard the privacy notice, and agrees that the committee keeps name and phone."
        ),
        required=False,
    )
    children = CleanCharField(
        label=gettext_lazy("Children who come along"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("The names as the parent says them, with commas between. Empty: none."),
    )
    sheet = ScanField(
        label=gettext_lazy("Signed sheet of the guardian"),
        help_text=gettext_lazy(
            "A photo of the paper on which the guardian agrees. Without it a child's seat is kept for 48 hours."
        ),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How did they ask?"),
        choices=HOW,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please say whether they asked in person or by phone.")},
    )
    asked = forms.BooleanField(
        label=gettext_lazy("They asked me themselves, and I told them the risks and safeguards above."),
        error_messages={
            "required": gettext_lazy("Nobody is written down unasked. Please tell the risks, ask, and tick this.")
        },
    )
    note = CleanCharField(label=gettext_lazy("Anything the organisers should know?"), max_length=200, required=False)
    accept_clash = forms.BooleanField(
        label=gettext_lazy("They know that they have a seat elsewhere at that time"), required=False
    )

    def __init__(
        self, *args: Any, activity: Activity, buildings: Sequence[Building], people: Sequence[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.buildings = {str(building.pk): building for building in buildings}
        several = len(buildings) > 1
        listed = [
            (key, f"{person.name}（{person.building.name}）" if several and person.building else person.name)
            for key, person in self.people.items()
        ]
        who: Any = self.fields["who"]
        who.choices = [("", _("Please choose")), *listed, (NEW, _("somebody new"))]
        if several:
            field_of(self, "building", forms.ChoiceField).choices = [
                (key, str(one)) for key, one in self.buildings.items()
            ]
        else:
            del self.fields["building"]
        if activity.minors == "no":
            del self.fields["children"], self.fields["sheet"]
        self.fields["accept_clash"].widget = forms.HiddenInput()

    def refuse(self, refusal: Refusal) -> None:
        """The tick about a clash stands there once it is needed."""
        if refusal.code == CLASH:
            self.fields["accept_clash"].widget = forms.CheckboxInput()
        self.add_error(refusal.about if refusal.about in self.fields else None, str(refusal))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("who") == NEW:
            if not data.get("name") and "name" not in self.errors:
                self.add_error("name", _("Please write the name."))
            if not data.get("agrees"):
                self.add_error("agrees", _("Without this the committee may not keep the name. The office can help."))
        return data

    @property
    def chosen(self) -> Person | Newcomer:
        data = self.cleaned_data
        if data["who"] != NEW:
            return self.people[data["who"]]
        building = (
            self.buildings[data["building"]] if "building" in self.fields else next(iter(self.buildings.values()))
        )
        return Newcomer(data["name"], data["phone"], building)

    @property
    def children_named(self) -> list[str]:
        return [
            name for part in re.split(r"[,，、;；]", self.cleaned_data.get("children", "")) if (name := part.strip())
        ]
