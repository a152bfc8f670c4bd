"""Accounts and the roles they hold; nobody changes their own."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access import second_yes
from people.access.requests import StaffRequest
from people.admin.shared import Act, PortalAdmin, PortalInline, Told
from people.models import RoleGrant, User
from people.operations import role_grants
from portal import clock
from portal.dates import day
from portal.fields import CleanEmailField

SCOPES = ("org", "team", "building", "committee", "unit")


class GrantForm(forms.ModelForm):
    """A role with its scope: a branch secretary's branch, a team leader's team …"""

    def clean(self):
        data = super().clean() or self.cleaned_data
        role, neighbourhood = data.get("role"), data.get("neighbourhood")
        place_id = neighbourhood.pk if neighbourhood is not None else getattr(self, "only_neighbourhood", None)
        wanted = RoleGrant.SCOPES.get(role or "")
        for name in SCOPES:
            value = data.get(name)
            if value is not None and name != wanted:
                self.add_error(name, _("This role is not limited in this way; please leave it empty."))
            elif value is not None and place_id is not None and value.neighbourhood_id != place_id:
                self.add_error(name, _("This belongs to another residential area."))
        if wanted and data.get(wanted) is None and wanted not in self.errors:
            self.add_error(wanted, _("Say what this role is limited to."))
        return data


GRANT_FIELDS = ["neighbourhood", "role", *SCOPES, "until"]


class GrantInline(PortalInline, admin.StackedInline):
    """The first role of a new account; later ones are given and ended in their own list."""

    model = RoleGrant
    form = GrantForm
    fk_name = "user"
    fields = [("neighbourhood", "role"), SCOPES, "until"]
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request):
        return (
            super().get_queryset(request).select_related("user", "org", "team", "building__compound", "neighbourhood")
        )

    def get_min_num(self, request, obj=None, **kwargs):
        return 1 if obj is None else 0

    def has_change_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request, obj=None):
        # Nobody gives themselves a role.
        return super().has_add_permission(request, obj) and (obj is None or obj.pk != request.user.pk)

    def get_formset(self, request, obj=None, **kwargs):
        # Not ScopedInline's: a role may lie in another neighbourhood than the account's first one, so each row
        # is checked by itself (GrantForm).
        kwargs["validate_min"] = obj is None
        return admin.StackedInline.get_formset(self, request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "neighbourhood":
            field.required = True
            field.widget = forms.Select(choices=field.choices)
        return field


class UserForm(forms.ModelForm):
    email = CleanEmailField(label=gettext_lazy("e-mail"))

    def clean_email(self):
        email = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is an account with this address already."))
        return email


@admin.register(User)
class UserAdmin(PortalAdmin):
    """Log-in is by e-mailed code, so no password is typed or shown here; residents make their accounts themselves."""

    form = UserForm
    neighbourhood_paths = ("grants__neighbourhood", "people__neighbourhood")
    list_display = ["email", "is_staff", "is_active", "roles", "last_login"]
    list_filter = ["is_staff", "is_active", "grants__role"]
    search_fields = ["email"]
    fields = ["email", "is_active", "is_staff", "last_login", "date_joined"]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [GrantInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("grants")

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user):
        now = clock.now()
        standing = [grant for grant in user.grants.all() if grant.until is None or grant.until > now]
        held = [grant for grant in standing if not grant.is_waiting]
        return _(", ").join(str(grant.get_role_display()) for grant in held) or "–"

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None:
            fields.append("email")  # the owner changes it, by a code sent to the new address
            if obj.pk == request.user.pk:
                fields += ["is_active", "is_staff"]
        return fields

    def notes(self, request, obj):
        if obj.pk == request.user.pk:
            return [_("This is your own account. Nobody changes their own roles; please ask another administrator.")]
        return []

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        for grant in formset.save(commit=False):
            role_grants.give(grant, by=request.user)
        formset.save_m2m()


def end(request: StaffRequest, grant: RoleGrant, data: dict) -> str:
    role_grants.end(grant, by=request.user)
    return _("Ended: %(grant)s.") % {"grant": grant}


def say_yes(request: StaffRequest, grant: RoleGrant, data: dict) -> str:
    role_grants.say_yes(grant, by=request.user)
    return _("In force from now on: %(grant)s.") % {"grant": grant}


def what_a_yes_does(request: StaffRequest, grant: RoleGrant) -> Told:
    return Told(
        facts=[
            _("Account: %(account)s") % {"account": grant.user},
            _("Role: %(role)s") % {"role": grant.get_role_display()},
            _("Proposed by: %(account)s") % {"account": grant.given_by or _("the server")},
        ],
        warnings=[
            _(
                "This account opens the records that the role opens, from now on. Say yes only if you know that it is right."
            ),
            _("The administrators of the area are told by mail that you said yes."),
        ],
    )


@admin.register(RoleGrant)
class RoleGrantAdmin(PortalAdmin):
    """A role is given, and ended, never rewritten: the list tells who could do what when."""

    form = GrantForm
    list_display = ["user", "role", "limited_to", "neighbourhood", "given_at", "given_by", "answered", "until"]
    list_select_related = [
        "user",
        "neighbourhood",
        "given_by",
        "confirmed_by",
        "org",
        "team",
        "building__compound",
        "committee",
        "unit",
    ]
    list_filter = ["role", "until"]
    search_fields = ["user__email"]
    autocomplete_fields = ["user"]
    fields = ["user", "neighbourhood", "role", *SCOPES, "given_at", "given_by", "answered", "until"]
    readonly_fields = ["given_at", "given_by", "answered"]
    acts = (
        Act(
            name="yes",
            label=gettext_lazy("say yes to this role"),
            run=say_yes,
            applies=lambda grant: grant.is_waiting and (grant.until is None or grant.until > clock.now()),
            told=what_a_yes_does,
            may=lambda model_admin, request, grant: second_yes.may_answer(request.user, grant),
        ),
        Act(
            name="end",
            label=gettext_lazy("end this role"),
            run=end,
            applies=lambda grant: grant.until is None or grant.until > clock.now(),
            may=lambda model_admin, request, grant: (
                grant.neighbourhood_id in model_admin.neighbourhoods(request, "change")
                and grant.user_id != request.user.pk
            ),
            css="danger",
        ),
    )

    @admin.display(description=gettext_lazy("limited to"))
    def limited_to(self, grant):
        name = RoleGrant.SCOPES.get(grant.role)
        return getattr(grant, name) if name else "–"

    @admin.display(description=gettext_lazy("second yes"))
    def answered(self, grant):
        if not grant.needs_yes:
            return "–"
        if grant.confirmed_at is None:
            return _("waits for a yes")
        return _("%(who)s, %(day)s") % {"who": grant.confirmed_by or "–", "day": day(grant.confirmed_at)}

    def has_change_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("OthersGrantForm", (NotOnesOwn, form), {"giver": request.user})

    def save_model(self, request, obj, form, change):
        was_staff = obj.user.is_staff
        role_grants.give(obj, by=request.user)
        if obj.is_waiting:
            messages.warning(
                request,
                _("This is a proposal. It gives nothing until a holder of the role, not of your making, says yes."),
            )
        elif obj.user.is_staff and not was_staff:
            messages.info(request, _("%(user)s may enter the staff pages from now on.") % {"user": obj.user})


class NotOnesOwn(forms.ModelForm):
    giver: User

    def clean_user(self) -> User:
        user = self.cleaned_data["user"]
        if user.pk == self.giver.pk:
            raise ValidationError(_("Nobody changes their own roles. Please ask another administrator."))
        return user
