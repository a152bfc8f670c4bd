"""The picture on a shift's poster: that of the project it belongs to."""

from collections.abc import Sequence
from typing import Any

from django.templatetags.static import static

from activities.models import Activity
from people.pages.posters import Picture
from portal import clock
from projects.models import Project
from projects.pages import pictures

SEASONS = ("winter", "spring", "summer", "autumn")  # December, January and February first


def art_of_shift(row: Any) -> Sequence[Picture]:
    if not isinstance(row, Activity) or row.kind not in {"shift", "duty"}:
        return []
    project = Project.objects.filter(shifts=row.pk, is_published=True).first()
    if project is None:
        return []
    if project.illustration == Project.Illustration.COVERS:
        return [Picture(src, round=True) for src in pictures.lids()]
    if project.illustration == Project.Illustration.BEDS:
        month = clock.local_date(row.starts_at).month
        return [Picture(static(f"art/bed-{SEASONS[month % 12 // 3]}.svg"))]
    drawing = pictures.drawing(project)
    return [Picture(drawing)] if drawing else []
