"""A trail as walkers see it, and what a place's page knows of its trail."""

from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.fields import CleanCharField
from projects.models import TrailPoint, TrailWord

WORDS = 6


def with_trail(rows: QuerySet) -> QuerySet:
    """Annotate pieces with their first public trail: ``trail_point`` (key), ``trail_slug``, ``trail_title``; no query more."""
    points = TrailPoint.objects.filter(piece=OuterRef("pk"), trail__is_published=True).order_by("trail", "order")
    return rows.annotate(
        trail_point=Subquery(points.values("pk")[:1]),
        trail_slug=Subquery(points.values("trail__slug")[:1]),
        trail_title=Subquery(points.values("trail__title")[:1]),
    )


def of_piece(piece: Any, slug: str) -> dict | None:
    """What ``place.html`` says of the trail; ``piece``: a row of :func:`with_trail`."""
    if piece.trail_point is None:
        return None
    return {
        "title": piece.trail_title,
        "url": reverse("projects:trail", args=[slug, piece.trail_slug]),
        "stamp_url": reverse("projects:stamp", args=[slug, piece.code]),
        "point": piece.trail_point,
    }


def words_about(point: int) -> list[TrailWord]:
    return list(TrailWord.objects.shown().filter(point=point)[:WORDS])


class WordForm(forms.Form):
    name = CleanCharField(
        label=_("A name of your choice"), max_length=30, help_text=_("Shown with your words. It need not be your own.")
    )
    words = CleanCharField(label=_("A few words about this place"), max_length=200, lines=False)
