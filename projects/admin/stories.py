"""Staff pages of the told stories: reading what was sent in, publishing as far as the narrator agreed, answering."""

from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.fields import LinesField
from people.admin.shared import Act, ActForm, PortalAdmin, PortalInline, Told, admin_url, list_url
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day
from portal.fields import CleanCharField
from portal.words import listed
from projects.admin.garden import KeepsUnseen
from projects.models import OralHistory, StoryPhoto
from projects.operations import stories

State = OralHistory.State


class StoryForm(KeepsUnseen, forms.ModelForm):
    keeps_unseen = ("narrator",)
    topics = LinesField(label=gettext_lazy("topics"))

    def clean(self):
        data = super().clean() or self.cleaned_data
        agreed = any(data.get(name) for name in ("text_agreed", "recording_agreed", "photo_agreed"))
        if agreed and not data.get("agreed_on"):
            self.add_error("agreed_on", _("Enter the day on which the narrator agreed."))
        if (day_agreed := data.get("agreed_on")) is not None and day_agreed > clock.today():
            self.add_error("agreed_on", _("That day has not come yet. Please enter it when it has."))
        if self.instance.state == State.PUBLISHED and not data.get("text_agreed"):
            self.add_error("text_agreed", _("It is published. Let the narrator take it back by the button above."))
        return data


class AnswerForm(ActForm):
    reply = CleanCharField(
        label=gettext_lazy("to the sender"), max_length=200, help_text=gettext_lazy("Stands on their own page.")
    )


class RewordForm(ActForm):
    title = CleanCharField(label=gettext_lazy("title"), max_length=80)
    text = CleanCharField(label=gettext_lazy("story"), lines=True)
    told_by = CleanCharField(label=gettext_lazy("narrator's name in public"), max_length=30)
    told_on = forms.DateField(label=gettext_lazy("told on"), widget=AdminDateWidget)
    agreed_on = forms.DateField(label=gettext_lazy("The narrator agreed to these words on"), widget=AdminDateWidget)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "text", "told_by", "told_on"):
            self.fields[name].initial = getattr(self.rows[0], name)


def reword(request, story: OralHistory, data: dict) -> str:
    stories.reword(story, **data, at=clock.now())
    return _("“%(title)s” is shown in the new words.") % {"title": data["title"]}


def publish(request, story: OralHistory, data: dict) -> str:
    stories.publish(story, by=request.user, at=clock.now())
    return _("“%(title)s” is shown now.") % {"title": story.title}


def keep(request, story: OralHistory, data: dict) -> str:
    stories.keep(story, reply=data["reply"], by=request.user, at=clock.now())
    return _("Kept in the archive; the sender reads your answer.")


def decline(request, story: OralHistory, data: dict) -> str:
    stories.decline(story, reply=data["reply"], by=request.user, at=clock.now())
    return _("Not taken; the sender reads your answer.")


def take_back(request, story: OralHistory, data: dict) -> str:
    panels = stories.take_back(story, by=None, user=request.user, at=clock.now())
    if not panels:
        return _("It is taken back. Nobody reads it any more.")
    codes = listed(panel.code for panel in panels)
    return _("It is taken back. The same narrator told %(panels)s: ask whether these stay.") % {"panels": codes}


def on_publishing(request, story: OralHistory) -> Told:
    facts = [_("The text reads as told by %(name)s.") % {"name": story.told_by or "–"}]
    facts.append(
        _("Photos are shown with it, each once it is published.")
        if story.photo_agreed
        else _("Photos are not shown: the narrator has not agreed to that.")
    )
    return Told(facts)


class StoryPhotoInline(PortalInline, admin.TabularInline):
    model = StoryPhoto
    fields = ["photo", "order"]
    autocomplete_fields = ["photo"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("photo", "story")


@admin.register(OralHistory)
class OralHistoryAdmin(PortalAdmin):
    form = StoryForm
    stamp_at = ("sent_at",)
    list_display = ["title", "told_by", "told_on", "channel", "text_agreed", "photo_agreed", "state"]
    list_filter = ["state", "channel", "told_on"]
    search_fields = ["title", "text", "told_by"]
    autocomplete_fields = ["narrator", "interviewers"]
    inlines = [StoryPhotoInline]
    names_of_people = frozenset({"narrator", "interviewers"})
    fieldsets = [
        (None, {"fields": ["neighbourhood", "project", "title", "text", "topics"]}),
        (
            gettext_lazy("Told by"),
            {"fields": ["narrator", "told_by", ("told_on", "minutes"), "interviewers", "channel"]},
        ),
        (
            gettext_lazy("What the narrator agreed to"),
            {"fields": [("text_agreed", "recording_agreed", "photo_agreed"), "agreed_on"]},
        ),
        (gettext_lazy("What became of it"), {"fields": [("state", "reply")]}),
    ]
    acts: ClassVar[tuple[Act, ...]] = (
        Act(
            name="publish",
            label=gettext_lazy("publish"),
            run=publish,
            told=on_publishing,
            applies=lambda story: story.state in {State.RECEIVED, State.KEPT, State.DECLINED},
            css="go",
        ),
        Act(
            name="keep",
            label=gettext_lazy("keep in the archive"),
            run=keep,
            form=AnswerForm,
            applies=lambda story: story.state == State.RECEIVED,
        ),
        Act(
            name="decline",
            label=gettext_lazy("do not take"),
            run=decline,
            form=AnswerForm,
            applies=lambda story: story.state == State.RECEIVED,
        ),
        Act(
            name="reword",
            label=gettext_lazy("change the words with the narrator's yes"),
            run=reword,
            form=RewordForm,
            applies=lambda story: story.state == State.PUBLISHED,
            many=False,
        ),
        Act(
            name="take-back",
            label=gettext_lazy("the narrator takes it back"),
            run=take_back,
            applies=lambda story: story.state != State.WITHDRAWN,
            many=False,
            css="danger",
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        published = obj is not None and obj.state == State.PUBLISHED
        agreed_to = OralHistory.seal.columns if published else ()
        return [*super().get_readonly_fields(request, obj), "state", "reply", *agreed_to]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        hidden = 0 if form.instance.photo_agreed else stories.hide_photos(form.instance)
        if hidden:
            words = ngettext(
                "%(n)d photo is no longer shown anywhere: the narrator has not agreed to photos.",
                "%(n)d photos are no longer shown anywhere: the narrator has not agreed to photos.",
                hidden,
            )
            messages.warning(request, words % {"n": hidden})

    def view_on_site(self, obj):
        return obj.get_absolute_url()


def to_read(request: StaffRequest) -> Job | None:
    """Stories that residents sent in, the oldest first."""
    neighbourhoods = neighbourhoods_with(request.user, "projects.change_oralhistory")
    if not neighbourhoods:
        return None
    rows = OralHistory.objects.filter(neighbourhood__in=neighbourhoods, state=State.RECEIVED).order_by("sent_at", "pk")
    found = list(rows[:50])
    lines = [
        Line(story.title, _("sent on %(day)s") % {"day": day(story.sent_at)}, admin_url(story), _("Read"))
        for story in found[:SHOWN]
    ]
    url = list_url(OralHistory, state__exact=State.RECEIVED)
    return Job(_("Stories to read"), len(found), url, lines, nothing=_("Every story is answered."))
