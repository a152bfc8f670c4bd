"""People: how they are reached and how old they are; minors only for the roles that have the grant (V6)."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from people.access import minors
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.consents import ConsentForm, ConsentInline, record_consent, standing_consents
from people.admin.guardians import GuardiansInline, WardsInline
from people.admin.shared import Act, Button, ListFilter, PortalAdmin, PortalInline, WithHistory
from people.models import AccessLog, Guardianship, Person, TeamMembership
from people.models.person import known_adults
from people.operations import duplicates, staff
from portal import clock
from portal.fields import CleanCharField, CleanEmailField, NameField


class HowReached(ListFilter):
    title = gettext_lazy("reached by")
    parameter_name = "channel"

    def lookups(self, request, model_admin):
        return [*Person.Channel.choices, ("none", _("nobody knows how"))]

    def queryset(self, request, queryset):
        no_mail = Q(email="") | Q(email=F("bounced_address"))
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
        adults = known_adults(clock.today())
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


class TeamsOfPersonInline(PortalInline, admin.TabularInline):
    model = TeamMembership
    readonly_fields = ["team", "since", "until"]
    fields = [*readonly_fields]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("team", "person")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


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

    def get_search_results(self, request, queryset, search_term):
        """Also behind every box in which a person is chosen. By the keys that are kept with each record, in one query."""
        return queryset.found_by(search_term).select_related("building__compound"), False

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
        old = form.initial.get("email") or ""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data and old:
            staff.tell_old_address(obj, old)
        if change and {"birth_date", "birth_year", "is_adult"} & set(form.changed_data):
            staff.age_corrected(obj)
        if not change:
            twins = self.get_queryset(request).filter(neighbourhood=obj.neighbourhood, name_key=obj.name_key)
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

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self.log_opening(request, object_id, AccessLog.Page.RECORD)
        return super().change_view(request, object_id, form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        self.log_opening(request, object_id, AccessLog.Page.HISTORY)
        return super().history_view(request, object_id, extra_context)

    def log_opening(self, request: StaffRequest, object_id: str, opened: str) -> None:
        """V6; the one thing that a GET writes here, because reading is what is logged."""
        if request.method != "GET":
            return
        person = self.get_object(request, unquote(object_id))
        if person is not None and self.has_view_permission(request, person):
            staff.note_openings([person], by=request.user, page=opened)

    def notes(self, request, obj):
        found = super().notes(request, obj)
        if obj.bounced_address and obj.bounced_address == (obj.email or getattr(obj.user, "email", "")):
            found.append(
                _("Mails to %(address)s came back, so this person is phoned.") % {"address": obj.bounced_address}
            )
        return found

    def buttons(self, request, person):
        found = super().buttons(request, person)
        if person.neighbourhood_id in neighbourhoods_with(request.user, "people.view_message"):
            found.append(
                Button(reverse("admin:people_message_changelist") + f"?recipient__id__exact={person.pk}", _("Messages"))
            )
        return found
