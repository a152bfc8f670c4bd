"""Meetings: the whole ledger of the Party organisations, and the flower team's monthly ones."""

from datetime import time

from activities.models import Minors, Status, Visibility
from community.models import Absence, Meeting
from demo.areas import deliberations
from demo.context import Loading, maybe_moment, on, span
from demo.source import Row

CALLED = {
    "branch_general_meeting": "党员大会",
    "branch_committee_meeting": "委员会",
    "party_group_meeting": "党小组会",
    "party_lecture": "党课",
    "theme_party_day": "主题党日",
    "organizational_life_meeting": "组织生活会",
    "democratic_appraisal": "民主评议党员",
    "general_branch_committee_meeting": "委员会",
}


def load(demo: Loading) -> None:
    details = {row["ledger"]: row for row in demo.section("meetings", "details")}
    for row in demo.rows("meetings_2018_ledger", "meetings"):
        demo.meetings[row["id"]] = demo.keep(party_meeting(demo, row, details.get(row["id"], {})))
    for row in demo.rows("garden", "monthly_meetings"):
        demo.meetings[row["id"]] = demo.keep(team_meeting(demo, row))
    demo.keep_all(
        Absence(meeting=demo.meetings[row["id"]], person=demo.people[one["person"]], reason=one["reason"])
        for file, section in (("meetings_2018_ledger", "meetings"), ("garden", "monthly_meetings"))
        for row in demo.rows(file, section)
        for one in row.get("absent", [])
    )
    deliberations.load(demo)  # they name the branch meetings that came before


def party_meeting(demo: Loading, row: Row, detail: Row) -> Meeting:
    """Seen by the organisation, for committee meetings by its post holders; a part of the event it was held in (M9)."""
    starts_at, ends_at = span(row)
    planned = row["status"] == "planned"
    state = Meeting.RecordState.PLANNED if planned else Meeting.RecordState.SIGNED
    return Meeting(
        neighbourhood=demo.neighbourhood,
        kind="meeting",
        title=title(demo.orgs[row["org"]].name, row),
        starts_at=starts_at,
        ends_at=ends_at,
        location=demo.places[row["place"]],
        organisation=demo.orgs[row["org"]],
        post_holders_only=row["type"] in Meeting.OF_POST_HOLDERS,
        visibility=Visibility.ORGANISATION,
        part_of=demo.events.get(row.get("event", "")),
        status=Status.PUBLISHED if planned else Status.DONE,
        type=row["type"],
        chair=demo.people[row["chair"]],
        recorder=demo.people[row["recorder"]],
        agenda=detail.get("agenda", []),
        resolutions=detail.get("resolutions", []),
        record_state=Meeting.RecordState.AMENDED if "amended" in detail else state,
        recorded_at=on(row["recorded_at"], recorded_hour(row)) if row["recorded_at"] else None,
    )


def recorded_hour(row: Row) -> str:
    """The files tell the day only: nine o'clock, or the end of the meeting where it was recorded that same day."""
    if row["recorded_at"] > row["date"]:
        return "09:00"
    return max(row["time"][1], str(time(9).strftime("%H:%M")))


def title(body: str, row: Row) -> str:
    called = CALLED[row["type"]]
    whole = body + (called.removeprefix("党小组") if body.endswith("党小组") else called)
    return body + row["topic"] if called in row["topic"] else f"{whole}：{row['topic']}"


def team_meeting(demo: Loading, row: Row) -> Meeting:
    """The team's; open to residents, so public, where the files say so."""
    team = demo.teams[demo.section("garden", "team")["ref"]]
    starts_at, ends_at = span(row)
    planned = row.get("planned", False)
    open_to = row.get("open_to", [])
    return Meeting(
        neighbourhood=demo.neighbourhood,
        kind="meeting",
        title=f"{team.name}例会",
        text=row.get("note", ""),
        starts_at=starts_at,
        ends_at=ends_at,
        location=demo.places[row["place"]],
        capacity=row.get("capacity"),
        people_needed=row.get("people_needed"),
        signup_until=maybe_moment(row.get("signup_until")),
        open_to=open_to,
        minors=row.get("minors", Minors.NO),
        team=team,
        visibility=Visibility.PUBLIC if open_to else Visibility.TEAM,
        status=Status.PUBLISHED if planned else Status.DONE,
        type=Meeting.Type.TEAM_MEETING,
        chair=demo.people[row["chair"]],
        recorder=demo.person(row.get("recorder")),
        agenda=row["agenda"],
        resolutions=row.get("decisions", []),
        record_state=Meeting.RecordState.PLANNED if planned else Meeting.RecordState.SIGNED,
    )
