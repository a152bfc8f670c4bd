"""Lists across all kinds: everything that takes place, and everyone who signed up. To read; each row leads to its own page."""

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.db.models import F, Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin.change_list import Attention, ShowsActivities, When
from activities.models import Activity, SignUp, Status
from activities.models.kinds import activity_kinds
from activities.operations import entered_by_staff
from activities.rules.staff_scope import covers, occasions_about, scope
from people.access import minors
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.scope import ClockDateFilter
from people.admin.shared import Act, ListFilter, PortalAdmin, ReadOnly
from portal.dates import day_year, moment, span


def own_url(activity: Activity, page: str = "change") -> str:
    """The staff page of an activity under its own kind; "" for a kind that has none."""
    kind = activity_kinds.get(activity.kind)
    if kind is None:
        return ""
    opts = apps.get_model(kind.model)._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[activity.pk])


def may_open(user, activity: Activity) -> bool:
    kind = activity_kinds.get(activity.kind)
    if kind is None:
        return False
    opts = apps.get_model(kind.model)._meta
    return any(covers(user, f"{opts.app_label}.{action}_{opts.model_name}", activity) for action in ("view", "change"))


class KindFilter(ListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind.code, kind.label) for kind in activity_kinds]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Activity)
class AllActivitiesAdmin(ReadOnly, ShowsActivities, PortalAdmin):
    """Also what choices like "part of" search in."""

    list_display = ["when", "title_link", "what", "location", "state", "places_taken", "whose"]
    list_display_links = None
    list_select_related = ["location", "organisation", "team", "neighbourhood"]
    list_filter = [When, "status", KindFilter, Attention, "location"]
    search_fields = ["title", "text", "location__name"]
    ordering = ["-starts_at", "-pk"]

    def narrow(self, request, queryset):
        self.reader = request.user
        return queryset.filter(scope(request.user, "activities.view_activity"))

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def title_link(self, activity):
        if not may_open(self.reader, activity):
            return activity.title
        return format_html('<a href="{}">{}</a>', own_url(activity), activity.title)

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def what(self, activity):
        return activity.kind_label

    def change_view(self, request, object_id, form_url="", extra_context=None):
        activity = self.get_object(request, unquote(object_id))
        if activity is not None and (url := own_url(activity)):
            return HttpResponseRedirect(url)
        return super().change_view(request, object_id, form_url, extra_context)


class TakingPlace(ListFilter):
    title = gettext_lazy("activity")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("coming", _("to come")), ("past", _("over"))]

    def queryset(self, request, queryset):
        from_now = {"coming": "activity__status", "past": ""}
        if self.value() == "coming":
            return queryset.filter(**{from_now["coming"]: Status.PUBLISHED})
        return queryset.exclude(activity__status=Status.PUBLISHED) if self.value() == "past" else queryset


class KnowsFilter(ListFilter):
    title = gettext_lazy("knows time and place")
    parameter_name = "seen"

    def lookups(self, request, model_admin):
        return [("no", _("has not seen the new time"))]

    def queryset(self, request, queryset):
        if self.value() != "no":
            return queryset
        return queryset.live().filter(seen_revision__lt=F("activity__revision"))


def note_told(request: StaffRequest, row: SignUp, data: dict) -> str:
    entered_by_staff.note_told(row)
    return _("Noted: %(name)s knows of the new time and place.") % {"name": minors.name_for(request.user, row.person)}


@admin.register(SignUp)
class SignUpAdmin(ReadOnly, PortalAdmin):
    neighbourhood_paths = ("activity__neighbourhood",)
    list_display = ["who", "activity_link", "status", "channel", "deadline", "knows"]
    list_display_links = None
    list_select_related = [
        "person",
        "activity__organisation",
        "activity__neighbourhood",
        "booking",
    ]
    list_filter = ["status", TakingPlace, KnowsFilter, ("activity__starts_at", ClockDateFilter)]
    acts = (
        Act(
            name="told",
            label=gettext_lazy("told of the new time"),
            run=note_told,
            applies=lambda row: row.is_live and row.seen_revision < row.activity.revision,
            may=lambda model_admin, request, row: covers(request.user, "activities.add_signup", row.activity),
            intro=gettext_lazy("Please press only after you have reached them."),
        ),
    )
    search_fields = ["person__name", "activity__title"]
    ordering = ["-pk"]

    def get_search_fields(self, request):
        # Whoever may not read the names, children's among them, may not search by them either.
        readable = neighbourhoods_with(request.user, "activities.view_signup")
        sees_all = readable <= neighbourhoods_with(request.user, minors.SEES_MINORS)
        return self.search_fields if sees_all else ["activity__title"]

    def narrow(self, request, queryset):
        self.reader = request.user
        own = Activity.objects.filter(scope(request.user, "activities.view_signup"))
        return queryset.filter(activity__in=own.order_by().values("pk"))

    def name_of(self, request, row):
        return f"{minors.name_for(request.user, row.person)}: {row.activity}"

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, row):
        """Django's, but its label names nobody whom the reader may not know (V6)."""
        label = _("Choose %(what)s") % {"what": f"{minors.name_for(self.reader, row.person)}: {row.activity}"}
        box = forms.CheckboxInput({"class": "action-select", "aria-label": label}, lambda value: False)
        return box.render(ACTION_CHECKBOX_NAME, str(row.pk))

    @admin.display(description=gettext_lazy("person"))
    def who(self, row):
        return minors.name_for(self.reader, row.person)

    @admin.display(description=gettext_lazy("activity"), ordering="activity__starts_at")
    def activity_link(self, row):
        title = f"{row.activity}, {day_year(row.activity.starts_at)} {span(row.activity)}"
        if not may_open(self.reader, row.activity):
            return title
        return format_html('<a href="{}#bookings">{}</a>', own_url(row.activity), title)

    @admin.display(description=gettext_lazy("channel"))
    def channel(self, row):
        return row.booking.get_channel_display()

    @admin.display(description=gettext_lazy("until"))
    def deadline(self, row):
        if row.status == "consent_pending":
            return moment(row.consent_until)
        return moment(row.booking.offer_until) if row.status == "offered" else "–"

    @admin.display(description=gettext_lazy("knows time and place"), boolean=True)
    def knows(self, row):
        return row.seen_revision >= row.activity.revision

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is not None and may_open(request.user, row.activity):
            return HttpResponseRedirect(f"{own_url(row.activity)}#bookings")
        return super().change_view(request, object_id, form_url, extra_context)


def occasions_of_activity(pk: int) -> Q:
    """What messages tell of the activity and its parts."""
    return occasions_about(Activity.objects.filter(pk=pk) | Activity.objects.filter(part_of=pk))
