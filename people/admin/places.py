"""Where people live and things happen."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from people.admin.fields import LinesField
from people.admin.shared import PortalAdmin
from people.models import Building, Compound, Location, Neighbourhood


class NeighbourhoodForm(forms.ModelForm):
    goals = LinesField(label=_("goals"))


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(PortalAdmin):
    form = NeighbourhoodForm
    neighbourhood_paths = ("pk",)
    list_display = ["name", "slug", "subdistrict", "phone", "is_open"]
    search_fields = ["name", "short_name", "slug"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "slug", "subdistrict", "district", "is_open"]}),
        (_("What stands on the pages"), {"fields": ["slogan", "goals", "intro"]}),
        (_("How to reach the committee"), {"fields": ["organiser", "phone", "email", "office_hours", "office"]}),
        (_("Complaints"), {"fields": ["complaint_address"]}),
        (_("Certificates"), {"fields": ["certificate_prefix"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        # The address stands on posters, so it stays once it is there.
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]


@admin.register(Compound)
class CompoundAdmin(PortalAdmin):
    list_display = ["name", "code", "kind", "built_year", "households"]
    search_fields = ["name", "code"]
    fields = ["neighbourhood", "code", "name", "kind", "built_year", "households", "feature"]


@admin.register(Building)
class BuildingAdmin(PortalAdmin):
    list_display = ["name", "compound", "floors", "households", "leader"]
    list_select_related = ["compound", "leader"]
    list_filter = ["compound"]
    search_fields = ["name", "code", "compound__name"]
    autocomplete_fields = ["compound", "leader"]
    fields = ["neighbourhood", "compound", "code", "name", "floors", "households", ("x", "y"), "leader"]


@admin.register(Location)
class LocationAdmin(PortalAdmin):
    list_display = ["name", "kind", "capacity", "step_free", "note"]
    list_filter = ["kind", "step_free"]
    search_fields = ["name", "code", "note"]
    fields = ["neighbourhood", "code", "name", "kind", ("x", "y"), "step_free", "capacity", "note"]
