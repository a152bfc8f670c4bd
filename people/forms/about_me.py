"""What residents write down about themselves and their children: names, settings, consents, the address."""

from allauth.account.forms import AddEmailForm
from django import forms
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from people import outbox
from people.forms.coming_in import NAME_LENGTH, NICKNAME_LENGTH
from people.forms.opened_values import KeepsOthersAnswers
from people.models import Person
from people.operations.family import Child
from people.rules.consent import Purpose
from portal import clock
from portal.fields import CleanCharField, NameField
from portal.forms import field_of


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
