"""P1: when a stage may begin and end.

Two questions. Of the table: is what it waits for over (:func:`still_open`)? Of the world: did that happen which the stage
stands for (:func:`missing_to_begin`, :func:`missing_to_end`)? What happened lies on the stage's day or before it; that it
is published, answered or signed is asked of today, so a stage that is recorded late gets its real days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import DateField, DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from activities.models import Activity, Status
from community.models import Deliberation, Meeting
from portal import clock
from portal.dates import day_year
from projects.models import Cover, DesignDraft, Feedback, FeedbackRound, Project, ProjectRecord, ProjectStage

Stage = ProjectStage.Stage
#: What a stage waits for unless the project says otherwise.
DEFAULT_REQUIRES: dict[str, list[str]] = {
    Stage.APPROVED: [Stage.DELIBERATING, Stage.FEEDBACK],
    Stage.IMPLEMENTING: [Stage.APPROVED, Stage.PREPARING],
    Stage.ACCEPTED: [Stage.IMPLEMENTING],
}


class Row(Protocol):
    """A stage as it stands in memory."""

    @property
    def stage(self) -> str: ...
    @property
    def end(self) -> date | None: ...
    @property
    def skipped(self) -> bool: ...


def still_open(requires: Iterable[str], rows: Iterable[Row], *, on: date) -> str:
    """Code of the first stage of ``requires`` that is not over by ``on``; "" where the gate is open."""
    by_code = {row.stage: row for row in rows}
    for code in requires:
        row = by_code.get(code)
        if row is not None and not row.skipped and (row.end is None or row.end > on):
            return code
    return ""


def waits_for_itself(requires: Mapping[str, Iterable[str]]) -> str:
    """Code of a stage that could never begin, as what it waits for waits for it; "" where there is none."""
    for code in requires:
        seen: set[str] = set()
        ahead = list(requires[code])
        while ahead:
            one = ahead.pop()
            if one == code:
                return code
            if one not in seen:
                seen.add(one)
                ahead += requires.get(one, [])
    return ""


@dataclass(frozen=True)
class World:
    """What of a project's deliberations, design, feedback and shifts its stages rest on; None where it is not so.

    agreed_on, reviewed_on: the first day of a deliberation that decided about it or looked back on it, with a published result.
    settled_on: as ``agreed_on``, or at a meeting whose record is signed.
    shown_on, changed_on: when the first version was published, and the last that was not yet for approval.
    for_approval_on: when the first version for approval was published.
    owner_agreed_on: when the first owner agreed to a cover that the project paints; covers have no versions.
    final_on: the last day of the final version's public notice.
    unanswered_on: the first day on which something came that has no answer; ``round_until``: end of a round that is open.
    calls_until: the day of the last published shift that is no daily duty.
    still_to_come: {stage id: day of its last published shift}.
    """

    agreed_on: date | None
    settled_on: date | None
    reviewed_on: date | None
    has_drafts: bool
    owner_agreed_on: date | None
    shown_on: date | None
    changed_on: date | None
    for_approval_on: date | None
    final_on: date | None
    was_asked: bool
    unanswered_on: date | None
    round_until: date | None
    calls_until: date | None
    still_to_come: Mapping[int, date]


def _first(rows: QuerySet[Any], column: str, *, last: bool = False) -> Subquery:
    kind: Any = DateField() if column.endswith(("_on", "_until")) else DateTimeField()
    return Subquery(rows.order_by(f"-{column}" if last else column).values(column)[:1], output_field=kind)


def _day(value: date | datetime | None) -> date | None:
    return clock.local_date(value) if isinstance(value, datetime) else value


def world_of(project_id: int) -> World:
    """What stands today; two queries."""
    now = clock.now()
    ours = {"project": OuterRef("pk")}
    about = ProjectRecord.objects.filter(project=OuterRef(OuterRef("pk")))
    held = Deliberation.objects.exclude(status__in=[Status.DRAFT, Status.CANCELLED]).filter(
        result_state=Deliberation.ResultState.PUBLISHED, result_at__lte=now, ends_at__lte=now
    )
    decided = about.filter(part=ProjectRecord.Part.DECIDED).values("activity")
    reviewed = about.filter(part=ProjectRecord.Part.REVIEWED).values("activity")
    signed = Meeting.objects.filter(record_state__in=[Meeting.RecordState.SIGNED, Meeting.RecordState.AMENDED])
    drafts = DesignDraft.objects.filter(**ours, published_at__lte=now)
    rounds = FeedbackRound.objects.filter(draft__project=OuterRef("pk"))
    # The days of the public notice are the approval's, not the gathering's.
    gathering = rounds.exclude(draft__notice_from=F("opens_on")).filter(opens_on__lte=clock.today())
    items = Feedback.objects.filter(draft__project=OuterRef("pk"))
    found = (
        Project.objects.filter(pk=project_id)
        .values("pk")
        .annotate(
            agreed=_first(held.filter(pk__in=decided), "ends_at"),
            signed=_first(signed.filter(pk__in=decided), "ends_at"),
            reviewed=_first(held.filter(type=Deliberation.Type.APPRAISAL, pk__in=reviewed), "ends_at"),
            owner_agreed=_first(Cover.objects.filter(**ours, consent_on__isnull=False), "consent_on"),
            has_drafts=Exists(DesignDraft.objects.filter(**ours)),
            shown=_first(drafts, "published_at"),
            changed=_first(drafts.exclude(kind=DesignDraft.Kind.FINAL), "published_at", last=True),
            for_approval=_first(drafts.filter(kind=DesignDraft.Kind.FINAL), "published_at"),
            final=_first(drafts.filter(is_final=True), "notice_until"),
            had_items=Exists(items),
            had_rounds=Exists(rounds.filter(opens_on__lte=clock.today())),
            unanswered=_first(items.pending(), "received_on"),
            round=_first(gathering.filter(closes_on__gte=clock.today()), "closes_on", last=True),
        )
        .get()
    )
    calls = Activity.objects.filter(Q(shift__project=project_id) | Q(shift__stage__project=project_id)).order_by()
    latest = calls.exclude(status__in=[Status.DRAFT, Status.CANCELLED]).values_list("shift__stage", "kind")
    last_calls: list[datetime] = []
    to_come: dict[int, date] = {}
    for stage_id, kind, starts_at in latest.annotate(Max("starts_at")):
        if kind != "duty":
            last_calls.append(starts_at)
        if stage_id is not None and starts_at > now:
            to_come[stage_id] = max(clock.local_date(starts_at), to_come.get(stage_id, date.min))
    agreed, signed_on = _day(found["agreed"]), _day(found["signed"])
    return World(
        agreed_on=agreed,
        settled_on=min((day for day in (agreed, signed_on) if day is not None), default=None),
        reviewed_on=_day(found["reviewed"]),
        has_drafts=found["has_drafts"],
        owner_agreed_on=_day(found["owner_agreed"]),
        shown_on=_day(found["shown"]),
        changed_on=_day(found["changed"]),
        for_approval_on=_day(found["for_approval"]),
        final_on=_day(found["final"]),
        was_asked=found["had_items"] or found["had_rounds"],
        unanswered_on=_day(found["unanswered"]),
        round_until=_day(found["round"]),
        calls_until=_day(max(last_calls, default=None)),
        still_to_come=to_come,
    )


def by_then(happened: date | None, on: date) -> bool:
    return happened is not None and happened <= on


def missing_to_begin(stage: ProjectStage, world: World, *, on: date) -> str:
    """What has to be there before the stage begins on that day, as a sentence; "" where nothing is missing."""
    if stage.stage == Stage.FEEDBACK and not by_then(world.shown_on, on):
        return _(
            "No version of the design had been published by then, so nobody could say anything about it. Publish one first."
        )
    if stage.stage == Stage.RECRUITING and (world.calls_until is None or world.calls_until < on):
        return _("No published shift on that day or later calls for volunteers. Please publish one first.")
    return ""


def missing_to_end(stage: ProjectStage, rows: Iterable[ProjectStage], world: World, *, on: date) -> str:
    """What has to be there before the stage is over on that day, as a sentence; "" where nothing is missing."""
    last = world.still_to_come.get(stage.pk)
    if last is not None:
        return _("A published shift of this stage is still to come, on %(day)s. Please wait for it, or cancel it.") % {
            "day": day_year(last)
        }
    match stage.stage:
        case Stage.DELIBERATING if not by_then(world.agreed_on, on):
            return _(
                "No deliberation with a published result had decided about the project by then. Publish its result first, and"
                " enter it below as “decided there”."
            )
        case Stage.DESIGNING:
            return _design(world, on)
        case Stage.FEEDBACK:
            return _feedback(world, on)
        case Stage.APPROVED if world.has_drafts and not by_then(world.final_on, on):
            return _(
                "No version was final by then: its public notice over, and everything that was said answered. Please make it"
                " final first."
            )
        case Stage.APPROVED if not world.has_drafts and not by_then(world.settled_on, on):
            return _(
                "Nothing of record says by then who approved it. Enter the deliberation or the signed meeting below as"
                " “decided there”."
            )
        case Stage.ACCEPTED:
            return _review(rows, world, on)
    return ""


def unproven(rows: list[ProjectStage], world: World) -> list[tuple[ProjectStage, str]]:
    """Those whose end is written down though the world does not bear it out, each with what is missing."""
    over = [(row, row.end) for row in rows if row.end is not None and not row.skipped]
    found = [(row, missing_to_end(row, rows, world, on=end)) for row, end in over]
    return [(row, missing) for row, missing in found if missing]


def _design(world: World, on: date) -> str:
    if not (world.for_approval_on if world.has_drafts else by_then(world.owner_agreed_on, on)):
        return _(
            "There is no published version for approval, nor had the owner of a cover agreed to its picture by then."
            " Publish the version first, or enter the owner's consent."
        )
    if world.changed_on is not None and world.changed_on > on:
        return _("A changed version was published on %(day)s. Please enter that day or a later one.") % {
            "day": day_year(world.changed_on)
        }
    return ""


def _feedback(world: World, on: date) -> str:
    if not world.was_asked:
        return _(
            "Nobody was asked about the design here: open a round of feedback, or leave the stage out with a note."
        )
    if by_then(world.unanswered_on, on):
        return _("Something that was said by then has no answer yet. Answer it first.")
    if world.round_until is not None:
        return _("A round of feedback is open until %(day)s. End it first.") % {"day": day_year(world.round_until)}
    return ""


def _review(rows: Iterable[ProjectStage], world: World, on: date) -> str:
    if not by_then(world.reviewed_on, on):
        return _(
            "No appraisal meeting with a published result had looked back on the project by then. Publish its result first,"
            " and enter it below as “reviewed there”."
        )
    before = [row for row in rows if Stage.values.index(row.stage) < Stage.values.index(Stage.ACCEPTED)]
    if code := still_open([row.stage for row in before], before, on=on):
        return _("“%(stage)s” was neither over by then nor left out. Finish it, or leave it out with a note.") % {
            "stage": Stage(code).label
        }
    return ""
