"""What was deliberated about a project, built and given for it, on its page; and what kind of governance an activity stood for."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin.choices import ChoosesActivities
from people.admin.fields import TicksField
from people.admin.shared import PortalAdmin, PortalInline
from portal.fields import CleanCharField
from projects.models import ActivityGovernance, Donation, Governance, ProjectRecord, Work


class RecordInline(ChoosesActivities, PortalInline, admin.TabularInline):
    """Where it was proposed, discussed, decided and reviewed."""

    model = ProjectRecord
    fields = ["activity", "part"]
    autocomplete_fields = ["activity"]
    extra = 0
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("activity", "project")

    def own_groups(self, request, model):
        return Q()


class WorkForm(forms.ModelForm):
    before = CleanCharField(label=gettext_lazy("how it was"), max_length=200)
    after = CleanCharField(label=gettext_lazy("how it is"), max_length=200, required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("done_on") and not data.get("after"):
            self.add_error("after", _("It is done: say how it is now."))
        return data


class WorkInline(PortalInline, admin.TabularInline):
    model = Work
    form = WorkForm
    fields = ["title", "place", "done_on", "before", "after", "pair"]
    autocomplete_fields = ["place"]
    extra = 0
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("project", "place", "pair__before", "pair__after")


class DonationForm(forms.ModelForm):
    used_for = CleanCharField(label=gettext_lazy("used for"), max_length=200, required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        amount = data.get("amount")
        if amount is not None and amount <= 0:
            self.add_error("amount", _("A sum is more than nothing; leave it empty for gifts in kind."))
        return data


class DonationInline(PortalInline, admin.TabularInline):
    """P6 (law): donations and their use are published."""

    model = Donation
    form = DonationForm
    fields = ["unit", "giver", "what", "amount", "given_on", "used_for"]
    extra = 0
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("project", "unit")


class GovernanceForm(forms.ModelForm):
    tags = TicksField(label=gettext_lazy("governance"), choices=Governance.choices, required=True)


@admin.register(ActivityGovernance)
class ActivityGovernanceAdmin(ChoosesActivities, PortalAdmin):
    form = GovernanceForm
    neighbourhood_paths = ("activity__neighbourhood",)
    list_display = ["activity", "kinds"]
    list_select_related = ["activity"]
    search_fields = ["activity__title"]
    autocomplete_fields = ["activity"]
    fields = ["activity", "tags"]

    @admin.display(description=gettext_lazy("governance"))
    def kinds(self, row):
        return ", ".join(str(Governance(tag).label) for tag in row.tags if tag in Governance.values)

    def own_groups(self, request, model):
        return Q()
