"""The outbox for staff: what waits, is late, failed or in doubt; sending again; whom to phone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import outbox
from people.access import message_scope, minors
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.scope import within
from people.admin.shared import Act, Button, ListFilter, PortalAdmin, PortalInline, ReadOnly
from people.models import Message, Neighbourhood, Occasion, Person, User
from people.outbox import staff
from people.outbox.writing import address_of
from portal import clock
from portal.fields import is_id
from portal.registry import Registry


class What(ListFilter):
    """States as staff think of them."""

    title = gettext_lazy("what")
    parameter_name = "what"

    def lookups(self, request, model_admin):
        return [
            ("phone", _("to be told by phone")),
            ("failed", _("failed")),
            ("in_doubt", _("in doubt")),
            ("late", _("late")),
            ("waiting", _("waiting")),
            ("sent", _("sent")),
            ("over", _("no longer needed")),
        ]

    def queryset(self, request, queryset):
        State, now = Message.State, clock.now()
        conditions = {
            "phone": staff.is_to_be_told(now),
            "failed": Q(state=State.FAILED),
            "in_doubt": Q(state=State.IN_DOUBT),
            "late": staff.is_late(now),
            "waiting": Q(state__in=staff.IN_HAND),
            "sent": Q(state=State.SENT),
            "over": Q(state=State.EXPIRED),
        }
        condition = conditions.get(self.value() or "")
        return queryset.filter(condition) if condition is not None else queryset


class KindOfMessage(ListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind.code, kind.label) for kind in outbox.message_kinds]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class About(ListFilter):
    """Only by a link from what the messages are about: ``?about=sign_up:7,sign_up:8``; upper apps make the links."""

    title = gettext_lazy("about")
    parameter_name = "about"

    def lookups(self, request, model_admin):
        value = request.GET.get(self.parameter_name)
        return [(value, _("one activity"))] if value else []

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        about = about_condition(self.value())
        return queryset.filter(pk__in=Occasion.objects.filter(about).order_by().values("message"))


#: ``"activity" -> function(id) -> Q on Occasion``: what a link ``?about=activity:7`` means. activities: 100.
about_words = Registry[Callable[[int], Q]]("what messages are about")


def about_condition(value: str) -> Q:
    word, _colon, pk = value.partition(":")
    if word in about_words and is_id(pk):
        return about_words[word](int(pk))
    return Q(pk__in=[])


class OccasionInline(PortalInline, admin.TabularInline):
    model = Occasion
    readonly_fields = ["subject", "kind_of", "key", "revision"]
    fields = [*readonly_fields]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        self.reader = request.user
        return super().get_queryset(request).select_related("subject_person")

    @admin.display(description=gettext_lazy("about"))
    def subject(self, occasion):
        return name_in_outbox(self.reader, occasion.subject_person)

    @admin.display(description=gettext_lazy("kind"))
    def kind_of(self, occasion):
        kind = outbox.message_kinds.get(occasion.kind)
        return kind.label if kind else occasion.kind

    def has_view_permission(self, request, obj=None):
        return True  # as the message itself

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


def name_in_outbox(user, person: Person) -> str:
    """Whoever sees no people's records (system_admin) sees no full names here either."""
    if person.neighbourhood_id in neighbourhoods_with(user, "people.view_person"):
        return minors.name_for(user, person)
    return person.masked_name if person.is_adult_on(clock.today()) else _("a young volunteer")


def names_only_whom(user) -> QuerySet[Message]:
    """Messages whose words name only people whom ``user`` may see: known people, and children only with the grant (V6)."""
    neighbourhoods = neighbourhoods_with(user, "people.view_person")
    hidden = Occasion.objects.filter(~minors.may_be_named(user, "subject_person__"), message=OuterRef("pk"))
    return Message.objects.filter(~Exists(hidden), neighbourhood__in=neighbourhoods)


def send_again(request: StaffRequest, message: Message, data: dict) -> str:
    outbox.send_again(message, at=clock.now())
    return _("It is on its way again.")


def bounced(request: StaffRequest, message: Message, data: dict) -> str:
    outbox.bounced(message, at=clock.now())
    return _("Noted. Whatever still waits for this address stands on the phone list.")


def mark_told(request: StaffRequest, message: Message, data: dict) -> str:
    outbox.mark_told(message, by=request.user, at=clock.now())
    return _("Noted as told.")


def may_handle(model_admin, request: StaffRequest, message: Message) -> bool:
    return message.neighbourhood_id in neighbourhoods_with(request.user, message_scope.CHANGE)


@admin.register(Message)
class MessageAdmin(ReadOnly, PortalAdmin):
    list_display = ["queued_at", "whom", "kind_label", "state_words", "channel", "due_at", "sent_at", "error"]
    list_select_related = ["recipient"]
    list_filter = [What, KindOfMessage, "queued_at", About]
    search_fields = ["recipient__name", "address"]
    fields = [
        "whom",
        "kind_label",
        "state_words",
        "channel",
        "sent_to",
        "queued_at",
        "due_at",
        "expires_at",
        "sent_at",
        "attempts",
        "next_try_at",
        "error",
        "handled_by",
        "words",
    ]
    inlines = [OccasionInline]
    change_list_template = "admin/portal/messages.html"
    acts = (
        Act(
            name="again",
            label=gettext_lazy("send again"),
            run=send_again,
            applies=lambda message: message.state not in {"claimed", "sending"},
            may=may_handle,
            intro=gettext_lazy("The same message goes once more, to the address that the person has now."),
        ),
        Act(
            name="bounced",
            label=gettext_lazy("came back"),
            run=bounced,
            applies=lambda message: message.state == "sent" and message.channel == "email",
            may=may_handle,
            intro=gettext_lazy(
                "For a mail that the mail server sent back later. The person is phoned until something is sent again."
            ),
        ),
        Act(
            name="told",
            label=gettext_lazy("told by phone"),
            run=mark_told,
            applies=lambda message: message.state in {"pending", "failed", "in_doubt"},
            may=may_handle,
            intro=gettext_lazy("Please press only after you have reached them."),
        ),
    )

    def get_urls(self):
        return [
            path("phone-list/", self.admin_site.admin_view(self.phone_list), name="people_message_phone_list"),
            *super().get_urls(),
        ]

    def get_search_fields(self, request):
        # Whoever may not read the names may not search by them either.
        readable = neighbourhoods_with(request.user, message_scope.VIEW)
        return self.search_fields if readable <= neighbourhoods_with(request.user, "people.view_person") else []

    def lookup_allowed(self, lookup, value, request=None):
        """What is not shown is not asked for letter by letter in the address either."""
        return not lookup.startswith(("address", "error")) and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request):
        self.reader = request.user
        return super().get_queryset(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        message = self.get_object(request, unquote(object_id))
        words = {"subtitle": f"{self.kind_label(message)} → {self.whom(message)}"} if message is not None else {}
        return super().change_view(request, object_id, form_url, {**words, **(extra_context or {})})

    def narrow(self, request, queryset):
        return queryset.filter(pk__in=message_scope.readable_by(request.user).values("pk"))

    @admin.display(description=gettext_lazy("to"), ordering="recipient__name")
    def whom(self, message):
        return name_in_outbox(self.reader, message.recipient)

    @admin.display(description=gettext_lazy("sent to"))
    def sent_to(self, message):
        sees = message.neighbourhood_id in neighbourhoods_with(self.reader, "people.view_person")
        return (message.address or "–") if sees else "–"

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_label(self, message):
        kind = outbox.message_kinds.get(message.kind)
        return kind.label if kind else message.kind

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_words(self, message):
        if message.state == Message.State.SENT and message.channel == Message.Channel.PHONE:
            return _("told by phone")
        if message.maybe_doubled:
            return _("%(state)s (may have arrived twice)") % {"state": message.get_state_display()}
        return message.get_state_display()

    @admin.display(description=gettext_lazy("what is said"))
    def words(self, message):
        if not names_only_whom(self.reader).filter(pk=message.pk).exists():
            return "–"
        return next((sentence for _message, sentence in outbox.spoken([message])), "–")

    def after_act(self, request, rows):
        """Whoever came from the phone list goes on with it."""
        if request.POST.get("from") == "phone" and self.callers_neighbourhoods(request) & {rows[0].neighbourhood_id}:
            return f"{reverse('admin:people_message_phone_list')}?place={rows[0].neighbourhood.slug}"
        return super().after_act(request, rows)

    # --- the phone list ---

    def changelist_view(self, request, extra_context=None):
        calls = [
            Button(f"{reverse('admin:people_message_phone_list')}?place={neighbourhood.slug}", neighbourhood, "")
            for neighbourhood in Neighbourhood.objects.filter(pk__in=self.callers_neighbourhoods(request))
        ]
        return super().changelist_view(request, {"phone_lists": calls, **(extra_context or {})})

    def callers_neighbourhoods(self, request: StaffRequest) -> set[int]:
        """Where this staff member may both read messages and know people: who phones needs names and numbers."""
        user = request.user
        return neighbourhoods_with(user, message_scope.VIEW) & neighbourhoods_with(user, "people.view_person")

    def phone_list(self, request: StaffRequest) -> HttpResponse:
        """On paper: whom to phone, and for each building leader whom to tell; without what the reader may not know."""
        neighbourhoods = within(Neighbourhood.objects.all(), ("pk",), self.callers_neighbourhoods(request))
        wanted = request.GET.get("place", "")
        found = list(neighbourhoods)
        if not found:
            raise PermissionDenied
        neighbourhood = next((one for one in found if one.slug == wanted or not wanted), None)
        if neighbourhood is None:
            raise Http404
        rows = outbox.phone_list(neighbourhood, at=clock.now()).filter(
            pk__in=message_scope.readable_by(request.user).values("pk")
        )
        rows = rows.filter(pk__in=names_only_whom(request.user).values("pk"))
        rows = rows.select_related("recipient__building__compound")
        calls = [
            Call(message.recipient, sentence, message.expires_at, message)
            for message, sentence in outbox.spoken(rows)
            if minors.may_see(request.user, message.recipient)
        ]
        coming = [call for find in coming_calls for call in find(request.user, neighbourhood)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("To be told by phone"),
            "opts": self.opts,
            "place": neighbourhood,
            "groups": by_caller(calls),
            "coming": by_caller(coming),
            "tomorrow": clock.today() + timedelta(days=1),
            "now": clock.now(),
            "may_tell": neighbourhood.pk in neighbourhoods_with(request.user, message_scope.CHANGE),
            "told_url": reverse("admin:people_message_act", args=["told"]),
        }
        return TemplateResponse(request, "admin/portal/phone_list.html", context)


@dataclass(frozen=True)
class Call:
    """Somebody to be told by word of mouth: what, before when; ``message`` once it is written."""

    person: Person
    sentence: str
    before: datetime | None
    message: Message | None = None

    @property
    def number(self) -> str:
        return self.person.phone or address_of(self.person)

    @property
    def caller(self) -> str:
        """ "" for the office, which phones; else whoever goes there."""
        if self.number:
            return ""
        leader = self.person.building.leader if self.person.building else None
        return str(leader) if leader else _("somebody who goes there")


#: What will stand on the list by this evening: ``calls(user, neighbourhood)``. activities: 100.
coming_calls = Registry[Callable[[User, Neighbourhood], list[Call]]]("calls that are coming")


def by_caller(calls: Iterable[Call]) -> list[dict]:
    """Grouped by who makes them: the office first, then each building's leader; the soonest first."""
    ordered = sorted(calls, key=lambda call: (call.caller, call.before is None, call.before or clock.now()))
    return [
        {"caller": caller, "calls": list(group)} for caller, group in groupby(ordered, key=lambda call: call.caller)
    ]
