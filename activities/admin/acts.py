"""What staff do to an activity from its page or its list, with what each act says before it is done."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.admin.circulars import write_act
from activities.admin.forms import CapacityForm, MoveForm, ReasonForm, ReopenForm, WalkInForm
from activities.admin.recording import HELD_AFTER_ALL, NOT_HELD, TAKE_BACK, is_past_draft, record_act, who_reads
from activities.models import Activity, SignUpStatus, Status
from activities.operations import attendance, attendance_sheet, lifecycle
from activities.pages import consequences
from activities.rules import reminder_times
from activities.rules.attendance_sheet import closes_by_itself, sheet_of
from activities.rules.staff_scope import covers
from people.access.requests import StaffRequest
from people.admin.shared import Act, Told
from portal import clock
from portal.dates import day_year, moment, span


def publish(request: StaffRequest, activity: Activity, data: dict) -> str:
    lifecycle.publish(activity, at=clock.now(), by=request.user)
    return _("“%(title)s” is published.") % {"title": activity}


def on_publishing(request: StaffRequest, activity: Activity) -> Told:
    """What follows; nothing is promised that its day no longer allows (M10)."""
    now = clock.now()
    when = f"{day_year(activity.starts_at)}, {span(activity)} · {activity.location or '–'}"
    if activity.is_closed(at=now):
        warning = _("It has begun already, so it cannot be published. If it took place: “Record what took place”.")
        return Told([when], [warning])
    facts = [when, who_reads(activity)]
    warnings = []
    missing = lifecycle.missing_for_publication(activity)
    if missing:
        warnings.append(_("Still to be filled in: %(fields)s.") % {"fields": _(", ").join(missing)})
    if activity.needs_sign_up:
        opens = activity.signup_from
        if activity.signup_ends_at <= now:
            warnings.append(_("Sign-up has ended on %(when)s already.") % {"when": moment(activity.signup_ends_at)})
        elif opens and opens > now:
            facts.append(_("Sign-up begins on %(when)s.") % {"when": moment(opens)})
        else:
            facts.append(_("Sign-up begins at once."))
    if told := consequences.told_at_once(activity):
        facts.append(_("%(n)d people were asked to come one by one and are told now.") % {"n": told})
    if expected := consequences.audience(activity).people:
        due = reminder_times.remind_at(activity)
        words = (
            _("%(n)d people are expected and will be reminded on %(when)s.")
            if due > now
            else _("%(n)d people are expected. It is too late to remind them by mail (%(when)s), so please tell them.")
        )
        facts.append(words % {"n": expected, "when": moment(due)})
    return Told(facts, warnings)


def cancel(request: StaffRequest, activity: Activity, data: dict) -> str:
    told = consequences.audience(activity)
    lifecycle.cancel(activity, at=clock.now(), by=request.user, reason=data["reason"])
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
    lifecycle.move(
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
    lifecycle.change_capacity(activity, data["capacity"], at=clock.now(), by=request.user)
    return _("The number of seats is changed.")


def on_seats(request: StaffRequest, activity: Activity) -> Told:
    taken = activity.sign_ups.holding_seats().count()
    waiting = activity.sign_ups.waiting().count()
    return Told(
        [_("%(taken)d seats are taken, %(waiting)d people are waiting.") % {"taken": taken, "waiting": waiting}]
    )


def enter_walk_in(request: StaffRequest, activity: Activity, data: dict) -> str:
    attendance.walk_in(
        activity,
        data["person"],
        at=clock.now(),
        by=request.user,
        consent_by=data["consent_by"],
        accept=data["accept"],
    )
    return _("%(name)s stands on the sheet. No seat was taken.") % {"name": data["person"].name}


def close_sheet(request: StaffRequest, activity: Activity, data: dict) -> str:
    attendance_sheet.close(activity, by=request.user, at=clock.now())
    return _("The sheet is closed. If something is missing, the committee can open it again.")


def on_closing_sheet(request: StaffRequest, activity: Activity) -> Told:
    """Who still stands on it without a word."""
    rows = activity.sign_ups
    unmarked = rows.coming().count()
    facts = [
        _("came: %(came)d, did not come: %(absent)d, excused: %(excused)d")
        % {
            "came": rows.filter(status=SignUpStatus.ATTENDED).count(),
            "absent": rows.filter(status=SignUpStatus.ABSENT).count(),
            "excused": rows.filter(status=SignUpStatus.EXCUSED).count(),
        },
        _("Afterwards nothing more is written onto it; the committee can open it again with a reason."),
    ]
    said = ngettext("For %(n)d person nothing is noted.", "For %(n)d people nothing is noted.", unmarked)
    return Told(facts, [said % {"n": unmarked}] if unmarked else [])


def reopen_sheet(request: StaffRequest, activity: Activity, data: dict) -> str:
    attendance_sheet.reopen(activity, reason=data["reason"], by=request.user, at=clock.now())
    return _("The sheet is open again.")


def on_reopening_sheet(request: StaffRequest, activity: Activity) -> Told:
    since = moment(sheet_of(activity).closed_at)
    until = moment(closes_by_itself(clock.now()))
    return Told(
        [
            _("It is closed since %(when)s.") % {"when": since},
            _("It closes by itself again on %(when)s.") % {"when": until},
        ]
    )


def has_begun(activity: Activity) -> bool:
    return activity.status in {Status.PUBLISHED, Status.DONE} and activity.has_started(at=clock.now())


def took_place(activity: Activity) -> bool:
    return activity.status in {Status.PUBLISHED, Status.DONE} and activity.is_past(at=clock.now())


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
        applies=lambda activity: activity.status == Status.DRAFT and not is_past_draft(activity),
        css="go",
    ),
    record_act(),
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
        name="walk-in",
        label=gettext_lazy("enter somebody who came without a sign-up"),
        run=enter_walk_in,
        form=WalkInForm,
        applies=lambda activity: has_begun(activity) and sheet_of(activity).is_open(clock.now()),
        may=lambda pages, request, activity: covers(request.user, pages.permission("attendance"), activity),
        submit=gettext_lazy("Enter"),
        many=False,
    ),
    Act(
        name="close-sheet",
        label=gettext_lazy("close the attendance sheet"),
        run=close_sheet,
        told=on_closing_sheet,
        applies=lambda activity: took_place(activity) and not sheet_of(activity).is_closed(clock.now()),
        may=lambda pages, request, activity: covers(request.user, pages.permission("attendance"), activity),
        many=False,
    ),
    Act(
        name="reopen-sheet",
        label=gettext_lazy("open the attendance sheet again"),
        run=reopen_sheet,
        told=on_reopening_sheet,
        form=ReopenForm,
        applies=lambda activity: took_place(activity) and sheet_of(activity).is_closed(clock.now()),
        may=lambda pages, request, activity: covers(request.user, "activities.reopen_activity", activity),
        many=False,
    ),
    Act(
        name="cancel",
        label=gettext_lazy("cancel and tell everyone"),
        run=cancel,
        form=ReasonForm,
        applies=lambda activity: is_published(activity) and not activity.is_past(at=clock.now()),
        told=on_telling_everyone,
        css="danger",
    ),
    NOT_HELD,
    HELD_AFTER_ALL,
    TAKE_BACK,
)
