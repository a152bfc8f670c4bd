"""Service records with their corrections, the minutes of the morning duties, and certificates (V2, V3)."""

from datetime import date, timedelta

from demo.areas.people import COORDINATOR
from demo.areas.volunteering import duty_key
from demo.context import Loading, day, maybe_day, on
from demo.source import Row
from portal import clock
from projects.models import Bed, Cover, WallPanel, WallStage
from volunteers.models import Certificate, CertificateLine, Rota, ServiceCorrection, ServiceRecord
from volunteers.models.service import served
from volunteers.operations import worked_on

STATES = {"confirmed": "confirmed", "corrected": "confirmed", "pending": "pending", "rejected": "rejected"}
CONFIRMED_AFTER = timedelta(hours=1)  # the files say by whom, not when


def load(demo: Loading) -> None:
    records = {row["id"]: record(demo, row) for row in demo.rows("service_records", "records")}
    for entry in demo.rows("garden_duty_log", "entries"):
        load_duty(demo, entry)
    for row in demo.rows("volunteers", "certificates"):
        load_certificate(demo, row, records)


def record(demo: Loading, row: Row) -> ServiceRecord:
    started_at = on(row["date"], row["in"])
    ended_at = on(row["date"], row["out"]) if row["out"] else None
    state = STATES[row["status"]]
    made = ServiceRecord(
        neighbourhood=demo.neighbourhood,
        activity=demo.activity(row["activity"]),
        person=demo.people[row["person"]],
        started_at=started_at,
        ended_at=ended_at,
        break_minutes=row["break"],
        source=row["method"],
        state=state,
        note=row.get("issue", ""),
        entered_at=ended_at or started_at,
        entered_by=None if row["method"] in {"qr", "self_report"} else demo.user(COORDINATOR),
        confirmed_by=demo.user(row["confirmed_by"]),
        confirmed_at=(ended_at or started_at) + CONFIRMED_AFTER if row["confirmed_by"] else None,
    )
    made.minutes = served(started_at, ended_at, row["break"])
    demo.keep(made)
    if "correction" in row:
        was = row["correction"]
        demo.keep(
            ServiceCorrection(
                record=made,
                old_minutes=was["old_minutes"],
                corrected_at=on(was["at"]),
                corrected_by=demo.user(was["by"]),
                reason=was["reason"],
            )
        )
    return made


def load_duty(demo: Loading, entry: Row) -> None:
    """Done mornings write their minutes (G1); the leader's own are confirmed by the coordinator like everyone's."""
    slot = demo.shifts[duty_key(entry)]
    for key in entry["present"]:
        ended_at = slot.starts_at + timedelta(minutes=entry["minutes"])
        demo.keep(
            ServiceRecord(
                neighbourhood=demo.neighbourhood,
                activity=slot,
                person=demo.people[key],
                started_at=slot.starts_at,
                ended_at=ended_at,
                minutes=entry["minutes"],
                source=ServiceRecord.Source.ROSTER,
                state=ServiceRecord.State.CONFIRMED,
                entered_at=ended_at,
                entered_by=demo.user(COORDINATOR),
                confirmed_by=demo.user(COORDINATOR),
                confirmed_at=ended_at + CONFIRMED_AFTER,
            )
        )


def load_certificate(demo: Loading, row: Row, records: dict[str, ServiceRecord]) -> None:
    issued = row["status"] == "issued"
    person = demo.people[row["person"]]
    guardians = person.guardianships_as_child.select_related("guardian").order_by("pk")
    first = guardians.first()
    made = demo.keep(
        Certificate(
            neighbourhood=demo.neighbourhood,
            person=person,
            asked_by=first.guardian if first is not None else person,
            asked_at=on(row["requested"]),
            purpose=row["purpose"],
            since=day(row["period"][0]),
            until=day(row["period"][1]),
            state=Certificate.State.ISSUED if issued else Certificate.State.REQUESTED,
            number=row["number"] if issued else None,
            code=row["verify_code"],
            issuer=demo.committees[row["issuer"]] if issued else None,
            handler=demo.people[row["handler"]].name if issued else "",
            responsible=demo.people[row["responsible"]].name if issued else "",
            issued_on=maybe_day(row["issued"]),
            total_minutes=row.get("total_minutes"),
        )
    )
    for key in row.get("records", []):
        line = records[key]
        demo.keep(
            CertificateLine(
                certificate=made,
                record=line,
                title=line.activity.title,
                day=clock.local_date(line.started_at),
                minutes=line.minutes or 0,
            )
        )


def load_pieces(demo: Loading) -> None:
    """Who painted a cover on the day it was painted, or their panels while the wall was painted; and the morning's beds."""
    records = ServiceRecord.objects.filter(neighbourhood=demo.neighbourhood)
    for cover in Cover.objects.filter(neighbourhood=demo.neighbourhood, painted_on__isnull=False):
        painters = records.filter(person__in=cover.artists.all(), activity__shift__project=cover.project_id)
        worked_on.follow([one for one in painters if clock.local_date(one.started_at) == cover.painted_on], [cover])
    for step in WallStage.objects.filter(wall__neighbourhood=demo.neighbourhood, step=WallStage.Step.PAINT):
        start, end = step.start or date.max, step.end or date.max
        there = records.filter(activity__shift__project=step.wall.project_id).select_related("person")
        painting = [one for one in there if start <= clock.local_date(one.started_at) <= end]
        for panel in WallPanel.objects.filter(project=step.wall.project_id).prefetch_related("artists"):
            artists = set(panel.artists.all())
            worked_on.follow([one for one in painting if one.person in artists], [panel])
    beds = list(Bed.objects.filter(neighbourhood=demo.neighbourhood))
    for rota in Rota.objects.filter(team__neighbourhood=demo.neighbourhood):
        rota.pieces.set(beds)
    worked_on.follow(records.filter(source=ServiceRecord.Source.ROSTER), beds)
