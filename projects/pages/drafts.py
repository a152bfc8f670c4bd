"""The design on a project's page: its newest version, the others, what was said of all of them."""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from people.media.pictures import shown
from portal import clock
from portal.panels import Part
from projects.models import DesignDraft, Disposition, DraftImage, Feedback, FeedbackRound
from projects.models.feedback import tally_of
from projects.pages.sections import ProjectPage


def section(page: ProjectPage) -> Part | None:
    """Nothing for a project without a public version, which then costs no query."""
    if not getattr(page.project, "has_drafts", True):
        return None
    found = page.shared.get("drafts", lambda: newest_last(page))
    if not found:
        return None
    newest = found[-1]
    counted = [("", code, getattr(image, f"said_{code}")) for image in found for code in Disposition.values]
    return "projects/_drafts.html", {
        "drafts": [image.draft for image in found],
        "newest": newest.draft,
        "pic": shown(newest.photo),
        "closes_on": newest.closes_on,  # type: ignore[attr-defined]
        "tally": tally_of(counted),
    }


def newest_last(page: ProjectPage) -> list[DraftImage]:
    """The first picture of each public version, with ``closes_on`` of an open round (or None) and ``said_…`` counts; one query."""
    drafts = DesignDraft.objects.published().filter(project=page.project).order_by()
    said = Feedback.objects.filter(draft=OuterRef("draft")).order_by().values("draft")
    counts = {
        f"said_{code}": Coalesce(
            Subquery(said.filter(disposition=code).annotate(number=Count("pk")).values("number")),
            0,
            output_field=IntegerField(),
        )
        for code in Disposition.values
    }
    rounds = FeedbackRound.objects.open_on(clock.local_date(page.at)).filter(draft=OuterRef("draft"))
    images = (
        DraftImage.objects.filter(draft__in=drafts.values("pk"))
        .select_related("draft", "photo")
        .annotate(closes_on=Subquery(rounds.values("closes_on")[:1]), **counts)
        .order_by("draft__version", "order", "pk")
    )
    first: dict[int, DraftImage] = {}
    for image in images:
        image.draft.project = page.project
        first.setdefault(image.draft_id, image)
    return list(first.values())
