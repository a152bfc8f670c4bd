"""Shifts, bookings and their queue, guardians' consents (V4), service records and certificates (V2, V3)."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from config.demo.checks import Names
from config.demo.rules.registry import Wrong, age_on, later, minutes_between, now, rule, start_of, today
from config.demo.source import Files, Row

BOOKED = ("volunteers", "learning", "garden", "people", "taxonomy")
ENDED = ("cancelled", "lapsed", "declined")
RESULTS = ("attended", "absent", "excused")
OFFER_HOURS = 12


@rule("volunteers", "taxonomy")
def shifts_are_laid_out_in_order(files: Files, names: Names) -> Wrong:
    for row in files.rows("volunteers", "activities"):
        start = start_of(row)
        if row["people_needed"] > row.get("capacity", row["people_needed"]):
            yield row["id"], f"{row['people_needed']} people are needed, but there are {row['capacity']} seats."
        if row["recruit_from"] > row["date"]:
            yield row["id"], "Recruiting begins after the shift."
        if not f"{row['recruit_from']}T00:00" < row.get("signup_until", start) <= start:
            yield row["id"], "Sign-up ends after it begins and before the start."
        if row.get("cancel_until", start) > start:
            yield row["id"], "Withdrawal ends by the start."
        if row.get("min_age", 0) > row.get("max_age", 120):
            yield row["id"], "The lowest age lies above the highest."
        if "capacity" not in row:
            yield row["id"], "A shift says how many seats it has."


@rule("volunteers", "taxonomy")
def cancelling_and_moving_leave_their_trace(files: Files, names: Names) -> Wrong:
    for row in files.rows("volunteers", "activities"):
        if (row.get("status") == "cancelled") != ("cancelled" in row):
            yield row["id"], "A cancelled shift says when, by whom and why; another one does not."
        if "cancelled" in row and not row["cancelled"]["at"] <= min(now(files), start_of(row)):
            yield row["id"], "It was cancelled before its start, and not after the clock's."
        moves = row.get("moved", [])
        if row.get("revision", 1) != 1 + len(moves):
            yield (
                row["id"],
                f"After {len(moves)} moves this is revision {1 + len(moves)}, not {row.get('revision', 1)}.",
            )
        if row.get("open") and (row.get("status") == "cancelled" or start_of(row) <= now(files)):
            yield row["id"], "It cannot be open: it is over or cancelled."


@rule("volunteers", *BOOKED[1:])
def bookings_fit_their_activity(files: Files, names: Names) -> Wrong:
    minors = {row["id"]: row["guardian"] for row in files.rows("people", "minors")}
    statuses = names["sign-up status"]
    seats: Counter[str] = Counter()
    coach: Counter[str] = Counter()
    live: set[tuple[str, str]] = set()
    for row in files.rows("volunteers", "bookings"):
        key, activity = row["id"], booked_activity(names, row["activity"])
        if "org" in activity or activity.get("capacity") is None:
            yield key, f"{row['activity']} takes no sign-ups."
            continue
        yield from booked_in_time(key, row, activity, files)
        if row["made_by"] not in {one["person"] for one in row["people"]} and not any(
            minors.get(one["person"]) == row["made_by"] for one in row["people"]
        ):
            yield key, f"{row['made_by']} books for others, but is neither among them nor their guardian (V1)."
        for one in row["people"]:
            person, status = one["person"], one["status"]
            if status not in ENDED:
                if (row["activity"], person) in live:
                    yield key, f"{person} has a live sign-up for {row['activity']} already."
                live.add((row["activity"], person))
            seats[row["activity"]] += statuses[status]["holds_seat"]
            coach[row["activity"]] += one.get("transport") == "bus" and status not in ENDED
            if one.get("transport") and "transport" not in activity:
                yield key, f"No coach goes to {row['activity']}."
            if one.get("seen_revision", 1) > activity.get("revision", 1):
                yield key, f"{person} cannot have seen revision {one['seen_revision']}."
            yield from status_fits(key, row, one, activity, files)
            yield from age_fits(key, one, activity, names["person"][person], minors)
            companion = one.get("companion")
            if companion and companion not in {other["person"] for other in row["people"]}:
                yield key, f"{companion}, who accompanies {person}, is not in this booking."
    for activity_id, taken in seats.items():
        capacity = booked_activity(names, activity_id)["capacity"]
        if taken > capacity:
            yield activity_id, f"{taken} seats are taken, but there are {capacity}."
    for activity_id, taken in coach.items():
        coach_seats = booked_activity(names, activity_id).get("transport", {}).get("seats", taken)
        if taken > coach_seats:
            yield activity_id, f"{taken} take the coach, but it has {coach_seats} seats."


def booked_activity(names: Names, key: str) -> Row:
    return names["activity"].get(key) or names["event"].get(key) or names["meeting"][key]


def booked_in_time(key: str, row: Row, activity: Row, files: Files) -> Iterator[tuple[str, str]]:
    opens = activity.get("signup_from") or activity.get("recruit_from", "")
    if not opens <= row["at"] <= min(now(files), activity.get("signup_until", start_of(activity))):
        yield key, f"Made at {row['at']}, outside the sign-up time or after the start of the clock."
    if (row["channel"] == "web") == ("entered_by" in row):
        yield key, "What does not come over the web is entered by somebody, and only that."


def status_fits(key: str, row: Row, one: Row, activity: Row, files: Files) -> Iterator[tuple[str, str]]:
    status, person = one["status"], one["person"]
    over = start_of(activity) <= now(files)
    if (status in RESULTS) != (over and status not in ENDED):
        yield key, f"{person} cannot be {status}: the activity is {'over' if over else 'still to come'}."
    if (status == "cancelled") != ("cancelled_at" in one):
        yield key, f"{person}: a withdrawal has its time, and only that."
    elif status == "cancelled" and not row["at"] <= one["cancelled_at"] <= now(files):
        yield key, f"{person} withdrew before booking, or after the start of the clock."
    if activity.get("status") == "cancelled" and status not in ENDED:
        yield key, f"{row['activity']} is cancelled, so {person} cannot be {status}."
    if status in ("offered", "lapsed", "declined") and "offered_at" not in row:
        yield key, f"{person} is {status}, but no offer was made."
    if status == "declined" and "answered_at" not in row:
        yield key, f"{person} declined, but no answer is dated."
    if "offered_at" in row:
        until = min(later(row["offered_at"], hours=OFFER_HOURS), activity.get("signup_until", start_of(activity)))
        if row.get("offer_until", until) != until:
            yield key, f"The offer of {row['offered_at']} ends at {until}, not at {row['offer_until']}."
        if status == "offered" and not row["offered_at"] <= now(files) < until:
            yield key, "An open offer was made before the start of the clock and ends after it."
        if status == "lapsed" and until > now(files):
            yield key, f"The offer cannot have lapsed: it holds until {until}."
        if not row["offered_at"] <= row.get("answered_at", row["offered_at"]) <= until:
            yield key, "The answer lies outside the offer."


def age_fits(key: str, one: Row, activity: Row, person: Row, minors: dict[str, str]) -> Iterator[tuple[str, str]]:
    """V4: the age on the day."""
    age, rule_for_minors = age_on(person, activity["date"]), activity.get("minors", "no")
    oldest = age + ("birth_year" in person)
    if person["id"] in minors:
        if rule_for_minors == "no":
            yield key, f"{one['person']} is a minor; this is for adults only."
        if rule_for_minors == "14_and_over" and age < 14:
            yield key, f"{one['person']} is {age} on the day; one must be 14."
        if rule_for_minors == "with_guardian" and "companion" not in one:
            yield key, f"{one['person']} needs a companion (V5)."
    if not activity.get("min_age", 0) <= age or oldest > activity.get("max_age", 200):
        yield key, f"{one['person']} is not between {activity.get('min_age', 0)} and {activity.get('max_age', 200)}."


@rule("volunteers", *BOOKED[1:])
def bookings_wait_in_the_order_they_came(files: Files, names: Names) -> Wrong:
    """Whoever waits came after everybody who was offered a seat or took one up."""
    moments: dict[str, set[str]] = defaultdict(set)
    for row in files.rows("volunteers", "bookings"):
        if row["at"] in moments[row["activity"]]:
            yield row["id"], f"Another booking for {row['activity']} has the very same time, so the queue is not told."
        moments[row["activity"]].add(row["at"])
        waiting = {one["status"] for one in row["people"]}
        if "waiting" in waiting and len(waiting) > 1:
            yield row["id"], "A booking waits as a whole or not at all."


@rule("volunteers", "people", "learning", "service_records", "garden", "taxonomy")
def every_minor_has_a_guardians_consent(files: Files, names: Names) -> Wrong:
    minors = {row["id"]: row["guardian"] for row in files.rows("people", "minors")}
    asked: dict[tuple[str, str], str] = {}
    for row in files.rows("volunteers", "activity_consents"):
        label = f"{row['activity']} {row.get('booking', '')}".strip()
        for state in ("given", "pending"):
            for child, guardian in row.get(state, {}).items():
                if minors.get(child) != guardian:
                    yield label, f"{guardian} is not the guardian of {child} (V4)."
                if (row["activity"], child) in asked:
                    yield label, f"A consent for {child} stands twice."
                asked[row["activity"], child] = state
        if row["given"] and "at" not in row:
            yield label, "A consent that was given says when."
        if row.get("pending") and "asked_at" not in row:
            yield label, "A consent that is waited for says since when."
        if (row["channel"] == "paper" and row["given"]) and not ("sheet" in row and "entered_by" in row):
            yield label, "A consent on paper names its sheet and who entered it."
        if "booking" in row and names["booking"][row["booking"]]["activity"] != row["activity"]:
            yield label, f"The booking {row['booking']} is for another activity."
    for where, child, activity, status in minors_signed_up(files, minors):
        found = asked.get((activity, child))
        if found is None:
            yield where, f"No consent of a guardian is listed for {child} at {activity} (V4)."
        elif (found == "pending") != (status == "consent_pending"):
            yield where, f"{child} is {status}, but the consent is {found} (V4)."


def minors_signed_up(files: Files, minors: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    for row in files.rows("volunteers", "bookings"):
        for one in row["people"]:
            if one["person"] in minors:
                yield row["id"], one["person"], row["activity"], one["status"]
    for row in files.rows("service_records", "records"):
        if row["person"] in minors:
            yield row["activity"], row["person"], row["activity"], "attended"
    for row in files.rows("learning", "attendance"):
        for child in row.get("minors", []):
            yield row["event"], child, row["event"], "attended"


@rule("service_records", "volunteers", "taxonomy")
def minutes_are_what_the_times_say(files: Files, names: Names) -> Wrong:
    """V2: minutes are out − in − breaks; the row's hours are floored to half an hour."""
    for row in files.rows("service_records", "records"):
        key = row["id"]
        if row["status"] == "pending":
            if row["out"] is not None or row["minutes"] is not None:
                yield key, "Without a check-out it is pending and counts no minutes (V2)."
            continue
        if row["out"] is None:
            yield key, "There is no check-out, so it must be pending (V2)."
            continue
        minutes = minutes_between(row["in"], row["out"]) - row["break"]
        if row["minutes"] != minutes:
            yield (
                key,
                f"From {row['in']} to {row['out']} without {row['break']} are {minutes} minutes, not {row['minutes']} (V2).",
            )
        hours = 0 if row["status"] == "rejected" else (row["minutes"] or 0) // 30 / 2
        if row["hours"] != hours:
            yield key, f"{row['minutes']} minutes show as {hours} hours, not {row['hours']} (V2)."
        if row["confirmed_by"] == row["person"]:
            yield key, "Nobody confirms their own service (V2)."
        if (row["status"] == "corrected") != ("correction" in row):
            yield key, "A corrected record keeps the old value, who and why, and no other one does (V2)."


@rule("service_records", "volunteers", "people", "taxonomy")
def service_belongs_to_its_shift(files: Files, names: Names) -> Wrong:
    minors = {row["id"] for row in files.rows("people", "minors")}
    for row in files.rows("service_records", "records"):
        shift = names["activity"][row["activity"]]
        if row["date"] != shift["date"] or row["date"] > today(files):
            yield row["id"], f"{row['activity']} was on {shift['date']}, not on {row['date']}."
        if row["person"] in minors and shift["minors"] == "no":
            yield row["id"], f"{row['person']} is a minor; {row['activity']} is for adults only."


@rule("service_records", "volunteers")
def overlapping_service_is_refused(files: Files, names: Names) -> Wrong:
    counted: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in files.rows("service_records", "records"):
        if row["out"] is not None and row["status"] != "rejected":
            others = counted[row["person"], row["date"]]
            for other in others:
                if row["in"] < other["out"] and other["in"] < row["out"]:
                    yield row["id"], f"It overlaps {other['id']} and is not rejected (V2)."
            others.append(row)


@rule("volunteers", "service_records", "taxonomy")
def certificates_add_up(files: Files, names: Names) -> Wrong:
    for row in files.rows("volunteers", "certificates"):
        records = [names["service record"][key] for key in row.get("records", [])]
        if (row["status"] == "issued") != bool(row["issued"] and row["verify_code"] and records):
            yield (
                row["id"],
                "An issued certificate has its day, its verify code and its records; another has none (V3).",
            )
        if not records:
            continue
        total = sum(record["minutes"] or 0 for record in records)
        if row.get("total_minutes") != total or row.get("hours") != total // 30 / 2:
            yield row["id"], f"Its records add up to {total} minutes, which are {total // 30 / 2} hours (V3)."
        for record in records:
            if record["person"] != row["person"] or record["status"] not in ("confirmed", "corrected"):
                yield row["id"], f"{record['id']} is not a confirmed record of {row['person']} (V3)."
            if not row["period"][0] <= record["date"] <= row["period"][1]:
                yield row["id"], f"{record['id']} lies outside the period (V3)."


@rule("volunteers", "people", "taxonomy")
def grown_ups_wish_to_be_told_next_time(files: Files, names: Names) -> Wrong:
    minors = {row["id"] for row in files.rows("people", "minors")}
    known: set[tuple[str, str | None, str | None]] = set()
    for row in files.rows("volunteers", "next_time"):
        key, wish = row["person"], (row["person"], row.get("project"), row.get("team"))
        if key in minors:
            yield key, "Only grown-ups wish to be told next time; children hear of it through their family."
        if "project" in row and "team" in row:
            yield key, "A wish is for one project or for one team; make it two rows."
        if wish in known:
            yield key, "The same wish stands here twice."
        known.add(wish)
        if row["since"] > now(files):
            yield key, "The wish lies after the start of the clock."


@rule("volunteers", "taxonomy")
def recognitions_name_someone(files: Files, names: Names) -> Wrong:
    for row in files.rows("volunteers", "recognitions"):
        if ("person" in row) == ("team" in row):
            yield row["id"], "A recognition is for a person or for a team."
