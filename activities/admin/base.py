"""The base of every kind's staff page. A draft is edited freely; what others rely on changes only by acts that tell them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Count, Q
from django.forms.models import model_to_dict
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.admin.circulars import write_act
from activities.admin.forms import ActivityForm, CapacityForm, MoveForm, ReasonForm, seats_words
from activities.admin.sign_ups import AtTheDesk
from activities.models import SEAT_HOLDING, Activity, Invitation, SignUp, SignUpStatus, Status, Visibility
from activities.operations import consents, locks, staff
from activities.pages import consequences
from activities.rules import reminder_times
from activities.rules.staff_scope import covers, scope
from people.access.grants import grants_of, neighbourhoods_with
from people.access.requests import StaffRequest
from people.access.roles import is_narrow, roles_with
from people.admin.shared import (
    Act,
    Button,
    ListFilter,
    PortalAdmin,
    PortalInline,
    Told,
    WithHistory,
    admin_url,
    folded,
    list_url,
)
from people.models import Message, PartyOrg, RoleGrant, Team, User
from portal import clock
from portal.dates import day, day_year, moment, span

Role = RoleGrant.Role

#: What others rely on once it is published, and what decides who is expected or may come.
FIXED_WHEN_PUBLISHED = (
    "starts_at",
    "ends_at",
    "location",
    "capacity",
    "organisation",
    "team",
    "post_holders_only",
    "part_of",
)
FIXED_WITH_SIGN_UPS = ("minors", "min_age", "max_age", "confirmed_guardians_only")
STATE = ("status", "revision", "cancelled_at", "cancel_reason")
FREE_AFTERWARDS = ("title", "text", "location_note")


# --- acts ---


def publish(request: StaffRequest, activity: Activity, data: dict) -> str:
    staff.publish(activity, at=clock.now(), by=request.user)
    return _("“%(title)s” is published.") % {"title": activity}


def on_publishing(request: StaffRequest, activity: Activity) -> Told:
    who = {
        Visibility.PUBLIC: _("Everyone can see it."),
        Visibility.ORGANISATION: _("Members of %(org)s can see it.") % {"org": activity.organisation or "–"},
        Visibility.TEAM: _("Members of %(team)s can see it.") % {"team": activity.team or "–"},
    }
    facts = [
        f"{day_year(activity.starts_at)}, {span(activity)} · {activity.location or '–'}",
        who[Visibility(activity.visibility)],
    ]
    if activity.needs_sign_up:
        opens = activity.signup_from
        if opens and opens > clock.now():
            facts.append(_("Sign-up begins on %(when)s.") % {"when": moment(opens)})
        else:
            facts.append(_("Sign-up begins at once."))
    expected = consequences.audience(activity)
    if expected.people:
        facts.append(
            _("%(n)d people are expected and will be reminded on %(when)s.")
            % {"n": expected.people, "when": moment(reminder_times.remind_at(activity))}
        )
    missing = staff.missing_for_publication(activity)
    warnings = [_("Still to be filled in: %(fields)s.") % {"fields": _(", ").join(missing)}] if missing else []
    return Told(facts, warnings)


def cancel(request: StaffRequest, activity: Activity, data: dict) -> str:
    told = consequences.audience(activity)
    staff.cancel(activity, at=clock.now(), by=request.user, reason=data["reason"])
    return _("“%(title)s” is cancelled; %(n)d messages are on their way or on the phone list.") % {
        "title": activity,
        "n": told.by_mail + told.by_phone,
    }


def on_telling_everyone(request: StaffRequest, activity: Activity) -> Told:
    when = f"{day_year(activity.starts_at)}, {span(activity)} · {activity.location or '–'}"
    facts = [when, *consequences.audience(activity).sentences()]
    parts = list(activity.parts.filter(status=Status.PUBLISHED))
    if parts:
        facts.append(_("Its parts go with it: %(titles)s.") % {"titles": _(", ").join(part.title for part in parts)})
    return Told(facts)


def move(request: StaffRequest, activity: Activity, data: dict) -> str:
    staff.move(
        activity,
        at=clock.now(),
        by=request.user,
        starts_at=data["starts_at"],
        ends_at=data["ends_at"],
        location=data["location"],
        reason=data["reason"],
    )
    return _("Moved. Everyone concerned is being told.")


def change_seats(request: StaffRequest, activity: Activity, data: dict) -> str:
    staff.change_capacity(activity, data["capacity"], at=clock.now(), by=request.user)
    return _("The number of seats is changed.")


def on_seats(request: StaffRequest, activity: Activity) -> Told:
    taken = activity.sign_ups.holding_seats().count()
    waiting = activity.sign_ups.waiting().count()
    return Told(
        [_("%(taken)d seats are taken, %(waiting)d people are waiting.") % {"taken": taken, "waiting": waiting}]
    )


def is_published(activity: Activity) -> bool:
    return activity.status == Status.PUBLISHED


def is_to_come(activity: Activity) -> bool:
    return is_published(activity) and not activity.has_started(at=clock.now())


ACTS = (
    Act(
        name="publish",
        label=gettext_lazy("publish"),
        run=publish,
        told=on_publishing,
        applies=lambda activity: activity.status == Status.DRAFT,
        css="go",
    ),
    Act(
        name="move",
        label=gettext_lazy("move"),
        run=move,
        form=MoveForm,
        applies=is_to_come,
        told=on_telling_everyone,
        submit=gettext_lazy("Move and tell everyone"),
        many=False,
    ),
    Act(
        name="seats",
        label=gettext_lazy("change the number of seats"),
        run=change_seats,
        form=CapacityForm,
        applies=lambda activity: is_to_come(activity) and activity.needs_sign_up,
        told=on_seats,
        submit=gettext_lazy("Change"),
        many=False,
    ),
    write_act(applies=lambda activity: activity.status in {Status.PUBLISHED, Status.DONE}),
    Act(
        name="cancel",
        label=gettext_lazy("cancel and tell everyone"),
        run=cancel,
        form=ReasonForm,
        applies=lambda activity: is_published(activity) and not activity.is_past(at=clock.now()),
        told=on_telling_everyone,
        css="danger",
    ),
)


# --- scope ---


class ChoosesActivities:
    """Choices in forms within the user's scope: activities, organisations and teams, and people one may name."""

    def limited(self, request: StaffRequest, model: type[models.Model], queryset: Any) -> models.QuerySet:
        rows = super().limited(request, model, queryset)  # type: ignore[misc]
        if issubclass(model, Activity):
            return rows.filter(scope(request.user, "activities.view_activity"))
        if model in (PartyOrg, Team):
            return rows.filter(self.own_groups(request, model))
        return rows

    def own_groups(self, request: StaffRequest, model: type[models.Model]) -> Q:
        """Organisations or teams that this user's grants for this model reach; all where a role has no such limit."""
        opts = self.opts  # type: ignore[attr-defined]
        allowed = roles_with(f"{opts.app_label}.change_{opts.model_name}") | roles_with(
            f"{opts.app_label}.add_{opts.model_name}"
        )
        rows = Q(pk__in=[])
        for grant in grants_of(request.user):
            if grant.role not in allowed:
                continue
            if grant.role == Role.BRANCH_SECRETARY:
                if model is PartyOrg:
                    rows |= Q(pk=grant.org_id) | Q(parent=grant.org_id)
            elif grant.role == Role.TEAM_LEADER:
                if model is Team:
                    rows |= Q(pk=grant.team_id)
            else:
                rows |= Q(neighbourhood=grant.neighbourhood_id)
        return rows

    def circle(self, request: StaffRequest) -> Q:
        """People whom staff without the people's records may name: their branch's members and posts, their team."""
        people = Q(pk__in=[])
        for grant in grants_of(request.user):
            if grant.role == Role.BRANCH_SECRETARY:
                people |= Q(party_memberships__branch=grant.org_id) | Q(posts__org=grant.org_id)
            elif grant.role == Role.TEAM_LEADER:
                people |= Q(team_memberships__team=grant.team_id) | Q(leads_teams=grant.team_id)
        return people


class InvitationInline(ChoosesActivities, PortalInline, admin.TabularInline):
    """Whoever is expected, or let in, beyond the members (列席)."""

    model = Invitation
    fields = ["person", "part"]
    autocomplete_fields = ["person"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "activity")

    def own_groups(self, request, model):
        return Q()


# --- lists ---


class SeatsChangeList(ChangeList):
    """Counts seats for the rows of one page, whatever the length of the list."""

    def get_results(self, request) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        held, waits = Q(status__in=SEAT_HOLDING), Q(status=SignUpStatus.WAITING)
        counted = (
            SignUp.objects.filter(activity__in=[row.pk for row in rows])
            .order_by()
            .values_list("activity")
            .annotate(taken=Count("pk", filter=held), waiting=Count("pk", filter=waits))
        )
        by_activity = {pk: (taken, waiting) for pk, taken, waiting in counted}
        for row in rows:
            row.taken, row.waiting = by_activity.get(row.pk, (0, 0))
        self.result_list = rows


class When(ListFilter):
    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("coming", _("to come")), ("week", _("next 7 days")), ("past", _("over"))]

    def queryset(self, request, queryset):
        now = clock.now()
        match self.value():
            case "coming":
                return queryset.filter(ends_at__gte=now)
            case "week":
                return queryset.filter(ends_at__gte=now, starts_at__lt=now + timedelta(days=8))
            case "past":
                return queryset.filter(ends_at__lt=now)
        return queryset


class Attention(ListFilter):
    title = gettext_lazy("needs somebody")
    parameter_name = "needs"

    def lookups(self, request, model_admin):
        return [
            ("consent", _("consent of a guardian")),
            ("answer", _("answer to an offer")),
            ("waiting", _("waiting list")),
        ]

    def queryset(self, request, queryset):
        status = {
            "consent": SignUpStatus.CONSENT_PENDING,
            "answer": SignUpStatus.OFFERED,
            "waiting": SignUpStatus.WAITING,
        }.get(self.value() or "")
        if status is None:
            return queryset
        return queryset.filter(
            status=Status.PUBLISHED, pk__in=SignUp.objects.filter(status=status).order_by().values("activity")
        )


class ShowsActivities:
    """Columns that lists of activities share."""

    def get_changelist(self, request, **kwargs):
        return SeatsChangeList

    @admin.display(description=gettext_lazy("when"), ordering="starts_at")
    def when(self, activity):
        return f"{day_year(activity.starts_at)} {span(activity)}"

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, activity):
        css = {Status.DRAFT: "due", Status.CANCELLED: "stop", Status.PUBLISHED: "good"}.get(activity.status, "")
        return format_html('<span class="state {}">{}</span>', css, activity.get_status_display())

    @admin.display(description=gettext_lazy("seats"))
    def places_taken(self, activity):
        return seats_words(activity) if activity.needs_sign_up or activity.taken else "–"

    @admin.display(description=gettext_lazy("for"))
    def whose(self, activity):
        return activity.organisation or activity.team or "–"


# --- the base ---


class ActivityAdmin(ShowsActivities, ChoosesActivities, AtTheDesk, PortalAdmin, WithHistory):
    """Base for shifts, learning events and meetings. Subclasses say ``kind``, ``own_fields`` and their model's columns."""

    kind = ""
    default_visibility: ClassVar[str] = Visibility.PUBLIC
    #: The child's own fields, shown below the words; those in ``record_fields`` stay open after the activity is over.
    own_fields: ClassVar[tuple[Any, ...]] = ()
    record_fields: ClassVar[tuple[str, ...]] = ()
    with_seats = True
    form = ActivityForm
    change_form_template = "admin/portal/activity.html"
    list_display = ["when", "title", "location", "state", "places_taken", "whose"]
    list_display_links = ["title"]
    list_select_related = ["location", "organisation", "team"]
    list_filter = [When, "status", Attention, "location"]
    search_fields = ["title", "text", "location__name"]
    ordering = ["-starts_at", "-pk"]
    autocomplete_fields = ["location", "part_of", "invite_first"]
    inlines = [InvitationInline]
    acts = ACTS

    # --- who sees what ---

    def permission(self, action: str) -> str:
        return f"{self.opts.app_label}.{action}_{self.opts.model_name}"

    def narrow(self, request, queryset):
        user = request.user
        return queryset.filter(scope(user, self.permission("view")) | scope(user, self.permission("change")))

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or covers(request.user, self.permission("change"), obj))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return covers(request.user, self.permission("delete"), obj) and self.why_not_deleted(obj) == ""

    def why_not_deleted(self, activity: Activity) -> str:
        """A sentence, or "" when it may be deleted."""
        if activity.bookings.exists():
            return _("It cannot be deleted, because people have signed up. Please cancel it, so that they are told.")
        if activity.status != Status.DRAFT:
            return _("It cannot be deleted, because it was published and people may count on it. Please cancel it.")
        if activity.parts.exists():
            return _("It cannot be deleted while other records are part of it.")
        return ""

    def delete_view(self, request, object_id, extra_context=None):
        activity = self.get_object(request, unquote(object_id))
        mine = activity is not None and self.has_change_permission(request, activity)
        if mine and (reason := self.why_not_deleted(activity)):
            messages.error(request, reason)
            return HttpResponseRedirect(admin_url(activity))
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs, request):
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # The base row goes with its child; nobody is asked for a permission to delete "activities" as such.
        lacking.discard(Activity._meta.verbose_name)
        return deleted, counts, lacking, protected

    # --- the form ---

    def get_fieldsets(self, request, obj=None):
        sign_up: list[Any] = [
            ("capacity", "people_needed", "coach_seats"),
            ("signup_from", "signup_until", "cancel_until"),
            "promotion",
            ("invite_first", "opens_to_all_at"),
        ]
        found: list[Any] = [
            (None, {"fields": ["neighbourhood", *self.own_fields, "title", "text", "bring"]}),
            (_("When and where"), {"fields": [("starts_at", "ends_at"), "location", "location_note"]}),
            (_("Who may see it and come"), {"fields": [*self.audience_fields(), "open_to"]}),
        ]
        if self.with_seats:
            found += [
                (
                    _("Children and young people"),
                    {"fields": ["minors", ("min_age", "max_age"), ("children_per_adult", "confirmed_guardians_only")]},
                ),
                (_("Seats and sign-up"), {"fields": sign_up}),
                (_("What recruitment has to say"), {"fields": ["risks", "safeguards", "insurance"]}),
            ]
        found.append((_("More"), {"fields": ["extra_reminder_hours", "part_of", *(STATE if obj else ())]}))
        return found if obj is None or obj.status == Status.DRAFT else folded(found, after=2)

    def audience_fields(self) -> list[Any]:
        return ["visibility", ("organisation", "team")]

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), *STATE]
        if obj is None or obj.status == Status.DRAFT:
            return fields
        if obj.status == Status.PUBLISHED:
            fields += FIXED_WHEN_PUBLISHED
            if obj.sign_ups.live().exists():
                fields += FIXED_WITH_SIGN_UPS
            return [*fields, *self.fixed_when_published()]
        shown = [name for _title, options in self.get_fieldsets(request, obj) for name in flat(options["fields"])]
        return [*fields, *(name for name in shown if name not in {*FREE_AFTERWARDS, *self.record_fields})]

    def fixed_when_published(self) -> Iterable[str]:
        """The child's own fields that others rely on."""
        return ()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.permission = self.permission("change" if change else "add")
        return form

    def get_changeform_initial_data(self, request):
        initial: dict[str, Any] = {"visibility": self.default_visibility}
        for name, model in (("organisation", PartyOrg), ("team", Team)):
            if any(is_narrow(grant) for grant in grants_of(request.user)):
                own = list(self.limited(request, model, None)[:2])
                if len(own) == 1:
                    initial[name] = own[0].pk
        if initial.get("team") and not initial.get("organisation"):
            initial["visibility"] = (
                Visibility.TEAM if self.default_visibility != Visibility.PUBLIC else Visibility.PUBLIC
            )
        copied = request.GET.get("copy", "")
        source = self.get_object(request, copied) if copied.isascii() and copied.isdigit() else None
        return {**initial, **super().get_changeform_initial_data(request), **(self.copy_of(source) if source else {})}

    def copy_of(self, source: Activity) -> dict[str, Any]:
        """Everything but who signed up and what became of it; the days moved by whole weeks into the future."""
        names = [name for _title, options in self.get_fieldsets(None) for name in flat(options["fields"])]
        values = model_to_dict(source, [name for name in names if name not in self.record_fields])
        weeks = max(0, -(-(clock.now() - source.starts_at) // timedelta(weeks=1)))
        for name in ("starts_at", "ends_at", "signup_from", "signup_until", "cancel_until", "opens_to_all_at"):
            value = getattr(source, name)
            values[name] = value + weeks * timedelta(weeks=1) if value else None
        values.pop("part_of", None)
        return values

    def save_model(self, request, obj, form, change):
        """Store only what this form changed, on top of the row as it is under the lock: a seat given meanwhile stays."""
        if not change:
            obj.kind = obj.kind or self.kind
            self.before_saving(obj)
            super().save_model(request, obj, form, change)
            return
        locks.lock(obj.pk)
        fresh = type(obj)._default_manager.get(pk=obj.pk)
        changed = set(form.changed_data)
        if fresh.status != Status.DRAFT:
            changed -= {*FIXED_WHEN_PUBLISHED, *self.fixed_when_published()}
        for field in obj._meta.concrete_fields:
            if field.name not in changed and not (field.name == "kind" and fresh.status == Status.DRAFT):
                setattr(obj, field.attname, getattr(fresh, field.attname))
        self.before_saving(obj)
        super().save_model(request, obj, form, change)
        if changed & {"risks", "safeguards"} and (asked := consents.terms_changed(obj, at=clock.now())):
            messages.warning(
                request,
                ngettext(
                    "Guardians agreed to the old words. For %(n)d child they are asked again; the seat is kept meanwhile.",
                    "Guardians agreed to the old words. For %(n)d children they are asked again; the seats are kept"
                    " meanwhile.",
                    asked,
                )
                % {"n": asked},
            )

    def before_saving(self, obj: Activity) -> None:
        """What a kind derives from its own fields."""

    def notes(self, request, obj):
        found: list[object] = []
        if obj.status == Status.PUBLISHED:
            found.append(
                _("Time, place, seats and state change by the buttons above, because everyone concerned is told.")
            )
        elif obj.status == Status.CANCELLED:
            found.append(_("Cancelled on %(day)s: %(why)s") % {"day": day(obj.cancelled_at), "why": obj.cancel_reason})
        elif obj.status == Status.DRAFT:
            found.append(_("A draft: only staff see it. Press “Publish” when it is ready."))
        if self.places(request, "delete") and (reason := self.why_not_deleted(obj)):
            found.append(reason)
        return found

    # --- buttons ---

    def buttons(self, request, obj):
        found = super().buttons(request, obj)
        user: User = request.user
        if is_to_come(obj) and obj.needs_sign_up and covers(user, "activities.add_signup", obj):
            found.append(Button(self.desk_url("enter", obj), _("Enter a sign-up")))
        if obj.status in {Status.PUBLISHED, Status.DONE} and covers(user, self.permission("attendance"), obj):
            try:
                url = reverse("activities:attendance", args=[obj.neighbourhood.slug, obj.pk])
            except NoReverseMatch:
                url = ""
            if url:
                found.append(Button(url, _("Attendance")))
        if obj.status != Status.DRAFT and obj.neighbourhood_id in neighbourhoods_with(user, "people.view_message"):
            found.append(Button(list_url(Message, about=f"activity:{obj.pk}"), _("Messages about it")))
        if obj.visibility == Visibility.PUBLIC:
            found.append(Button(reverse("activities:poster", args=[obj.neighbourhood.slug, obj.pk]), _("Poster")))
        if self.has_add_permission(request):
            add = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
            found.append(Button(f"{add}?copy={obj.pk}", _("Copy as a new draft")))
        return found

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk and covers(request.user, "activities.view_signup", obj):
            bookings = self.bookings(request, obj)
            shown = bool(bookings) or (obj.status == Status.PUBLISHED and obj.needs_sign_up)
            context |= {"bookings": bookings, "shows_bookings": shown}
        return super().render_change_form(request, context, add, change, form_url, obj)


def flat(fields: Iterable[Any]) -> list[str]:
    return [name for entry in fields for name in (entry if isinstance(entry, (list, tuple)) else [entry])]
