"""Forms of the staff pages of activities."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminRadioSelect, AdminSplitDateTime
from django.core.signing import Signer
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.models import Activity, Audience, Booking, SignUp, SignUpStatus
from activities.pages import consequences
from activities.rules.staff_scope import covers
from people.access import minors
from people.access.grants import neighbourhoods_with
from people.admin.fields import ScanField, SearchMany, SearchOne, TicksField
from people.admin.shared import ActForm, Told
from people.models import Channel, Guardianship, Location, Person, TeamMembership, User
from people.models.person import PersonQuerySet
from portal import clock
from portal.columns import column
from portal.dates import moment
from portal.fields import CleanCharField, ManyRows
from portal.forms import come_back_with, field_of

BY_HAND = [(code, label) for code, label in Channel.choices if code in {"phone", "paper", "in_person"}]


class ActivityForm(forms.ModelForm):
    """The fields of every kind; refuses what would put the row out of its editor's own scope."""

    open_to = TicksField(
        label=gettext_lazy("open to"),
        choices=Audience.choices,
        help_text=gettext_lazy("Tick nothing where nobody needs to sign up."),
    )
    no_need_to_tell = forms.BooleanField(
        label=gettext_lazy("Only a slip of the pen: nobody need be told"),
        required=False,
        help_text=gettext_lazy(
            "Otherwise those who come are told when the title, where exactly or what to bring has changed."
        ),
    )
    staff: User
    permission = ""

    def clean(self):
        data = super().clean() or self.cleaned_data
        seats = data.get("coach_seats")
        if seats is not None and self.instance.pk:
            taken = self.instance.sign_ups.live().filter(takes_coach=True).count()
            if seats < taken:
                self.add_error(
                    "coach_seats", _("%(taken)d coach seats are taken; there cannot be fewer.") % {"taken": taken}
                )
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and not covers(self.staff, self.permission, self.instance):
            self.add_error(
                None,
                _("This would be outside of what your role covers. Please choose the organisation or team it is for."),
            )


class ReasonForm(ActForm):
    reason = CleanCharField(
        label=gettext_lazy("Why"),
        max_length=120,
        help_text=gettext_lazy("Everyone who signed up reads this."),
    )


class ReopenForm(ActForm):
    reason = CleanCharField(
        label=gettext_lazy("Why"), max_length=200, help_text=gettext_lazy("It is kept with the sheet.")
    )


class CapacityForm(ActForm):
    capacity = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=gettext_lazy("Empty: no limit. More seats go to those who wait, in their order."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capacity"].initial = self.rows[0].capacity


class MoveForm(ActForm):
    """New time and place. Sent once, it says what follows from just these values; sent again, it is done."""

    starts_at = forms.SplitDateTimeField(label=gettext_lazy("Starts at"), widget=AdminSplitDateTime)
    ends_at = forms.SplitDateTimeField(label=gettext_lazy("Ends at"), widget=AdminSplitDateTime)
    location = forms.ModelChoiceField(
        label=gettext_lazy("Location"), queryset=Location.objects.none(), required=False, empty_label="–"
    )
    reason = CleanCharField(
        label=gettext_lazy("Why"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Everyone who signed up reads this."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        activity = self.rows[0]
        locations = Location.objects.filter(neighbourhood=activity.neighbourhood_id)
        field_of(self, "location", forms.ModelChoiceField).queryset = locations
        for name in ("starts_at", "ends_at", "location"):
            self.fields[name].initial = getattr(activity, name)

    def clean(self):
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The end must lie after the start."))
        if starts and starts <= clock.now():
            self.add_error("starts_at", _("The new time lies in the past."))
        return data

    def _values(self) -> str:
        data = self.cleaned_data
        place = getattr(data["location"], "pk", "")
        return f"{self.rows[0].pk} {data['starts_at'].isoformat()} {data['ends_at'].isoformat()} {place}"

    def ask_first(self) -> Told | None:
        mark = Signer(salt="move").sign(self._values())
        if self.cleaned_data["seen"] == mark:
            return None
        come_back_with(self, "seen", mark)
        return self.consequences()

    def consequences(self) -> Told:
        activity, data = self.rows[0], self.cleaned_data
        facts = [
            _("From %(old)s to %(new)s.") % {"old": moment(activity.starts_at), "new": moment(data["starts_at"])},
            _("Place: %(old)s → %(new)s.") % {"old": activity.location or "–", "new": data["location"] or "–"},
            *consequences.audience(activity).sentences(),
            *consequences.asked_again(activity),
        ]
        for name in ("signup_until", "cancel_until"):
            value = getattr(activity, name)
            if value and value > data["starts_at"] and not (name == "signup_until" and value > activity.starts_at):
                label = column(Activity, name).verbose_name
                facts.append(_("“%(what)s” moves to the new start.") % {"what": label})
        warnings = [
            _("%(name)s has a seat at “%(title)s” at that time.")
            % {
                "name": minors.name_for(self.request.user, row.person),
                "title": row.activity.title if self._may_know(row.activity) else _("another activity"),
            }
            for row in consequences.clashes(activity, data["starts_at"], data["ends_at"])
        ]
        room = getattr(data["location"], "capacity", None)
        if room is not None and activity.capacity is not None and activity.capacity > room:
            warnings.append(_("The place has room for %(room)d only.") % {"room": room})
        return Told(facts, warnings)

    def _may_know(self, other: Activity) -> bool:
        return other.visibility == "public" or covers(self.request.user, "activities.view_activity", other)


# --- sign-ups entered for others ---


def sees_people(activity: Activity, user: User) -> bool:
    return activity.neighbourhood_id in neighbourhoods_with(user, "people.view_person")


def people_of(activity: Activity, user: User) -> PersonQuerySet:
    """Whom this staff member may sign up here: the neighbourhood's people, or only the team's for a team leader."""
    people = Person.objects.filter(neighbourhood=activity.neighbourhood_id, anonymised_at=None)
    if not sees_people(activity, user):
        members = TeamMembership.objects.on(clock.today()).filter(team=activity.team_id).values("person")
        people = people.filter(pk__in=members)
    return minors.without_minors(people, user).order_by("name", "pk")


class DeskForm(forms.Form):
    """Base of the forms about one activity's sign-ups."""

    def __init__(self, *args, activity: Activity, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.activity, self.user = activity, user

    def choose(self, name: str, queryset: QuerySet[Person]) -> None:
        """Search where the user may see people's records; else a list."""
        field: Any = self.fields[name]
        field.queryset = queryset
        if sees_people(self.activity, self.user):
            many = isinstance(field, forms.ModelMultipleChoiceField)
            widget = SearchMany if many else SearchOne
            field.widget = widget(SignUp._meta.get_field("person"), admin.site)
            field.widget.is_required = field.required
            field.widget.choices = field.choices


class WalkInForm(ActForm):
    """Somebody who is or was there without a seat: whom the role finds, of a team leader the team's own members."""

    person = forms.ModelChoiceField(label=gettext_lazy("Who came"), queryset=Person.objects.none())
    consent_by = CleanCharField(
        label=gettext_lazy("For minors: which guardian agreed"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Name, and on the spot or by phone. Before the end no minor stays without it."),
    )
    accept = forms.BooleanField(
        label=gettext_lazy("I have read what speaks against it, and they are here all the same"), required=False
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if len(self.rows) == 1:
            field: Any = self.fields["person"]
            field.queryset = people_of(self.rows[0], self.request.user)
            if sees_people(self.rows[0], self.request.user):
                field.widget = SearchOne(SignUp._meta.get_field("person"), admin.site)
                field.widget.is_required = True
                field.widget.choices = field.choices


class EnterForm(DeskForm):
    """Whoever rang up, wrote or came, and those who come with them."""

    people = ManyRows(
        label=gettext_lazy("Who is coming"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Everyone who comes together: they get their seats together or wait together."),
        error_messages={"invalid_choice": gettext_lazy("Nobody of that number can be signed up here.")},
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How they asked"), choices=BY_HAND, widget=AdminRadioSelect, initial=Channel.PHONE
    )
    made_by = forms.ModelChoiceField(
        label=gettext_lazy("Who asked"),
        queryset=Person.objects.none(),
        required=False,
        help_text=gettext_lazy("Empty: one of those who come, or the child's guardian."),
    )
    note = CleanCharField(
        label=gettext_lazy("To be kept in mind"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Read by whoever leads the activity."),
    )
    consented = forms.BooleanField(
        label=gettext_lazy("The guardian agrees to this activity"),
        required=False,
        help_text=gettext_lazy(
            "Has read the risks, and signed or said so. Without it a child's seat is kept for 48 hours."
        ),
    )
    guardian = forms.ModelChoiceField(
        label=gettext_lazy("Which guardian"),
        queryset=Person.objects.none(),
        required=False,
        help_text=gettext_lazy("Empty: whoever asked, or the child's guardian."),
    )
    sheet = ScanField(label=gettext_lazy("Signed sheet"))
    sheet_number = CleanCharField(label=gettext_lazy("Sheet number"), max_length=60, required=False)
    companion = forms.ModelChoiceField(
        label=gettext_lazy("Accompanied by"),
        queryset=Person.objects.none(),
        required=False,
        help_text=gettext_lazy("Only where children come without an adult of their own: one who is signed up already."),
    )
    accept_clash = forms.BooleanField(
        label=gettext_lazy("They know that they have a seat elsewhere at that time"), required=False
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        people = people_of(self.activity, self.user)
        for name in ("people", "made_by", "guardian"):
            self.choose(name, people)
        seated = SignUp.objects.filter(activity=self.activity, status=SignUpStatus.CONFIRMED)
        adults = people.adults_on(clock.today())
        field_of(self, "companion", forms.ModelChoiceField).queryset = adults.filter(pk__in=seated.values("person"))
        if not covers(self.user, "activities.add_activityconsent", self.activity):
            for name in ("consented", "guardian", "sheet", "sheet_number", "companion"):
                del self.fields[name]

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("sheet") and not data.get("consented"):
            self.add_error("consented", _("Please tick this if the sheet says so."))
        return data


class WithdrawForm(DeskForm):
    who = ManyRows(
        label=gettext_lazy("Who is not coming"), queryset=SignUp.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    reason = CleanCharField(label=gettext_lazy("Why"), max_length=120, required=False)
    new_companion = forms.ModelChoiceField(
        label=gettext_lazy("Who accompanies the children who stay"), queryset=Person.objects.none(), required=False
    )

    def __init__(self, *args, booking: Booking, chosen: SignUp, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = booking.sign_ups.live().select_related("person")
        who: Any = self.fields["who"]
        who.queryset, who.initial = rows, [chosen.pk]
        who.label_from_instance = lambda row: minors.name_for(self.user, row.person)
        seated = SignUp.objects.filter(activity=self.activity, status=SignUpStatus.CONFIRMED)
        adults = Person.objects.adults_on(clock.today()).filter(pk__in=seated.values("person"))
        field_of(self, "new_companion", forms.ModelChoiceField).queryset = adults


class AnswerForm(DeskForm):
    """What was said by phone to an offer, or to the question to come with fewer."""

    ACCEPT, DECLINE = "accept", "decline"
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[(ACCEPT, gettext_lazy("they come")), (DECLINE, gettext_lazy("they do not come"))],
        widget=AdminRadioSelect,
    )
    who = ManyRows(
        label=gettext_lazy("Who comes"),
        queryset=SignUp.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, booking: Booking, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["who"]
        who.queryset = booking.sign_ups.live().select_related("person")
        who.initial = [row.pk for row in who.queryset]
        who.label_from_instance = lambda row: minors.name_for(self.user, row.person)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("answer") == self.ACCEPT and not data.get("who"):
            self.add_error("who", _("Please choose who is coming."))
        return data


class SheetForm(DeskForm):
    """A guardian's yes to one activity as it reached the office, or that it is taken back (V5)."""

    AGREE, TAKE_BACK = "agree", "take_back"
    what = forms.ChoiceField(
        label=gettext_lazy("What was said"),
        choices=[(AGREE, gettext_lazy("I agree")), (TAKE_BACK, gettext_lazy("I take it back"))],
        widget=AdminRadioSelect,
        initial=AGREE,
    )
    guardian = forms.ModelChoiceField(label=gettext_lazy("Guardian"), queryset=Person.objects.none(), empty_label=None)
    channel = forms.ChoiceField(
        label=gettext_lazy("How"), choices=BY_HAND, widget=AdminRadioSelect, initial=Channel.PAPER
    )
    sheet = ScanField(label=gettext_lazy("Signed sheet"))
    sheet_number = CleanCharField(label=gettext_lazy("Sheet number"), max_length=60, required=False)

    def __init__(self, *args, sign_up: SignUp, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        bonds = Guardianship.objects.filter(child=sign_up.person_id, ended_at=None)
        field_of(self, "guardian", forms.ModelChoiceField).queryset = Person.objects.filter(
            pk__in=bonds.values("guardian")
        )


def seats_words(activity: Any) -> str:
    """3 / 12, 2 waiting; for lists where ``taken`` and ``waiting`` were counted beforehand."""
    limit = "∞" if activity.capacity is None else activity.capacity
    words = f"{activity.taken} / {limit}"
    if activity.waiting:
        words += " " + ngettext("(%(n)d waiting)", "(%(n)d waiting)", activity.waiting) % {"n": activity.waiting}
    return words
