"""What residents type and tick: signing up, answering, withdrawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Activity, Minors, SignUp
from activities.rules.family_members import Member, chosen_at_first
from activities.rules.guardian_consent import terms_hash
from people.models import Person
from portal.fields import CleanCharField
from portal.forms import come_back_with, field_of
from portal.refusals import AGE_UNKNOWN, CLASH, Refusal

NOTE_LENGTH = 200
TICK_IF_ADULT = gettext_lazy("Please tick this if you are 18 or over. If you are not, a parent signs you up.")
CHANGED_MEANWHILE = gettext_lazy("Place, time or risks have changed in the meantime. Please read them once more.")


@dataclass(frozen=True)
class Pick:
    """One row to tick."""

    name: str
    value: int
    id: str
    label: str
    words: str = ""
    checked: bool = False
    disabled: bool = False


class PeopleField(forms.MultipleChoiceField):
    """Ticks that name people by id; whatever else is sent, a stranger's id included, gets the same sentence."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": gettext_lazy("Please tick at least one person."),
        "invalid_choice": gettext_lazy("Please choose from the people named here."),
        "invalid_list": gettext_lazy("Please choose from the people named here."),
    }
    people: dict[str, Person]

    def among(self, people: Iterable[Person]) -> None:
        """Let only these be chosen."""
        self.people = {str(person.pk): person for person in people}
        self.choices = [(pk, person.name) for pk, person in self.people.items()]

    def clean(self, value) -> list[Person]:
        return [self.people[pk] for pk in dict.fromkeys(super().clean(value))]


class PersonField(forms.ChoiceField):
    """One of some people, or with ``nobody`` none of them."""

    default_error_messages = {"invalid_choice": gettext_lazy("Please choose from the people named here.")}
    people: dict[str, Person]

    def __init__(self, *, nobody: Any, **kwargs) -> None:
        super().__init__(required=False, **kwargs)
        self.nobody = nobody

    def among(self, people: Iterable[Person]) -> None:
        self.people = {str(person.pk): person for person in people}
        self.choices = [("", self.nobody), *((pk, person.name) for pk, person in self.people.items())]

    def clean(self, value) -> Person | None:
        return self.people.get(super().clean(value))


def ticked(form: forms.Form, name: str) -> set[str]:
    """The values of ``name`` that are ticked now, as typed or to begin with."""
    value = form[name].value() or []
    return {str(one) for one in (value if isinstance(value, list | tuple) else [value])}


class SignUpForm(forms.Form):
    """Who of the household comes, and what the rules ask for on top; only the questions this household needs stand in it."""

    who = PeopleField(
        label=gettext_lazy("Who comes?"), error_messages={"required": gettext_lazy("Please tick who is coming.")}
    )
    adult = forms.BooleanField(label=gettext_lazy("I am 18 or over"), required=False)
    consent = forms.BooleanField(label=gettext_lazy("Guardian's consent"), required=False)
    companion = PersonField(
        nobody=gettext_lazy("Whoever of us comes along"), label=gettext_lazy("Who stays with the children?")
    )
    coach = PeopleField(label=gettext_lazy("Who takes the coach?"), required=False)
    accept_clash = forms.BooleanField(label=gettext_lazy("I know, sign up anyway"), required=False)
    note = CleanCharField(
        label=gettext_lazy("Anything we should keep in mind?"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("For instance: walks slowly, afraid of dogs, comes with a wheelchair."),
    )
    # What place, time and risks were when the page was read; consent to what has changed since would be none (V4).
    terms = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        *args,
        activity: Activity,
        reader: Person,
        household: Sequence[Member],
        seated: Iterable[Person] = (),
        coach_left: int | None = None,
        ask_adult: bool = False,
        **kwargs,
    ) -> None:
        """seated: adults of the household with a confirmed seat here, who may stay with a child that joins later."""
        super().__init__(*args, **kwargs)
        self.activity, self.reader, self.household = activity, reader, list(household)
        self.coach_left = coach_left
        self.clashes = bool(self.data.get("accept_clash"))
        self.lacks_data_consent: Person | None = None
        free = [member for member in self.household if member.sign_up is None]
        field_of(self, "who", PeopleField).among(member.person for member in free)
        self.initial.setdefault("who", chosen_at_first(activity, self.household))
        self.initial.setdefault("terms", terms_hash(activity))
        self.wards = [member for member in free if member.is_ward and member.is_minor and not member.hindrance]
        minors = [member for member in free if member.is_minor and not member.hindrance and not member.is_self]
        adults = [member.person for member in self.household if not member.is_minor and member.sign_up is None]
        self.companions = list({person.pk: person for person in [*adults, *seated]}.values())
        if not ask_adult:
            del self.fields["adult"]
        if not self.wards:
            del self.fields["consent"]
        if activity.minors != Minors.WITH_GUARDIAN or not minors or len(self.companions) < 2:
            del self.fields["companion"]
        else:
            field_of(self, "companion", PersonField).among(self.companions)
        if activity.coach_seats is None:
            del self.fields["coach"]
        else:
            field_of(self, "coach", PeopleField).among(member.person for member in free)

    def clean_terms(self) -> str:
        seen = self.cleaned_data["terms"]
        if self.cleaned_data.get("consent") and seen and seen != terms_hash(self.activity):
            come_back_with(self, "terms", terms_hash(self.activity))  # the page that comes back shows just this
            self.add_error("consent", CHANGED_MEANWHILE)
        return seen

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        companion, who = data.get("companion"), data.get("who")
        if companion and who is not None and companion not in who:
            member = next((one for one in self.household if one.person == companion), None)
            if member is None or member.sign_up is None:
                self.add_error(
                    "companion",
                    _("%(name)s is not coming along. Please tick %(name)s above too, or choose somebody else.")
                    % {"name": companion.name},
                )
        return data

    def refuse(self, refusal: Refusal) -> None:
        """Put the sentence beside the question it answers."""
        if refusal.about == "data":
            self.lacks_data_consent = refusal.person
        if refusal.code == CLASH:
            self.clashes = True
        if refusal.about == "consent":
            # They changed behind this page: it is drawn anew with what stands now, and that is what a next yes is to.
            self.activity.refresh_from_db(fields=["starts_at", "ends_at", "location", "risks", "safeguards"])
            come_back_with(self, "terms", terms_hash(self.activity))
        if refusal.about in self.fields:
            self.add_error(refusal.about, str(refusal))
        elif "adult" in self.fields and refusal.person == self.reader and not self.cleaned_data.get("adult"):
            # The tick stands right there: nobody is sent to another page, or to a parent, for it.
            is_asked = refusal.code == AGE_UNKNOWN
            self.add_error("adult", TICK_IF_ADULT if is_asked else str(refusal))
        else:
            self.add_error("who" if refusal.person else None, str(refusal))

    def arguments(self) -> dict[str, Any]:
        """For ``operations.sign_ups.sign_up``."""
        data = self.cleaned_data
        coming = {person.pk for person in data["who"]}
        return {
            "people": data["who"],
            "guardian_consents": data.get("consent", False),
            "terms_read": data.get("terms", ""),
            "companion": data.get("companion"),
            "coach": {person.pk for person in data.get("coach", ())} & coming,
            "accept_clash": data["accept_clash"],
            "note": data["note"],
        }

    @property
    def picks(self) -> list[Pick]:
        chosen = ticked(self, "who")
        return [
            Pick(
                name="who",
                value=member.person.pk,
                id=f"{self['who'].auto_id}_{number}",
                label=_("%(name)s (you)") % {"name": member.person.name} if member.is_self else member.person.name,
                words=member.words,
                checked=str(member.person.pk) in chosen and not member.hindrance,
                disabled=not member.may_be_chosen,
            )
            for number, member in enumerate(self.household)
        ]

    @property
    def consent_words(self) -> str:
        """The very sentence of the tick, naming every child it may count for."""
        names = _(", ").join(member.person.name for member in self.wards)
        if self.activity.minors == Minors.WITH_GUARDIAN:
            return _(
                "I am the guardian of %(names)s, I have read the risks above, and I agree to whoever of them I have ticked"
                " taking part here, with an adult at their side throughout."
            ) % {"names": names}
        return _(
            "I am the guardian of %(names)s, I have read the risks above, and I agree to whoever of them I have ticked"
            " taking part here."
        ) % {"names": names}

    @property
    def may_add_children(self) -> bool:
        """Adults only, and only where children may come."""
        return self.activity.minors != Minors.NO and any(
            member.is_self and not member.is_minor for member in self.household
        )

    @property
    def coach_picks(self) -> list[Pick]:
        chosen = ticked(self, "coach")
        return [
            Pick(
                name="coach",
                value=member.person.pk,
                id=f"{self['coach'].auto_id}_{number}",
                label=member.person.name,
                checked=str(member.person.pk) in chosen,
            )
            for number, member in enumerate(self.household)
            if member.may_be_chosen
        ]

    @property
    def is_one_tap(self) -> bool:
        """Whether pressing the button is all there is to do: the reader alone, nothing else to tick."""
        return not self.is_bound and self.initial["who"] == [self.reader.pk] and "adult" not in self.fields


class RowsForm(forms.Form):
    """Which of one's own sign-ups something is about: who stays away, who takes the offered seats."""

    who = PeopleField(label=gettext_lazy("Who?"))

    def __init__(self, *args, rows: Sequence[SignUp], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        field_of(self, "who", PeopleField).among(row.person for row in self.rows)
        self.initial.setdefault("who", [row.person_id for row in self.rows])

    @property
    def chosen(self) -> list[SignUp]:
        people = set(self.cleaned_data["who"])
        return [row for row in self.rows if row.person in people]

    @property
    def picks(self) -> list[Pick]:
        chosen = ticked(self, "who")
        return [
            Pick(
                name="who",
                value=row.person_id,
                id=f"{self['who'].auto_id}_{number}",
                label=row.person.name,
                words=str(row.get_status_display()) if self.shows_status else "",
                checked=str(row.person_id) in chosen,
            )
            for number, row in enumerate(self.rows)
        ]

    shows_status = False

    def refuse(self, refusal: Refusal) -> None:
        if refusal.about in self.fields:
            self.add_error(refusal.about, str(refusal))
        else:
            self.add_error("who" if refusal.person and len(self.rows) > 1 else None, str(refusal))


class ConsentForm(RowsForm):
    """A guardian's yes or no; a yes to what has changed since the page was read would be none (V4)."""

    terms = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args, rows: Sequence[SignUp], **kwargs) -> None:
        super().__init__(*args, rows=rows, **kwargs)
        self.initial.setdefault("terms", terms_hash(self.rows[0].activity))

    @property
    def agrees(self) -> bool:
        return self.data.get("action") != "decline"

    def clean_terms(self) -> str:
        seen = self.cleaned_data["terms"]
        now = terms_hash(self.rows[0].activity)
        if self.agrees and seen and seen != now:
            come_back_with(self, "terms", now)  # what holds now
            self.add_error(None, CHANGED_MEANWHILE)
        return seen


class WithdrawForm(RowsForm):
    """companions: adults of one's own with a confirmed seat here, of whom one may stay with a child that is left behind (V5)."""

    companion = PersonField(
        nobody=gettext_lazy("Nobody, the child stays away too"), label=gettext_lazy("Who stays with the child instead?")
    )
    shows_status = True

    def __init__(self, *args, rows: Sequence[SignUp], companions: Sequence[Person] = (), **kwargs) -> None:
        super().__init__(*args, rows=rows, **kwargs)
        if companions:
            field_of(self, "companion", PersonField).among(companions)
        else:
            del self.fields["companion"]
