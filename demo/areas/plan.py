"""The hand-drawn plan (L5)."""

from demo.context import Loading
from demo.illustrations import picture_for, rendered
from projects.models import PlanPicture
from projects.operations import plan


def load(demo: Loading) -> None:
    row = demo.single("neighbourhood", "plan")
    made = demo.keep(
        PlanPicture(
            neighbourhood=demo.neighbourhood,
            title=row["title"],
            notice=row["notice"],
            text_alternative=row["text_alternative"],
        )
    )
    shown = plan.show_picture(made, picture_for("plan", "plan")).photo
    assert shown is not None
    rendered(shown)
