"""The story wall: surveys, steps, the ten panels with where their story comes from, and what was told for them."""

import re
from decimal import Decimal

from demo.context import Loading, day, on
from demo.illustrations import illustrate
from demo.source import Row
from people.models import Channel
from projects.models import OralHistory, PiecePhoto, Wall, WallPanel, WallStage, WallSurvey

REMEMBERS = re.compile(r"据(.+?)回忆：")
RISK = {"低": WallSurvey.Risk.LOW, "中": WallSurvey.Risk.MEDIUM, "高": WallSurvey.Risk.HIGH}
WHO = {"adults_only": WallStage.Who.ADULTS_ONLY, "mixed": WallStage.Who.MIXED, "none": WallStage.Who.NOBODY}
PAINTED = "ws5"


def load(demo: Loading) -> None:
    load_wall(demo, demo.single("wall", "wall"))
    stories = {row["narrator"]: row for row in demo.section("wall", "oral_histories")}
    called = names_of_narrators(demo)
    painted = next(row["end"] for row in demo.section("wall", "stages") if row["id"] == PAINTED)
    for row in demo.rows("wall", "panels"):
        load_panel(demo, row, called, stories, painted)
    for row in demo.rows("wall", "oral_histories"):
        load_story(demo, row, called)


def load_wall(demo: Loading, row: Row) -> None:
    wall = demo.keep(
        Wall(
            neighbourhood=demo.neighbourhood,
            project=demo.projects[row["project"]],
            place=demo.places[row["place"]],
            length_m=Decimal(str(row["length_m"])),
            height_m=Decimal(str(row["height_m"])),
            owner=row["owner"],
            owners_agreed_on=day(row["oc_consent"]),
        )
    )
    for one in demo.rows("wall", "surveys"):
        survey = demo.keep(
            WallSurvey(
                wall=wall,
                surveyed_on=day(one["date"]),
                findings=one["findings"],
                last_maintained=one.get("last_maintained", ""),
                risk=RISK[one["risk"]],
                advice=one["advice"],
            )
        )
        survey.by.set(demo.people[key] for key in one["by"])
    for one in demo.rows("wall", "stages"):
        demo.keep(
            WallStage(
                wall=wall,
                step=one["step"],
                title=one["name"],
                project_stage=one["project_stage"],
                start=day(one["start"]),
                end=day(one["end"]),
                who=WHO[one["who"]],
                note=one["note"],
            )
        )


def names_of_narrators(demo: Loading) -> dict[str, str]:
    """{narrator: how the stories call them}; the one story that does not say it takes the name from another of theirs."""
    return {
        row["narrator"]: found[1]
        for row in demo.section("wall", "panels")
        if "narrator" in row and (found := REMEMBERS.match(row["story"]))
    }


def load_panel(demo: Loading, row: Row, called: dict[str, str], stories: dict[str, Row], painted: str) -> None:
    narrator = row.get("narrator")
    panel = demo.keep(
        WallPanel(
            neighbourhood=demo.neighbourhood,
            project=demo.projects["pj_wall"],
            code=row["code"],
            title=row["title"],
            theme=row["theme"],
            order=row["order"],
            place=demo.places[demo.section("wall", "wall")["place"]],
            x=row["x"],
            y=row["y"],
            story=row["story"],
            fact_check=row["fact_check"],
            history_year=row.get("history_year"),
            sources=row.get("sources", []),
            narrator=demo.person(narrator),
            told_by=called[narrator] if narrator else "",
            narrator_agreed_on=day(stories[narrator]["date"]) if narrator else None,
            alt=row["alt"],
            is_published=True,
        )
    )
    panel.artists.set(demo.people[key] for key in row["artists"])
    photo = illustrate(demo.neighbourhood, "panel", row["id"], alt=row["alt"], taken_on=day(painted))
    demo.keep(PiecePhoto(piece=panel, photo=photo, role=PiecePhoto.Role.AFTER))
    demo.panels[row["id"]] = panel


def load_story(demo: Loading, row: Row, called: dict[str, str]) -> None:
    """What was told at length is not in the files: the text is what the panels made of it."""
    told = [one["story"] for one in demo.section("wall", "panels") if one.get("narrator") == row["narrator"]]
    story = demo.keep(
        OralHistory(
            neighbourhood=demo.neighbourhood,
            project=demo.projects["pj_wall"],
            title="、".join(row["topics"]),
            text="\n\n".join(REMEMBERS.sub("", text) for text in told),
            topics=row["topics"],
            told_on=day(row["date"]),
            minutes=row["minutes"],
            narrator=demo.people[row["narrator"]],
            told_by=called[row["narrator"]],
            sent_at=on(row["date"]),
            channel=Channel.IN_PERSON,
            text_agreed="公开文字" in row["consent"],
            recording_agreed=False,
            photo_agreed="照片" in row["consent"],
            agreed_on=day(row["date"]),
            state=OralHistory.State.PUBLISHED,
            decided_at=on(row["date"]),
        )
    )
    story.interviewers.set(demo.people[key] for key in row["interviewers"])
