"""The photo archive. The pictures are not shipped: drawings stand for them (demo/drawings)."""

from community.models import Article
from community.operations import show_with_article
from demo.context import Loading, day
from demo.illustrations import illustrate
from demo.source import Row
from people.models import Photo
from people.operations import photos
from projects.models import Project, ProjectPhoto


def load(demo: Loading) -> None:
    """Every photo is kept; those are published whose recognisable people agreed (V5). Shown by its project, if it has one."""
    order: dict[int, int] = {}
    kept: dict[str, Photo] = {}
    for row in demo.rows("content", "photos"):
        photo = kept[row["id"]] = illustrate(
            demo.neighbourhood,
            "photo",
            row["id"],
            alt=row["alt"],
            caption=row["caption"],
            taken_on=day(row["date"]),
            people=[demo.people[key] for key in row["people"]],
        )
        project = project_of(demo, row)
        if project is not None:
            order[project.pk] = order.get(project.pk, 0) + 1
            demo.keep(ProjectPhoto(project=project, photo=photo, order=order[project.pk]))
    for row in demo.rows("content", "photos"):
        if "pair" in row:
            photos.pair(kept[row["id"]], kept[row["pair"]])
    for story in Article.objects.filter(kind=Article.Kind.STORY):
        of_its_project = Photo.objects.published().filter(
            pk__in=ProjectPhoto.objects.filter(project__project_articles__article=story).values("photo")
        )
        show_with_article(story, of_its_project.order_by("taken_on"))
    while photos.make_due_renditions():
        pass  # also what the other areas published: nobody opens a trial to look at placeholders


def project_of(demo: Loading, row: Row) -> Project | None:
    if "activity" in row:
        return demo.shifts[row["activity"]].project
    return demo.projects.get(row.get("project", ""))
