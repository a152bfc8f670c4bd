"""Staff pages of Party-learning events, and of what they are about."""

from django.contrib import admin, messages
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin import ActivityAdmin
from activities.admin.change_list import Attention, When
from events.models import LearningEvent, Site, StudyCampaign
from people.admin.shared import PortalAdmin


@admin.register(StudyCampaign)
class StudyCampaignAdmin(PortalAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    fields = ["neighbourhood", "name", "code"]


@admin.register(Site)
class SiteAdmin(PortalAdmin):
    """Shared by all neighbourhoods."""

    neighbourhood_paths = ()
    list_display = ["name", "district", "closed_weekday", "opens", "closes", "needs_booking"]
    list_filter = ["closed_weekday", "needs_booking"]
    search_fields = ["name", "former_name", "address"]
    fields = ["name", "former_name", ("district", "address"), "closed_weekday", ("opens", "closes"), "needs_booking"]

    def notes(self, request, obj):
        return [_("All residential areas share this entry. Please check opening times before each visit.")]


@admin.register(LearningEvent)
class LearningEventAdmin(ActivityAdmin):
    kind = "learning"
    own_fields = (("form", "edu"), "campaign", "credit_hours", "site", "film", "lecturer")
    list_display = ["when", "title", "form", "edu", "location", "state", "places_taken", "whose"]
    list_filter = [When, "status", "form", "edu", Attention, "campaign"]
    search_fields = ["title", "text", "film", "site__name"]
    autocomplete_fields = ["location", "part_of", "invite_first", "site", "lecturer", "coach_from"]

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        coach = [("coach_from", "coach_step_free"), ("coach_departs_at", "coach_returns_at")]
        found.insert(-1, (gettext_lazy("Coach"), {"fields": coach, "classes": ["collapse"]}))
        return found

    def copy_of(self, source):
        values = super().copy_of(source)
        moved = values["starts_at"] - source.starts_at
        for name in ("coach_departs_at", "coach_returns_at"):
            value = getattr(source, name)
            values[name] = value + moved if value else None
        return values

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        # S9: most museums close one day a week.
        if obj.site is not None and obj.site.closed_weekday == localtime(obj.starts_at).weekday():
            messages.warning(
                request,
                _("%(site)s is closed on %(weekday)s. Please look at the day again.")
                % {"site": obj.site, "weekday": obj.site.get_closed_weekday_display()},
            )
