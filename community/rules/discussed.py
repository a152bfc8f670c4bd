"""D1: at which meetings of the branches a deliberation was discussed first. Only what was held and signed counts, or is told."""

from datetime import datetime

from django.db.models import QuerySet

from activities.models import Status
from community.models import Deliberation, Meeting


def that_stand(before: datetime) -> QuerySet[Meeting]:
    """Meetings that took place, were over at ``before``, and whose record is signed: only they count as held (D1, M2).

    One to which fewer than half came decided nothing (M5); older records have no count, and count.
    """
    held = Meeting.objects.filter(ends_at__lte=before, record_state__in=Meeting.SIGNED).exclude(is_quorate=False)
    return held.exclude(status__in=[Status.DRAFT, Status.CANCELLED])


def branch_meetings(at: datetime) -> QuerySet[Meeting]:
    """The general meetings of branches that count at ``at``."""
    return that_stand(at).filter(type=Meeting.Type.BRANCH_GENERAL)


def discussed_first(deliberation: Deliberation, at: datetime) -> QuerySet[Meeting]:
    """Of those named for it, the ones that count at ``at`` and lie before it."""
    named = deliberation.discussed_by.values("pk")
    return branch_meetings(min(at, deliberation.starts_at)).filter(pk__in=named)
