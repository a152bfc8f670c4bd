"""Learning events: what lies before and after the clock, closing days, coaches, who came."""

from config.demo.checks import Names
from config.demo.rules.registry import Wrong, days_between, now, rule, start_of
from config.demo.source import Files

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@rule("learning", "taxonomy")
def events_are_planned_or_over(files: Files, names: Names) -> Wrong:
    for row in files.rows("learning", "events"):
        if bool(row.get("planned")) != (start_of(row) > now(files)):
            yield (
                row["id"],
                f"On {row['date']} it is {'to come' if start_of(row) > now(files) else 'over'} by the clock.",
            )
        if "place" not in row and "site" not in row:
            yield row["id"], "It needs a place or a site."


@rule("learning")
def no_visit_falls_on_a_closing_day(files: Files, names: Names) -> Wrong:
    for row in files.rows("learning", "events"):
        site = names["site"].get(row.get("site", ""))
        weekday = days_between("2018-01-01", row["date"]) % 7
        if site and site["closed_weekday"] == weekday:
            yield row["id"], f"{site['name']} is closed on a {WEEKDAYS[weekday]}."


@rule("learning")
def sign_up_ends_before_the_start(files: Files, names: Names) -> Wrong:
    for row in files.rows("learning", "events"):
        opens, closes = row.get("signup_from", ""), row.get("signup_until", start_of(row))
        if not opens < closes <= start_of(row) or row.get("cancel_until", "") > start_of(row):
            yield row["id"], "Sign-up begins, then ends, then the event starts; withdrawal ends by then too."
        coach = row.get("transport")
        if coach and not (coach["seats"] <= row.get("capacity", coach["seats"]) and coach["departs"] <= row["time"][0]):
            yield row["id"], "A coach has no more seats than the event, and leaves before it starts."


@rule("learning", "people", "taxonomy")
def those_who_came_are_listed_as_what_they_are(files: Files, names: Names) -> Wrong:
    kinds = {
        "members": {row["id"] for row in files.rows("people", "party_members")},
        "residents": {row["id"] for name in ("residents", "staff") for row in files.rows("people", name)},
        "external": {row["id"] for row in files.rows("people", "external")},
        "minors": {row["id"] for row in files.rows("people", "minors")},
    }
    for row in files.rows("learning", "attendance"):
        event = names["event"][row["event"]]
        if event.get("planned"):
            yield row["event"], "Attendance of an event that is still to come."
        for group, known in kinds.items():
            for key in row.get(group, []):
                if key not in known:
                    yield row["event"], f"{key} stands among the {group}, but is none."
        if row.get("minors") and event["minors"] == "no":
            yield row["event"], "Children came to an event for adults only."


@rule("learning", "people")
def reflections_follow_their_event(files: Files, names: Names) -> Wrong:
    for row in files.rows("learning", "reflections"):
        if row["date"] < names["event"][row["event"]]["date"]:
            yield f"{row['event']} {row['person']}", "A reflection comes after the event."
