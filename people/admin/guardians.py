"""Families, and who answers for a child (V4): confirmed or ended by acts, never rewritten."""

from django import forms
from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm, PortalAdmin, PortalInline, ReadOnly
from people.models import Channel, Family, Guardianship, HouseholdAdult
from people.operations import guardians, household, staff
from portal import clock


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


class HeardForm(ActForm):
    channel = forms.ChoiceField(
        label=gettext_lazy("How they said it"),
        choices=[(one.value, one.label) for one in (Channel.IN_PERSON, Channel.PHONE)],
    )


def heard(request: StaffRequest, row: HouseholdAdult, data: dict) -> str:
    household.agree(row, at=clock.now(), by=request.user, channel=data["channel"])
    return _("Noted: %(name)s has agreed, and can be signed up.") % {"name": row.name}


@admin.register(HouseholdAdult)
class HouseholdAdultAdmin(ReadOnly, PortalAdmin):
    """Whom residents have named as living with them; their own yes by the mail, or noted here."""

    neighbourhood_paths = ("added_by__neighbourhood",)
    list_display = ["name", "added_by", "state", "added_at", "ends_at", "entered_by"]
    list_select_related = ["added_by", "entered_by"]
    list_filter = ["state", "added_at"]
    search_fields = ["name", "added_by__name"]
    fields = ["name", "added_by", "state", "added_at", "ends_at", "person", "settled_at", "channel", "entered_by"]
    acts = (
        Act(
            name="heard",
            label=gettext_lazy("has agreed"),
            run=heard,
            form=HeardForm,
            applies=lambda row: row.state == HouseholdAdult.State.ASKED,
            may=lambda model_admin, request, row: (
                row.added_by.neighbourhood_id in neighbourhoods_with(request.user, "people.change_householdadult")
            ),
            intro=gettext_lazy(
                "Please press only after they have told you themselves that they are 18 or over and that their name may be kept."
            ),
            many=False,
        ),
    )


BY = ["confirmed_by", "confirmed_by_guardian"]  # staff, or another guardian


def confirm(request: StaffRequest, bond: Guardianship, data: dict) -> str:
    staff.confirm_guardianship(bond, by=request.user)
    return _("Confirmed: %(bond)s.") % {"bond": bond}


def end(request: StaffRequest, bond: Guardianship, data: dict) -> str:
    staff.end_guardianship(bond)
    return _("Ended: %(bond)s.") % {"bond": bond}


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
            run=confirm,
            applies=lambda bond: bond.ended_at is None and bond.state == Guardianship.State.DECLARED,
            intro=gettext_lazy("Please confirm only after you have seen papers, or know the family yourself."),
        ),
        Act(
            name="end",
            label=gettext_lazy("end"),
            run=end,
            applies=lambda bond: bond.ended_at is None,
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
