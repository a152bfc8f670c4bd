"""Party organisations with their members and posts, committees, teams, and the units around them.

A branch secretary sees their own branch and its groups, a team leader their own team (docs/permissions.md).
"""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access import minors
from people.access.grants import grants_of
from people.access.requests import StaffRequest
from people.access.roles import roles_with
from people.admin.fields import LinesField
from people.admin.shared import Button, ListFilter, PortalAdmin, PortalInline, list_url
from people.models import (
    Committee,
    CommitteePost,
    DualRegistration,
    PartnerUnit,
    PartyMember,
    PartyOrg,
    PropertyCompany,
    RoleGrant,
    Superior,
    Team,
    TeamMembership,
    User,
)
from portal import clock

Role = RoleGrant.Role


def covered(user: User, permission: str, *, org: str = "", team: str = "") -> Q:
    """Rows within the scopes of the grants that carry ``permission``: ``org``, ``team`` name the paths to them.

    A grant of a role without a scope covers its whole neighbourhood; the neighbourhood itself is ScopedAdmin's work.
    """
    rows = Q(pk__in=[])
    for grant in grants_of(user):
        if grant.role not in roles_with(permission):
            continue
        if grant.role == Role.BRANCH_SECRETARY:
            if org:
                rows |= Q(**{org: grant.org_id}) | Q(**{f"{org}__parent": grant.org_id})
        elif grant.role == Role.TEAM_LEADER:
            if team:
                rows |= Q(**{team: grant.team_id})
        else:
            rows |= Q(pk__isnull=False)
    return rows


class InForce(ListFilter):
    """Members and posts of today, or also those who were."""

    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("now", _("now")), ("past", _("in the past"))]

    def queryset(self, request, queryset):
        today = queryset.on(clock.today())
        if self.value() == "now":
            return today
        return queryset.exclude(pk__in=today.values("pk")) if self.value() == "past" else queryset


@admin.register(Superior)
class SuperiorAdmin(PortalAdmin):
    list_display = ["name", "kind", "note"]
    search_fields = ["name"]
    fields = ["neighbourhood", "name", "kind", "note"]


class PostOfOrgInline(PortalInline, admin.TabularInline):
    model = CommitteePost
    fk_name = "org"
    fields = ["person", "post", "since", "until"]
    autocomplete_fields = ["person"]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person")


class PostOfCommitteeInline(PostOfOrgInline):
    fk_name = "committee"


@admin.register(PartyOrg)
class PartyOrgAdmin(PortalAdmin):
    list_display = ["name", "kind", "parent", "leader", "founded_on"]
    list_select_related = ["parent", "leader"]
    list_filter = ["kind"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["leader", "area"]
    fields = [
        "neighbourhood",
        ("kind", "code"),
        "name",
        "parent",
        "superior",
        "leader",
        ("term_start", "term_years"),
        "theme_day",
        "founded_on",
        "area",
    ]
    inlines = [PostOfOrgInline]

    def narrow(self, request, queryset):
        return queryset.filter(self._mine(request))

    def _mine(self, request: StaffRequest) -> Q:
        rows = Q(pk__in=[])
        for grant in grants_of(request.user):
            if grant.role == Role.BRANCH_SECRETARY:
                rows |= Q(pk=grant.org_id) | Q(parent=grant.org_id)
            elif grant.role in roles_with("people.view_partyorg"):
                rows |= Q(pk__isnull=False)
        return rows

    def buttons(self, request, org):
        key = "group" if org.kind == PartyOrg.Kind.GROUP else "branch"
        members = list_url(PartyMember, **{f"{key}__id__exact": org.pk, "when": "now"})
        return [*super().buttons(request, org), Button(members, _("Members"))]


class PartyMemberForm(forms.ModelForm):
    def clean(self):
        data = super().clean() or self.cleaned_data
        branch, group = data.get("branch"), data.get("group")
        if branch is not None and branch.kind != PartyOrg.Kind.BRANCH:
            self.add_error("branch", _("Members belong to a branch; choose one."))
        if group is not None and (group.kind != PartyOrg.Kind.GROUP or group.parent_id != getattr(branch, "pk", None)):
            self.add_error("group", _("This group is not one of that branch."))
        since, until = data.get("since"), data.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end must lie after the start."))
        return data


@admin.register(PartyMember)
class PartyMemberAdmin(PortalAdmin):
    form = PartyMemberForm
    list_display = ["person", "branch", "group", "status", "since", "until", "exempt_from", "show_party_identity"]
    list_select_related = ["person", "branch", "group"]
    list_filter = [InForce, "branch", "group", "status"]
    search_fields = ["person__name"]
    autocomplete_fields = ["person"]
    fields = [
        "neighbourhood",
        "person",
        ("branch", "group"),
        "status",
        "joined_party_on",
        ("since", "until"),
        ("exempt_from", "exempt_reason"),
        "show_party_identity",
    ]

    def narrow(self, request, queryset):
        return queryset.filter(covered(request.user, "people.view_partymember", org="branch"))

    def get_readonly_fields(self, request, obj=None):
        # V6: the member's own opt-in, on their page.
        return [*super().get_readonly_fields(request, obj), "show_party_identity"]


@admin.register(CommitteePost)
class CommitteePostAdmin(PortalAdmin):
    neighbourhood_paths = ("org__neighbourhood", "committee__neighbourhood")
    list_display = ["person", "post", "org", "committee", "since", "until"]
    list_select_related = ["person", "org", "committee"]
    list_filter = [InForce, "org", "committee"]
    search_fields = ["person__name", "post"]
    autocomplete_fields = ["person"]
    fields = ["person", "post", "org", "committee", ("since", "until")]

    def narrow(self, request, queryset):
        """Party posts for Party roles, committee posts for the committee's administrators."""
        rows = Q(pk__in=[])
        for grant in grants_of(request.user):
            match grant.role:
                case Role.BRANCH_SECRETARY:
                    rows |= Q(org=grant.org_id) | Q(org__parent=grant.org_id)
                case Role.PARTY_ADMIN:
                    rows |= Q(org__isnull=False)
                case Role.COMMITTEE_ADMIN:
                    rows |= Q(committee__isnull=False)
        return queryset.filter(rows)

    def get_exclude(self, request, obj=None):
        roles = {grant.role for grant in grants_of(request.user)}
        hidden = [*(["org"] if Role.PARTY_ADMIN not in roles else [])]
        return [*hidden, *(["committee"] if Role.COMMITTEE_ADMIN not in roles else [])]

    def get_fields(self, request, obj=None):
        if obj is not None and not self.has_change_permission(request, obj):
            return self.fields
        hidden = self.get_exclude(request, obj)
        return [name for name in self.fields if name not in hidden]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("PostForm", (InOneBody, form), {})


class InOneBody(forms.ModelForm):
    def clean(self):
        data = super().clean() or self.cleaned_data
        bodies = [data.get(name, getattr(self.instance, name)) for name in ("org", "committee")]
        if sum(body is not None for body in bodies) != 1 and not self.errors:
            self.add_error(None, _("A post stands in one Party organisation or in one committee."))
        return data


class CommitteeForm(forms.ModelForm):
    subcommittees = LinesField(label=gettext_lazy("subcommittees"))


@admin.register(Committee)
class CommitteeAdmin(PortalAdmin):
    form = CommitteeForm
    list_display = ["name", "kind", "compound", "term_start", "can_issue_certificates"]
    list_select_related = ["compound"]
    list_filter = ["kind"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["compound"]
    fields = [
        "neighbourhood",
        ("kind", "code"),
        "name",
        "compound",
        "subcommittees",
        ("term_start", "term_years"),
        "can_issue_certificates",
    ]
    inlines = [PostOfCommitteeInline]


@admin.register(PropertyCompany)
class PropertyCompanyAdmin(PortalAdmin):
    list_display = ["name", "contact"]
    list_select_related = ["contact"]
    search_fields = ["name"]
    autocomplete_fields = ["contact", "compounds"]
    fields = ["neighbourhood", "name", "compounds", "contact"]


class DualRegistrationForm(forms.ModelForm):
    skills = LinesField(label=gettext_lazy("skills"))


@admin.register(DualRegistration)
class DualRegistrationAdmin(PortalAdmin):
    form = DualRegistrationForm
    neighbourhood_paths = ("person__neighbourhood",)
    list_display = ["person", "unit", "registered_on", "service_times"]
    list_select_related = ["person", "unit"]
    list_filter = ["unit"]
    search_fields = ["person__name", "unit__name"]
    autocomplete_fields = ["person", "unit"]
    fields = ["person", "unit", "registered_on", "skills", "service_times"]


@admin.register(PartnerUnit)
class PartnerUnitAdmin(PortalAdmin):
    list_display = ["name", "kind", "party_body", "contact"]
    list_select_related = ["contact"]
    list_filter = ["kind"]
    search_fields = ["name", "party_body"]
    autocomplete_fields = ["contact"]
    fields = ["neighbourhood", "name", "kind", "party_body", "contact"]


class MembershipInline(PortalInline, admin.TabularInline):
    model = TeamMembership
    fields = ["person", "since", "until"]
    autocomplete_fields = ["person"]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("person")
        return rows.filter(minors.may_be_named(request.user, "person__"))


@admin.register(Team)
class TeamAdmin(PortalAdmin):
    list_display = ["name", "leader", "founded_on", "minors_allowed", "is_public"]
    list_select_related = ["leader"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["leader"]
    fields = [
        "neighbourhood",
        ("name", "code"),
        "leader",
        "founded_on",
        ("minors_allowed", "is_public"),
        "motto",
        "intro",
    ]
    inlines = [MembershipInline]

    def narrow(self, request, queryset):
        return queryset.filter(covered(request.user, "people.view_team", team="pk"))


@admin.register(TeamMembership)
class TeamMembershipAdmin(PortalAdmin):
    neighbourhood_paths = ("team__neighbourhood",)
    list_display = ["person", "team", "since", "until"]
    list_select_related = ["person", "team"]
    list_filter = [InForce, "team"]
    search_fields = ["person__name", "team__name"]
    autocomplete_fields = ["person", "team"]
    fields = ["person", "team", ("since", "until")]

    def narrow(self, request, queryset):
        rows = queryset.filter(covered(request.user, "people.view_teammembership", team="team"))
        return rows.filter(minors.may_be_named(request.user, "person__"))
