"""Staff match the leaders' arrival slips to persons, or set them aside."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin.forms import people_of
from activities.models import Activity, ArrivalSlip, SignUp
from activities.operations import arrival_slips
from activities.rules.staff_scope import scope
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.fields import SearchOne
from people.admin.shared import Act, ActForm, PortalAdmin, ReadOnly, admin_url, list_url
from people.models import Person
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day

PERMISSION = "activities.change_arrivalslip"


class MatchForm(ActForm):
    person = forms.ModelChoiceField(label=gettext_lazy("Who it was"), queryset=Person.objects.none())

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = people_of(self.rows[0].activity, self.request.user)
        field.widget = SearchOne(SignUp._meta.get_field("person"), admin.site)
        field.widget.is_required = True
        field.widget.choices = field.choices


def on_match(request: StaffRequest, slip: ArrivalSlip, data: dict[str, Any]) -> str:
    arrival_slips.match(slip, data["person"], by=request.user, at=clock.now())
    return _("%(name)s stands on the sheet. Times are typed there.") % {"name": data["person"].name}


def on_set_aside(request: StaffRequest, slip: ArrivalSlip, data: dict[str, Any]) -> str:
    arrival_slips.set_aside(slip, by=request.user, at=clock.now())
    return _("Set aside; what was written of them is deleted.")


@admin.register(ArrivalSlip)
class ArrivalSlipAdmin(ReadOnly, PortalAdmin):
    list_display = ["name", "activity", "is_minor", "written_at", "settled_at"]
    neighbourhood_paths = ("activity__neighbourhood",)
    list_select_related = ["activity"]
    list_filter = [("settled_at", admin.EmptyFieldListFilter)]
    fields = [
        "name", "activity", "is_minor", "phone", "consent_by", ("came_at", "left_at"), ("written_at", "written_by"),
        "person", ("settled_at", "settled_by"),
    ]  # fmt: skip
    acts = (
        Act(
            "match", gettext_lazy("say who it was"), on_match, form=MatchForm, many=False,
            applies=lambda slip: slip.settled_at is None, may=lambda pages, request, slip: may_settle(request, slip),
        ),
        Act(
            "set-aside", gettext_lazy("set aside"), on_set_aside, css="danger",
            applies=lambda slip: slip.settled_at is None, may=lambda pages, request, slip: may_settle(request, slip),
        ),
    )  # fmt: skip

    def narrow(self, request, queryset):
        covered = Activity.objects.filter(scope(request.user, "activities.view_arrivalslip")).order_by()
        return queryset.filter(activity__in=covered.values("pk"))


def may_settle(request: StaffRequest, slip: ArrivalSlip) -> bool:
    return slip.activity.neighbourhood_id in neighbourhoods_with(request.user, PERMISSION)


def slips_to_match(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, PERMISSION)
    if not neighbourhoods:
        return None
    rows = ArrivalSlip.objects.filter(activity__neighbourhood__in=neighbourhoods, settled_at=None)
    found = list(rows.select_related("activity").order_by("written_at")[:100])
    return Job(
        _("Arrival slips to match"),
        len(found),
        list_url(ArrivalSlip, settled_at__isempty="1"),
        [
            Line(
                _("%(name)s, “%(title)s”") % {"name": slip.name, "title": slip.activity},
                day(slip.written_at),
                admin_url(slip),
                _("Look"),
            )
            for slip in found[:SHOWN]
        ],
        nothing=_("Every arrival slip is matched."),
    )
