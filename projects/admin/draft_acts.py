"""The acts of staff on a design (P2): publish, make final, open and end a round, name the hearing, give up."""

from typing import Any, NoReturn

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Deliberation
from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm, Told, list_url
from portal import clock
from portal.dates import day, day_year, days
from portal.fields import OneRow
from portal.forms import field_of
from portal.refusals import Caught, Refusal, caught
from projects.models import DesignDraft, Feedback, Project
from projects.operations import drafts
from projects.operations.drafts import Kind


def words_of(item: Feedback) -> str:
    return f"{item.draft.version}/{item.number} {item.text[:60]}"


class PublishForm(ActForm):
    shown_on = forms.DateField(
        label=gettext_lazy("first shown on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy(
            "Only for a version that was shown before it stood here: nobody is told, and its page says that it was entered"
            " afterwards. Empty: today."
        ),
    )
    closes_on = forms.DateField(
        label=gettext_lazy("last day for feedback"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Until midnight. Empty: no feedback is taken. During a public notice it always is."),
    )
    takes_in = forms.MultipleChoiceField(
        label=gettext_lazy("takes in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What was adopted so far. Whoever said it is told by e-mail."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        draft = self.rows[0]
        self.items = {
            str(item.pk): item
            for item in Feedback.objects.of_project(draft.project).to_take_in().select_related("draft")
            if item.draft.version < draft.version
        }
        field_of(self, "takes_in", forms.ChoiceField).choices = [
            (pk, words_of(item)) for pk, item in self.items.items()
        ]
        self.fields["takes_in"].initial = list(self.items)
        if not self.items:
            del self.fields["takes_in"]
        if draft.kind == Kind.FINAL:
            del self.fields["closes_on"]

    def clean_takes_in(self) -> list[Feedback]:
        return [self.items[pk] for pk in self.cleaned_data["takes_in"]]


def publish(request: StaffRequest, draft: DesignDraft, data: dict[str, Any]) -> str:
    drafts.publish(
        draft,
        at=clock.now(),
        by=request.user,
        takes_in=data.get("takes_in", []),
        closes_on=data.get("closes_on"),
        shown_on=data["shown_on"],
    )
    return _("Version %(number)d is public now and stays as it is.") % {"number": draft.version}


def before_publishing(request: StaffRequest, draft: DesignDraft) -> Told:
    facts = [
        _("Once it is public nothing of it can be changed; a mistake becomes version %(number)d.")
        % {"number": draft.version + 1},
        _("Pictures: %(count)d.") % {"count": draft.images.count()},
    ]
    if draft.notice_from and draft.notice_until:
        facts.append(_("Public notice: %(days)s.") % {"days": days(draft.notice_from, draft.notice_until)})
    return Told(facts)


def pending_url(project: Project) -> str:
    return list_url(Feedback, draft__project__id__exact=project.pk, disposition__exact="pending")


def with_link(no: Caught, draft: DesignDraft) -> str:
    """The sentence, and where what is open can be seen to."""
    if no.refusal is None or no.refusal.about != "pending":
        return no.sentence
    return format_html('{} <a href="{}">{}</a>', no.sentence, pending_url(draft.project), _("Answer"))


def _refuse(sentence: str) -> NoReturn:
    """Say no in words that an operation gave, with a link beside them."""
    raise Refusal(sentence)


class FinalForm(ActForm):
    final_on = forms.DateField(
        label=gettext_lazy("final since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("An earlier day: nobody is told. Empty: today."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.rows[0].entered_at is None:
            del self.fields["final_on"]


def finalise(request: StaffRequest, draft: DesignDraft, data: dict[str, Any]) -> str:
    with caught() as no:
        drafts.finalise(draft, at=clock.now(), by=request.user, final_on=data.get("final_on"))
        return _("Version %(number)d is the final design.") % {"number": draft.version}
    _refuse(with_link(no, draft))


def before_final(request: StaffRequest, draft: DesignDraft) -> Told:
    with caught() as no:
        drafts.check_final(draft, at=clock.now())
    if no.refusal is not None:
        return Told(warnings=[with_link(no, draft)])
    return Told([_("Every piece of feedback is answered and the public notice is over.")])


class RoundForm(ActForm):
    opens_on = forms.DateField(label=gettext_lazy("first day"), widget=forms.DateInput(attrs={"type": "date"}))
    closes_on = forms.DateField(
        label=gettext_lazy("last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Both days are part of it, the last until midnight."),
    )


def open_round(request: StaffRequest, draft: DesignDraft, data: dict[str, Any]) -> str:
    round_ = drafts.open_round(draft, opens_on=data["opens_on"], closes_on=data["closes_on"])
    return _("Feedback is taken: %(days)s.") % {"days": days(round_.opens_on, round_.closes_on)}


class EndForm(ActForm):
    closes_on = forms.DateField(label=gettext_lazy("last day"), widget=forms.DateInput(attrs={"type": "date"}))


def move_end(request: StaffRequest, draft: DesignDraft, data: dict[str, Any]) -> str:
    newest = draft.rounds.order_by("-opens_on").first()
    if newest is None:
        raise Refusal(_("This version has no round yet. Open one first."))
    drafts.move_end(newest, data["closes_on"], at=clock.now())
    return _("Feedback is taken until %(day)s.") % {"day": day(data["closes_on"])}


def discard(request: StaffRequest, draft: DesignDraft, data: dict[str, Any]) -> str:
    number = draft.version
    drafts.discard(draft)
    return _("Version %(number)d was given up; its number is free.") % {"number": number}


def rounds_so_far(request: StaffRequest, draft: DesignDraft) -> Told:
    return Told([days(one.opens_on, one.closes_on) for one in draft.rounds.all()])


class ApprovalForm(ActForm):
    deliberation = OneRow(
        label=gettext_lazy("approved at"),
        queryset=Deliberation.objects.none(),
        help_text=gettext_lazy("The deliberations about this project, the latest first."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["deliberation"]
        about = Deliberation.objects.filter(about_projects__project=self.rows[0].project_id)
        field.queryset = about.distinct().order_by("-starts_at")
        field.label_from_instance = lambda one: f"{day_year(one.starts_at)} {one.title}"
        field.initial = self.rows[0].approved_by_id


def say_approved(request: StaffRequest, draft: DesignDraft, data: dict[str, Any]) -> str:
    drafts.say_approved(draft, data["deliberation"])
    return _("The page of version %(number)d and that of “%(title)s” lead to each other now.") % {
        "number": draft.version,
        "title": data["deliberation"].title,
    }


ACTS = (
    Act(
        name="publish",
        label=gettext_lazy("publish"),
        run=publish,
        told=before_publishing,
        form=PublishForm,
        applies=lambda draft: not draft.is_published,
        many=False,
    ),
    Act(
        name="finalise",
        label=gettext_lazy("make it final"),
        run=finalise,
        told=before_final,
        form=FinalForm,
        applies=lambda draft: draft.is_published and draft.kind == Kind.FINAL and not draft.is_final,
        many=False,
    ),
    Act(
        name="round",
        label=gettext_lazy("open a feedback round"),
        run=open_round,
        told=rounds_so_far,
        form=RoundForm,
        applies=lambda draft: draft.is_published and not draft.is_final,
        many=False,
    ),
    Act(
        name="end",
        label=gettext_lazy("change the last day"),
        run=move_end,
        told=rounds_so_far,
        form=EndForm,
        applies=lambda draft: draft.is_published and not draft.is_final,
        many=False,
    ),
    Act(
        name="approved",
        label=gettext_lazy("name the hearing that approved it"),
        run=say_approved,
        form=ApprovalForm,
        applies=lambda draft: draft.kind == Kind.FINAL or draft.is_published,
        many=False,
    ),
    Act(
        name="discard",
        label=gettext_lazy("give up"),
        run=discard,
        applies=lambda draft: not draft.is_published,
        many=False,
        css="danger",
    ),
)
