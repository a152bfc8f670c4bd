"""The hand-drawn plan (L5)."""

from config.demo.drawing import picture_for
from config.demo.loading import Loading, keep
from people.operations import photos
from projects.models import PlanPicture
from projects.operations import plan


def load(demo: Loading) -> None:
    row = demo.section("neighbourhood", "plan")
    made = keep(
        PlanPicture(
            neighbourhood=demo.neighbourhood,
            title=row["title"],
            notice=row["notice"],
            text_alternative=row["text_alternative"],
        )
    )
    shown = plan.show_picture(made, picture_for("plan", "plan")).photo
    assert shown is not None
    shown.refresh_from_db()
    photos.make_renditions(shown)  # a drawing is ready at once
