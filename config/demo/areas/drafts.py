"""The story wall's design: four versions with their pictures, the rounds, and what was said and answered (P2)."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from html import escape

from config.demo.drawing import picture_for
from config.demo.loading import Loading, day, keep, keep_all, on
from config.demo.source import Row
from people.operations import photos
from portal.files import Picture
from projects.models import DesignDraft, Feedback, FeedbackRound
from projects.operations import drafts

WIDTH, HEIGHT = 1200, 300
CREDIT = "壁画工作室"
ENTERED_BY = "s02"
PANELS_FROM = 2  # the first draft has six cartoon pictures, from the second on the wall has its ten stories
# Where the pins of the first draft stand on its drawing, per cent; the files say nothing of places.
PINS = {
    "fb01": ("12.5", "30"),
    "fb02": ("46.7", "23.3"),
    "fb03": ("29.2", "20"),
    "fb04": ("63.3", "66.7"),
    "fb05": ("95.8", "20"),
}
TINTS = ["#F8E7DF", "#E7EEDC", "#FAEDCC", "#DCE4EC", "#F1E9DA"]
KINDS = {"初稿": "first", "修改稿": "revision", "定稿": "final"}


def load(demo: Loading) -> None:
    project = demo.projects[demo.section("wall", "wall")["project"]]
    rows = demo.rows("wall", "drafts")
    ends = [day(row["date"]) - timedelta(days=1) for row in rows[1:]]
    made: dict[str, DesignDraft] = {}
    for row, ends_on in zip(rows, [*ends, None], strict=True):
        notice = [day(text) for text in row.get("published", [])]
        # A version for approval is shown from the first day of its notice.
        shown_on = row["published"][0] if notice else row["date"]
        final = bool(notice) and notice[1] < demo.at.date()
        draft = keep(
            DesignDraft(
                project=project,
                version=row["version"],
                kind=KINDS[row["kind"]],
                summary=row["summary"],
                designer=CREDIT,
                author=demo.person(row["author"]),
                based_on=made.get(row.get("based_on", "")),
                notice_from=notice[0] if notice else None,
                notice_until=notice[1] if notice else None,
                published_at=on(shown_on),
                published_by=demo.user(ENTERED_BY),
                is_final=final,
                finalised_at=on(str(notice[1] + timedelta(days=1))) if final else None,
                finalised_by=demo.user(ENTERED_BY) if final else None,
            )
        )
        made[row["id"]] = draft
        photo = photos.add_photo(
            picture(demo, row),
            neighbourhood=demo.neighbourhood,
            alt=row["summary"],
            taken_on=day(row["date"]),
            is_illustration=True,
        )
        photos.publish(photo)
        photo.refresh_from_db()
        photos.make_renditions(photo)
        drafts.add_photo(draft, photo)
        opens, closes = notice if notice else [day(shown_on), ends_on or demo.at.date()]
        keep(FeedbackRound(draft=draft, opens_on=opens, closes_on=closes))
    load_feedback(demo, made)


def load_feedback(demo: Loading, made: dict[str, DesignDraft]) -> None:
    """Everybody was told at the time; so nothing waits to be sent."""
    by_version = {draft.version: draft for draft in made.values()}
    numbers: dict[int, int] = defaultdict(int)
    items = []
    for row in demo.rows("wall", "feedback"):
        draft = made[row["draft"]]
        numbers[draft.pk] += 1
        x, y = PINS.get(row["id"], (None, None))
        taken_in = by_version.get(row.get("in_version", 0))
        told = 2 if taken_in else 1  # answered, and taken in
        items.append(
            Feedback(
                draft=draft,
                number=numbers[draft.pk],
                channel=row["channel"],
                person=demo.person(row["by"]),
                image=draft.images.get() if x is not None else None,
                x=Decimal(x) if x else None,
                y=Decimal(y) if y else None,
                text=row["text"],
                received_on=day(row["date"]),
                entered_at=on(row["date"]),
                entered_by=None if row["channel"] == "web_form" else demo.user(ENTERED_BY),
                released_at=on(row["date"]),
                disposition=row["disposition"],
                reply=row["reply"],
                replied_at=on(row["replied"]),
                replied_by=demo.user(ENTERED_BY),
                in_version=taken_in,
                revision=told,
                told_revision=told,
            )
        )
    keep_all(items)


def picture(demo: Loading, row: Row) -> Picture:
    """The first draft's drawing ships with the portal; the later ones are drawn from the titles of the ten panels."""
    if row["version"] < PANELS_FROM:
        return picture_for("draft", row["id"])
    drawing = wall([panel["title"] for panel in demo.rows("wall", "panels")], row["version"])
    return Picture(drawing.encode(), f"{row['id']}.svg", "image/svg+xml", "svg", WIDTH, HEIGHT)


def wall(titles: list[str], version: int) -> str:
    """Ten panels in a row. What changes is what the summaries tell: 3 leaves the box and the hydrant free and has a dark
    foot, 4 has its plates."""
    step = (WIDTH - 20) / len(titles)
    shift = 16 if version > 2 else 0
    parts = []
    for number, title in enumerate(titles):
        x, width = 14 + number * step + (shift if number >= 3 else 0), step - 10 - (shift if number == 3 else 0)
        lines = [title[start : start + 4] for start in range(0, len(title), 4)]
        words = "".join(
            f'<text x="{x + width / 2:.0f}" y="{110 + 26 * line:.0f}">{escape(words)}</text>'
            for line, words in enumerate(lines)
        )
        round_ = 28 if version > 3 else 4
        parts.append(
            f'<rect x="{x:.0f}" y="24" width="{width:.0f}" height="226" rx="{round_}" fill="{TINTS[number % 5]}" '
            f'stroke="#7A7062" stroke-width="2"/>{words}'
        )
        if version > 3:
            parts.append(f'<rect x="{x + width / 2 - 26:.0f}" y="262" width="52" height="22" rx="3" fill="#4A453D"/>')
    if version > 2:
        parts.append('<rect x="0" y="226" width="1200" height="26" fill="#3B322B" fill-opacity=".85"/>')
        parts.append('<rect x="364" y="60" width="12" height="166" fill="#FFFDF9" stroke="#A83C28" stroke-width="2"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FBF7EC"/><rect width="{WIDTH}" height="12" fill="#A83C28"/>'
        f'<g font-family="Songti SC,STSong,Noto Serif CJK SC,serif" font-size="24" fill="#2B2723" text-anchor="middle">'
        f"{''.join(parts)}</g></svg>"
    )
