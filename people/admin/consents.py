"""Consents (V5): recorded on the person's page, the wordings, and the list; and who opened a minor's data (V6)."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.requests import StaffRequest
from people.admin.shared import ActForm, PortalAdmin, PortalInline, ReadOnly, Told
from people.models import AccessLog, Channel, Consent, ConsentText, Person
from people.operations import consents, staff
from people.rules.consent import SELF, who_decides
from portal import clock
from portal.dates import day_year
from portal.forms import field_of


class ConsentInline(PortalInline, admin.TabularInline):
    model = Consent
    fk_name = "person"
    readonly_fields = ["purpose", "text", "given_by", "given_at", "channel", "entered_by", "entered_at", "revoked_at"]
    fields = [*readonly_fields]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("text", "given_by", "entered_by", "person")

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

    on = forms.DateField(
        label=gettext_lazy("On which day"),
        widget=AdminDateWidget,
        required=False,
        help_text=gettext_lazy(
            "The day on the paper. Empty: today. What is taken back holds from now on, whatever the day."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        person = self.rows[0]
        guardians = Q(guardianships__child=person, guardianships__ended_at=None)
        choice = field_of(self, "by", forms.ModelChoiceField)
        people = Person.objects.filter(Q(pk=person.pk) | guardians).distinct()
        choice.queryset = people
        other = people.exclude(pk=person.pk).first()
        decides = who_decides(person, Consent.Purpose.PHOTO, clock.today())
        choice.initial = person.pk if decides == SELF or other is None else other.pk


def record_consent(request: StaffRequest, person: Person, data: dict) -> str:
    if data["what"] == ConsentForm.REVOKE:
        consents.revoke_all(person, data["purposes"], revoked_by=data["by"])
        return _("Taken back. Photos that need it are no longer shown.")
    consents.give_all(
        person,
        data["purposes"],
        given_by=data["by"],
        channel=data["channel"],
        entered_by=request.user,
        on=data["on"],
    )
    return _("Recorded for %(name)s.") % {"name": person}


def standing_consents(request: StaffRequest, person: Person) -> Told:
    if request.method == "GET":
        staff.note_openings([person], by=request.user, page=AccessLog.Page.CONSENTS)
    in_force = Consent.objects.in_force().filter(person=person).select_related("given_by")
    return Told(
        facts=[
            _("%(purpose)s: agreed by %(name)s, %(day)s")
            % {"purpose": row.get_purpose_display(), "name": row.given_by, "day": day_year(row.given_at)}
            for row in in_force
        ]
    )


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
    fields = [
        "person", "purpose", "text", "given_by", "given_at", "channel", "entered_by", "entered_at",
        "revoked_at", "revoked_by",
    ]  # fmt: skip


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnly, PortalAdmin):
    list_display = ["opened_at", "user", "person", "page"]
    list_select_related = ["user", "person"]
    list_filter = ["opened_at", "page"]
    search_fields = ["user__email", "person__name"]
    fields = ["opened_at", "user", "person", "page"]
