"""What residents type about projects."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.fields import CleanCharField
from portal.forms import field_of
from portal.refusals import Refusal
from projects.models import DesignDraft, DraftImage
from projects.operations.feedback import Spot

TEXT, QUOTE = 1000, 200


class FeedbackForm(forms.Form):
    """One thing to say about a version, and where. ``place``: "<image id>:<part>", empty for all of it; ``x`` and ``y``
    point more exactly within the part, where a browser could tell."""

    WORDS = ("text", "quote")

    text = CleanCharField(
        label=gettext_lazy("What would you like to say?"),
        max_length=TEXT,
        lines=True,
        help_text=gettext_lazy("Please no names or phone numbers: everybody can read it. Your own name is not shown."),
    )
    place = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    quote = CleanCharField(
        label=gettext_lazy("Or about these words of the description"), max_length=QUOTE, required=False
    )
    x = forms.FloatField(required=False, min_value=0, max_value=100, widget=forms.HiddenInput)
    y = forms.FloatField(required=False, min_value=0, max_value=100, widget=forms.HiddenInput)

    def __init__(self, *args, draft: DesignDraft, images: list[DraftImage], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.images = {image.pk: image for image in images}
        places: list[tuple[str, Any]] = [("", _("The whole design"))]
        for number, image in enumerate(images, start=1):
            parts = [(f"{image.pk}:{part}", _("Part %(part)s") % {"part": part}) for part in image.parts]
            if len(images) == 1:
                places += parts
            else:
                places.append((_("Picture %(number)d") % {"number": number}, parts))
        field_of(self, "place", forms.ChoiceField).choices = places
        self.fields["place"].error_messages["invalid_choice"] = _(
            "This place is not on the picture. Please choose a part from the list."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("place") and data.get("quote"):
            self.add_error("quote", _("Please choose: either a part of the picture, or words of the description."))
        return data

    def add_error(self, field: str | None, error: Any) -> None:
        """Nobody sees x and y; a browser that tells them wrongly is not the reader's fault."""
        if field not in {"x", "y"}:
            super().add_error(field, error)

    def chosen(self) -> str:
        """The part that is marked now, "" for none."""
        place = self["place"].value() or ""
        return place if isinstance(place, str) and self._image_of(place) is not None else ""

    def _image_of(self, place: str) -> DraftImage | None:
        key, _colon, part = place.partition(":")
        image = self.images.get(int(key)) if key.isascii() and key.isdigit() and len(key) < 19 else None
        return image if image is not None and part in image.parts else None

    def spot(self) -> Spot:
        data = self.cleaned_data
        place = data.get("place", "")
        image = self._image_of(place)
        if image is None:
            return Spot(quote=data.get("quote", ""))
        part = place.partition(":")[2]
        x, y = data.get("x"), data.get("y")
        if x is None or y is None or image.part_at(x, y) != part:
            x, y = image.middle_of(part) or (50, 50)
        return Spot(image, round(x, 2), round(y, 2))

    def refuse(self, refusal: Refusal) -> None:
        field = {"part": "place"}.get(refusal.about, refusal.about)
        self.add_error(field if field in self.fields else None, str(refusal))
