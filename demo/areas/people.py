"""Everyone the committee knows, families and guardians."""

from datetime import datetime

from simple_history.utils import bulk_create_with_history

from demo.areas import places
from demo.context import Loading, checked, day, on
from demo.source import Row
from people.models import Family, Guardianship, Person

ADULTS = ("party_members", "staff", "residents", "external")
COORDINATOR = "s02"  # keeps the paper sheets and enters what is on them
PARENT = {"女": "母亲", "男": "父亲"}


def load(demo: Loading) -> None:
    known_since = first_consents(demo)
    grown_up = {
        row["id"]: checked(adult(demo, row, known_since[row["id"]]))
        for section in ADULTS
        for row in demo.rows("people", section)
    }
    register(demo, grown_up)
    children = {
        row["id"]: checked(
            Person(
                neighbourhood=demo.neighbourhood,
                name=row["name"],
                nickname=row["nickname"],
                birth_date=day(row["birth"]),
                building=demo.people[row["guardian"]].building,
                added_at=known_since[row["id"]],
            )
        )
        for row in demo.rows("people", "minors")
    }
    register(demo, children)
    settle_children(demo)
    places.appoint_leaders(demo)


def register(demo: Loading, people: dict[str, Person]) -> None:
    made = bulk_create_with_history(list(people.values()), Person, batch_size=500, default_date=demo.at)
    demo.people |= dict(zip(people, made, strict=True))


def first_consents(demo: Loading) -> dict[str, datetime]:
    """{id: when someone was first registered}: the day of their consent to keep data, or that of everyone else."""
    everyone = on(demo.section("volunteers", "consent_default")["given"])
    listed = {row["person"]: on(row["given"]) for row in demo.section("volunteers", "consents")}
    ids = [row["id"] for section in (*ADULTS, "minors") for row in demo.section("people", section)]
    return {key: listed.get(key, everyone) for key in ids}


def adult(demo: Loading, row: Row, added_at: datetime) -> Person:
    return Person(
        neighbourhood=demo.neighbourhood,
        name=row["name"],
        birth_year=row["birth_year"],
        email=row.get("email", ""),
        phone=row.get("phone", ""),
        told_by_building_leader=row.get("contact") == "building_leader",
        building=demo.buildings.get(row.get("building", "")),
        unit=demo.units.get(row.get("unit", "")),
        # A member's note tells of the branch's affairs, which not all staff may read: it belongs to the Party records.
        note="" if "org" in row else row.get("note", ""),
        added_at=added_at,
    )


def settle_children(demo: Loading) -> None:
    """Guardianships and families. A guardian whose signature staff hold on paper is confirmed, as of that sheet."""
    signed: dict[tuple[str, str], str] = {}
    for row in demo.section("volunteers", "activity_consents"):
        if row.get("sheet"):
            for child, guardian in row["given"].items():
                signed.setdefault((guardian, child), row["at"])
    adults = {row["id"]: row for section in ADULTS for row in demo.section("people", section)}
    demo.keep_all(
        guardianship(demo, row, PARENT[adults[row["guardian"]]["sex"]], signed.get((row["guardian"], row["id"])))
        for row in demo.rows("people", "minors")
    )
    demo.families = demo.keep_each("people", "families", lambda _row: Family(neighbourhood=demo.neighbourhood))
    demo.keep_all(
        Family.members.through(family=demo.families[row["id"]], person=demo.people[key])
        for row in demo.rows("people", "families")
        for key in row["members"]
    )


def guardianship(demo: Loading, row: Row, relation: str, sheet: str | None) -> Guardianship:
    child = demo.people[row["id"]]
    return Guardianship(
        guardian=demo.people[row["guardian"]],
        child=child,
        relation=relation,
        state=Guardianship.State.CONFIRMED if sheet else Guardianship.State.DECLARED,
        declared_at=child.added_at,
        confirmed_at=on(sheet) if sheet else None,
    )


def confirm_guardians(demo: Loading) -> None:
    """Say who confirmed, once the coordinator has an account."""
    Guardianship.objects.filter(state=Guardianship.State.CONFIRMED).update(confirmed_by=demo.users[COORDINATOR])
