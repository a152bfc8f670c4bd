"""People, families, guardians, consents; with minors only for the roles that have the grant (V4, V5, V6)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminRadioSelect
from django.core.signing import Signer
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from people import clock, minors
from people.admin.shared import (
    Act,
    ActForm,
    Button,
    ListFilter,
    PortalAdmin,
    PortalInline,
    ReadOnly,
    Refused,
    Told,
    WithHistory,
)
from people.auth import neighbourhoods_with
from people.consenting import SELF, who_decides
from people.fields import CleanCharField, CleanEmailField, NameField
from people.models import (
    AccessLog,
    Channel,
    Consent,
    ConsentText,
    Family,
    Guardianship,
    Person,
    PersonMerge,
    PossibleDuplicate,
    TeamMembership,
)
from people.operations import consents, desk, duplicates, guardians, merging
from people.templatetags.portal import day_year

# --- people ---


class HowReached(ListFilter):
    title = gettext_lazy("reached by")
    parameter_name = "channel"

    def lookups(self, request, model_admin):
        return [*Person.Channel.choices, ("none", _("nobody knows how"))]

    def queryset(self, request, queryset):
        no_mail = Q(email="")
        return {
            "email": lambda: queryset.exclude(no_mail),
            "phone": lambda: queryset.filter(no_mail).exclude(phone=""),
            "building_leader": lambda: queryset.filter(no_mail, phone="", told_by_building_leader=True),
            "none": lambda: queryset.filter(no_mail, phone="", told_by_building_leader=False),
        }.get(self.value() or "", lambda: queryset)()


class AgeGroup(ListFilter):
    title = gettext_lazy("age")
    parameter_name = "age"

    def lookups(self, request, model_admin):
        found = [("adult", _("18 and over"))]
        if neighbourhoods_with(request.user, minors.SEES_MINORS):
            found += [("minor", _("under 18")), ("unknown", _("age not known"))]
        return found

    def queryset(self, request, queryset):
        adults = minors.known_adults(clock.today())
        unknown = Q(birth_date=None, birth_year=None, declared_adult_at=None)
        match self.value():
            case "adult":
                return queryset.filter(adults)
            case "minor":
                return queryset.exclude(adults).exclude(unknown)
            case "unknown":
                return queryset.filter(unknown)
        return queryset


class PersonForm(forms.ModelForm):
    name = NameField(label=pgettext_lazy("of a person", "name"), max_length=60)
    nickname = NameField(label=gettext_lazy("nickname"), max_length=30, required=False)
    email = CleanEmailField(label=gettext_lazy("e-mail"), required=False)
    phone = CleanCharField(label=gettext_lazy("phone"), max_length=40, required=False)
    note = CleanCharField(label=gettext_lazy("note for staff"), max_length=200, required=False)
    is_adult = forms.BooleanField(
        label=gettext_lazy("has told us to be 18 or over"),
        required=False,
        help_text=gettext_lazy(
            "Where neither birth date nor birth year is known. Otherwise the rules for children hold."
        ),
    )
    sees_minors = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "is_adult" in self.fields:
            self.fields["is_adult"].initial = self.instance.declared_adult_at is not None

    def clean(self):
        data = super().clean() or self.cleaned_data
        born, year, today = data.get("birth_date"), data.get("birth_year"), clock.today()
        if born and born > today:
            self.add_error("birth_date", _("This day is still to come."))
        if year and not 1900 <= year <= today.year:
            self.add_error("birth_year", _("Please look at the year again."))
        if born and year and born.year != year:
            self.add_error("birth_year", _("The birth date says another year."))
        if not self.sees_minors and not self.errors and not self._adult(data):
            self.add_error(
                None,
                _("Your role keeps no children's records. Please give the birth year, or tick that the person is 18."),
            )
        return data

    def _adult(self, data) -> bool:
        told = clock.now() if data.get("is_adult") else None
        asked = Person(birth_date=data.get("birth_date"), birth_year=data.get("birth_year"), declared_adult_at=told)
        return asked.is_adult_on(clock.today())

    def save(self, commit=True):
        if "is_adult" in self.cleaned_data:
            ticked = self.cleaned_data["is_adult"]
            if not ticked:
                self.instance.declared_adult_at = None
            elif self.instance.declared_adult_at is None:
                self.instance.declared_adult_at = clock.now()
        return super().save(commit)


class GuardiansInline(PortalInline, admin.TabularInline):
    """Who answers for this child."""

    model = Guardianship
    fk_name = "child"
    verbose_name = gettext_lazy("guardian")
    verbose_name_plural = gettext_lazy("guardians")
    autocomplete_fields = ["guardian"]
    fields = ["guardian", "relation", "state", "confirmed_by", "ended_at"]
    readonly_fields = ["state", "confirmed_by", "ended_at"]
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("guardian", "child", "confirmed_by")

    def has_change_permission(self, request, obj=None):
        return False  # a bond is confirmed or ended, never rewritten


class WardsInline(GuardiansInline):
    fk_name = "guardian"
    verbose_name = gettext_lazy("child")
    verbose_name_plural = gettext_lazy("children")
    autocomplete_fields = ["child"]
    fields = ["child", "relation", "state", "confirmed_by", "ended_at"]


class ConsentInline(PortalInline, admin.TabularInline):
    model = Consent
    fk_name = "person"
    fields = ["purpose", "text", "given_by", "given_at", "channel", "entered_by", "revoked_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("text", "given_by", "entered_by", "person")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class TeamsOfPersonInline(PortalInline, admin.TabularInline):
    model = TeamMembership
    fields = ["team", "since", "until"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("team", "person")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class ConsentForm(ActForm):
    """What arrived on paper, by phone or in person: a consent, or that one is taken back."""

    GIVE, REVOKE = "give", "revoke"
    what = forms.ChoiceField(
        label=gettext_lazy("What was said"),
        choices=[(GIVE, gettext_lazy("I agree")), (REVOKE, gettext_lazy("I take it back"))],
        widget=forms.RadioSelect,
        initial=GIVE,
    )
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("To what"), choices=Consent.Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    by = forms.ModelChoiceField(label=gettext_lazy("Said by"), queryset=Person.objects.none(), empty_label=None)
    channel = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[(code, label) for code, label in Channel.choices if code in {"paper", "in_person", "phone"}],
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        person = self.rows[0]
        guardians = Q(guardianships__child=person, guardianships__ended_at=None)
        choice = self.fields["by"]
        choice.queryset = Person.objects.filter(Q(pk=person.pk) | guardians).distinct()  # type: ignore[attr-defined]
        decides = who_decides(person, Consent.Purpose.PHOTO, clock.today())
        if decides == SELF or not choice.queryset.exclude(pk=person.pk).exists():  # type: ignore[attr-defined]
            choice.initial = person.pk
        else:
            choice.initial = choice.queryset.exclude(pk=person.pk).first().pk  # type: ignore[attr-defined]


def record_consent(request: HttpRequest, person: Person, data: dict) -> str:
    if data["what"] == ConsentForm.REVOKE:
        taken = sum(consents.revoke(person, purpose, revoked_by=data["by"]) for purpose in data["purposes"])
        if not taken:
            raise Refused(_("Nothing of this was agreed to."))
        return _("Taken back. Photos that need it are no longer shown.")
    for purpose in data["purposes"]:
        consents.give(person, purpose, given_by=data["by"], channel=data["channel"], entered_by=request.user)
    return _("Recorded for %(name)s.") % {"name": person}


def standing_consents(request: HttpRequest, person: Person) -> Told:
    if request.method == "GET" and not person.is_adult_on(clock.today()):
        desk.note_opening(person, by=request.user, page=AccessLog.Page.CONSENTS)  # type: ignore[arg-type]
    standing = Consent.objects.in_force().filter(person=person).select_related("given_by")
    return Told(
        facts=[
            _("%(purpose)s: agreed by %(name)s, %(day)s")
            % {"purpose": row.get_purpose_display(), "name": row.given_by, "day": day_year(row.given_at)}
            for row in standing
        ]
    )


@admin.register(Person)
class PersonAdmin(PortalAdmin, WithHistory):
    form = PersonForm
    list_display = ["name", "age_today", "building", "reached", "has_account", "unit"]
    list_select_related = ["building__compound", "unit", "user"]
    list_filter = ["building", HowReached, AgeGroup]
    search_fields = ["name", "nickname", "email", "phone"]
    autocomplete_fields = ["building", "unit"]
    stamp_at = ("added_at",)
    readonly_fields = ["account", "added_at"]
    fieldsets = [
        (None, {"fields": ["neighbourhood", "name", "nickname", "language"]}),
        (gettext_lazy("Age"), {"fields": ["birth_date", "birth_year", "is_adult"]}),
        (gettext_lazy("How to reach"), {"fields": ["email", "phone", "told_by_building_leader", "building", "unit"]}),
        (gettext_lazy("For staff"), {"fields": ["note", "account", "added_at"]}),
    ]
    acts = (
        Act(
            name="consent",
            label=gettext_lazy("Record a consent"),
            run=record_consent,
            told=standing_consents,
            form=ConsentForm,
            may=lambda model_admin, request, person: (
                person.neighbourhood_id in neighbourhoods_with(request.user, "people.add_consent")
            ),
            refusals=(consents.ConsentRefused, Refused),
            submit=gettext_lazy("Record"),
            many=False,
        ),
    )

    @admin.display(description=gettext_lazy("age"))
    def age_today(self, person):
        age = person.age_on(clock.today())
        if age is None:
            return _("18 or over") if person.declared_adult_at else "–"
        return str(age)

    @admin.display(description=gettext_lazy("reached by"))
    def reached(self, person):
        return Person.Channel(person.channel).label if person.channel else _("nobody knows how")

    @admin.display(description=gettext_lazy("account"), boolean=True)
    def has_account(self, person):
        return person.user_id is not None

    @admin.display(description=gettext_lazy("account"))
    def account(self, person):
        return person.user.email if person.user_id else _("none")

    def narrow(self, request, queryset):
        return minors.without_minors(queryset.filter(anonymised_at=None), request.user)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.sees_minors = bool(neighbourhoods_with(request.user, minors.SEES_MINORS))
        return form

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        # Whoever has an account changes the address there, by a code sent to it.
        return [*fields, "email"] if obj is not None and obj.user_id else fields

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and {"birth_date", "birth_year", "is_adult"} & set(form.changed_data):
            desk.age_corrected(obj)
        if not change:
            twins = self.get_queryset(request).filter(neighbourhood=obj.neighbourhood, name=obj.name)
            duplicates.note(obj)
            if twins.exclude(pk=obj.pk).exists():
                messages.warning(
                    request, _("There is already somebody of this name. Please look whether it is the same.")
                )

    def get_inlines(self, request, obj):
        if obj is None:
            return []
        found: list[type] = []
        if request.user.has_perm("people.view_guardianship"):
            found.append(WardsInline if obj.is_adult_on(clock.today()) else GuardiansInline)
        if request.user.has_perm("people.view_consent"):
            found.append(ConsentInline)
        if request.user.has_perm("people.view_teammembership"):
            found.append(TeamsOfPersonInline)
        return found

    def save_formset(self, request, form, formset, change):
        if formset.model is Guardianship:
            for row in formset.save(commit=False):
                row.declared_at = row.declared_at or clock.now()
                row.save()
            formset.save_m2m()
        else:
            super().save_formset(request, form, formset, change)

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponseBase:
        self.log_opening(request, object_id, AccessLog.Page.RECORD)
        return super().change_view(request, object_id, form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        self.log_opening(request, object_id, AccessLog.Page.HISTORY)
        return super().history_view(request, object_id, extra_context)

    def log_opening(self, request: HttpRequest, object_id: str, opened: str) -> None:
        """V6; the one thing that a GET writes here, because reading is what is logged."""
        if request.method != "GET":
            return
        person = self.get_object(request, unquote(object_id))
        if person is not None and self.has_view_permission(request, person) and not person.is_adult_on(clock.today()):
            desk.note_opening(person, by=request.user, page=opened)  # type: ignore[arg-type]

    def buttons(self, request, person):
        found = super().buttons(request, person)
        if person.neighbourhood_id in neighbourhoods_with(request.user, "people.view_message"):
            found.append(
                Button(reverse("admin:people_message_changelist") + f"?recipient__id__exact={person.pk}", _("Messages"))
            )
        return found


# --- families and guardians ---


@admin.register(Family)
class FamilyAdmin(PortalAdmin):
    list_display = ["who"]
    search_fields = ["members__name"]
    autocomplete_fields = ["members"]
    fields = ["neighbourhood", "members"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("members")

    @admin.display(description=gettext_lazy("members"))
    def who(self, family):
        return _(", ").join(person.name for person in family.members.all()) or "–"


BY = ["confirmed_by", "confirmed_by_guardian"]  # staff, or another guardian


@admin.register(Guardianship)
class GuardianshipAdmin(PortalAdmin):
    neighbourhood_paths = ("child__neighbourhood",)
    list_display = ["child", "guardian", "relation", "state", "declared_at", "confirmed_by", "ended_at"]
    list_select_related = ["child", "guardian", "confirmed_by"]
    list_filter = ["state", "declared_at"]
    search_fields = ["child__name", "guardian__name"]
    autocomplete_fields = ["guardian", "child"]
    stamp_at = ("declared_at",)
    fields = ["child", "guardian", "relation", "state", "declared_at", "confirmed_at", *BY, "ended_at"]
    readonly_fields = ["state", "declared_at", "confirmed_at", *BY, "ended_at"]
    acts = (
        Act(
            name="confirm",
            label=gettext_lazy("confirm"),
            run=lambda request, bond, data: (
                desk.confirm_guardianship(bond, by=request.user),
                _("Confirmed: %(bond)s.") % {"bond": bond},
            )[1],
            applies=lambda bond: bond.ended_at is None and bond.state == Guardianship.State.DECLARED,
            refusals=(desk.DeskRefused,),
            intro=gettext_lazy("Please confirm only after you have seen papers, or know the family yourself."),
        ),
        Act(
            name="end",
            label=gettext_lazy("end"),
            run=lambda request, bond, data: (
                desk.end_guardianship(bond),
                _("Ended: %(bond)s.") % {"bond": bond},
            )[1],
            applies=lambda bond: bond.ended_at is None,
            refusals=(desk.DeskRefused,),
            intro=gettext_lazy("What this guardian agreed to for the child is taken back."),
            css="danger",
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["child", "guardian"] if obj else [])]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change and (asked := guardians.ask_to_confirm(obj, at=clock.now())):
            messages.info(
                request,
                ngettext(
                    "%(n)d confirmed guardian of the child is asked to confirm this one.",
                    "%(n)d confirmed guardians of the child are asked to confirm this one.",
                    asked,
                )
                % {"n": asked},
            )


# --- records that look alike ---


class JoinForm(ActForm):
    """Which of two records stays, and why they are one person. Sent once it says what follows; sent again it is done."""

    stays = forms.ChoiceField(label=gettext_lazy("Which record stays"), widget=AdminRadioSelect)
    reason = CleanCharField(
        label=gettext_lazy("Why these are one person"),
        max_length=200,
        help_text=gettext_lazy("For instance: both parents added her; the mother confirmed it by phone."),
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
            try:
                self.follows = merging.follows(*self.two)
            except merging.MergeRefused as refusal:
                self.add_error(None, str(refusal))
        return data

    def ask_first(self) -> Told | None:
        mark = Signer(salt="join").sign(f"{self.rows[0].pk} {self.cleaned_data['stays']}")
        if self.cleaned_data["seen"] == mark:
            return None
        self.data = self.data.copy()  # type: ignore[assignment]
        self.data["seen"] = mark  # type: ignore[index]
        stays, goes = self.two
        return Told(
            facts=[_("Stays: %(facts)s") % {"facts": facts(stays)}, *self.follows],
            warnings=[_("Goes: %(facts)s") % {"facts": facts(goes)}],
        )


def join(request: HttpRequest, pair: PossibleDuplicate, data: dict) -> str:
    stays, goes = (pair.person, pair.other) if data["stays"] == str(pair.person_id) else (pair.other, pair.person)
    merging.merge(stays, goes, reason=data["reason"], by=request.user, at=clock.now())  # type: ignore[arg-type]
    return _("Joined. It can be undone under “Joined records”.")


def told_of_pair(request: HttpRequest, pair: PossibleDuplicate) -> Told:
    """V6: opening a minor's record is noted, here too."""
    if request.method == "GET":
        for person in (pair.person, pair.other):
            if not person.is_adult_on(clock.today()):
                desk.note_opening(person, by=request.user)  # type: ignore[arg-type]
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


@admin.register(PossibleDuplicate)
class PossibleDuplicateAdmin(PortalAdmin):
    neighbourhood_paths = ("person__neighbourhood",)
    list_display = ["person", "other", "reason", "state", "noted_at", "decided_by"]
    list_select_related = ["person", "other", "decided_by"]
    list_filter = ["state", "noted_at"]
    search_fields = ["person__name", "other__name"]
    fields = ["side_by_side", "reason", "state", "noted_at", "decided_by"]
    readonly_fields = fields
    acts = (
        Act(
            name="different",
            label=gettext_lazy("two different people"),
            run=lambda request, pair, data: (
                desk.tell_apart(pair, by=request.user),
                _("Noted. They are no longer listed as possible duplicates."),
            )[1],
            applies=lambda pair: pair.state == PossibleDuplicate.State.OPEN,
        ),
        Act(
            name="join",
            label=gettext_lazy("one person: join the records"),
            run=join,
            told=told_of_pair,
            form=JoinForm,
            applies=lambda pair: pair.state != PossibleDuplicate.State.JOINED,
            refusals=(merging.MergeRefused,),
            submit=gettext_lazy("Go on"),
            intro=gettext_lazy("Please join them only when you know that they are one person."),
            many=False,
        ),
    )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("side by side"))
    def side_by_side(self, pair):
        """What is the same, what differs, and what hangs on each."""
        rows = [(label, one, other) for label, one, other in lines_of(pair.person, pair.other)]
        rows += merging.compare(pair.person, pair.other)
        body = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>', rows)
        return format_html(
            '<table class="compare"><thead><tr><th scope="col">{}</th><th scope="col">{}</th><th scope="col">{}</th></tr>'
            "</thead><tbody>{}</tbody></table>",
            _("what"),
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
            (_("name"), person.name),
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
    fields = ["kept", "dropped", "reason", "merged_at", "merged_by", "undone_at", "undone_by"]
    acts = (
        Act(
            name="undo",
            label=gettext_lazy("undo: they are two"),
            run=lambda request, merge, data: " ".join(
                [_("Both records are back."), *merging.undo(merge, by=request.user, at=clock.now())]
            ),  # type: ignore[arg-type]
            applies=lambda merge: merge.undone_at is None,
            may=lambda model_admin, request, merge: (
                merge.neighbourhood_id in neighbourhoods_with(request.user, "people.change_personmerge")
            ),
            refusals=(merging.MergeRefused,),
            intro=gettext_lazy("Both records become what they were, as far as what happened since allows."),
            many=False,
            css="danger",
        ),
    )


# --- consents ---


@admin.register(ConsentText)
class ConsentTextAdmin(PortalAdmin):
    """A new wording is a new version; what somebody agreed to is never edited."""

    neighbourhood_paths = ()
    list_display = ["version", "audience", "published_on"]
    list_filter = ["audience"]
    search_fields = ["version", "body"]
    fields = ["audience", "version", "body", "body_en", "published_on"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def notes(self, request, obj):
        return [_("This wording stands as it was agreed to. For another wording please add a new version.")]


@admin.register(Consent)
class ConsentAdmin(ReadOnly, PortalAdmin):
    neighbourhood_paths = ("person__neighbourhood",)
    list_display = ["person", "purpose", "given_by", "given_at", "channel", "text", "revoked_at"]
    list_select_related = ["person", "given_by", "text"]
    list_filter = ["purpose", "channel", "given_at", ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["person__name", "given_by__name"]
    fields = ["person", "purpose", "text", "given_by", "given_at", "channel", "entered_by", "revoked_at", "revoked_by"]


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnly, PortalAdmin):
    list_display = ["opened_at", "user", "person", "page"]
    list_select_related = ["user", "person"]
    list_filter = ["opened_at", "page"]
    search_fields = ["user__email", "person__name"]
    fields = ["opened_at", "user", "person", "page"]
