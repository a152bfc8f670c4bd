"""The photo archive. The pictures themselves are not shipped: placeholders are drawn from their alt texts."""

from html import escape
from textwrap import wrap

from config.demo.loading import Loading, day, keep
from config.demo.source import Row
from people.files import Picture
from people.models import Photo
from people.operations import photos
from projects.models import Project, ProjectPhoto

WIDTH, HEIGHT = 1200, 800


def load(demo: Loading) -> None:
    """Every photo is kept; those are published whose recognisable people agreed (V5). Shown by its project, if it has one."""
    order: dict[int, int] = {}
    kept: dict[str, Photo] = {}
    for row in demo.rows("content", "photos"):
        photo = photos.add_photo(
            placeholder(row),
            neighbourhood=demo.neighbourhood,
            alt=row["alt"],
            caption=row["caption"],
            taken_on=day(row["date"]),
            people=[demo.people[key] for key in row["people"]],
            is_illustration=True,
        )
        kept[row["id"]] = photo
        try_to_publish(photo)
        project = project_of(demo, row)
        if project is not None:
            order[project.pk] = order.get(project.pk, 0) + 1
            keep(ProjectPhoto(project=project, photo=photo, order=order[project.pk]))
    for row in demo.rows("content", "photos"):
        if "pair" in row:
            photos.pair(kept[row["id"]], kept[row["pair"]])


def try_to_publish(photo: Photo) -> None:
    try:
        photos.publish(photo)
    except photos.PhotoRefused:
        return  # somebody in it did not agree: it stays in the archive, for staff only
    photo.refresh_from_db()
    photos.make_renditions(photo)  # drawings are made in no time; a worker need not be asked


def project_of(demo: Loading, row: Row) -> Project | None:
    if "activity" in row:
        return demo.shifts[row["activity"]].project
    return demo.projects.get(row.get("project", ""))


def placeholder(row: Row) -> Picture:
    data = drawing(row["alt"], row["date"]).encode()
    return Picture(data, f"{row['id']}.svg", "image/svg+xml", "svg", WIDTH, HEIGHT)


def drawing(alt: str, date: str) -> str:
    """A sheet of plaster with the lane's roofs, and what would be seen written on it. All in attributes: no styles."""
    lines = wrap(alt, 18)
    top = HEIGHT / 2 - 36 * (len(lines) - 1) - 20
    words = "".join(
        f'<text x="{WIDTH / 2:g}" y="{top + 72 * index:g}" font-size="52" fill="#2B2723">{escape(line)}</text>'
        for index, line in enumerate(lines)
    )
    roofs = "".join(
        f'<path d="M{x} 800v-{90 + x // 7 % 60}l70-44 70 44v{90 + x // 7 % 60}z" fill="{fill}"/>'
        for x, fill in zip(range(-20, WIDTH, 140), ["#A83C28", "#7E2A1C", "#3E6B39"] * 4, strict=False)
    )
    windows = "".join(f'<rect x="{x}" y="748" width="22" height="30" fill="#FAEDCC"/>' for x in range(39, WIDTH, 140))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#F1E9DA"/>'
        f'<rect x="36" y="36" width="{WIDTH - 72}" height="{HEIGHT - 72}" rx="18" fill="#FFFDF9" stroke="#E0D6C4" '
        f'stroke-width="4"/>{roofs}{windows}'
        f'<g font-family="sans-serif" text-anchor="middle">{words}'
        f'<text x="{WIDTH / 2:g}" y="110" font-size="30" fill="#5A5148">占位图 · {escape(date)}</text></g></svg>'
    )
