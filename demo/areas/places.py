"""The neighbourhood, its compounds, buildings and locations."""

from demo import texts
from demo.context import Loading
from demo.source import Row
from people.models import Building, Compound, Location, Neighbourhood

SLUG = "lane-600"


def load(demo: Loading) -> None:
    row = demo.single("neighbourhood", "neighbourhood")
    # What the files do not tell: the address, and how the committee is reached. The numbers and addresses are fictional.
    demo.neighbourhood = demo.keep(
        Neighbourhood(
            slug=SLUG,
            name=row["name"],
            short_name=row["name"].removesuffix("居民区"),
            certificate_prefix="BC600",  # as the numbers of volunteers.yaml have it
            subdistrict=row["subdistrict"],
            district=row["district"],
            slogan=row["slogan"],
            goals=row["goals"],
            intro=row["intro"],
            organiser="宝昌路600弄居民区党总支、宝昌路600弄居民委员会",
            phone="10000000001",
            email="jw600@demo.invalid",
            office_hours="周一至周五 8:30–11:30、13:30–17:00，周六 9:00–11:30",
            office="宝昌路600弄居委会一楼接待窗口",
            complaint_address="s02@demo.invalid；电话 10000000102；居委会一楼接待窗口",
        )
    )
    demo.compounds = demo.keep_each("neighbourhood", "compounds", lambda row: compound(demo, row))
    demo.buildings = demo.keep_each("neighbourhood", "buildings", lambda row: building(demo, row))
    demo.places = demo.keep_each("neighbourhood", "places", lambda row: location(demo, row))


def compound(demo: Loading, row: Row) -> Compound:
    return Compound(
        neighbourhood=demo.neighbourhood,
        code=row["id"],
        name=row["name"],
        kind=row["kind"],
        built_year=row["built_year"],
        households=row["households"],
        feature=row["feature"],
    )


def building(demo: Loading, row: Row) -> Building:
    x, y = texts.BUILDINGS_ON_THE_PLAN[row["id"]]
    return Building(
        neighbourhood=demo.neighbourhood,
        compound=demo.compounds[row["compound"]],
        code=row["id"],
        name=row["name"],
        floors=row["floors"],
        households=row["households"],
        x=x,
        y=y,
    )


def location(demo: Loading, row: Row) -> Location:
    return Location(
        neighbourhood=demo.neighbourhood,
        code=row["id"],
        name=row["name"],
        kind=row["kind"],
        x=row["x"],
        y=row["y"],
        step_free=row["step_free"],
        capacity=row.get("capacity"),
        note=row.get("note", ""),
    )


def appoint_leaders(demo: Loading) -> None:
    """Name the building leaders, once the people are there."""
    for row in demo.rows("neighbourhood", "buildings"):
        building = demo.buildings[row["id"]]
        building.leader = demo.people[row["leader"]]
        building.save(update_fields=["leader"])
