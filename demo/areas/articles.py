"""Notices, open affairs, previews and the byline piece; each about its activity, and its project's."""

from datetime import timedelta

from community.models import Article
from demo.context import Loading, moment, on
from demo.source import Row
from demo.texts import MEDIA_TEXTS
from projects.models import ActivityGovernance, Project, ProjectArticle

AFTERWARDS = timedelta(minutes=30)


def load(demo: Loading) -> None:
    for row in demo.rows("content", "notices"):
        article = demo.keep(
            Article(
                neighbourhood=demo.neighbourhood,
                kind=row["kind"],
                title=row["title"],
                body=row["body"],
                published_at=published_at(demo, row),
                public_until=on(row["public_until"], "23:59") if row["public_until"] else None,
                activity=demo.activity(row["ref"]) if is_activity(demo, row["ref"]) else None,
            )
        )
        tell_of(demo, project_of(demo, row["ref"]), article)
    for row in demo.rows("content", "media"):
        article = demo.keep(
            Article(
                neighbourhood=demo.neighbourhood,
                kind=Article.Kind.STORY,
                title=row["title"],
                body=MEDIA_TEXTS[row["id"]],
                published_at=on(row["date"]),
                author=demo.people[row["author"]],
                outlet=row["outlet"],
            )
        )
        tell_of(demo, demo.projects.get("pj_wall"), article)
    load_governance(demo)


def load_governance(demo: Loading) -> None:
    """Of what is an activity here; matches and recognitions come with their areas."""
    known = {**demo.shifts, **demo.events, **demo.deliberations}
    demo.keep_all(
        ActivityGovernance(activity_id=known[row["target"]].pk, tags=row["tags"])
        for row in demo.rows("content", "governance_tags")
        if row["target"] in known
    )


def published_at(demo: Loading, row: Row):
    """Nine o'clock of its day; half an hour after the cancellation or the move that it announces."""
    known = {one["id"]: one for one in demo.section("volunteers", "activities")}.get(row["ref"], {})
    told = [known["cancelled"]["at"]] if "cancelled" in known else [one["at"] for one in known.get("moved", [])]
    if row["kind"] == Article.Kind.NOTICE and told and told[-1].startswith(row["published"]):
        return moment(told[-1]) + AFTERWARDS
    return on(row["published"])


def is_activity(demo: Loading, ref: str | None) -> bool:
    return any(ref in known for known in (demo.shifts, demo.events, demo.meetings, demo.deliberations))


def project_of(demo: Loading, ref: str | None) -> Project | None:
    """The project an article concerns, directly or through a deliberation, a draft, a stage of the wall or a shift."""
    if ref in demo.shifts:
        return demo.shifts[ref].project
    deliberations = {one["id"]: one.get("project") for one in demo.section("hearings", "deliberations")}
    wall = demo.section("wall", "wall")["project"]
    of_the_wall = {one["id"]: wall for name in ("drafts", "stages") for one in demo.section("wall", name)}
    return demo.projects.get((deliberations | of_the_wall).get(ref) or ref or "")


def tell_of(demo: Loading, project: Project | None, article: Article) -> None:
    if project is not None:
        demo.keep(ProjectArticle(project=project, article=article))
