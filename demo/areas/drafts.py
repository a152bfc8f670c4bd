"""The story wall's design: four versions with their pictures, the rounds, and what was said and answered (P2)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from demo.context import Loading, day, on
from demo.illustrations import picture_for, rendered
from people.operations import photos
from projects.models import DesignDraft, Feedback, FeedbackRound
from projects.operations import drafts

CREDIT = "壁画工作室"
ENTERED_BY = "s02"
# Where the pins of the first draft stand on its drawing, per cent; the files say nothing of places.
PINS = {
    "fb01": ("12.5", "30"),
    "fb02": ("46.7", "23.3"),
    "fb03": ("29.2", "20"),
    "fb04": ("63.3", "66.7"),
    "fb05": ("95.8", "20"),
}
KINDS = {"初稿": "first", "修改稿": "revision", "定稿": "final"}


def load(demo: Loading) -> None:
    project = demo.projects[demo.section("wall", "wall")["project"]]
    ends = [day(row["date"]) - timedelta(days=1) for row in demo.section("wall", "drafts")[1:]]
    made: dict[str, DesignDraft] = {}
    for row, ends_on in zip(demo.rows("wall", "drafts"), [*ends, None], strict=True):
        notice = [day(text) for text in row.get("published", [])]
        # A version for approval is shown from the first day of its notice.
        shown_on = row["published"][0] if notice else row["date"]
        final = bool(notice) and notice[1] < demo.at.date()
        draft = demo.keep(
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
            picture_for("draft", row["id"], title=row["summary"]),
            neighbourhood=demo.neighbourhood,
            alt=row["summary"],
            taken_on=day(row["date"]),
            is_illustration=True,
        )
        photos.publish(photo)
        drafts.add_photo(draft, rendered(photo))
        opens, closes = notice if notice else [day(shown_on), ends_on or demo.at.date()]
        demo.keep(FeedbackRound(draft=draft, opens_on=opens, closes_on=closes))
    demo.keep_all(feedback(demo, made))


def feedback(demo: Loading, made: dict[str, DesignDraft]) -> Iterator[Feedback]:
    """Everybody was told at the time; so nothing waits to be sent."""
    by_version = {draft.version: draft for draft in made.values()}
    numbers: dict[int, int] = defaultdict(int)
    for row in demo.rows("wall", "feedback"):
        draft = made[row["draft"]]
        numbers[draft.pk] += 1
        x, y = PINS.get(row["id"], (None, None))
        taken_in = by_version.get(row.get("in_version", 0))
        told = 2 if taken_in else 1  # answered, and taken in
        yield Feedback(
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
