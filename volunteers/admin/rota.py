"""Staff pages of a team's rota: what all its mornings have in common, who promised which, leave, days off."""

from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.party import covered
from people.admin.shared import Act, ActForm, PortalAdmin, PortalInline, ReadOnly, Told, list_url
from people.models import Channel, Person, TeamMembership
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day, span
from portal.fields import CleanCharField
from portal.forms import field_of
from volunteers.admin.pieces import pieces_act
from volunteers.forms import ANY, TurnForm, day_field, turn_words
from volunteers.models import Leave, Rota, RotaBreak, Shift, Turn
from volunteers.models.rota import WEEKDAYS
from volunteers.operations import past_mornings, planning, promises
from volunteers.operations.promises import short_slots
from volunteers.operations.sweep import AHEAD

BY_HAND = [
    (Channel.PHONE, gettext_lazy("by phone")),
    (Channel.PAPER, gettext_lazy("on paper")),
    (Channel.IN_PERSON, gettext_lazy("in person")),
]


class MemberForm(ActForm):
    """Choices are the adults of the team today."""

    person = forms.ModelChoiceField(label=gettext_lazy("Member"), queryset=Person.objects.none())

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        members = TeamMembership.objects.on(clock.today()).filter(team__in=[rota.team_id for rota in self.rows])
        adults = Person.objects.filter(pk__in=members.values("person"), anonymised_at=None).exclude(
            pk__in=Person.objects.minors_on(clock.today()).values("pk")
        )
        field_of(self, "person", forms.ModelChoiceField).queryset = adults.order_by("name", "pk")


class PromiseForm(MemberForm):
    weekday = forms.ChoiceField(label=gettext_lazy("every week on"), choices=TurnForm.base_fields["weekday"].choices)  # type: ignore[attr-defined]
    channel = forms.ChoiceField(label=gettext_lazy("How it was said"), choices=BY_HAND)


class EndForm(ActForm):
    turn = forms.ModelChoiceField(label=gettext_lazy("Which turn"), queryset=Turn.objects.none())

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        turns = Turn.objects.on(clock.today()).filter(rota__in=[rota.pk for rota in self.rows])
        field: Any = self.fields["turn"]
        field.queryset = turns.select_related("person")
        field.label_from_instance = lambda turn: f"{turn.person.name}: {turn_words(turn)}"


class AwayForm(MemberForm):
    first_day = day_field(gettext_lazy("Away from"))
    last_day = day_field(gettext_lazy("Away until"))


class OffForm(ActForm):
    first_day = day_field(gettext_lazy("First day without duty"))
    last_day = day_field(gettext_lazy("Last day without duty"))
    reason = CleanCharField(
        label=gettext_lazy("Why"), max_length=120, help_text=gettext_lazy("Everyone on duty those days reads it.")
    )


class PastForm(ActForm):
    first_day = day_field(gettext_lazy("First day"))
    last_day = day_field(gettext_lazy("Last day"))
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On which days of the week"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        initial=[number for number, _name in WEEKDAYS],
    )


def on_past(request: StaffRequest, rota: Rota, data: dict[str, Any]) -> str:
    made = past_mornings.enter(
        rota, data["first_day"], data["last_day"], data["weekdays"], at=clock.now(), by=request.user
    )
    return ngettext(
        "%(n)d morning is entered. Please note who was there.",
        "%(n)d mornings are entered. Please note who was there.",
        len(made),
    ) % {"n": len(made)}


def on_promise(request: StaffRequest, rota: Rota, data: dict[str, Any]) -> str:
    weekday = None if data["weekday"] == ANY else int(data["weekday"])
    promises.promise(
        rota,
        data["person"],
        weekday,
        at=clock.now(),
        channel=data["channel"],
        entered_by=request.user,
    )
    return _("Noted, and planned.")


def on_end(request: StaffRequest, rota: Rota, data: dict[str, Any]) -> str:
    promises.end_promise(data["turn"], at=clock.now())
    return _("From tomorrow on the turn is free.")


def on_leave(request: StaffRequest, rota: Rota, data: dict[str, Any]) -> str:
    promises.take_leave(
        rota,
        data["person"],
        data["first_day"],
        data["last_day"],
        at=clock.now(),
        entered_by=request.user,
    )
    return _("Noted; the turns on these days go to others.")


def on_off(request: StaffRequest, rota: Rota, data: dict[str, Any]) -> str:
    _row, cancelled = promises.pause(
        rota,
        data["first_day"],
        data["last_day"],
        data["reason"],
        at=clock.now(),
        by=request.user,
    )
    return ngettext(
        "Noted. %(n)d morning is called off, and everyone is told.",
        "Noted. %(n)d mornings are called off, and everyone is told.",
        cancelled,
    ) % {"n": cancelled}


def on_plan(request: StaffRequest, rota: Rota, data: dict[str, Any]) -> str:
    done = planning.generate(rota, at=clock.now())
    return _("%(made)d mornings made, %(given)d turns given; %(short)d mornings lack hands.") % {
        "made": done.made,
        "given": done.given,
        "short": len(done.short),
    }


class TurnInline(ReadOnly, PortalInline, admin.TabularInline):
    model = Turn
    fields = ["person", "weekday", "since", "until", "channel"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person").order_by("weekday", "pk")


class LeaveInline(ReadOnly, PortalInline, admin.TabularInline):
    model = Leave
    fields = ["person", "first_day", "last_day"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person").filter(last_day__gte=clock.today())


class BreakInline(ReadOnly, PortalInline, admin.TabularInline):
    model = RotaBreak
    fields = ["first_day", "last_day", "reason"]
    extra = 0


@admin.register(Rota)
class RotaAdmin(PortalAdmin):
    neighbourhood_paths = ("team__neighbourhood",)
    list_display = ["team", "title", "begins_at", "people_needed", "planned_on", "is_active"]
    list_select_related = ["team"]
    search_fields = ["title", "team__name"]
    autocomplete_fields = ["team", "location", "project", "substitutes"]
    inlines = [TurnInline, LeaveInline, BreakInline]
    fieldsets = [
        (None, {"fields": ["team", "title", "text", "location", "project", ("people_needed", "minutes")]}),
        (
            gettext_lazy("When"),
            {
                "fields": [
                    ("since", "until"),
                    "begins_at",
                    ("winter_begins_at", "winter_from", "winter_until"),
                    "weeks_ahead",
                    "is_active",
                ]
            },
        ),
        (gettext_lazy("Safety"), {"fields": ["risks", "safeguards", "insurance"]}),
        (gettext_lazy("When hands are missing"), {"fields": ["substitutes"]}),
    ]
    acts = (
        Act(
            "promise",
            gettext_lazy("enter a standing turn"),
            on_promise,
            form=PromiseForm,
            many=False,
        ),
        Act("leave", gettext_lazy("enter leave"), on_leave, form=AwayForm, many=False),
        Act("end-turn", gettext_lazy("end a standing turn"), on_end, form=EndForm, many=False),
        Act(
            "off",
            gettext_lazy("call mornings off"),
            on_off,
            form=OffForm,
            many=False,
            told=lambda request, rota: Told(facts=[_("Whoever is down for these days is told at once.")]),
        ),
        Act(
            "past",
            gettext_lazy("enter past mornings"),
            on_past,
            form=PastForm,
            many=False,
            told=lambda request, rota: Told(
                facts=[
                    _("For mornings before the rota stood here. Nobody is told, and nobody is put down."),
                    _(
                        "Each then waits for its note of who was there, and the team reads that it was entered afterwards."
                    ),
                    _("Days off and mornings that stand already are passed over."),
                ]
            ),
        ),
        pieces_act(many=False),
        Act("plan", gettext_lazy("plan ahead now"), on_plan, many=False),
    )

    def narrow(self, request, queryset):
        return queryset.filter(covered(request.user, "volunteers.view_rota", team="team"))

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        return [*fields, "team"] if obj is not None else fields

    def view_on_site(self, obj):
        return reverse("volunteers:rota", args=[obj.team.neighbourhood.slug, obj.team.code])


def short_mornings(request: StaffRequest) -> Job | None:
    """DESIGN.md §5: empty duty slots of the next seven days."""
    permission = "volunteers.change_shift"
    neighbourhoods = neighbourhoods_with(request.user, permission)
    if not neighbourhoods:
        return None
    at = clock.now()
    rows = short_slots(at, at + AHEAD).filter(neighbourhood__in=neighbourhoods)
    rows = rows.filter(covered(request.user, permission, team="team")).select_related("team__neighbourhood")
    found = list(rows[:50])
    return Job(
        _("Mornings that lack hands"),
        len(found),
        list_url(Shift, kind="duty", when="week"),
        [
            Line(
                f"{day(slot.starts_at)} {span(slot)}",
                _("%(down)d of %(needed)d are down for it") % {"down": slot.hands, "needed": slot.people_needed or 0},
                morning_url(slot),
                _("Look"),
            )
            for slot in found[:SHOWN]
        ],
        nothing=_("Every morning of the next seven days has its hands."),
        urgent=any(not slot.hands for slot in found),
    )


def morning_url(slot: Shift) -> str:
    assert slot.team is not None
    return reverse("volunteers:morning", args=[slot.team.neighbourhood.slug, slot.team.code, slot.pk])
