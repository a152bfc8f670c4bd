"""Volunteer shifts, and the flower team's morning duties out of their log."""

from datetime import date, time, timedelta

from activities.models import ActivityMove, Minors, Promotion, Status, Visibility
from demo.context import Loading, day, maybe_moment, moment, on, span
from demo.source import Row
from demo.texts import activity_text
from projects.models import ProjectStage
from volunteers.models import Interest, Rota, Shift, Turn, slot_key
from volunteers.operations import planning

# The files say whom to invite first, not until when: those who painted covers had three days.
INVITED_FIRST_FOR = timedelta(days=3)
# The stages in which shifts do their work; the others overlap with these.
LAST_OF_FEBRUARY = date(2019, 2, 28)  # "to the end of February": by day and month, each year
WORKED_IN = ("designing", "preparing", "implementing", "maintaining")


def load(demo: Loading) -> None:
    for row in demo.rows("volunteers", "activities"):
        if "recurring" in row:
            load_duties(demo, row)
        else:
            demo.shifts[row["id"]] = demo.keep(shift(demo, row))
            for number, moved in enumerate(row.get("moved", []), start=2):
                keep_move(demo, demo.shifts[row["id"]], moved, number)


def shift(demo: Loading, row: Row) -> Shift:
    starts_at, ends_at = span(row)
    cancelled = row.get("cancelled")
    opens = on(row["recruit_from"], "00:00")
    invited = demo.shifts.get(row.get("invite_first", ""))
    if cancelled:
        status = Status.CANCELLED
    else:
        status = Status.DONE if ends_at <= demo.at else Status.PUBLISHED
    return Shift(
        neighbourhood=demo.neighbourhood,
        kind="shift",
        title=row["title"],
        text=activity_text(row["id"], row.get("text")),
        bring=row.get("bring", ""),
        starts_at=starts_at,
        ends_at=ends_at,
        location=demo.places[row["place"]],
        capacity=row["capacity"],
        people_needed=row["people_needed"],
        signup_from=opens,
        signup_until=maybe_moment(row.get("signup_until")),
        cancel_until=maybe_moment(row.get("cancel_until")),
        open_to=row["open_to"],
        minors=row["minors"],
        min_age=row.get("min_age"),
        max_age=row.get("max_age"),
        risks=row["risks"],
        safeguards=row["safeguards"],
        insurance=row["insurance"],
        team=demo.teams[row["team"]],
        promotion=row.get("promotion", Promotion.AUTO),
        invite_first=invited,
        opens_to_all_at=opens + INVITED_FIRST_FOR if invited else None,
        status=status,
        cancelled_at=moment(cancelled["at"]) if cancelled else None,
        cancel_reason=cancelled["reason"] if cancelled else "",
        revision=row.get("revision", 1),
        project=demo.projects.get(row["project"] or ""),
        stage=stage_of(demo, row),
    )


def stage_of(demo: Loading, row: Row) -> ProjectStage | None:
    """The stage a shift worked in, where its day lies in exactly one of them."""
    project = demo.projects.get(row["project"] or "")
    if project is None:
        return None
    date = day(row["date"])
    fitting = [
        stage
        for stage in project.stages.filter(stage__in=WORKED_IN, skipped=False)
        if stage.start and stage.start <= date and (stage.end is None or date <= stage.end)
    ]
    return fitting[0] if len(fitting) == 1 else None


def keep_move(demo: Loading, activity: Shift, moved: Row, revision: int) -> None:
    starts_at, ends_at = span(moved["old"])
    demo.keep(
        ActivityMove(
            activity=activity,
            revision=revision,
            moved_at=moment(moved["at"]),
            moved_by=demo.user(moved["by"]),
            reason=moved["reason"],
            old_starts_at=starts_at,
            old_ends_at=ends_at,
            old_location=demo.places[moved["old"]["place"]],
        )
    )


def load_duties(demo: Loading, row: Row) -> None:
    """One shift a morning, the team's own matter: nobody signs up for it, the rota does."""
    team = demo.teams[row["team"]]
    minutes = timedelta(minutes=demo.section("garden", "duty")["duration_minutes"])
    for entry in demo.rows("garden_duty_log", "entries"):
        starts_at = on(entry["date"], entry["start"])
        demo.shifts[duty_key(entry)] = demo.keep(
            Shift(
                neighbourhood=demo.neighbourhood,
                kind="duty",
                title=row["title"],
                starts_at=starts_at,
                ends_at=starts_at + minutes,
                location=demo.places[row["place"]],
                capacity=row["capacity"],
                people_needed=row["people_needed"],
                minors=Minors(row["minors"]),
                risks=row["risks"],
                safeguards=row["safeguards"],
                insurance=row["insurance"],
                team=team,
                visibility=Visibility.TEAM,
                status=Status.DONE if starts_at + minutes <= demo.at else Status.PUBLISHED,
                project=demo.projects[row["project"]],
                stage=stage_of(demo, {"project": row["project"], "date": entry["date"]}),
                slot_key=slot_key(team.pk, day(entry["date"])),
                outcome=entry["status"],
                outcome_note=entry["note"] or "",
            )
        )


def load_next_time(demo: Loading) -> None:
    """Who ticked "tell me next time", so that a thin shift has somebody to call."""
    demo.keep_all(
        Interest(
            person=demo.people[row["person"]],
            project=demo.projects[row["project"]] if "project" in row else None,
            team=demo.teams[row["team"]] if "team" in row else None,
            since=moment(row["since"]),
        )
        for row in demo.rows("volunteers", "next_time")
    )


def duty_key(entry: Row) -> str:
    return f"duty {entry['date']}"


def clock_time(text: str) -> time:
    return time.fromisoformat(text)


def load_rota(demo: Loading) -> None:
    """The flower team's rota with its standing turns, planned from tomorrow on; the log has what was before."""
    row = next(row for row in demo.section("volunteers", "activities") if "recurring" in row)
    duty, team = demo.single("garden", "duty"), demo.teams[row["team"]]
    founded = day(demo.section("garden", "team")["founded"])
    rota = demo.keep(
        Rota(
            team=team,
            title=row["title"],
            text="\n".join(duty["tasks"]),
            location=demo.places[row["place"]],
            project=demo.projects[row["project"]],
            begins_at=clock_time(duty["start_time"]),
            winter_begins_at=clock_time(duty["winter_start_time"]),
            winter_from=day(duty["winter_from"]),
            winter_until=LAST_OF_FEBRUARY,
            minutes=duty["duration_minutes"],
            people_needed=row["people_needed"],
            risks=row["risks"],
            safeguards=row["safeguards"],
            insurance=row["insurance"],
            since=founded + timedelta(days=1),
        )
    )
    rota.substitutes.set(demo.people[key] for key in duty["substitutes"])
    for entry in duty["weekly"]:
        for key in entry["members"]:
            demo.keep(
                Turn(
                    rota=rota,
                    person=demo.people[key],
                    weekday=entry["weekday"],
                    since=rota.since,
                    accepted_at=on(founded.isoformat(), "09:00"),
                    channel="in_person",
                )
            )
    planning.generate(rota, at=demo.at)
