"""D1: at which meetings of the branches a deliberation was discussed first. Only what was held and signed counts, or is told."""

from datetime import datetime

from community.models import Deliberation, Meeting
from community.models.meeting import MeetingQuerySet


def branch_meetings(at: datetime) -> MeetingQuerySet:
    """The general meetings of branches that count at ``at``."""
    return Meeting.objects.that_stand(at).filter(type=Meeting.Type.BRANCH_GENERAL)


def discussed_first(deliberation: Deliberation, at: datetime) -> MeetingQuerySet:
    """Of those named for it, the ones that count at ``at`` and lie before it."""
    named = deliberation.discussed_by.values("pk")
    return branch_meetings(min(at, deliberation.starts_at)).filter(pk__in=named)
