"""The base of every kind's staff page. A draft is edited freely; what others rely on changes only by acts that tell them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Q
from django.forms.models import model_to_dict
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.admin.acts import ACTS, is_to_come
from activities.admin.change_list import Attention, ShowsActivities, When
from activities.admin.choices import ChoosesActivities
from activities.admin.forms import ActivityForm
from activities.admin.recording import is_past_draft
from activities.admin.sign_ups import SignUpPages
from activities.models import Activity, Invitation, Status, Visibility
from activities.operations import cannot_come, consents, words
from activities.rules import reminder_times
from activities.rules.staff_scope import covers, scope
from people.access.grants import grants_of, neighbourhoods_with
from people.access.roles import is_narrow
from people.admin.shared import (
    Act,
    Button,
    PortalAdmin,
    PortalInline,
    WithHistory,
    admin_url,
    folded,
    list_url,
)
from people.models import Message, PartyOrg, Team, User
from portal import clock
from portal.dates import day, day_year, moment

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
CORRECTED_AFTERWARDS = ("title", "text")  # when nobody is on the way any more


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


class ActivityAdmin(ShowsActivities, ChoosesActivities, SignUpPages, PortalAdmin, WithHistory):
    """Base for shifts, learning events and meetings. Subclasses say ``kind``, ``own_fields`` and their model's columns."""

    kind = ""
    default_visibility: ClassVar[str] = Visibility.PUBLIC
    #: The child's own fields, shown below the words; those in ``record_fields`` stay open after the activity is over.
    own_fields: ClassVar[tuple[Any, ...]] = ()
    record_fields: ClassVar[tuple[str, ...]] = ()
    with_seats = True
    together = (
        ("starts_at", "ends_at"),
        ("capacity", "people_needed", "coach_seats"),
        ("min_age", "max_age", "minors", "children_per_adult"),
        ("signup_from", "signup_until", "cancel_until"),
        ("invite_first", "opens_to_all_at"),
        ("risks", "safeguards"),
        ("visibility", "organisation", "team"),
    )
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
    acts: ClassVar[tuple[Act, ...]] = ACTS

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
            "seats_per_account",
            ("signup_from", "signup_until", "cancel_until"),
            "promotion",
            ("invite_first", "opens_to_all_at"),
        ]
        found: list[Any] = [
            (None, {"fields": ["neighbourhood", *self.own_fields, "title", "text", "bring", *self.told(obj)]}),
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

    def told(self, obj: Activity | None) -> list[str]:
        """Whoever comes to what is published is told of new words, unless they are a slip."""
        return ["no_need_to_tell"] if obj is not None and is_to_come(obj) else []

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
        return [*fields, *(name for name in shown if name not in {*CORRECTED_AFTERWARDS, *self.record_fields})]

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
        if not change:
            obj.kind = obj.kind or self.kind
        stored = type(obj)._default_manager.get(pk=obj.pk) if change else None
        self.before_saving(obj)
        super().save_model(request, obj, form, change)
        if stored is None:
            if is_past_draft(obj):
                messages.warning(request, past_draft_words())
            return
        before = {name: getattr(stored, name) for name in words.IN_CALENDARS}
        self.tell_changed_words(request, obj, before, tell=not form.cleaned_data.get("no_need_to_tell"))
        told = {"risks", "safeguards"} & set(form.changed_data)
        if told and (asked := consents.terms_changed(obj, at=clock.now())):
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

    def tell_changed_words(self, request, obj: Activity, before: dict[str, str], *, tell: bool) -> None:
        told = words.tell_changed_words(obj, before, at=clock.now(), by=request.user, tell=tell)
        if told:
            messages.info(
                request,
                ngettext(
                    "%(n)d person who comes will be told what has changed, in one mail some ten minutes after the first save.",
                    "%(n)d people who come will be told what has changed, in one mail some ten minutes after the first save.",
                    told,
                )
                % {"n": told},
            )

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        obj = form.instance
        cannot_come.tell_invited(obj, at=clock.now())  # whoever was added just now
        if {"cancel_until", "starts_at"} & set(form.changed_data) and obj.cancel_until is not None:
            remind = reminder_times.remind_at(obj)
            if obj.cancel_until <= remind:
                messages.warning(
                    request,
                    _(
                        "Withdrawal ends on %(end)s, but the reminder goes out on %(remind)s only. Whoever learns from it that"
                        " they cannot come is late. A later end, or none, is better."
                    )
                    % {"end": moment(obj.cancel_until), "remind": moment(remind)},
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
        elif is_past_draft(obj):
            found.append(past_draft_words())
        elif obj.status == Status.DRAFT:
            found.append(_("A draft: only staff see it. Press “Publish” when it is ready."))
        if covers(request.user, "activities.view_signup", obj):
            said = obj.cannot_come.standing().select_related("person").order_by("pk")
            if noes := [f"{row.person}（{row.reason}）" if row.reason else str(row.person) for row in said]:
                found.append(_("Cannot come: %(names)s.") % {"names": _(", ").join(noes)})
        if obj.entered_at is not None:
            found.append(_("Entered afterwards, on %(day)s.") % {"day": day_year(obj.entered_at)})
        if self.neighbourhoods(request, "delete") and (reason := self.why_not_deleted(obj)):
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


def past_draft_words() -> str:
    return _(
        "A draft whose start has passed: only staff see it, and nobody is told. If it took place, press “Record what took"
        " place”; if the day is wrong, correct it."
    )


def flat(fields: Iterable[Any]) -> list[str]:
    return [name for entry in fields for name in (entry if isinstance(entry, (list, tuple)) else [entry])]
