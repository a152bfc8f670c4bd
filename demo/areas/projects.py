"""Projects with their stages, partners, places and money."""

from demo.context import Loading, day, maybe_day
from demo.source import Row
from projects.models import Donation, Project, ProjectStage, Work
from projects.rules.gates import still_open

DRAWN_AS = {
    "pj_cover": Project.Illustration.COVERS,
    "pj_wall": Project.Illustration.WALL,
    "pj_green": Project.Illustration.BEDS,
    "pj_home": Project.Illustration.LANE,
}

# Of what partner units brought, the one that is a gift of things.
GIFTS = {"pm3": "时令花苗 580 株"}


def load(demo: Loading) -> None:
    for row in demo.rows("projects", "projects"):
        proposed_by = row["proposed_by"]["ref"]
        budget = row["budget"]
        project = demo.keep(
            Project(
                neighbourhood=demo.neighbourhood,
                slug=row["id"].removeprefix("pj_"),
                title=row["title"],
                tagline=row["tagline"],
                umbrella=row["umbrella"],
                pilot=row["pilot"],
                proposed_by_org=demo.orgs.get(proposed_by),
                proposed_by_team=demo.teams.get(proposed_by),
                lead_org=demo.orgs.get(row["lead"]),
                lead_team=demo.teams.get(row["lead"]),
                lead_committee=demo.committees.get(row["lead"]),
                governance=row["governance"],
                themes=row["themes"],
                fund_source=budget["source"],
                approved=budget["approved"],
                spent=budget["spent"],
                accounts_published_on=day(budget["published"]),
                result=row["result"],
                illustration=DRAWN_AS.get(row["id"], Project.Illustration.NONE),
                is_published=True,
            )
        )
        project.partner_units.set(demo.units[key] for key in row["partners"] if key in demo.units)
        project.partner_committees.set(demo.committees[key] for key in row["partners"] if key in demo.committees)
        project.partner_companies.set(demo.companies[key] for key in row["partners"] if key in demo.companies)
        project.places.set(demo.places[key] for key in row["places"])
        load_stages(demo, project, row, adults_only_stages(demo, row["id"]))
        demo.projects[row["id"]] = project
    for row in demo.rows("projects", "projects"):
        if row["derived_from"]:
            project = demo.projects[row["id"]]
            project.derived_from = demo.projects[row["derived_from"]]
            project.save(update_fields=["derived_from"])
    load_works(demo)


def adults_only_stages(demo: Loading, project: str) -> set[str]:
    """P3: stages all of whose work on the wall is for adults."""
    steps = demo.section("wall", "stages") if project == demo.section("wall", "wall")["project"] else []
    mixed = {step["project_stage"] for step in steps if step["who"] == "mixed"}
    return {step["project_stage"] for step in steps} - mixed


def load_works(demo: Loading) -> None:
    """Works, and what was given."""
    demo.keep_all(
        Work(
            project=demo.projects[row["project"]],
            title=row["title"],
            place=demo.places[row["place"]],
            done_on=day(row["done"]),
            before=row["before"],
            after=row["after"],
        )
        for row in demo.rows("projects", "works")
    )
    demo.keep_all(
        Donation(project=demo.projects[row["project"]], unit=demo.units[row["unit"]], what=GIFTS[row["id"]],
                 given_on=day(row["done"]), used_for=row["result"])
        for row in demo.rows("partners", "matched")
        if row["id"] in GIFTS
    )  # fmt: skip


def load_stages(demo: Loading, project: Project, row: Row, adults_only: set[str]) -> None:
    """Each begins when those are over that it waits for (P1): its own, or what taxonomy.yaml names."""
    usual = {stage["id"]: stage.get("requires", []) for stage in demo.section("taxonomy", "project_stages")}
    stages = [
        demo.keep(
            ProjectStage(
                project=project,
                stage=stage["stage"],
                start=day(stage["start"]),
                end=maybe_day(stage["end"]),
                requires=stage.get("requires", []),
                adults_only=stage["stage"] in adults_only,
                note=stage["note"],
            )
        )
        for stage in row["stages"]
    ]
    for made, stage in zip(stages, row["stages"], strict=True):
        if code := still_open(stage.get("requires", usual[made.stage]), stages, on=day(stage["start"])):
            raise demo.refused(f"“stages” has {made.stage} begin while {code} is still open (P1).")
    for name, reason in row.get("skipped", {}).items():
        demo.keep(ProjectStage(project=project, stage=name, skipped=True, note=reason))
