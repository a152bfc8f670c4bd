"""The trail along the covers, and what passers-by said (S18)."""

from demo.context import Loading, day
from projects.models import Trail, TrailPoint, TrailWord


def load(demo: Loading) -> None:
    row = demo.single("manholes", "trail")
    trail = demo.keep(
        Trail(
            neighbourhood=demo.neighbourhood,
            slug=row["id"].removeprefix("trail_"),
            title=row["name"],
            text=row["rule"],
            place=demo.places[row["places"][0]],
            walk_minutes=row["walk_minutes"],
            wheelchair=row["wheelchair"],
            is_published=True,
        )
    )
    points = {
        key: demo.keep(TrailPoint(trail=trail, piece=cover, order=cover.order)) for key, cover in demo.covers.items()
    }
    demo.keep_all(
        TrailWord(
            point=points[said["cover"]],
            name=said["nickname"],
            words=said["words"],
            said_on=day(said["date"]),
            state=TrailWord.State.SHOWN,
            decided_at=demo.at,
        )
        for said in demo.rows("manholes", "checkins")
    )
