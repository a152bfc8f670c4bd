"""Manhole covers with their painters, pictures and inspections."""

from demo import texts
from demo.context import Loading, day
from demo.illustrations import illustrate
from demo.source import Row
from projects.models import Cover, CoverArtist, CoverInspection, CoverRepaint, PiecePhoto

UTILITIES = {"雨水": Cover.Utility.RAIN, "污水": Cover.Utility.SEWAGE, "通信": Cover.Utility.TELECOM}
PROJECT, TEAM, MANAGERS = "pj_cover", "t_paint", "pm_changlin"


def load(demo: Loading) -> None:
    project = demo.projects[PROJECT]
    project.pieces_note = str(demo.section("manholes", "owner_consent_rule"))
    project.save(update_fields=["pieces_note"])
    trail = demo.section("manholes", "trail")
    for order, row in enumerate(demo.rows("manholes", "covers"), start=1):
        cover = demo.keep(
            Cover(
                neighbourhood=demo.neighbourhood,
                project=project,
                code=row["code"],
                title=row["title"],
                theme=row["theme"],
                order=order,
                place=demo.places[trail["places"][0]],
                x=row["x"],
                y=row["y"],
                is_published=True,
                utility=UTILITIES[row["utility"]],
                mark=row["mark"],
                diameter_cm=row["diameter_cm"],
                owner=owner(row),
                consent_by=demo.companies[MANAGERS].name if "物业" in row["owner"] else owner(row),
                consent_on=day(texts.COVER_OWNERS_SAID_YES),
                message=row["message"],
                team=demo.teams[TEAM],
                painted_on=day(row["painted"]),
                anti_slip=True,
            )
        )
        demo.covers[row["id"]] = cover
        demo.keep_all(
            CoverArtist(cover=cover, person=demo.people[key], order=place)
            for place, key in enumerate(row["artists"], start=1)
        )
        show(demo, cover, row)
    inspections(demo)


def owner(row: Row) -> str:
    return row["owner"].removesuffix("（已书面同意）")


def show(demo: Loading, cover: Cover, row: Row) -> None:
    """A drawing of it before and after."""
    for role, kind in ((PiecePhoto.Role.BEFORE, "cover-before"), (PiecePhoto.Role.AFTER, "cover")):
        after = role == PiecePhoto.Role.AFTER
        photo = illustrate(
            demo.neighbourhood,
            kind,
            row["id"],
            alt=row["after_alt"] if after else row["before_alt"],
            caption=row["title"] if after else "",
            taken_on=cover.painted_on if after else None,
        )
        demo.keep(PiecePhoto(piece=cover, photo=photo, role=role, order=1 if after else 0))


def inspections(demo: Loading) -> None:
    reports = {(row.get("linked_cover"), row["at"][:10]): row for row in demo.section("issues", "reports")}
    for row in demo.rows("manholes", "inspections"):
        report = reports.get((row["cover"], row["date"]))
        demo.keep(
            CoverInspection(
                cover=demo.covers[row["cover"]],
                inspected_on=day(row["date"]),
                inspected_by=demo.people[row["by"]],
                condition=row["condition"],
                note="" if row["note"] == "无" else row["note"],
                action=row.get("action", ""),
                passed_to=demo.companies[report["assignee"]].name if report else "",
                passed_on=day(report["at"][:10]) if report else None,
            )
        )
    for key, painted_on, note in texts.COVER_REPAINTS:
        demo.keep(CoverRepaint(cover=demo.covers[key], painted_on=day(painted_on), note=note))
