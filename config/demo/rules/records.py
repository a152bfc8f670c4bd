"""Deliberations (D1 to D4), issues (I1) and illegal structures (I3)."""

from config.demo.checks import Names
from config.demo.rules.registry import Wrong, days_between, later, rule
from config.demo.source import Files, Row

TALLY = ("for", "against", "abstain")


@rule("hearings", "taxonomy")
def notice_is_given_in_time(files: Files, names: Names) -> Wrong:
    for row in files.rows("hearings", "deliberations"):
        days = days_between(row["notice"]["published"], row["date"])
        wanted = names["deliberation type"][row["type"]]["notice_days"]
        if days < wanted:
            yield row["id"], f"Notice was given {days} days before; a {row['type']} needs {wanted} (D1)."
        if row["published"] < row["date"]:
            yield row["id"], "The result cannot be published before the day itself (D3)."


@rule("hearings", "people")
def those_present_add_up(files: Files, names: Names) -> Wrong:
    for row in files.rows("hearings", "deliberations"):
        absent = {one["person"] for one in row.get("absent", [])}
        if row["attended"] > row["should_attend"]:
            yield row["id"], "More attended than should have."
        elif absent and row["attended"] != row["should_attend"] - len(absent):
            yield row["id"], f"{len(absent)} were absent, so attended cannot be {row['attended']}."
        named = {key for group in row.get("groups", {}).values() for key in group}
        if len(named) > row["attended"]:
            yield row["id"], f"{len(named)} people are named, but {row['attended']} attended (D2)."
        for key in sorted(named & absent):
            yield row["id"], f"{key} is both present and absent (D2)."


@rule("hearings", "meetings_2018_ledger")
def the_branches_discussed_it_first(files: Files, names: Names) -> Wrong:
    """D1: what the general branch leads is discussed by the branch general meetings before."""
    for row in files.rows("hearings", "deliberations"):
        if "led_by" in row and not row.get("discussed_by"):
            yield row["id"], "It is led by the general branch, but no branch meeting is named that discussed it (D1)."
        for key in row.get("discussed_by", []):
            meeting = names["meeting"][key]
            if meeting.get("type") != "branch_general_meeting" or meeting["date"] >= row["date"]:
                yield row["id"], f"{key} is no branch general meeting before {row['date']} (D1)."


@rule("hearings", "people")
def the_votes_of_a_deliberation_add_up(files: Files, names: Names) -> Wrong:
    """D2: in the room for + against + abstain are the voters; the web stands apart; groups add up where they are told."""
    for row in files.rows("hearings", "deliberations"):
        voters = row.get("voters")
        counted: list[tuple[str, Row]] = [(one["option"], one) for one in row.get("options_voted", [])]
        counted += [(one["item"], one) for one in row.get("resolutions", [])]
        for what, one in counted:
            if sum(one[name] for name in TALLY) != voters:
                yield row["id"], f"“{what}”: {sum(one[name] for name in TALLY)} votes of {voters} voters (D2)."
            groups = one.get("by_group", {})
            for name in TALLY:
                of_groups = sum(group[name] for group in groups.values())
                if groups and of_groups != one[name]:
                    yield row["id"], f"“{what}”: the groups have {of_groups} votes {name}, not {one[name]} (D2)."
            for group, votes in groups.items():
                named = len(row.get("groups", {}).get(group, []))
                if sum(votes.values()) > named:
                    yield row["id"], f"“{what}”: {group} cast more votes than it has people (D2)."
        for field in ("ratings", "appraisal_of_committee"):
            if field in row and sum(row[field].values()) != voters:
                yield row["id"], f"{sum(row[field].values())} ratings of {voters} voters (D4)."
        if voters is not None and voters > row["attended"]:
            yield row["id"], "More voters than people who attended (D2)."


@rule("hearings", "people")
def agreements_are_signed_by_the_parties(files: Files, names: Names) -> Wrong:
    for row in files.rows("hearings", "deliberations"):
        if row["type"] != "coordination":
            continue
        parties = {one["representative"] for one in row.get("parties", [])}
        if not parties or "agreement" not in row or not set(row.get("signed_by", [])) <= parties:
            yield row["id"], "A coordination has parties, an agreement, and signatures of the parties only (D4)."


@rule("issues", "neighbourhood")
def issues_have_the_times_of_their_status(files: Files, names: Names) -> Wrong:
    limit = files.section("issues", "deadline_workdays")["urgent_hours"]
    for row in files.rows("issues", "reports"):
        key, status = row["id"], row["status"]
        if (status in ("resolved", "closed")) != ("resolved" in row):
            yield (
                key,
                f"It is {status}, so a time of resolving is {'missing' if 'resolved' not in row else 'wrong'} (I1).",
            )
        elif row.get("resolved", row["at"]) < row["at"]:
            yield key, "It was resolved before it was reported (I1)."
        if status in ("resolved", "closed") and not row["result"]:
            yield key, "What was done is missing (I1)."
        if (row["level"] == "urgent") != ("made_safe_at" in row):
            yield key, "Urgent ones say when they were made safe, and only they (I1)."
        elif "made_safe_at" in row and not row["at"] <= row["made_safe_at"] <= later(row["at"], hours=limit):
            yield key, f"It was not made safe within {limit} hours (I1)."
        if (status == "transferred") != ("transferred" in row):
            yield key, "A transferred issue says to whom and when, and only that (I1)."
        if (status == "reopened") != ("reopened" in row):
            yield key, "A reopened issue says when and why, and only that (I1)."
        if row["rating"] is not None and status not in ("resolved", "closed", "reopened"):
            yield key, "It cannot be rated before it was dealt with (I1)."


@rule("issues", "neighbourhood")
def illegal_structures_go_step_by_step(files: Files, names: Names) -> Wrong:
    for row in files.rows("issues", "illegal_structures"):
        dates = [step["date"] for step in row["steps"]]
        if row["steps"][0] != {"step": "found", "date": row["found"]}:
            yield row["id"], "The first step is that it was found, on that day (I3)."
        if dates != sorted(dates):
            yield row["id"], "Its steps are not in the order of their dates (I3)."
        if (row["steps"][-1]["step"] == "verified") != row["closed"]:
            yield row["id"], "It is struck off once it is verified, and not before (I3)."


@rule("issues", "people")
def needs_are_answered_after_they_were_told(files: Files, names: Names) -> Wrong:
    for row in files.rows("issues", "needs"):
        if not row["date"] <= row["replied"] <= (row["done"] or row["replied"]):
            yield row["id"], "First it is told, then answered, then done."
