"""Staff pages of feedback: typing in what came another way, and one page where an item is answered and the next shown."""

import csv
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.access import minors
from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm, Button, PortalAdmin, admin_url, list_url
from people.media.pictures import Shown
from people.models import Person
from portal import clock
from portal.fields import CleanCharField, is_id
from portal.forms import field_of
from portal.refusals import Refusal, in_form
from projects.models import Channel, DesignDraft, Disposition, DraftImage, Feedback, Project
from projects.operations import feedback
from projects.operations.drafts import final_of
from projects.rules.versions import Board, pins, shown


class TypeInForm(forms.ModelForm):
    """What came by a group chat, on paper or at a door."""

    text = CleanCharField(label=gettext_lazy("what was said"), max_length=1000, lines=True)
    quote = CleanCharField(label=gettext_lazy("about the words"), max_length=200, required=False)
    part = CleanCharField(
        label=gettext_lazy("place on the picture"),
        max_length=8,
        required=False,
        help_text=gettext_lazy("Like B2, as the parts are called on the page; 2:B2 for the second picture."),
    )

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("channel") == Channel.WEB_FORM:
            self.add_error(
                "channel", _("What comes by the website is written down there. Please choose the way it came.")
            )
        draft = data.get("draft")
        if draft is None or self.errors:
            return data
        with in_form(self):
            data["spot"] = self._spot(draft, data)
            feedback.check(
                draft,
                list(draft.rounds.all()),
                self.item(),
                today=clock.today(),
                by_staff=True,
                final=final_of(draft.project_id),
            )
        return data

    def _spot(self, draft: DesignDraft, data: dict[str, Any]) -> feedback.Spot:
        words = data.get("part", "")
        if not words:
            return feedback.Spot(quote=data.get("quote", ""))
        number, _colon, part = words.rpartition(":")
        images: list[DraftImage] = list(draft.images.all())
        index = int(number) - 1 if is_id(number) else 0
        middle = images[index].middle_of(part.strip().upper()) if 0 <= index < len(images) else None
        if middle is None:
            raise Refusal(
                _("This version has no such place. Please write a part as it is called on its page."), about="part"
            )
        return feedback.Spot(images[index], *middle)

    def item(self) -> feedback.Item:
        data = self.cleaned_data
        return feedback.Item(
            data.get("text", ""), data["channel"], data.get("person"), data.get("received_on"), data["spot"]
        )


class AnswerForm(forms.ModelForm):
    disposition = forms.ChoiceField(
        label=gettext_lazy("answer"),
        choices=[(code, label) for code, label in Disposition.choices if code != Disposition.PENDING],
        widget=forms.RadioSelect,
        required=False,
    )
    reply = CleanCharField(
        label=gettext_lazy("reply and reason"),
        max_length=1000,
        lines=True,
        required=False,
        help_text=gettext_lazy("Everybody reads it on the page; whoever said this gets it by e-mail."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.revision
        if "in_version" in self.fields:
            later = DesignDraft.objects.published().filter(project=self.instance.draft.project_id)
            field = field_of(self, "in_version", forms.ModelChoiceField)
            field.queryset = later.filter(version__gt=self.instance.draft.version)
            field.required = False
            field.empty_label = _("in none yet; it is chosen when the next version is published")

    def clean(self):
        data = super().clean() or self.cleaned_data
        now = Feedback.objects.select_related("draft").get(pk=self.instance.pk)
        with in_form(self):
            feedback.check_answer(
                now,
                data.get("disposition", ""),
                data.get("reply", ""),
                data.get("in_version"),
                seen=data.get("seen"),
            )
        return data

    def _post_clean(self) -> None:
        """The operation writes it, behind the lock; the instance stays as it was read."""


class ReasonForm(ActForm):
    reason = CleanCharField(
        label=gettext_lazy("reason"),
        max_length=200,
        help_text=gettext_lazy("Stands on the page in place of the words: “It names a neighbour.”"),
    )


def withhold(request: StaffRequest, item: Feedback, data: dict[str, Any]) -> str:
    feedback.withhold(item, data["reason"])
    return _("The words are not shown any more; the item keeps its number and its answer.")


def release(request: StaffRequest, item: Feedback, data: dict[str, Any]) -> str:
    feedback.release(item, at=clock.now())
    return _("The words are shown now.")


def next_pending(rows, after: Feedback | None = None) -> Feedback | None:
    """The one that waits longest, of the same project first."""
    waiting = rows.pending().select_related("draft").order_by("received_on", "pk")
    same = waiting.filter(draft__project=after.draft.project_id).first() if after is not None else None
    return same or waiting.first()


@admin.register(Feedback)
class FeedbackAdmin(PortalAdmin):
    neighbourhood_paths = ("draft__project__neighbourhood",)
    change_form_template = "admin/portal/feedback.html"
    list_display = ["what", "version", "channel", "received_on", "disposition", "is_public"]
    list_display_links = ["what"]
    list_select_related = ["draft__project"]
    list_filter = [
        "disposition",
        "channel",
        ("draft__project", admin.RelatedOnlyFieldListFilter),
        ("draft", admin.RelatedOnlyFieldListFilter),
        "received_on",
    ]
    search_fields = ["text", "reply"]
    autocomplete_fields = ["person"]
    ordering = ["-received_on", "-pk"]
    acts = (
        Act(
            name="release",
            label=gettext_lazy("show the words"),
            run=release,
            applies=lambda item: not item.is_shown,
        ),
        Act(
            name="withhold",
            label=gettext_lazy("keep the words back"),
            run=withhold,
            form=ReasonForm,
            applies=lambda item: not item.withheld,
            css="danger",
        ),
    )

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("next/", view(self.next_view), name="projects_feedback_next"),
            path("export/<int:project>/", view(self.export_view), name="projects_feedback_export"),
        ]
        return own + super().get_urls()

    # --- lists ---

    @admin.display(description=gettext_lazy("what was said"))
    def what(self, item):
        return item.text[:80]

    @admin.display(description=gettext_lazy("version"), ordering="draft")
    def version(self, item):
        return f"{item.draft.project} {item.draft.version}/{item.number}"

    @admin.display(description=gettext_lazy("words public"), boolean=True)
    def is_public(self, item):
        return item.is_shown

    def changelist_view(self, request, extra_context=None):
        project = request.GET.get("draft__project__id__exact", "")
        more: dict[str, Any] = {"may_answer": self.has_change_permission(request)}
        if is_id(project):
            rows = self.get_queryset(request).filter(draft__project=project)
            more |= {"tally": rows.tally(), "export_url": reverse("admin:projects_feedback_export", args=[project])}
        return super().changelist_view(request, {**(extra_context or {}), **more})

    # --- typing in ---

    def get_fields(self, request, obj=None):
        who = ["person"] if self.sees_people(request) else []
        if obj is None:
            return ["draft", "channel", "received_on", "text", "part", "quote", *who]
        answer = ["disposition", "reply", "in_version"]
        return [*answer, "seen"] if self.has_change_permission(request, obj) else answer

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = TypeInForm if obj is None else AnswerForm
        if obj is not None and not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return super().get_readonly_fields(request, None)

    def get_changeform_initial_data(self, request):
        draft = request.GET.get("draft", "")
        return {"draft": draft if is_id(draft) else None, "received_on": clock.today()}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "draft":
            kwargs["queryset"] = DesignDraft.objects.published().select_related("project").order_by("-published_at")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name in {"draft", "in_version"}:
            field.widget.can_add_related = False
        return field

    def limited(self, request, model, queryset):
        """Nobody types in a child's words by name: what children say comes without one, or by their guardian."""
        rows = super().limited(request, model, queryset)
        return rows.adults_on(clock.today()) if model is Person else rows

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        if change:
            feedback.answer(
                obj,
                disposition=data["disposition"],
                reply=data["reply"],
                at=clock.now(),
                by=request.user,
                in_version=data.get("in_version"),
                seen=data.get("seen"),
            )
            return
        made = feedback.give_many(data["draft"], [form.item()], at=clock.now(), by=request.user)[0]
        obj.__dict__.update({name: value for name, value in made.__dict__.items() if name != "_state"})
        obj._state.adding = False

    def response_add(self, request, obj, post_url_continue=None):
        if "_addanother" in request.POST:
            messages.success(request, _("Written down as number %(number)d.") % {"number": obj.number})
            return HttpResponseRedirect(f"{reverse('admin:projects_feedback_add')}?draft={obj.draft_id}")
        return super().response_add(request, obj, post_url_continue)

    # --- answering ---

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("draft__project__neighbourhood", "image__photo__original")

    def response_change(self, request, obj):
        if "_continue" in request.POST:
            return super().response_change(request, obj)
        rows = self.get_queryset(request)
        following = next_pending(rows, after=obj)
        if following is None:
            messages.success(request, _("Answered. Everything is answered now."))
            return HttpResponseRedirect(list_url(Feedback))
        left = rows.pending().count()
        messages.success(
            request,
            ngettext("Answered. One more is waiting: here it is.", "Answered. %(count)d more are waiting.", left)
            % {"count": left},
        )
        return HttpResponseRedirect(admin_url(following))

    def next_view(self, request: StaffRequest) -> HttpResponseBase:
        """The queue: the item that waits longest."""
        following = next_pending(self.get_queryset(request))
        if following is None:
            messages.success(request, _("Everything is answered now."))
            return HttpResponseRedirect(list_url(Feedback))
        return HttpResponseRedirect(admin_url(following))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= {"item": obj, "board": board_of(obj), "from_whom": self.from_whom(request, obj)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def from_whom(self, request: StaffRequest, item: Feedback) -> str:
        if item.person is None or not self.sees_people(request):
            return ""
        return minors.name_for(request.user, item.person)

    def buttons(self, request, obj):
        page = obj.page_url()
        return [*super().buttons(request, obj), Button(page, _("See the page"))]

    # --- export ---

    def export_view(self, request: StaffRequest, project: int) -> HttpResponseBase:
        """Every item of a project as CSV that a spreadsheet opens: no names. The same rows that the totals count."""
        if not self.has_view_permission(request) or not is_id(project):
            raise Http404
        rows = self.get_queryset(request).filter(draft__project=project)
        found = Project.objects.filter(pk=project, pk__in=rows.order_by().values("draft__project")).first()
        if found is None:
            raise Http404
        return export(found, rows)


def board_of(item: Feedback) -> Board | None:
    if item.image is None:
        return None
    picture: Shown | None = shown(item.image, item.draft)
    return Board(item.image, picture, pins([item]))


def safe(cell: object) -> str:
    """A cell that a spreadsheet would take for a formula is told to be text."""
    text = str(cell)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def export(project: Project, rows) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="feedback-{project.slug}.csv"'
    writer = csv.writer(response)
    head = [_("version"), _("number"), _("came by"), _("came on"), _("place"), _("words"), _("answer"), _("reply")]
    writer.writerow([*head, _("answered on"), _("taken in by version")])
    for item in rows.select_related("draft", "image", "in_version").order_by("draft__version", "number"):
        writer.writerow(
            safe(cell)
            for cell in [
                item.draft.version,
                item.number,
                item.get_channel_display(),
                item.received_on,
                item.part,
                item.text if not item.withheld else f"({item.withheld})",
                item.get_disposition_display(),
                item.reply,
                clock.local_date(item.replied_at) if item.replied_at else "",
                item.in_version.version if item.in_version else "",
            ]
        )
    return response
