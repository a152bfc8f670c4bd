"""Projects and their stages (P1), the wall (P2, P3), covers and stories (P4, P5)."""

from config.demo.checks import Names
from config.demo.rules.registry import Wrong, days_between, rule, today
from config.demo.source import Files


@rule("projects", "taxonomy")
def stages_wait_for_what_they_require(files: Files, names: Names) -> Wrong:
    order = [stage["id"] for stage in files.rows("taxonomy", "project_stages")]
    for row in files.rows("projects", "projects"):
        ends = {stage["stage"]: stage["end"] for stage in row["stages"]}
        if len(ends) < len(row["stages"]):
            yield row["id"], "A stage stands twice."
        for name in ends.keys() & row.get("skipped", {}).keys():
            yield row["id"], f"The stage {name} is both listed and skipped."
        for stage in row["stages"]:
            name = stage["stage"]
            if stage["end"] and stage["end"] < stage["start"]:
                yield row["id"], f"The stage {name} ends before it starts."
            wanted = stage.get("requires", names["stage"][name].get("requires", []))
            for required in wanted:
                if order.index(required) >= order.index(name):
                    yield row["id"], f"The stage {name} cannot require {required}, which comes after it (P1)."
                elif required in ends and (ends[required] is None or ends[required] > stage["start"]):
                    yield row["id"], f"The stage {name} starts while {required} is still open (P1)."


@rule("projects")
def money_is_spent_within_what_was_approved(files: Files, names: Names) -> Wrong:
    for row in files.rows("projects", "projects"):
        if row["budget"]["spent"] > row["budget"]["approved"]:
            yield row["id"], "More was spent than approved (P6)."


@rule("projects")
def lineage_has_a_beginning(files: Files, names: Names) -> Wrong:
    parents = {row["id"]: row["derived_from"] for row in files.rows("projects", "projects")}
    for key in parents:
        seen, at = {key}, parents[key]
        while at:
            if at in seen:
                yield key, "It would be its own origin."
                break
            seen.add(at)
            at = parents[at]


@rule("projects", "hearings")
def a_project_is_decided_about_itself(files: Files, names: Names) -> Wrong:
    for row in files.rows("projects", "projects"):
        about = names["deliberation"][row["decided_by"]]
        if about.get("project", row["id"]) != row["id"]:
            yield row["id"], f"{about['id']}, which decided it, is about {about['project']}."


@rule("wall")
def the_wall_is_worked_on_in_order(files: Files, names: Names) -> Wrong:
    stages = sorted(files.rows("wall", "stages"), key=lambda row: row["order"])
    for before, row in zip([None, *stages], stages, strict=False):
        if row["end"] < row["start"]:
            yield row["id"], "It ends before it starts."
        if before and row["start"] <= before["end"]:
            yield row["id"], f"It starts before {before['id']} has ended (P3)."
        least = max(row.get("min_days", 0), 10 if row["step"] == "dry" else 0)
        if days_between(row["start"], row["end"]) + 1 < least:
            yield row["id"], f"It takes at least {least} days (P3)."
        if row["who"] != "mixed" and row["minors"] != "no":
            yield row["id"], 'A stage for adults only needs minors: "no" (P3).'


@rule("volunteers", "wall")
def shifts_on_the_wall_keep_its_age_limit(files: Files, names: Names) -> Wrong:
    project = files.section("wall", "wall")["project"]
    strict = [row for row in files.rows("wall", "stages") if row["who"] != "mixed"]
    for shift in files.rows("volunteers", "activities"):
        on_it = [row for row in strict if row["start"] <= shift["date"] <= row["end"]]
        if shift["project"] == project and on_it and shift["minors"] != "no":
            yield shift["id"], f'It falls into {on_it[0]["id"]}, which is for adults only, so minors must be "no" (P3).'


@rule("wall", "hearings")
def drafts_grow_and_feedback_is_answered(files: Files, names: Names) -> Wrong:
    drafts = sorted(files.rows("wall", "drafts"), key=lambda row: row["version"])
    versions = {row["version"] for row in drafts}
    for number, row in enumerate(drafts, start=1):
        if row["version"] != number:
            yield row["id"], f"Versions count from 1 without a gap; this would be {number}."
        if number > 1 and row.get("based_on") != drafts[number - 2]["id"]:
            yield row["id"], "It must be based on the version before it (P2)."
    for row in files.rows("wall", "feedback"):
        draft = names["draft"][row["draft"]]
        if not draft["date"] <= row["date"] <= row["replied"]:
            yield (
                row["id"],
                f"It comes after its draft of {draft['date']} and before the reply of {row['replied']} (P2).",
            )
        taken_in = row.get("in_version")
        if (row["disposition"] in ("adopted", "partly_adopted")) != (taken_in is not None):
            yield row["id"], "What was adopted names the version that took it in, and nothing else does (P2)."
        elif taken_in is not None and (taken_in not in versions or taken_in <= draft["version"]):
            yield row["id"], f"Version {taken_in} cannot have taken in feedback to version {draft['version']} (P2)."


@rule("wall", "people")
def stories_say_where_they_come_from(files: Files, names: Names) -> Wrong:
    for row in files.rows("wall", "panels"):
        if row["fact_check"] == "sourced" and "sources" not in row:
            yield row["id"], "A sourced story names its sources (P5)."
        if row["fact_check"] == "memory" and "narrator" not in row:
            yield row["id"], "A story from memory names who told it (P5)."
        if not row["code"].startswith("QH-"):
            yield row["id"], f"The code of a panel begins with QH-, not {row['code']}."


@rule("manholes", "taxonomy")
def covers_are_painted_and_inspected_in_time(files: Files, names: Names) -> Wrong:
    painted = {}
    for row in files.rows("manholes", "covers"):
        painted[row["id"]] = row["painted"]
        if not row["code"].startswith("JG-"):
            yield row["id"], f"The code of a cover begins with JG-, not {row['code']}."
    for name in ("inspections", "checkins"):
        for row in files.rows("manholes", name):
            if not painted[row["cover"]] <= row["date"] <= today(files):
                yield f"{row['cover']} {row['date']}", f"It lies before the painting of {row['cover']}, or after today."
    trail = files.section("manholes", "trail")
    if trail["steps"] != len(painted):
        yield trail["id"], f"The trail has {trail['steps']} steps, but there are {len(painted)} covers."
