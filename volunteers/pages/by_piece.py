"""On a cover's, panel's or bed's page: how many worked on it, and how long; sums, and no name (V6, V7)."""

from django.db.models import Count, IntegerField, Sum

from portal.panels import Part
from projects.pages.sections import PlaceSeen
from volunteers.models import ServiceRecord
from volunteers.models.service import half_hours

FEW = 3  # of fewer people the hours are not told: they would be one neighbour's own


def hands(seen: PlaceSeen) -> Part | None:
    rows = ServiceRecord.objects.counted().on_piece(seen.piece)
    sums = {"people": Count("person", distinct=True), "minutes": Sum("share", output_field=IntegerField())}
    found = seen.shared.get("hands", lambda: rows.aggregate(**sums))
    if not found["people"]:
        return None
    hours = half_hours(found["minutes"] or 0) if found["people"] >= FEW else ""
    tended = seen.piece.kind == "bed"
    return "volunteers/_hands.html", {"people": found["people"], "hours": hours, "tended": tended}
