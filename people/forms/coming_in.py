"""What residents type to come in: address and code, and who is new says a name."""

import unicodedata
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.models import Neighbourhood
from people.operations import accounts
from portal.fields import CleanEmailField, NameField, WantedPageField
from portal.forms import field_of

NAME_LENGTH = 60
NICKNAME_LENGTH = 30


class JoinForm(forms.Form):
    """The one form for whoever signs in or comes for the first time: nothing of a person is asked before the code (A1)."""

    email = CleanEmailField(label=_("E-mail"), help_text=_("We send a code of six digits there. No password needed."))
    shared = forms.BooleanField(
        label=_("This is a shared computer"),
        help_text=_("Then you are signed out when the browser is closed, and after two hours at the latest."),
        required=False,
    )
    next = WantedPageField()


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        # A Chinese keyboard types full-width digits, and mail programs copy spaces along.
        return "".join(char for char in unicodedata.normalize("NFKC", self.cleaned_data["code"]) if char.isalnum())[:20]


class KnowMeForm(forms.Form):
    """What a neighbourhood asks whoever is new to it."""

    name = NameField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As the committee should call you."),
    )
    adult = forms.BooleanField(
        label=_("I am 18 or over"),
        required=False,
        help_text=_("Without this you can take part together with a guardian."),
    )
    agrees = forms.BooleanField(
        label=_("I have read how personal data are used, and the committee may keep my name and address"),
        error_messages={"required": _("Without this we cannot keep your name, and so sign you up for nothing.")},
        help_text=_("For the neighbourhood's activities only. You can take it back at any time under “Me”."),
    )

    def answers(self) -> dict[str, Any]:
        """For ``operations.accounts.become_known``."""
        return {"name": self.cleaned_data["name"], "adult": self.cleaned_data["adult"]}


class NewcomerForm(KnowMeForm):
    """After the right code, for an address without an account. ``where``: the area, where the address told it.

    Where the committee knows one adult by this address, it asks whether that is who came: two may share a mailbox (A7).
    """

    neighbourhood = forms.ModelChoiceField(
        label=_("Your residential area"), queryset=Neighbourhood.objects.none(), empty_label=_("Please choose")
    )
    is_known = forms.ChoiceField(
        choices=[("yes", _("Yes, that is me")), ("no", _("No, I am somebody else"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say whether that is you.")},
    )
    field_order = ("neighbourhood", "is_known", "name", "adult", "agrees")

    def __init__(self, *args, email: str, where: Neighbourhood | None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.where = where
        if where is None:
            field = field_of(self, "neighbourhood", forms.ModelChoiceField)
            field.queryset = Neighbourhood.objects.filter(is_open=True)
            if self.is_bound:
                with suppress(ValidationError):
                    where = field.clean(self["neighbourhood"].data)
        else:
            del self.fields["neighbourhood"]
        known = accounts.known_by_address(email, where) if where else None
        if known is None:
            del self.fields["is_known"]
            return
        self.fields["is_known"].label = _("Are you %(name)s?") % {"name": known.name}
        self.fields["name"].required = self.fields["adult"].required = False
        self.fields["name"].help_text = _("Only if you are somebody else.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_known") == "no" and "name" not in self.errors and not data.get("name"):
            self.add_error("name", self.fields["name"].error_messages["required"])
        return data

    @property
    def neighbourhood_chosen(self) -> Neighbourhood:
        return self.where or self.cleaned_data["neighbourhood"]

    def answers(self) -> dict[str, Any]:
        return super().answers() | {"is_known": self.cleaned_data.get("is_known") != "no"}


class HouseholdAdultForm(forms.Form):
    """Somebody of one's household without an account; they agree themself."""

    name = NameField(label=_("Their name"), max_length=NAME_LENGTH, help_text=_("Never shown in public."))


class OwnYesForm(forms.Form):
    """What whoever was named says for themself; nothing is ticked beforehand."""

    adult = forms.BooleanField(
        label=_("This is me, and I am 18 or over"),
        error_messages={"required": _("Please tick this if it is so; else close the page.")},
    )
    agrees = forms.BooleanField(
        label=_("The committee may keep my name, as written under “How we use personal data”"),
        error_messages={"required": _("Without this we cannot keep your name, and so sign you up for nothing.")},
    )
