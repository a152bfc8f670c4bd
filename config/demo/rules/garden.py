"""The garden: beds and plants (G2), the rota and its log (G1), the team's meetings."""

from config.demo.checks import Names
from config.demo.rules.registry import Wrong, days_between, now, rule, start_of, today
from config.demo.source import Files, Row


@rule("garden", "people", "wall")
def nothing_toxic_grows_where_children_dig(files: Files, names: Names) -> Wrong:
    for_children = {row["id"] for row in files.rows("garden", "beds") if row.get("for_children")}
    for bed, plant, where in planted(files):
        if bed in for_children and names["plant"][plant]["toxic"]:
            yield (
                where,
                f"{names['plant'][plant]['name']} is toxic and must not stand in {bed}, the children's bed (G2).",
            )


def planted(files: Files) -> list[tuple[str, str, str]]:
    """(bed, plant, row) of all that stands or is proposed."""
    found = [(row["bed"], row["plant"], f"{row['bed']} {row['plant']}") for row in files.rows("garden", "plantings")]
    for plan in files.rows("garden", "seasonal_plans"):
        found += [(item["bed"], plant, plan["id"]) for item in plan.get("items", []) for plant in item["plants"]]
        found += [(bed, one["plant"], plan["id"]) for one in plan.get("candidates", []) for bed in one["beds"]]
    return found


@rule("garden", "people", "wall")
def beds_have_short_codes(files: Files, names: Names) -> Wrong:
    for row in files.rows("garden", "beds"):
        if not row["code"].startswith("HT-"):
            yield row["id"], f"The code of a bed begins with HT-, not {row['code']}."


@rule("garden", "people", "taxonomy", "hearings")
def candidates_are_voted_on_and_warned_of(files: Files, names: Names) -> Wrong:
    members = len(files.section("garden", "team")["members"])
    beds = {row["id"]: row for row in files.rows("garden", "beds")}
    for plan in files.rows("garden", "seasonal_plans"):
        if plan["status"] == "voting" and not (plan.get("candidates") and "plant_by" in plan and "budget" in plan):
            yield plan["id"], "A plan that is voted on has candidates, a budget and a day to plant by (G2)."
        for one in plan.get("candidates", []):
            plant = names["plant"][one["plant"]]
            if one["votes"] > members:
                yield plan["id"], f"{plant['name']} has {one['votes']} votes, but the team has {members} members (G2)."
            misses = mismatch(plan, plant, [beds[key] for key in one["beds"]])
            if misses and "warn" not in one:
                yield plan["id"], f"{plant['name']} misses {misses}, which needs a warning (G2)."


def mismatch(plan: Row, plant: Row, beds: list[Row]) -> str:
    """What the plan gets wrong about a plant: it is planted from January up to the plan's day."""
    if min(plant["plant"]) > int(plan["plant_by"][5:7]):
        return "the planting month"
    return "" if all(bed["light"] == plant["light"] for bed in beds) else "the light of its bed"


@rule("garden_duty_log", "garden", "taxonomy")
def duties_follow_the_rota(files: Files, names: Names) -> Wrong:
    duty = files.section("garden", "duty")
    rota = {row["weekday"]: row["members"] for row in duty["weekly"]}
    for row in files.rows("garden_duty_log", "entries"):
        key, weekday = row["date"], days_between("2018-01-01", row["date"]) % 7  # 2018 began on a Monday
        if row["rostered"] != rota.get(weekday):
            yield (
                key,
                f"The rota has {', '.join(rota.get(weekday, []))} on this weekday, not {', '.join(row['rostered'])}.",
            )
        start = duty["winter_start_time"] if row["date"] >= duty["winter_from"] else duty["start_time"]
        if row["start"] != start:
            yield key, f"The duty begins at {start} on this day, not at {row['start']} (G1)."
        if row["date"] > today(files):
            yield key, "A log cannot run ahead of the clock."


@rule("garden_duty_log", "garden", "taxonomy")
def the_log_says_how_a_duty_went(files: Files, names: Names) -> Wrong:
    minutes = files.section("garden", "duty")["duration_minutes"]
    for row in files.rows("garden_duty_log", "entries"):
        rostered, present = set(row["rostered"]), set(row["present"])
        if present == rostered:
            expected = {"done"}
        elif len(present) == len(rostered):
            expected = {"swapped"}
        else:
            expected = {"partial"} if present else {"missed", "pending"}
        if row["status"] not in expected:
            yield (
                row["date"],
                f"{len(present)} came, which is {' or '.join(sorted(expected))}, not {row['status']} (G1).",
            )
        if (row["status"] == "pending") != (row["date"] == today(files)):
            yield row["date"], "Only today's duty is still to be signed."
        if row["minutes"] != (minutes if present else 0):
            yield row["date"], f"It counts {minutes if present else 0} minutes, not {row['minutes']}."


@rule("garden", "people", "taxonomy")
def team_meetings_count_their_members(files: Files, names: Names) -> Wrong:
    members = files.section("garden", "team")["members"]
    for row in files.rows("garden", "monthly_meetings"):
        if row.get("planned"):
            if start_of(row) <= now(files):
                yield row["id"], f"It is planned, but {row['date']} is over."
            if "attended" in row or "decisions" in row:
                yield row["id"], "It is planned, so nobody can have attended or decided."
            continue
        absent = [one["person"] for one in row.get("absent", [])]
        if row["date"] > today(files):
            yield row["id"], "It lies in the future, so it must be planned."
        elif row.get("attended") != len(members) - len(absent) or not set(absent) <= set(members):
            yield (
                row["id"],
                f"Of {len(members)} members {len(absent)} were absent, so attended cannot be {row.get('attended')} (M4).",
            )
