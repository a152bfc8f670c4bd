"""What residents type to come in and about themselves: name and address, code, children, settings."""

import unicodedata
from contextlib import suppress
from typing import Any

from allauth.account.forms import AddEmailForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from people import outbox
from people.models import Neighbourhood, Person
from people.operations import accounts
from people.operations.family import Child
from people.rules.consent import Purpose
from portal import clock
from portal.fields import CleanCharField, CleanEmailField, NameField, WantedPageField
from portal.forms import field_of
from portal.opened_values import KeepsOthersAnswers

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


class ChildForm(KeepsOthersAnswers):
    """A child and what the guardian agrees to; nothing is ticked beforehand (V4, V5).

    ``decides_data_alone``: from 14 with an own account the child's data are no question to the guardian.
    """

    name = NameField(label=_("Child's name"), max_length=NAME_LENGTH, help_text=_("Never shown in public."))
    nickname = NameField(
        label=_("Nickname"),
        max_length=NICKNAME_LENGTH,
        required=False,
        help_text=_("Shown in public only if you agree below; otherwise it reads “young volunteer”."),
    )
    birth_date = forms.DateField(
        label=_("Birth date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        help_text=_("So that age limits and consent rules can be kept. Never shown in public."),
        error_messages={"invalid": _("Please write the day like 2012-05-31.")},
    )
    relation = CleanCharField(
        label=_("You are the child's"), max_length=20, help_text=_("Mother, father, grandmother …")
    )
    # A field may be called data: the form's class takes it off before there is a form that has data.
    data = forms.BooleanField(required=False, label=_("The committee may keep this child's data"))  # type: ignore[assignment]
    service = forms.BooleanField(required=False, label=_("My child may take part in volunteering"))
    record = forms.BooleanField(required=False, label=_("Service time may be recorded"))
    photo = forms.BooleanField(required=False, label=_("Photos in which my child can be recognised may be published"))
    nickname_shown = forms.BooleanField(required=False, label=_("The nickname may be shown in public"))

    TICKS = {
        "data": Purpose.DATA,
        "service": Purpose.SERVICE,
        "record": Purpose.RECORD,
        "photo": Purpose.PHOTO,
        "nickname_shown": Purpose.NICKNAME,
    }

    def __init__(self, *args, decides_data_alone: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.decides_data_alone = decides_data_alone
        self.fields["data"].help_text = _(
            "Needed, or we could not keep the name. From 14 on your child has to agree: tick it only when your child"
            " has read the notice and says yes."
        )
        self.fields["service"].help_text = _("For each activity you are asked once more.")
        if decides_data_alone:
            del self.fields["data"]
        self.fields["birth_date"].widget.attrs["max"] = lazystr(clock.today().isoformat())

    @classmethod
    def initial_of(cls, person: Person, relation: str, agreed: set[str]) -> dict:
        return {
            "name": person.name,
            "nickname": person.nickname,
            "birth_date": person.birth_date,
            "relation": relation,
            **{field: purpose in agreed for field, purpose in cls.TICKS.items()},
        }

    def child(self) -> Child:
        data = self.cleaned_data
        return Child(
            name=data["name"],
            nickname=data["nickname"],
            birth_date=data["birth_date"],
            relation=data["relation"],
            agreed=frozenset(
                purpose
                for field, purpose in self.TICKS.items()
                if data.get(field) or (field == "data" and self.decides_data_alone)
            ),
        )


class SettingsForm(KeepsOthersAnswers):
    name = NameField(label=_("Your name"), max_length=NAME_LENGTH)
    nickname = NameField(label=_("Nickname"), max_length=NICKNAME_LENGTH, required=False)
    language = forms.ChoiceField(label=_("Language of pages and mails"), choices=settings.LANGUAGES)
    wanted = forms.MultipleChoiceField(
        label=_("What we may write to you about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Confirmations and changes of what you signed up for always come."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.label) for kind in outbox.optional_kinds()]
        if kinds:
            field_of(self, "wanted", forms.ChoiceField).choices = kinds
        else:
            del self.fields["wanted"]


class ConsentForm(forms.Form):
    """One button of the consents page."""

    person = forms.IntegerField(min_value=1)
    purpose = forms.ChoiceField(choices=Purpose.choices)
    action = forms.ChoiceField(choices=[("give", _("I agree")), ("revoke", _("Take back"))])


class AddressForm(AddEmailForm):
    """allauth's, in our words."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].widget = forms.EmailInput(attrs={"autocomplete": "email"})
