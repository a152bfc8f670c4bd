"""A pasted list of feedback: what was understood is shown line by line before anything is written."""

import hashlib
from dataclasses import replace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.access.requests import StaffRequest
from people.admin.shared import PortalAdmin, admin_url, page
from people.models import Person
from portal import clock
from portal.fields import CleanCharField, is_id
from portal.refusals import caught, in_form
from projects.forms import feedback_lines
from projects.models import Channel, DesignDraft
from projects.operations import feedback
from projects.operations.drafts import final_of

MOST_CHARACTERS = 60_000


class PasteForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("came by"),
        choices=[(code, label) for code, label in Channel.choices if code != Channel.WEB_FORM],
    )
    received_on = forms.DateField(
        label=gettext_lazy("came on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("For lines that name no day of their own."),
    )
    text = CleanCharField(
        label=gettext_lazy("the list"),
        max_length=MOST_CHARACTERS,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text=gettext_lazy(
            "One line an item. A number, a day (7月6日) or a place (B2) at its beginning is understood."
        ),
    )

    def mark(self) -> str:
        """Of exactly this list: what is written is what the preview showed."""
        data = self.cleaned_data
        return hashlib.sha256(f"{data['channel']}|{data['received_on']}|{data['text']}".encode()).hexdigest()


class PasteView(PortalAdmin):
    """Base of DesignDraftAdmin: ``<pk>/paste/``."""

    def get_urls(self):
        own = [path("<int:pk>/paste/", self.admin_site.admin_view(self.paste_view), name="projects_designdraft_paste")]
        return own + super().get_urls()

    def paste_view(self, request: StaffRequest, pk: int) -> HttpResponseBase:
        draft = self.get_object(request, str(pk)) if is_id(pk) else None
        if draft is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))  # type: ignore[attr-defined]
        if not request.user.has_perm("projects.add_feedback", draft.project):
            raise PermissionDenied
        form = PasteForm(request.POST or None, initial={"received_on": clock.today()})
        lines: list[feedback_lines.Line] = []
        taken: set[int] = set()
        if request.method == "POST" and form.is_valid():
            lines = self.lines(request, draft, form)
            shown = request.POST.get("mark") == form.mark()
            ticks = {int(word) for word in request.POST.getlist("take") if is_id(word)}
            taken = ticks if shown else {line.number for line in lines if line.ticked}
            if shown and (done := self.write(request, draft, form, [one for one in lines if one.number in taken])):
                return done
        return page(
            self,
            request,
            title=_("Paste a list of feedback: %(draft)s") % {"draft": draft},
            submit=_("Write down what is ticked") if lines else _("See what is understood"),
            form=form,
            back=admin_url(draft),
            hidden=[("mark", form.mark())] if lines else [],
            template="admin/portal/paste.html",
            lines=[(line, line.number in taken) for line in lines],
        )

    def lines(self, request: StaffRequest, draft: DesignDraft, form: PasteForm) -> list[feedback_lines.Line]:
        channel = form.cleaned_data["channel"]
        rounds = list(draft.rounds.all())
        final = final_of(draft.project_id)

        def refused(line: feedback_lines.Line) -> str:
            item = feedback.Item(line.text, channel, line.person, line.day, line.spot)
            with caught() as no:
                feedback.check(draft, rounds, item, today=clock.today(), by_staff=True, final=final)
            return no.sentence

        lines = feedback_lines.read(
            form.cleaned_data["text"],
            day=form.cleaned_data["received_on"],
            images=draft.images.all(),
            known=draft.feedback.only("number", "text", "draft_id"),
            person_called=lambda name: person_called(request, draft, name),
        )
        return [replace(line, problem=line.problem or refused(line)) for line in lines]

    def write(
        self, request: StaffRequest, draft: DesignDraft, form: PasteForm, chosen: list[feedback_lines.Line]
    ) -> HttpResponseBase | None:
        """All of the chosen lines, or none and a sentence; the list stays in the form."""
        wanted = [line for line in chosen if line.may_be_taken]
        if not wanted:
            form.add_error(None, _("No line is ticked. Please tick what is to be written down."))
            return None
        items = [
            feedback.Item(line.text, form.cleaned_data["channel"], line.person, line.day, line.spot) for line in wanted
        ]
        with in_form(form):
            written = feedback.give_many(draft, items, at=clock.now(), by=request.user)
            self.log_change(request, draft, _("Typed in feedback: %(count)d") % {"count": len(written)})
            messages.success(
                request,
                ngettext("One item is written down.", "%(count)d items are written down.", len(written))
                % {"count": len(written)},
            )
            return HttpResponseRedirect(admin_url(draft))
        return None


def person_called(request: StaffRequest, draft: DesignDraft, name: str) -> Person | None:
    """The only one of that name whom this staff member may see; no child."""
    if not request.user.has_perm("people.view_person", draft.project):
        return None
    found = Person.objects.called(name).filter(neighbourhood=draft.project.neighbourhood_id, anonymised_at=None)
    people = list(found.adults_on(clock.today())[:2])
    return people[0] if len(people) == 1 else None
