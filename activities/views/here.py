"""Where the code at the spot leads: everybody of one's booking who is here, with one press; later the way out."""

from functools import cached_property

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from activities.models import COMING, Activity, Minors, SignUpStatus
from activities.models.kinds import counts_for
from activities.operations import attendance
from activities.rules import ages
from activities.rules.spot_code import is_word_of
from activities.views.detail import ActivityPage
from people.access.requests import SignedInRequest
from people.models import Guardianship, Person
from people.rules import consent
from people.views.me import OwnPage
from portal.forms import field_of
from portal.refusals import as_message, in_form


class HereForm(forms.Form):
    """Who is here; and where it is missing, the consent to time being recorded (V5)."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Who is here?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please tick who is here.")},
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("Our service time may be recorded"),
        required=False,
        help_text=gettext_lazy(
            "Without it we only note that you came. It can be taken back on “My page” under “What I agreed to”."
        ),
    )

    def __init__(self, *args, people: list[Person], asks: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.among = {str(person.pk): person for person in people}
        field_of(self, "people", forms.MultipleChoiceField).choices = [
            (pk, person.name) for pk, person in self.among.items()
        ]
        self.fields["people"].initial = list(self.among)[:1] if len(self.among) == 1 else []
        if not asks:
            del self.fields["agrees"]

    @property
    def chosen(self) -> list[Person]:
        return [self.among[pk] for pk in self.cleaned_data["people"]]


@method_decorator(never_cache, name="dispatch")
class HereView(OwnPage, ActivityPage):
    """Following the link does nothing; only the button does. ``word``: as printed in the code, else it is an own report."""

    request: SignedInRequest
    activity: Activity

    @property
    def with_code(self) -> bool:
        return is_word_of(self.activity, self.kwargs.get("word", ""))

    @cached_property
    def theirs(self) -> list[Person]:
        """Those with a seat whom the reader may speak for; without sign-up the reader and, where children may come, their wards."""
        marked = {SignUpStatus.ATTENDED}
        found = {row.person_id: row.person for row in self.rows if row.status in {*COMING, *marked}}
        if not self.activity.needs_sign_up and self.reader is not None:
            found.setdefault(self.reader.pk, self.reader)
            if self.activity.minors != Minors.NO:
                bonds = Guardianship.objects.filter(guardian=self.reader, ended_at=None).select_related("child")
                for bond in bonds.order_by("pk"):
                    found.setdefault(bond.child_id, bond.child)
        elif self.reader is not None:
            for walk_in in self.activity.walk_ins.filter(person=self.reader).select_related("person"):
                found.setdefault(walk_in.person_id, walk_in.person)
        return list(found.values())

    @cached_property
    def here(self) -> set[int]:
        """Those of them who are marked as come."""
        ids = {row.person_id for row in self.rows if row.status == SignUpStatus.ATTENDED}
        return ids | set(self.activity.walk_ins.filter(person__in=self.theirs).values_list("person", flat=True))

    def form(self, data=None) -> HereForm:
        timed = attendance.timekeepers.get(counts_for(self.activity.kind)) is not None
        missing = consent.without(self.theirs, attendance.RECORD, ages.day_of(self.activity)) if timed else []
        waiting = [person for person in self.theirs if person.pk not in self.here or person in missing]
        return HereForm(data, people=waiting, asks=bool(missing))

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        return self.page(self.form())

    def page(self, form: HereForm) -> HttpResponse:
        keeper = attendance.timekeepers.get(counts_for(self.activity.kind))
        known = keeper.known(self.activity, [person.pk for person in self.theirs]) if keeper else {}
        came = [(person, known.get(person.pk)) for person in self.theirs if person.pk in self.here]
        context = {
            "activity": self.activity,
            "form": form if form.among else None,
            "came": came,
            "may_leave": any(record is not None and record.ended_at is None for _person, record in came),
            "with_code": self.with_code,
            "nobody": not self.theirs,
            "tab": "calendar",
        }
        return render(self.request, "activities/here.html", context)

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        assert self.reader is not None
        if request.POST.get("do") == "out":
            with as_message(request):
                attendance.check_out(self.activity, self.leaving(), by=self.reader, at=self.at)
            return redirect(request.path)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        with in_form(form):
            untimed = attendance.check_in(
                self.activity,
                form.chosen,
                by=self.reader,
                with_code=self.with_code,
                agrees=form.cleaned_data.get("agrees", False),
                at=self.at,
            )
            if untimed:
                names = _(", ").join(person.name for person in untimed)
                messages.info(request, _("Noted that you came. No time is recorded for %(names)s.") % {"names": names})
            else:
                messages.success(request, _("You are checked in"))
            return redirect(request.path)
        return self.page(form)

    def leaving(self) -> list[Person]:
        keeper = attendance.timekeepers.get(counts_for(self.activity.kind))
        known = keeper.known(self.activity, [person.pk for person in self.theirs]) if keeper else {}
        return [person for person in self.theirs if person.pk in known and known[person.pk].ended_at is None]
