"""Sites, study campaigns and learning events."""

from datetime import time

from activities.models import Status
from demo.context import Loading, maybe_moment, on, span
from demo.source import Row
from events.models import LearningEvent, Site, StudyCampaign

OUTSIDE = "offsite"  # the location of whatever happens at a site


def load(demo: Loading) -> None:
    demo.campaigns = demo.keep_each(
        "taxonomy",
        "study_campaigns",
        lambda row: StudyCampaign(neighbourhood=demo.neighbourhood, code=row["id"], name=row["name"]),
    )
    demo.sites = demo.keep_each("learning", "sites", site)
    for row in demo.rows("learning", "events"):
        demo.events[row["id"]] = demo.keep(event(demo, row))


def site(row: Row) -> Site:
    opens, closes = (time.fromisoformat(one) for one in row["open"]) if "open" in row else (None, None)
    return Site(
        name=row["name"],
        former_name=row.get("name_in_2018", ""),
        district=row["district"],
        address=row["address"],
        closed_weekday=row["closed_weekday"],
        opens=opens,
        closes=closes,
        needs_booking=row["booking"],
    )


def event(demo: Loading, row: Row) -> LearningEvent:
    starts_at, ends_at = span(row)
    coach = row.get("transport")
    goes_to = demo.sites.get(row.get("site", ""))
    return LearningEvent(
        neighbourhood=demo.neighbourhood,
        kind="learning",
        title=row["title"],
        text=row.get("note", ""),
        starts_at=starts_at,
        ends_at=ends_at,
        location=demo.places[row.get("place", OUTSIDE)],
        location_note=goes_to.name if goes_to else "",
        capacity=row.get("capacity"),
        coach_seats=coach["seats"] if coach else None,
        signup_from=maybe_moment(row.get("signup_from")),
        signup_until=maybe_moment(row.get("signup_until")),
        cancel_until=maybe_moment(row.get("cancel_until")),
        open_to=row["open_to"],
        minors=row["minors"],
        status=Status.PUBLISHED if row.get("planned") else Status.DONE,
        form=row["form"],
        edu=row["edu"],
        campaign=demo.campaigns.get(row.get("campaign", "")),
        site=goes_to,
        film=row.get("film", ""),
        lecturer=demo.person(row.get("lecturer")),
        credit_hours=row["credit_hours"],
        coach_from=demo.places[coach["from"]] if coach else None,
        coach_departs_at=on(row["date"], coach["departs"]) if coach else None,
        coach_returns_at=on(row["date"], coach["returns"]) if coach else None,
        coach_step_free=coach["step_free"] if coach else None,
    )
