"""The stages of a project: begun, ended, left out and taken back behind their gates (P1), and work that is for adults only (P3)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from activities.models import Activity, Minors, Status
from activities.operations import locks
from activities.operations.lifecycle import save
from people.models import User
from portal import clock
from portal.dates import day_year
from portal.refusals import Refusal
from projects.models import Project, ProjectStage
from projects.rules.adults_only import is_for_adults, steps_for_adults
from projects.rules.gates import missing_to_begin, missing_to_end, still_open, world_of


def _locked(stage: ProjectStage) -> tuple[ProjectStage, list[ProjectStage]]:
    """The stage and all of its project's as they are under the lock on the project: two may start at once."""
    Project.objects.select_for_update(no_key=True).get(pk=stage.project_id)
    rows = list(ProjectStage.objects.filter(project=stage.project_id).order_by("order"))
    return next(row for row in rows if row.pk == stage.pk), rows


def _refuse_a_day_to_come(on: date) -> None:
    if on > clock.today():
        raise Refusal(_("That day has not come yet. Please enter it when it has."), about="on")


def start_stage(stage: ProjectStage, *, on: date) -> ProjectStage:
    """Begin it on that day (P1); refused while a stage that it waits for is open, or what it is about is not there."""
    with transaction.atomic():
        _refuse_a_day_to_come(on)
        fresh, rows = _locked(stage)
        if fresh.skipped:
            raise Refusal(_("“%(stage)s” is left out. Take that back first.") % {"stage": fresh})
        if fresh.start is not None:
            raise Refusal(
                _("“%(stage)s” has begun already. If the day is wrong, please take it back and enter the right one.")
                % {"stage": fresh}
            )
        if code := still_open(fresh.requires, rows, on=on):
            raise Refusal(
                _("“%(stage)s” waits for “%(open)s”, which is open. Finish that first, or leave it out with a note.")
                % {"stage": fresh, "open": ProjectStage.Stage(code).label}
            )
        world = world_of(fresh.project_id)
        for row in rows:  # what is over on paper only holds the next one up
            if row.stage in fresh.requires and not row.skipped and row.end is not None:
                _refuse(row, missing_to_end(row, rows, world, on=row.end))
        _refuse(fresh, missing_to_begin(fresh, world, on=on))
        fresh.start = on
        fresh.save()
    return fresh


def _refuse(stage: ProjectStage, missing: str) -> None:
    if missing:
        raise Refusal(_("“%(stage)s”: %(missing)s") % {"stage": stage, "missing": missing})


def _begun_after(stage: ProjectStage, rows: list[ProjectStage]) -> list[ProjectStage]:
    """Those that wait for it and have begun."""
    return [row for row in rows if stage.stage in row.requires and row.start is not None and not row.skipped]


def finish_stage(stage: ProjectStage, *, on: date, note: str = "") -> ProjectStage:
    """End it on that day; ``note`` says what came of it and replaces the one before.

    Refused while the world does not bear it out (P1), and on a day after which one that waits for it had begun.
    """
    with transaction.atomic():
        _refuse_a_day_to_come(on)
        fresh, rows = _locked(stage)
        if fresh.start is None:
            raise Refusal(_("“%(stage)s” has not begun. Start it first.") % {"stage": fresh})
        if fresh.end is not None:
            raise Refusal(
                _("“%(stage)s” is over already. If the day is wrong, please take it back and enter the right one.")
                % {"stage": fresh}
            )
        if on < fresh.start:
            raise Refusal(_("The end lies before the start. Please correct one of the two days."), about="on")
        for row in _begun_after(fresh, rows):
            if row.start is not None and row.start < on:
                raise Refusal(
                    _(
                        "“%(later)s” waits for this and began on %(day)s, so this was over by then. Please enter the day."
                    )
                    % {"later": row, "day": day_year(row.start)},
                    about="on",
                )
        _refuse(fresh, missing_to_end(fresh, rows, world_of(fresh.project_id), on=on))
        fresh.end = on
        fresh.note = note.strip() or fresh.note
        fresh.save()
    return fresh


def record_stage(stage: ProjectStage, *, start: date, end: date, note: str = "") -> ProjectStage:
    """Write down one that is over already, with its real days; each gate is asked as of them."""
    with transaction.atomic():
        if end < start:
            raise Refusal(_("The end lies before the start. Please correct one of the two days."), about="end")
        _refuse_a_day_to_come(end)
        return finish_stage(start_stage(stage, on=start), on=end, note=note)


def skip_stage(stage: ProjectStage, *, note: str) -> ProjectStage:
    """Leave it out; the note is public and says why (P1)."""
    with transaction.atomic():
        if not note.strip():
            raise Refusal(_("Say why this stage is skipped."))
        fresh, _rows = _locked(stage)
        if fresh.start is not None:
            raise Refusal(
                _(
                    "“%(stage)s” has begun, so it cannot be left out any more. Please finish it, and say in the note what"
                    " came of it."
                )
                % {"stage": fresh}
            )
        fresh.skipped, fresh.note = True, note.strip()
        fresh.save()
    return fresh


def take_back(stage: ProjectStage, *, reason: str) -> ProjectStage:
    """Undo what was entered last: the end, else the start, else that it is left out. Residents read the reason.

    Refused while a stage that waits for it has begun: that one rests on it.
    """
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say what is corrected; the public page shows it."), about="reason")
        fresh, rows = _locked(stage)
        if fresh.end is None and fresh.start is None and not fresh.skipped:
            raise Refusal(
                _("Nothing is entered for “%(stage)s”, so you need not take anything back.") % {"stage": fresh}
            )
        if (fresh.end is not None or fresh.skipped) and (later := _begun_after(fresh, rows)):
            raise Refusal(
                _("“%(later)s” has begun because “%(stage)s” was over or left out. Take that back first.")
                % {"later": later[-1], "stage": fresh}
            )
        if fresh.end is not None:
            fresh.end = None
        elif fresh.start is not None:
            fresh.start = None
        else:
            fresh.skipped, fresh.note = False, ""
        fresh.correction = reason.strip()[:200]
        fresh.save()
    return fresh


def keep_minors_out(project: Project, *, at: datetime, by: User | None) -> list[Activity]:
    """P3: check the project's coming shifts again after its stages, or its wall's steps, changed.

    Returns those that became adults-only. Nobody loses a seat by this: children who are signed up already are listed for
    staff to decide.
    """
    steps = steps_for_adults(project)

    def has_to_change(shift) -> bool:
        return shift.minors != Minors.NO and is_for_adults(shift.stage, clock.local_date(shift.starts_at), steps)

    coming = Activity.objects.filter(Q(shift__project=project) | Q(shift__stage__project=project), starts_at__gt=at)
    coming = coming.exclude(status=Status.CANCELLED).order_by("pk").select_related("shift__stage")
    changed = []
    for pk in [row.pk for row in coming if has_to_change(row.shift)]:
        with transaction.atomic():
            fresh = locks.lock(pk).most_derived()
            if has_to_change(fresh):
                fresh.minors = Minors.NO
                save(fresh, by)
                changed.append(fresh)
    return changed
