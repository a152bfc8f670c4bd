"""Records that look alike: compared, told apart or joined, and the joining undone (docs/rules/children.md)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminRadioSelect
from django.core.signing import Signer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm, PortalAdmin, ReadOnly, Told
from people.models import Person, PersonMerge, PossibleDuplicate
from people.operations import duplicates, joined_bonds, merging, staff
from portal import clock
from portal.dates import day_year
from portal.fields import CleanCharField
from portal.forms import come_back_with
from portal.refusals import in_form


class JoinForm(ActForm):
    """Which of two records stays, and why they are one person. Sent once it says what follows; sent again it is done."""

    stays = forms.ChoiceField(label=gettext_lazy("Which record stays"), widget=AdminRadioSelect)
    reason = CleanCharField(
        label=gettext_lazy("Why these are one person"),
        max_length=200,
        help_text=gettext_lazy("For instance: both parents added her; the mother confirmed it by phone."),
    )
    paper = CleanCharField(
        label=gettext_lazy("Which paper you have seen"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Only where a guardian comes along and no confirmed guardian can be asked. For instance: household register, shown"
            " by the mother on 3 May."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        pair = self.rows[0]
        stays: Any = self.fields["stays"]
        stays.choices = [(pair.other_id, _("the older one")), (pair.person_id, _("the newer one"))]
        used = pair.person if pair.person.user_id and not pair.other.user_id else pair.other
        stays.initial = used.pk

    @property
    def two(self) -> tuple[Person, Person]:
        """(stays, goes)."""
        pair = self.rows[0]
        stays = self.cleaned_data["stays"] == str(pair.person_id)
        return (pair.person, pair.other) if stays else (pair.other, pair.person)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if not self.errors:
            with in_form(self):
                self.follows = merging.follows(*self.two)
                joined_bonds.check(*self.two, paper=data["paper"])
        return data

    def ask_first(self) -> Told | None:
        mark = Signer(salt="join").sign(f"{self.rows[0].pk} {self.cleaned_data['stays']}")
        if self.cleaned_data["seen"] == mark:
            return None
        come_back_with(self, "seen", mark)
        stays, goes = self.two
        return Told(
            facts=[_("Stays: %(facts)s") % {"facts": facts(stays)}, *self.follows],
            warnings=[_("Goes: %(facts)s") % {"facts": facts(goes)}],
        )


def keep_apart(request: StaffRequest, pair: PossibleDuplicate, data: dict) -> str:
    staff.tell_apart(pair, by=request.user)
    return _("Noted. They are no longer listed as possible duplicates.")


def join(request: StaffRequest, pair: PossibleDuplicate, data: dict) -> str:
    stays, goes = (pair.person, pair.other) if data["stays"] == str(pair.person_id) else (pair.other, pair.person)
    words = {"reason": data["reason"], "paper": data["paper"]}
    if merging.join_or_ask(pair, stays, goes, **words, by=request.user, at=clock.now()) is None:
        return _(
            "A confirmed guardian of the child has been asked. Nothing changes before the answer; it comes back to your list."
        )
    return _("Joined. It can be undone under “Joined records”.")


def told_of_pair(request: StaffRequest, pair: PossibleDuplicate) -> Told:
    """V6: opening a minor's record is noted, here too."""
    if request.method == "GET":
        staff.note_openings([pair.person, pair.other], by=request.user)
    return Told(
        facts=[
            _("Older record: %(facts)s") % {"facts": facts(pair.other)},
            _("Newer record: %(facts)s") % {"facts": facts(pair.person)},
        ]
    )


def facts(person: Person) -> str:
    parts = [person.name, person.email, person.phone, str(person.building or "")]
    age = person.age_on(clock.today())
    parts.append(_("%(age)d years") % {"age": age} if age is not None else "")
    parts.append(_("added %(day)s") % {"day": day_year(person.added_at)})
    parts.append(_("has an account") if person.user_id else _("no account"))
    above = person.guardianships_as_child.filter(ended_at=None).select_related("guardian").order_by("pk")
    if names := _(", ").join(bond.guardian.name for bond in above):
        parts.append(_("guardians: %(names)s") % {"names": names})
    return " · ".join(part for part in parts if part)


class PairForm(forms.ModelForm):
    """Two records that staff know to be one person, however they are written; compared and joined as any other pair."""

    def clean(self):
        data = super().clean() or self.cleaned_data
        person, other = data.get("person"), data.get("other")
        if person is not None and other is not None:
            with in_form(self, "other"):
                duplicates.check_pair(person, other)
        return data


@admin.register(PossibleDuplicate)
class PossibleDuplicateAdmin(PortalAdmin):
    form = PairForm
    neighbourhood_paths = ("person__neighbourhood",)
    autocomplete_fields = ["person", "other"]
    stamp_at = ("noted_at",)
    list_display = ["person", "other", "why", "state", "noted_at", "decided_by"]
    list_select_related = ["person", "other", "decided_by"]
    list_filter = ["state", "noted_at"]
    search_fields = ["person__name", "other__name"]
    readonly_fields = ["side_by_side", "why", "state", "noted_at", "decided_by"]
    fields = [*readonly_fields]
    acts = (
        Act(
            name="different",
            label=gettext_lazy("two different people"),
            run=keep_apart,
            applies=lambda pair: pair.state not in {PossibleDuplicate.State.DIFFERENT, PossibleDuplicate.State.JOINED},
        ),
        Act(
            name="join",
            label=gettext_lazy("one person: join the records"),
            run=join,
            told=told_of_pair,
            form=JoinForm,
            applies=lambda pair: pair.state != PossibleDuplicate.State.JOINED,
            submit=gettext_lazy("Go on"),
            intro=gettext_lazy("Please join them only when you know that they are one person."),
            many=False,
        ),
    )

    def get_fields(self, request, obj=None):
        return ["person", "other"] if obj is None else self.fields

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else self.readonly_fields

    def save_model(self, request, obj, form, change):
        if not change:
            obj.reason = duplicates.BY_HAND
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("why"), ordering="reason")
    def why(self, pair):
        return pair.why

    @admin.display(description=gettext_lazy("side by side"))
    def side_by_side(self, pair):
        """What is the same, what differs, and what hangs on each."""
        rows = [(label, one, other) for label, one, other in lines_of(pair.person, pair.other)]
        rows += merging.compare(pair.person, pair.other)
        body = format_html_join(
            "",
            '<tr{}><th scope="row">{}</th><td>{}</td><td>{}</td></tr>',
            [
                (mark_safe(' class="same"') if mine == theirs else "", label, mine, theirs)
                for label, mine, theirs in rows
            ],
        )
        return format_html(
            '<table class="compare"><thead><tr><th scope="col">{}</th><th scope="col">{}</th><th scope="col">{}</th></tr>'
            "</thead><tbody>{}</tbody></table>",
            pgettext("of two records", "what"),
            _("newer record"),
            _("older record"),
            body,
        )


def lines_of(one: Person, other: Person) -> list[tuple[str, str, str]]:
    """The facts of two records beside each other."""

    def told(person: Person) -> list[tuple[str, str]]:
        today = clock.today()
        bonds = [*person.guardianships.filter(ended_at=None).select_related("child")]
        above = [*person.guardianships_as_child.filter(ended_at=None).select_related("guardian")]
        return [
            (pgettext("of a person", "name"), person.name),
            (_("age"), str(person.age_on(today) if person.age_on(today) is not None else "–")),
            (_("e-mail"), person.email or "–"),
            (_("phone"), person.phone or "–"),
            (_("building"), str(person.building or "–")),
            (_("account"), str(person.user) if person.user_id else _("none")),
            (_("added at"), day_year(person.added_at)),
            (_("children"), _(", ").join(bond.child.name for bond in bonds) or "–"),
            (_("guardians"), _(", ").join(bond.guardian.name for bond in above) or "–"),
        ]

    return [(label, mine, theirs) for (label, mine), (_label, theirs) in zip(told(one), told(other), strict=True)]


@admin.register(PersonMerge)
class PersonMergeAdmin(ReadOnly, PortalAdmin):
    list_display = ["kept", "dropped", "reason", "merged_at", "merged_by", "undone_at"]
    list_select_related = ["kept", "dropped", "merged_by"]
    list_filter = ["merged_at", ("undone_at", admin.EmptyFieldListFilter)]
    search_fields = ["kept__name", "dropped__name", "reason"]
    fields = ["kept", "dropped", "reason", "paper", "merged_at", "merged_by", "undone_at", "undone_by"]
    acts = (
        Act(
            name="undo",
            label=gettext_lazy("undo: they are two"),
            run=lambda request, merge, data: " ".join(
                [_("Both records are back."), *merging.undo(merge, by=request.user, at=clock.now())]
            ),
            applies=lambda merge: merge.undone_at is None,
            may=lambda model_admin, request, merge: (
                merge.neighbourhood_id in neighbourhoods_with(request.user, "people.change_personmerge")
            ),
            intro=gettext_lazy("Both records become what they were, as far as what happened since allows."),
            many=False,
            css="danger",
        ),
    )
