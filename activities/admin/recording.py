"""The acts for what took place before it was written down (补录): recording it, and taking a wrong record back."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Activity, Status, Visibility
from activities.operations import recording
from activities.pages import consequences
from activities.rules import resting
from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm, Told
from portal import clock
from portal.dates import day_year, span
from portal.fields import CleanCharField


def is_past_draft(activity: Activity) -> bool:
    """A draft that has begun; one that runs and still takes sign-ups is published like any other."""
    return activity.status == Status.DRAFT and activity.is_closed(at=clock.now())


def is_recorded_late(activity: Activity) -> bool:
    return activity.entered_at is not None and activity.status in {Status.PUBLISHED, Status.DONE}


def record(request: StaffRequest, activity: Activity, data: dict) -> str:
    recording.record_past(activity, at=clock.now(), by=request.user, known=data)
    return _("“%(title)s” is recorded. Nobody was told of it.") % {"title": activity}


def on_recording(request: StaffRequest, activity: Activity) -> Told:
    """What will happen, and what will not."""
    if not is_past_draft(activity):
        return Told(warnings=[_("This is for drafts whose start has passed.")])
    over = activity.is_past(at=clock.now())
    facts = [
        f"{day_year(activity.starts_at)}, {span(activity)} · {activity.location or '–'}",
        who_reads(activity),
        _("It will stand as done.") if over else _("It will stand as running until its end."),
        _("Nobody is told: no mail, no phone list, no reminder, no news to those who follow."),
        _("Whoever may see it reads that it was entered afterwards, on %(day)s.") % {"day": day_year(clock.now())},
        _("Nobody is signed up by it, and nobody can sign up any more. Who was there is entered afterwards."),
    ]
    if expected := consequences.audience(activity).people:
        facts.append(_("%(n)d people were expected on that day.") % {"n": expected})
    missing = recording.missing_in_record(activity)
    return Told(facts, [_("Still to be filled in: %(fields)s.") % {"fields": _(", ").join(missing)}] if missing else [])


def who_reads(activity: Activity) -> str:
    who = {
        Visibility.PUBLIC: _("Everyone can see it."),
        Visibility.ORGANISATION: _("Members of %(org)s can see it.") % {"org": activity.organisation or "–"},
        Visibility.TEAM: _("Members of %(team)s can see it.") % {"team": activity.team or "–"},
    }
    return who[Visibility(activity.visibility)]


class TakeBackForm(ActForm):
    reason = CleanCharField(
        label=gettext_lazy("Why"), max_length=100, help_text=gettext_lazy("Kept in the history, for staff.")
    )


def take_back(request: StaffRequest, activity: Activity, data: dict) -> str:
    recording.take_back(activity, by=request.user, reason=data["reason"])
    return _("“%(title)s” is a draft again. Please correct and record it, or delete it.") % {"title": activity}


def on_taking_back(request: StaffRequest, activity: Activity) -> Told:
    facts = [_("It becomes a draft again, which only staff see. Nobody is told.")]
    standing = resting.why_it_stands(activity)
    others = resting.resting_on(activity)
    if others:
        standing = _("It cannot be taken back, because these name it: %(what)s.") % {"what": _(", ").join(others)}
    return Told(facts, [standing] if standing else [])


def record_act(form: type[ActForm] | None = None) -> Act:
    """form: what only those who were there can say, where the kind asks for it."""
    return Act(
        name="record",
        label=gettext_lazy("record what took place"),
        run=record,
        told=on_recording,
        form=form,
        applies=is_past_draft,
        many=form is None,
        css="go",
    )


class NotHeldForm(ActForm):
    reason = CleanCharField(
        label=gettext_lazy("Why"), max_length=120, help_text=gettext_lazy("It stands on its page, for whoever sees it.")
    )


def is_over(activity: Activity) -> bool:
    return activity.status in {Status.PUBLISHED, Status.DONE} and activity.is_past(at=clock.now())


def not_held(request: StaffRequest, activity: Activity, data: dict) -> str:
    recording.record_not_held(activity, at=clock.now(), by=request.user, reason=data["reason"])
    return _("“%(title)s” stands as cancelled. Nobody was told.") % {"title": activity}


def on_not_held(request: StaffRequest, activity: Activity) -> Told:
    facts = [
        f"{day_year(activity.starts_at)}, {span(activity)} · {activity.location or '–'}",
        _("It will stand as cancelled, with the reason on its page. It is over, so nobody is told."),
        _("Nothing counts for it: no attendance, no time. Whoever signed up stays signed up."),
    ]
    held = recording.why_it_was_held(activity)
    return Told(facts, [held] if held else [])


def held_after_all(request: StaffRequest, activity: Activity, data: dict) -> str:
    recording.record_held_after_all(activity, by=request.user)
    return _("“%(title)s” stands as done again.") % {"title": activity}


NOT_HELD = Act(
    name="not-held",
    label=gettext_lazy("it did not take place"),
    run=not_held,
    told=on_not_held,
    form=NotHeldForm,
    applies=is_over,
    css="danger",
)
HELD_AFTER_ALL = Act(
    name="held-after-all",
    label=gettext_lazy("it took place after all"),
    run=held_after_all,
    told=lambda request, activity: Told([_("It stands as done again. Nobody is told.")]),
    applies=recording.was_not_held,
    many=False,
)
TAKE_BACK = Act(
    name="take-back",
    label=gettext_lazy("take the record back"),
    run=take_back,
    told=on_taking_back,
    form=TakeBackForm,
    applies=is_recorded_late,
    many=False,
    css="danger",
)
