"""What members type about their rota, volunteers about their service, and leaders on the attendance sheet."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.forms.attendance import Columns
from activities.models import Activity, SignUp, SignUpStatus
from people.models import Person, Team
from portal import clock
from portal.dates import day, span
from portal.fields import CleanCharField, ManyRows
from portal.forms import field_of
from projects.models import Project
from volunteers.models import ServiceRecord, Turn
from volunteers.models.rota import WEEKDAYS
from volunteers.operations import service
from volunteers.operations.sheet import Times

DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
ANY = "any"
CODES = _("The codes on the tags of covers, panels or beds, such as JG-01, HT-3.")


def day_field(label) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please write the day like 2019-02-05."), "required": _("Please choose a day.")},
    )


class TurnForm(forms.Form):
    """A standing promise: a weekday, or wherever hands are missing."""

    weekday = forms.ChoiceField(
        label=_("I come every week on"),
        choices=[*((str(number), name) for number, name in WEEKDAYS), (ANY, _("any day when hands are missing"))],
        error_messages={"invalid_choice": _("Please choose one of the days listed.")},
    )

    @property
    def chosen(self) -> int | None:
        value = self.cleaned_data["weekday"]
        return None if value == ANY else int(value)


class LeaveForm(forms.Form):
    first_day = day_field(_("Away from"))
    last_day = day_field(_("Away until"))

    def clean(self):
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        if (first and first.year > 2200) or (last and last.year > 2200):
            self.add_error("last_day", _("Please write the day like 2019-02-05."))
        return data


class SwapForm(forms.Form):
    """Whom to ask, and which of their turns to take for it. ``members`` and ``turns`` are those who can be asked."""

    who = forms.ChoiceField(label=_("Whom do you ask?"), error_messages={"required": _("Please choose whom to ask.")})

    def __init__(self, *args, members: Sequence[Person], turns: Sequence[SignUp], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.members = {person.pk: person for person in members}
        self.turns = {row.pk: row for row in turns}
        swaps = [
            (f"turn:{row.pk}", _("%(name)s, for the turn on %(when)s") % {"name": row.person.name, "when": _when(row)})
            for row in turns
        ]
        field_of(self, "who", forms.ChoiceField).choices = [
            ("", _("Please choose")),
            (_("Take my turn"), [(f"person:{person.pk}", person.name) for person in members]),
            (_("Exchange turns"), swaps),
        ]

    @property
    def asked(self) -> Person:
        kind, _colon, pk = self.cleaned_data["who"].partition(":")
        return self.members[int(pk)] if kind == "person" else self.turns[int(pk)].person

    @property
    def wanted(self) -> SignUp | None:
        kind, _colon, pk = self.cleaned_data["who"].partition(":")
        return self.turns[int(pk)] if kind == "turn" else None


def _when(row: SignUp) -> str:
    return f"{day(row.activity.starts_at)} {span(row.activity)}"


class DiaryForm(forms.Form):
    """Who was there, and a word about it."""

    present = forms.MultipleChoiceField(label=_("Who was there?"), required=False, widget=forms.CheckboxSelectMultiple)
    note = CleanCharField(
        label=_("A word about it"),
        max_length=200,
        required=False,
        help_text=_("What was done, what is broken or missing. Nobody's name, please."),
    )

    def __init__(self, *args, members: Sequence[Person], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(person.pk): person for person in members}
        field_of(self, "present", forms.ChoiceField).choices = [
            (pk, person.name) for pk, person in self.members.items()
        ]

    @property
    def people(self) -> list[Person]:
        return [self.members[pk] for pk in self.cleaned_data["present"]]


def turn_words(turn: Turn) -> str:
    return str(turn.get_weekday_display()) if turn.weekday is not None else str(_("any day when hands are missing"))


def month_of(text: str, today: date) -> date:
    """The first day of the month "2019-02"; this month for anything else."""
    year, _dash, month = text.partition("-")
    if year.isascii() and month.isascii() and year.isdigit() and month.isdigit() and len(year) == 4 and len(month) <= 2:
        try:
            return date(int(year), int(month), 1)
        except ValueError:
            pass
    return today.replace(day=1)


def time_field(label, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        input_formats=["%H:%M", "%H：%M", "%H%M", "%H.%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Please write the time like 9:30."), "required": _("Please write the time.")},
    )


class ReportForm(forms.Form):
    """One's own report of service at an activity that one was signed up for."""

    activity = forms.ChoiceField(label=_("What was it?"), error_messages={"required": _("Please choose what it was.")})
    came = time_field(_("Came at"))
    left = time_field(_("Left at"))
    break_minutes = forms.IntegerField(label=_("Breaks, in minutes"), min_value=0, max_value=600, initial=0)
    worked_on = CleanCharField(label=_("What did you work on?"), max_length=120, required=False, help_text=CODES)

    def __init__(self, *args, activities: Sequence, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.activities = {str(one.pk): one for one in activities}
        choices = [(pk, f"{day(one.starts_at)} {one.title}") for pk, one in self.activities.items()]
        field_of(self, "activity", forms.ChoiceField).choices = [("", _("Please choose")), *choices]

    @property
    def chosen(self):
        return self.activities[self.cleaned_data["activity"]]


class CertificateForm(forms.Form):
    """For whom, which period, what for. ``people``: the reader and the minors they are guardian of."""

    person = forms.ChoiceField(label=_("Whose service"))
    since = day_field(_("First day of the period"))
    until = day_field(_("Last day of the period"))
    purpose = CleanCharField(
        label=_("What for"), max_length=80, required=False, help_text=_("Stands on the certificate.")
    )

    def __init__(self, *args, people: Sequence[Person], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        field_of(self, "person", forms.ChoiceField).choices = [(pk, person.name) for pk, person in self.people.items()]

    @property
    def chosen(self) -> Person:
        return self.people[self.cleaned_data["person"]]


class NextTimeForm(forms.Form):
    """ "Tell me next time": anything, or only some projects and teams. Empty: nothing."""

    anything = forms.BooleanField(label=_("Wherever hands are missing"), required=False)
    projects = ManyRows(
        label=_("Only in these projects"),
        queryset=Project.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    teams = ManyRows(
        label=_("Only with these teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, projects, teams, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("projects", projects), ("teams", teams)):
            field: Any = self.fields[name]
            field.queryset = rows
            if not rows.exists():
                del self.fields[name]


def moment_of(activity: Activity, at: time) -> datetime:
    """That time of day on the day of the activity, Asia/Shanghai."""
    return make_aware(datetime.combine(clock.local_date(activity.starts_at), at))


# --- the columns of the attendance sheet for what counts for service ---


def break_field() -> forms.IntegerField:
    return forms.IntegerField(label=_("Breaks, in minutes"), min_value=0, max_value=600, required=False)


def time_fields(activity: Activity, record: ServiceRecord | None, at: datetime) -> dict[str, forms.Field]:
    """Arrivals from the start on; the planned end is offered only once it has passed, so that early leavers are typed (T4)."""
    if not activity.has_started(at=at):
        return {}
    left, pause = time_field(_("Left at"), required=False), break_field()
    if activity.is_past(at=at):
        left.initial = localtime(activity.ends_at).time()
    if record is None:
        came = time_field(_("Came at"), required=False)
        came.initial = localtime(activity.starts_at).time()
        return {"came": came, "left": left, "break_minutes": pause}
    if record.ended_at is None:
        return {"left": left, "break_minutes": pause}
    if record.state == ServiceRecord.State.PENDING:
        return {"confirm": forms.BooleanField(label=_("confirm these times"), required=False)}
    return {}


def times_of(form: Any, activity: Activity) -> Times | None:
    """What was typed; times that only stood there as planned count for whoever is marked as come."""
    data, came_there = form.cleaned_data, form.cleaned_data.get("mark") == SignUpStatus.ATTENDED
    came, left = data.get("came"), data.get("left")
    if data.get("confirm"):
        return Times(confirm=True)
    planned = {
        name: localtime(when).time() for name, when in (("came", activity.starts_at), ("left", activity.ends_at))
    }
    typed = [name for name in ("came", "left") if data.get(name) and data[name] != planned[name]]
    if not typed and not came_there:
        return None
    if left and not came and "came" in form.fields:
        form.add_error("came", gettext("Please write the time."))
        return None
    if not came and not left:
        return None
    return Times(
        came=moment_of(activity, came) if came else None,
        left=moment_of(activity, left) if left else None,
        break_minutes=data.get("break_minutes") or 0,
    )


TIMES = Columns(service.records_at, time_fields, times_of, "volunteers/_sheet_times.html")
