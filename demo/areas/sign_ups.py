"""Bookings with their sign-ups, and guardians' consents to single activities.

Three sources: the bookings of the files; what the records of past service and the attendance lists tell, entered as from
the paper list of the day; and the rota of the morning duties. Where two speak of one person, the bookings count.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from activities.models import Activity, ActivityConsent, Booking, SignUp, SignUpStatus
from activities.rules.guardian_consent import risks_hash, terms_hash
from demo.areas.people import COORDINATOR
from demo.areas.volunteering import duty_key
from demo.context import Loading, Reading, maybe_moment, moment, on
from demo.source import Row
from people.models import Channel, Guardianship

GUARDIAN_TEXT = "监护人告知书 1.0"


@dataclass(frozen=True)
class Draft:
    """A booking before its place in the queue is known."""

    told_of: Reading  # the row of the files it comes from
    booking: Booking
    sign_ups: list[SignUp]


def load(demo: Loading) -> None:
    drafts: dict[str, list[Draft]] = defaultdict(list)
    for row in demo.rows("volunteers", "bookings"):
        drafts[row["activity"]].append(booked(demo, row))
    for key, people in came(demo).items():
        known = {sign_up.person_id for draft in drafts[key] for sign_up in draft.sign_ups}
        drafts[key] += from_the_list(demo, key, [one for one in people if demo.people[one].pk not in known])
    for entry in demo.rows("garden_duty_log", "entries"):
        drafts[duty_key(entry)] += on_duty(demo, entry)
    for queue in drafts.values():
        queue.sort(key=lambda draft: draft.booking.made_at)  # stable: the files' order within one moment
        for sequence, draft in enumerate(queue, start=1):
            draft.booking.sequence = sequence
    in_order = [draft for queue in drafts.values() for draft in queue]
    demo.keep_all(draft.booking for draft in told(demo, in_order))
    for sign_up in (one for draft in in_order for one in draft.sign_ups):
        sign_up.booking = sign_up.booking  # takes over the key that the booking has only now
    demo.keep_all(one for draft in told(demo, in_order) for one in draft.sign_ups)
    load_activity_consents(demo)


def told(demo: Loading, drafts: list[Draft]) -> Iterator[Draft]:
    """One by one; what is refused meanwhile is told of the row each comes from."""
    for draft in drafts:
        demo.reading = draft.told_of
        yield draft


def booked(demo: Loading, row: Row) -> Draft:
    activity = demo.activity(row["activity"])
    made_at = moment(row["at"])
    offered_at = maybe_moment(row.get("offered_at"))
    offer_until = maybe_moment(row.get("offer_until"))
    if offered_at and offer_until is None:
        offer_until = min(offered_at + timedelta(hours=settings.OFFER_HOURS), activity.signup_ends_at)
    booking = Booking(
        activity=activity,
        sequence=0,
        made_by=demo.people[row["made_by"]],
        made_at=made_at,
        channel=row["channel"],
        entered_by=demo.user(row.get("entered_by")),
        note=row.get("note", ""),
        offered_at=offered_at,
        offer_until=offer_until,
        answered_at=maybe_moment(row.get("answered_at")),
    )
    return Draft(demo.reading, booking, [sign_up(demo, booking, one) for one in row["people"]])


def sign_up(demo: Loading, booking: Booking, row: Row) -> SignUp:
    status = SignUpStatus(row["status"])
    activity = booking.activity
    made = SignUp(
        booking=booking,
        activity=activity,
        person=demo.people[row["person"]],
        status=status,
        companion=demo.person(row.get("companion")),
        takes_coach=row.get("transport") == "bus",
        seen_revision=row.get("seen_revision", revision_at(activity, booking.made_at)),
        end_reason=row.get("reason", ""),
    )
    match status:
        case SignUpStatus.WAITING | SignUpStatus.OFFERED:
            pass
        case SignUpStatus.CONSENT_PENDING:
            made.settled_at = booking.made_at
            waits = timedelta(hours=settings.CONSENT_HOURS)
            made.consent_until = min(booking.made_at + waits, activity.signup_ends_at)
        case SignUpStatus.CANCELLED:
            made.settled_at = booking.made_at
            made.ended_at = moment(row["cancelled_at"])
        case SignUpStatus.DECLINED:
            made.ended_at = booking.answered_at
        case SignUpStatus.LAPSED:
            made.ended_at = booking.offer_until
        case SignUpStatus.CONFIRMED:
            made.settled_at = booking.answered_at or booking.made_at
        case _:
            made.settled_at = booking.made_at
            made.marked_by = demo.user(COORDINATOR)
    return made


def revision_at(activity: Activity, at: datetime) -> int:
    """Whoever booked after a move knows the new time."""
    return 1 + sum(move.moved_at <= at for move in activity.moves.all()) if activity.revision > 1 else 1


def came(demo: Loading) -> dict[str, list[str]]:
    """{activity: who came, each once} by the service records and the attendance lists."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in demo.rows("service_records", "records"):
        found[row["activity"]][row["person"]] = None
    for row in demo.rows("learning", "attendance"):
        for group in ("members", "residents", "external", "minors"):
            found[row["event"]] |= dict.fromkeys(row.get(group, []))
    return {key: list(people) for key, people in found.items()}


def from_the_list(demo: Loading, key: str, people: list[str]) -> list[Draft]:
    """A booking for each who came, children with their guardian: the list of the day is all that is known of them."""
    activity = demo.activity(key)
    guardians = {row["id"]: row["guardian"] for row in demo.section("people", "minors")}
    parties = defaultdict(list)
    for one in people:
        with_guardian = guardians.get(one)
        parties[with_guardian if with_guardian in people else one].append(one)
    drafts = []
    for head, party in parties.items():
        booking = Booking(
            activity=activity,
            sequence=0,
            made_by=demo.people[head],
            made_at=activity.starts_at,
            channel=Channel.PAPER,
            entered_by=demo.users[COORDINATOR],
        )
        rows = [
            {"person": one, "status": SignUpStatus.ATTENDED}
            | ({"companion": head} if one != head and activity.is_family_friendly else {})
            for one in party
        ]
        told_of = Reading("service_records" if key in demo.shifts else "learning", key, {})
        drafts.append(Draft(told_of, booking, [sign_up(demo, booking, row) for row in rows]))
    return drafts


def on_duty(demo: Loading, entry: Row) -> list[Draft]:
    """A booking for each on the rota or standing in. Who gave notice is excused; who stayed away without is absent."""
    slot = demo.shifts[duty_key(entry)]
    kept_by = demo.user(demo.section("garden", "team")["leader"])
    drafts = []
    for key in dict.fromkeys([*entry["rostered"], *entry["present"]]):
        if key in entry["present"]:
            status, reason = SignUpStatus.ATTENDED, ""
        elif entry["status"] == "pending":
            status, reason = SignUpStatus.CONFIRMED, ""
        elif entry["status"] == "missed":
            status, reason = SignUpStatus.ABSENT, ""
        else:
            status, reason = SignUpStatus.EXCUSED, entry["note"] or ""
        booking = Booking(
            activity=slot,
            sequence=0,
            made_by=demo.people[key],
            made_at=slot.starts_at - timedelta(days=1),
            channel=Channel.ROSTER,
        )
        made = sign_up(demo, booking, {"person": key, "status": status, "reason": reason})
        made.marked_by = None if status == SignUpStatus.CONFIRMED else kept_by
        drafts.append(Draft(demo.reading, booking, [made]))
    return drafts


def load_activity_consents(demo: Loading) -> None:
    """Those that were given; one that is still asked for leaves its row pending until the deadline on the sign-up."""
    relations = {
        (guardian, child): relation
        for guardian, child, relation in Guardianship.objects.values_list("guardian", "child", "relation")
    }
    demo.keep_all(
        activity_consent(demo, row, child, guardian, relations)
        for row in demo.rows("volunteers", "activity_consents")
        for child, guardian in row["given"].items()
    )


def activity_consent(
    demo: Loading, row: Row, child: str, guardian: str, relations: dict[tuple[int, int], str]
) -> ActivityConsent:
    activity = demo.activity(row["activity"])
    pair = demo.people[guardian].pk, demo.people[child].pk
    if pair not in relations:
        raise demo.refused(f"“given” has {guardian} agree for {child}, but {guardian} is no guardian of theirs (V4).")
    return ActivityConsent(
        activity=activity,
        child=demo.people[child],
        guardian=demo.people[guardian],
        relation=relations[pair],
        text=demo.texts[GUARDIAN_TEXT],
        risks_sha256=risks_hash(activity),
        terms_sha256=terms_hash(activity),  # k05's too: the move of va24 only reached the parents as a message
        given_at=moment(row["at"]) if "T" in row["at"] else on(row["at"]),
        channel=row["channel"],
        entered_by=demo.user(row.get("entered_by")),
        sheet_number=row.get("sheet", ""),
    )
