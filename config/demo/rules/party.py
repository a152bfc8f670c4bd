"""The ledger of meetings and their records: who should come (M3, M4), quorum and votes (M5 to M7), appraisal (M10)."""

from config.demo.checks import Names
from config.demo.rules.registry import Wrong, rule, start_of, today
from config.demo.source import Files, Row

BODY = {"branch": "branch", "group": "group", "general_branch": "general_branch"}
OF_POST_HOLDERS = ("branch_committee_meeting", "general_branch_committee_meeting")


def members_of(files: Files, org: str, day: str) -> list[Row]:
    """M3: members on the day without the exempt; probationary members count."""
    return [
        row
        for row in files.rows("people", "party_members")
        if org in (row["org"], row["group"])
        and not row.get("exempt_from", "9999") <= day
        and (row["status"] == "full" or row["joined"] <= day)
    ]


def expected_at(files: Files, names: Names, meeting: Row) -> set[str]:
    if meeting["type"] in OF_POST_HOLDERS:
        return {post["person"] for post in names["Party organisation"][meeting["org"]].get("committee", [])}
    return {row["id"] for row in members_of(files, meeting["org"], meeting["date"])}


@rule("meetings_2018_ledger", "organisations", "taxonomy", "people")
def meetings_are_held_by_the_body_they_belong_to(files: Files, names: Names) -> Wrong:
    for row in files.rows("meetings_2018_ledger", "meetings"):
        body, org = names["meeting type"][row["type"]]["body"], names["Party organisation"][row["org"]]
        if org["kind"] != body:
            yield row["id"], f"A {row['type']} is held by a {body}, but {row['org']} is a {org['kind']}."


@rule("meetings_2018_ledger", "organisations", "people", "taxonomy")
def everyone_expected_is_present_or_absent_with_a_reason(files: Files, names: Names) -> Wrong:
    for row in files.rows("meetings_2018_ledger", "meetings"):
        expected = expected_at(files, names, row)
        if row["should_attend"] != len(expected):
            yield row["id"], f"should_attend is {row['should_attend']}, but {len(expected)} people are expected (M3)."
        for one in row["absent"]:
            if one["person"] not in expected:
                yield row["id"], f"{one['person']} is listed as absent, but was not expected (M3)."
        if row["status"] == "signed" and row.get("attended") != row["should_attend"] - len(row["absent"]):
            yield (
                row["id"],
                f"{row['should_attend']} should attend and {len(row['absent'])} were absent, so attended cannot be "
                f"{row.get('attended')} (M4).",
            )


@rule("meetings_2018_ledger", "taxonomy")
def signed_ones_are_over_and_planned_ones_to_come(files: Files, names: Names) -> Wrong:
    for row in files.rows("meetings_2018_ledger", "meetings"):
        if row["status"] == "planned":
            if row["date"] < today(files):
                yield row["id"], f"It is planned, but {row['date']} is over."
            if "attended" in row or row["recorded_at"]:
                yield row["id"], "It is planned, so nobody can have attended or recorded it."
        elif not row["recorded_at"] or not row["date"] <= row["recorded_at"] <= today(files):
            yield row["id"], f"A signed record is written between the meeting and {today(files)}."


@rule("meetings_2018_ledger", "learning")
def a_part_lies_within_its_event(files: Files, names: Names) -> Wrong:
    for row in files.rows("meetings_2018_ledger", "meetings"):
        event = names["event"].get(row.get("event", ""))
        if event is None:
            continue
        within = event["time"][0] <= row["time"][0] and row["time"][1] <= event["time"][1]
        if row["date"] != event["date"] or not within:
            yield row["id"], f"It is part of {event['id']}, but not held within its time (M9)."


@rule("meetings", "meetings_2018_ledger", "people", "organisations", "taxonomy")
def votes_follow_the_rules(files: Files, names: Names) -> Wrong:
    for row in files.rows("meetings", "details"):
        key, meeting, votes = row["ledger"], names["meeting"][row["ledger"]], row.get("votes")
        if "org" not in meeting:
            yield key, "Details belong to a meeting of the ledger."
            continue
        if "quorum" in row:
            quorum = row["quorum"]
            met = quorum["present"] * 2 >= quorum["eligible"]
            if quorum["met"] != met or quorum["required"] != (quorum["eligible"] + 1) // 2:
                yield key, f"{quorum['present']} of {quorum['eligible']} do not make this quorum (M5)."
            if votes and not met:
                yield key, "Without a quorum nothing may be voted on (M5)."
        if not votes:
            continue
        eligible, present = voters(files, names, meeting)
        if (votes["eligible"], votes["present"]) != (eligible, present):
            yield (
                key,
                f"{eligible} had a vote and {present} of them came, not {votes['eligible']} and {votes['present']} (M6).",
            )
        if present * 2 < eligible:
            yield key, f"Only {present} of {eligible} came, so nothing may be voted on (M5)."
        cast, written = votes["for"] + votes["against"] + votes["abstain"], votes.get("written", 0)
        if cast != votes["present"] + written:
            yield key, f"{cast} votes were counted, but {votes['present'] + written} could be cast (M7)."
        if votes.get("passed", votes["for"] * 2 > eligible) != (votes["for"] * 2 > eligible):
            yield key, f"{votes['for']} of {eligible} is not what “passed” says (M6)."
        if written != len(row.get("written_opinions", [])):
            yield key, f"{written} written votes, but {len(row.get('written_opinions', []))} written opinions (M6)."


def voters(files: Files, names: Names, meeting: Row) -> tuple[int, int]:
    """How many had a vote, and how many of them came; probationary members have none."""
    full = {row["id"] for row in files.rows("people", "party_members") if row["status"] == "full"}
    eligible = expected_at(files, names, meeting) & full
    return len(eligible), len(eligible - {one["person"] for one in meeting["absent"]})


@rule("meetings", "meetings_2018_ledger", "people", "organisations")
def written_opinions_come_before_from_those_absent(files: Files, names: Names) -> Wrong:
    for row in files.rows("meetings", "details"):
        meeting = names["meeting"][row["ledger"]]
        absent = {one["person"] for one in meeting["absent"]}
        for opinion in row.get("written_opinions", []):
            if opinion["person"] not in absent or opinion["submitted"] >= meeting["date"]:
                yield (
                    row["ledger"],
                    f"The opinion of {opinion['person']} counts only from someone absent, handed in before.",
                )


@rule("meetings", "meetings_2018_ledger", "people", "organisations")
def appraisals_keep_to_the_members(files: Files, names: Names) -> Wrong:
    for row in files.rows("meetings", "details"):
        key, meeting = row["ledger"], names["meeting"][row["ledger"]]
        if "ballots" in row and not row["ballots"]["issued"] >= row["ballots"]["returned"] >= row["ballots"]["valid"]:
            yield key, "More ballots came back, or were valid, than were given out."
        if "results" not in row:
            continue
        grades = sum(row["results"].values())
        if grades != meeting["should_attend"]:
            yield key, f"{grades} members were graded, but {meeting['should_attend']} belong to it (M10)."
        if row.get("excellent_cap", grades // 3) != grades // 3 or row["results"]["excellent"] > grades // 3:
            yield key, f"At most {grades // 3} of {grades} may be excellent (M10)."
        if len(row.get("excellent_members", [])) not in (0, row["results"]["excellent"]):
            yield key, "The excellent members named are not as many as were graded so (M10)."


@rule("meetings", "meetings_2018_ledger", "people", "taxonomy")
def amendments_come_after_the_record(files: Files, names: Names) -> Wrong:
    for row in files.rows("meetings", "details"):
        amended, meeting = row.get("amended"), names["meeting"][row["ledger"]]
        if amended and not (meeting.get("recorded_at") or "") <= amended["at"] <= today(files):
            yield row["ledger"], "An amendment comes after the record and not after today (M8)."


@rule("meetings_2018_ledger")
def nobody_chairs_two_meetings_at_once(files: Files, names: Names) -> Wrong:
    taken: dict[tuple[str, str], str] = {}
    for row in files.rows("meetings_2018_ledger", "meetings"):
        if "event" in row:
            continue
        key = (start_of(row), row["chair"])
        if key in taken:
            yield row["id"], f"{row['chair']} chairs {taken[key]} at the same time."
        taken.setdefault(key, row["id"])
