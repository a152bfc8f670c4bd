"""Staff pages of deliberations, in the order staff work: notice, who came, opinions, votes, decision, follow-ups, publication."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin.acts import ACTS
from activities.admin.base import ActivityAdmin
from activities.admin.change_list import When
from activities.admin.choices import ChoosesActivities
from activities.admin.forms import ActivityForm
from activities.admin.recording import record_act
from activities.models import Status
from community.admin.amendments import amendments_table
from community.models import Deliberation, FollowUp, Opinion, Option, Participant, Side
from community.models.deliberation import NoticeChannel
from community.operations.deliberations import correct_result, missing_in_result, publish_result
from community.rules import vote_sums
from community.rules.discussed import branch_meetings
from people.access.requests import StaffRequest
from people.admin.fields import LinesField, TicksField
from people.admin.shared import Act, ActForm, ListFilter, PortalInline, Rows, Told
from portal import clock
from portal.dates import day_year
from portal.fields import CleanCharField, ManyRows

Type = Deliberation.Type
BRANCH_MEETINGS = 40  # the choices of "discussed before": the latest meetings of all branches


# --- acts ---


class CorrectionForm(ActForm):
    reason = CleanCharField(
        label=gettext_lazy("What is corrected"),
        max_length=200,
        help_text=gettext_lazy("It stands on the public page, also when the result is out again."),
    )
    withheld = forms.BooleanField(
        label=gettext_lazy("The old words tell something about a person: do not show them to readers"), required=False
    )


class NoticeWasForm(ActForm):
    """D1 for what took place before it was written down here: when its notice had gone out."""

    notice_on = forms.DateField(
        label=gettext_lazy("The notice went out on"),
        widget=AdminDateWidget,
        help_text=gettext_lazy("The day on which the paper was put up or the message was sent."),
    )
    short_notice_reason = CleanCharField(
        label=gettext_lazy("why the notice was short"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only for a coordination meeting with fewer days than the rule asks; shown in public."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].initial = getattr(self.rows[0], name)
        if self.rows[0].type != Type.COORDINATION:
            del self.fields["short_notice_reason"]


def publish(request: StaffRequest, deliberation: Deliberation, data: dict) -> str:
    publish_result(deliberation, at=clock.now(), by=request.user)
    return _("The result of “%(title)s” is published.") % {"title": deliberation}


def on_result(request: StaffRequest, deliberation: Deliberation) -> Told:
    due = deliberation.result_due_on
    facts = [_("Everyone can read it, with votes, opinions and follow-ups.")]
    if due < clock.today():
        facts.append(_("It was due on %(day)s.") % {"day": day_year(due)})
    return Told(facts, missing_in_result(deliberation))


def correct(request: StaffRequest, deliberation: Deliberation, data: dict) -> str:
    correct_result(deliberation, at=clock.now(), by=request.user, reason=data["reason"], withheld=data["withheld"])
    return _("The result is not public until it is published again.")


RESULT_ACTS = (
    Act(
        name="publish-result",
        label=gettext_lazy("publish the result"),
        run=publish,
        told=on_result,
        applies=lambda one: awaits_result(one),
        many=False,
        css="go",
    ),
    Act(
        name="correct-result",
        label=gettext_lazy("take the result back to correct it"),
        run=correct,
        form=CorrectionForm,
        applies=lambda one: one.is_public_result,
        submit=gettext_lazy("Take it back"),
        many=False,
        css="danger",
    ),
)


def awaits_result(deliberation: Deliberation) -> bool:
    is_held = deliberation.status in {Status.PUBLISHED, Status.DONE} and deliberation.is_past(at=clock.now())
    return is_held and not deliberation.is_public_result


def is_open(deliberation: Deliberation | None) -> bool:
    """A published result is read-only; only follow-ups are ticked off."""
    return deliberation is None or not deliberation.is_public_result


# --- what hangs on it ---


class OfDeliberation(ChoosesActivities, PortalInline, admin.TabularInline):
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("deliberation", *self.autocomplete_fields)

    def own_groups(self, request, model):
        return Q()

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and is_open(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_open(obj)


class ParticipantInline(OfDeliberation):
    model = Participant
    fields = ["person", "group", "absence"]
    autocomplete_fields = ["person"]
    verbose_name_plural = gettext_lazy("who is asked to come, by group")


class SideInline(OfDeliberation):
    model = Side
    fields = ["name", "representative", "has_signed"]
    autocomplete_fields = ["representative"]
    verbose_name_plural = gettext_lazy("parties")


class OpinionForm(forms.ModelForm):
    text = CleanCharField(label=gettext_lazy("opinion"), max_length=300, lines=True)
    reply = CleanCharField(label=gettext_lazy("reply, with the reason"), max_length=300, lines=True, required=False)


class OpinionInline(OfDeliberation):
    model = Opinion
    form = OpinionForm
    fields = ["person", "group", "stance", "text", "reply", "said_as"]
    autocomplete_fields = ["person"]
    verbose_name_plural = gettext_lazy("opinions; each concern gets a reply")


class GroupVotesField(LinesField):
    """Votes of the groups, one on each line: the group's name, then for, against, abstained."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault(
            "help_text", gettext_lazy("One group on each line, e.g. “residents 5 0 1”: in favour, against, abstained.")
        )
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return "\n".join(vote_sums.write_groups(value)) if isinstance(value, dict) else value

    def clean(self, value):
        try:
            return vote_sums.read_groups(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(
                _("Please write “%(line)s” like this: residents 5 0 1 (in favour, against, abstained)."),
                params={"line": str(error)[:40]},
            ) from error

    def has_changed(self, initial, data) -> bool:
        return super().has_changed(vote_sums.write_groups(initial or {}), data)


class OptionForm(forms.ModelForm):
    by_group = GroupVotesField(label=gettext_lazy("by group"))


class OptionFormSet(Rows):
    """D2: said at once, beside the row; asked again when the result is published."""

    def clean(self) -> None:
        super().clean()
        voters = self.instance.voters
        for form, _data in self.typed():
            if not form.has_changed() or not form.is_valid():
                continue
            if voters is not None and (sentence := vote_sums.sum_wrong(form.instance, voters)):
                form.add_error("votes_for", sentence)
            elif sentence := vote_sums.groups_wrong(form.instance):
                form.add_error("by_group", sentence)


class OptionInline(OfDeliberation):
    model = Option
    form = OptionForm
    formset = OptionFormSet
    fields = [
        "text", "votes_for", "votes_against", "abstained", "by_group", "web_for", "web_against", "web_abstained",
    ]  # fmt: skip
    verbose_name_plural = gettext_lazy("votes; those on the web stand apart")


class FollowUpInline(OfDeliberation):
    model = FollowUp
    fields = ["task", "owner", "owner_as", "due_on", "done_on"]
    autocomplete_fields = ["owner"]
    verbose_name_plural = gettext_lazy("follow-ups; ticked off also after publication")

    def has_change_permission(self, request, obj=None):
        return super(OfDeliberation, self).has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        return [] if is_open(obj) else ["task", "owner", "owner_as", "due_on"]


# --- the page ---


# Lists, once they cannot be changed any more: Django would show them as the JSON they are.
LISTS = {"items": "items_told", "materials": "materials_told", "notice_channels": "channels_told"}


class DeliberationForm(ActivityForm):
    items = LinesField(label=gettext_lazy("items"))
    materials = LinesField(
        label=gettext_lazy("materials"), help_text=gettext_lazy("One on each line; “none” where there are none.")
    )
    notice_channels = TicksField(label=gettext_lazy("told by"), choices=NoticeChannel.choices)

    def clean(self):
        data = super().clean() or self.cleaned_data
        expected, attended, voters = (self.value(data, name) for name in ("should_attend", "attended", "voters"))
        if attended is not None and expected is not None and attended > expected:
            self.add_error(
                "attended",
                _("More cannot attend than should, and %(n)d should. Please correct one of the two numbers.")
                % {"n": expected},
            )
        if voters is not None and attended is not None and voters > attended:
            self.add_error(
                "voters",
                _("More cannot vote than attended, and %(n)d attended. Please correct one of the two numbers.")
                % {"n": attended},
            )
        return data

    def value(self, data, name: str):
        return data.get(name) if name in self.fields else getattr(self.instance, name)


class ResultFilter(ListFilter):
    title = gettext_lazy("result")
    parameter_name = "result"

    def lookups(self, request, model_admin):
        return [
            ("due", _("held, not published yet")),
            ("published", _("published")),
            ("overdue", _("follow-up overdue")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "due":
                return due(queryset)
            case "published":
                return queryset.filter(result_state=Deliberation.ResultState.PUBLISHED)
            case "overdue":
                return queryset.filter(pk__in=overdue(FollowUp.objects.all()).order_by().values("deliberation"))
        return queryset


def due(deliberations):
    """Held, and the result is not out."""
    held = deliberations.filter(status__in=[Status.PUBLISHED, Status.DONE], ends_at__lte=clock.now())
    return held.filter(result_state=Deliberation.ResultState.PENDING)


def overdue(follow_ups):
    """Public ones that nobody has ticked off in time."""
    public = follow_ups.filter(deliberation__result_state=Deliberation.ResultState.PUBLISHED)
    return public.filter(done_on=None, due_on__lt=clock.today())


@admin.register(Deliberation)
class DeliberationAdmin(ActivityAdmin):
    form = DeliberationForm
    kind = "deliberation"
    own_fields = ("type",)
    list_display = ["when", "title", "type", "location", "state", "result"]
    list_filter = [When, "status", "type", ResultFilter]
    search_fields = ["title", "text", "location__name", "decision"]
    autocomplete_fields = ["location", "part_of", "invite_first", "chair", "recorder", "mediator"]
    acts = (*(record_act(NoticeWasForm) if act.name == "record" else act for act in ACTS), *RESULT_ACTS)
    inlines = [ParticipantInline, SideInline, OpinionInline, OptionInline, FollowUpInline]
    record_fields = (
        "chair", "recorder", "should_attend", "attended", "voters", "decision", "not_adopted",
        "mediator", "agreement", "trial_until", "review_on", *Deliberation.RATINGS, *Deliberation.COMMITTEE_RATINGS,
    )  # fmt: skip

    @admin.display(description=gettext_lazy("result"), ordering="result_at")
    def result(self, deliberation):
        if deliberation.is_public_result:
            return format_html('<span class="state good">{}</span>', day_year(deliberation.result_at))
        if awaits_result(deliberation):
            return format_html(
                '<span class="state due">{}</span>', _("due on %(day)s") % {"day": day_year(deliberation.result_due_on)}
            )
        return "–"

    def get_inline_instances(self, request, obj=None):
        found = super().get_inline_instances(request, obj)
        if obj is None:
            return [one for one in found if isinstance(one, ParticipantInline)]
        for one in found:
            if isinstance(one, ParticipantInline) and not is_open(obj):
                one.classes = ["collapse"]  # some thirty names that stay as they are
        return [one for one in found if not isinstance(one, SideInline) or obj.type == Type.COORDINATION]

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        sign_up = [(title, options) for title, options in found[2:-1]]
        for _title, options in sign_up:
            options["classes"] = ["collapse"]  # most deliberations need no sign-up
        convened: list[Any] = ["convener", "led_by", "discussed_by", ("raised_by_org", "raised_by_team"), "topic_note"]
        notice: list[Any] = ["items", "materials", "notice_on", "notice_channels", "short_notice_reason"]
        if obj is not None and obj.status != Status.DRAFT:
            fixed = ["items"] if obj.status == Status.PUBLISHED and is_open(obj) else LISTS
            notice = [LISTS[name] if name in fixed else name for name in notice]
        own: list[Any] = [
            (_("Who convenes it, and where the topic comes from"), {"fields": convened}),
            (_("The notice"), {"fields": notice}),
        ]
        if obj is not None and obj.status != Status.DRAFT:
            own.append(
                (
                    _("How the meeting went"),
                    {"fields": [("chair", "recorder"), ("should_attend", "attended", "voters")]},
                )
            )
            if obj.type == Type.COORDINATION:
                fields = ["mediator", "agreement", ("trial_until", "review_on")]
                own.append((_("The agreement"), {"fields": fields}))
            if obj.type == Type.APPRAISAL:
                own.append((_("Ratings"), {"fields": [Deliberation.RATINGS]}))
            if obj.type == Type.RESIDENTS_ASSEMBLY:
                fields = [Deliberation.COMMITTEE_RATINGS]
                own.append((_("What the assembly thinks of the committee"), {"fields": fields}))
            result = ["decision", "not_adopted", "result_state", "result_at", "correction"]
            result += ["amended"] if obj.correction else []
            own.append((_("The result"), {"fields": result}))
        return [*found[:2], *own, *sign_up, found[-1]]

    def audience_fields(self):
        return []  # public, as a deliberation is

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), "result_state", "result_at", "correction"]
        if not is_open(obj):
            fields += (*Deliberation.seal.columns, *Deliberation.seal.pointers, "discussed_by", "notice_channels")
        return [*fields, *LISTS.values(), "amended"]

    @admin.display(description=gettext_lazy("amendments"))
    def amended(self, obj):
        return amendments_table(obj)

    @admin.display(description=gettext_lazy("items"))
    def items_told(self, obj) -> str:
        return "\n".join(obj.items) or "-"

    @admin.display(description=gettext_lazy("materials"))
    def materials_told(self, obj) -> str:
        return "\n".join(obj.materials) or "-"

    @admin.display(description=gettext_lazy("told by"))
    def channels_told(self, obj) -> str:
        return "\n".join(str(NoticeChannel(one).label) for one in obj.notice_channels) or "-"

    def fixed_when_published(self):
        return ("type", "convener", "led_by", "items", "notice_on")

    def get_form(self, request, obj=None, change=False, **kwargs):
        # What was discussed before a hearing of last spring is not among the latest meetings of today.
        request._held_before = min(clock.now(), obj.starts_at) if obj is not None else clock.now()
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name != "discussed_by":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        # D1 names them in public by branch and day, so staff who may not read their records choose by just that.
        neighbourhoods = self.neighbourhoods_to_choose_from(request)
        before = getattr(request, "_held_before", clock.now())
        held = branch_meetings(before).filter(neighbourhood__in=neighbourhoods)
        latest = held.order_by("-starts_at").values("pk")[:BRANCH_MEETINGS]
        field = db_field.formfield(
            queryset=held.filter(pk__in=list(latest.values_list("pk", flat=True)))
            .select_related("organisation")
            .order_by("-starts_at"),
            widget=forms.CheckboxSelectMultiple,
            form_class=ManyRows,
        )
        field.label_from_instance = lambda meeting: f"{meeting.organisation}, {day_year(meeting.starts_at)}"
        return field

    def notes(self, request, obj):
        found = super().notes(request, obj)
        if not is_open(obj):
            found.append(_("The result is published and stays as it is; follow-ups can be ticked off."))
        elif awaits_result(obj):
            found.append(_("The result is due on %(day)s.") % {"day": day_year(obj.result_due_on)})
            found += missing_in_result(obj)
        return found
