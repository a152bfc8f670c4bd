"""The stages of a project: gates (P1), and work that is for adults only (P3)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from activities.models import Activity, Minors, Status
from activities.operations import locks
from activities.operations.lifecycle import save
from people.models import User
from portal import clock
from portal.refusals import Refusal
from projects.models import Project, ProjectStage
from projects.rules.adults_only import is_for_adults, steps_for_adults
from projects.rules.gates import still_open


def _locked(stage: ProjectStage) -> tuple[ProjectStage, list[ProjectStage]]:
    """The stage and all of its project's as they are under the lock on the project: two may start at once."""
    Project.objects.select_for_update(no_key=True).get(pk=stage.project_id)
    rows = list(ProjectStage.objects.filter(project=stage.project_id).order_by("order"))
    return next(row for row in rows if row.pk == stage.pk), rows


def _refuse_a_day_to_come(on: date) -> None:
    if on > clock.today():
        raise Refusal(_("That day has not come yet. Please enter it when it has."))


def start_stage(stage: ProjectStage, *, on: date) -> ProjectStage:
    """Begin it on that day (P1); refused while a stage that it waits for is open."""
    with transaction.atomic():
        _refuse_a_day_to_come(on)
        fresh, rows = _locked(stage)
        if fresh.skipped:
            raise Refusal(_("“%(stage)s” is left out. Take that back first.") % {"stage": fresh})
        if fresh.start is not None:
            raise Refusal(
                _("“%(stage)s” has begun already. If the day is wrong, please correct it in the table of stages.")
                % {"stage": fresh}
            )
        if code := still_open(fresh.requires, rows, on=on):
            raise Refusal(
                _("“%(stage)s” waits for “%(open)s”, which is open. Finish that first, or leave it out with a note.")
                % {"stage": fresh, "open": ProjectStage.Stage(code).label}
            )
        fresh.start = on
        fresh.save()
    return fresh


def finish_stage(stage: ProjectStage, *, on: date, note: str = "") -> ProjectStage:
    """End it on that day; ``note`` says what came of it and replaces the one before."""
    with transaction.atomic():
        _refuse_a_day_to_come(on)
        fresh, _rows = _locked(stage)
        if fresh.start is None:
            raise Refusal(_("“%(stage)s” has not begun. Start it first.") % {"stage": fresh})
        if fresh.end is not None:
            raise Refusal(
                _("“%(stage)s” is over already. If the day is wrong, please correct it in the table of stages.")
                % {"stage": fresh}
            )
        if on < fresh.start:
            raise Refusal(_("The end lies before the start. Please correct one of the two days."))
        fresh.end = on
        fresh.note = note.strip() or fresh.note
        fresh.save()
    return fresh


def begun_words(stage: str) -> str:
    """Why a stage that has begun is not left out."""
    return _(
        "“%(stage)s” has begun, so it cannot be left out any more. Please finish it, and say in the note what came of it."
    ) % {"stage": ProjectStage.Stage(stage).label}


def skip_stage(stage: ProjectStage, *, note: str) -> ProjectStage:
    """Leave it out; the note is public and says why (P1)."""
    with transaction.atomic():
        if not note.strip():
            raise Refusal(_("Say why this stage is skipped."))
        fresh, _rows = _locked(stage)
        if fresh.start is not None:
            raise Refusal(begun_words(fresh.stage))
        fresh.skipped, fresh.note = True, note.strip()
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
