"""Deliberations as lists show them: few columns, and in which state each stands."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Status
from community.models import Deliberation, FollowUp
from portal import clock

STATES = {"coming": _("To come"), "awaited": _("Result awaited"), "published": _("Result published")}

COLUMNS = (
    "title", "kind", "type", "starts_at", "ends_at", "status", "decision", "agreement", "result_state",
    "neighbourhood_id", "location__name",
)  # fmt: skip


def listed(viewer) -> QuerySet[Deliberation]:
    """What is out, with few columns and whether one of its public follow-ups is overdue (D3)."""
    late = FollowUp.objects.filter(deliberation=OuterRef("pk"), done_on=None, due_on__lt=clock.today())
    seen = Deliberation.objects.visible_to(viewer).exclude(status=Status.DRAFT)
    return (
        seen.select_related("location").only(*COLUMNS).annotate(has_overdue=Exists(late)).order_by("-starts_at", "-pk")
    )


def state_of(deliberation: Deliberation) -> str:
    """Key of :data:`STATES`, or "off"."""
    if deliberation.is_cancelled:
        return "off"
    if deliberation.is_public_result:
        return "published"
    return "awaited" if deliberation.is_past(at=clock.now()) else "coming"
