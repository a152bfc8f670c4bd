"""Projects with their stages, partners, places and money."""

from config.demo.loading import Loading, day, keep, maybe_day
from config.demo.source import Row
from projects.models import Project, ProjectStage

DRAWN_AS = {
    "pj_cover": Project.Illustration.COVERS,
    "pj_wall": Project.Illustration.WALL,
    "pj_green": Project.Illustration.BEDS,
    "pj_home": Project.Illustration.LANE,
}


def load(demo: Loading) -> None:
    for row in demo.rows("projects", "projects"):
        proposed_by = row["proposed_by"]["ref"]
        budget = row["budget"]
        project = keep(
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
        load_stages(project, row)
        demo.projects[row["id"]] = project
    for row in demo.rows("projects", "projects"):
        if row["derived_from"]:
            project = demo.projects[row["id"]]
            project.derived_from = demo.projects[row["derived_from"]]
            project.save(update_fields=["derived_from"])


def load_stages(project: Project, row: Row) -> None:
    for stage in row["stages"]:
        keep(
            ProjectStage(
                project=project,
                stage=stage["stage"],
                start=day(stage["start"]),
                end=maybe_day(stage["end"]),
                requires=stage.get("requires", []),
                note=stage["note"],
            )
        )
    for name, reason in row.get("skipped", {}).items():
        keep(ProjectStage(project=project, stage=name, skipped=True, note=reason))
