"""What a resident sends in: a story, whose it is, what may be published of it, an old photo."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.fields import CleanCharField, NameField
from portal.files import PictureField
from projects.operations.stories import Told

OWN, ANOTHER = "own", "another"


class StoryForm(forms.Form):
    title = CleanCharField(label=_("What is it about?"), max_length=80)
    text = CleanCharField(
        label=_("The story"),
        lines=True,
        max_length=5000,
        help_text=_("As you would tell it. Please no telephone numbers and no full names of others."),
    )
    whose = forms.ChoiceField(
        label=_("Whose memory is it?"),
        choices=[(OWN, _("My own")), (ANOTHER, _("Somebody told it to me"))],
        widget=forms.RadioSelect,
        initial=OWN,
    )
    told_by = NameField(
        label=_("What shall the narrator be called in public?"),
        max_length=30,
        help_text=_("For example “Grandma Qiu”; not the full name."),
    )
    narrator_agreed = forms.BooleanField(
        label=_("I have asked the narrator, who agrees to my sending this"),
        required=False,
        help_text=_("Only where somebody else told it."),
    )
    text_agreed = forms.BooleanField(label=_("The text may be published"), required=False)
    picture = PictureField(label=_("An old photo"), required=False)
    alt = CleanCharField(
        label=_("What can be seen in the photo"),
        max_length=200,
        required=False,
        help_text=_("For those who cannot see the picture."),
    )
    photo_agreed = forms.BooleanField(label=_("The photo may be published"), required=False)

    def told(self) -> Told:
        data = self.cleaned_data
        return Told(
            title=data["title"],
            text=data["text"],
            told_by=data["told_by"],
            own=data["whose"] == OWN,
            narrator_agreed=data["narrator_agreed"],
            text_agreed=data["text_agreed"],
            photo_agreed=data["photo_agreed"],
            picture=data["picture"],
            alt=data["alt"],
        )
