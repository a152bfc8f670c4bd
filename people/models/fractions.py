"""Where something stands on a picture, in per cent of its width and height, so that a new scan keeps the places (L5)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q


def per_cent(label=None) -> models.DecimalField:
    """A column for x or y: 0.00 to 100.00, None where the place is not known."""
    limits = [MinValueValidator(0), MaxValueValidator(100)]
    return models.DecimalField(label, max_digits=5, decimal_places=2, null=True, blank=True, validators=limits)


def on_the_plan(name: str) -> models.CheckConstraint:
    """x and y of the same row stay within the picture; each may be missing."""
    inside = (Q(x=None) | Q(x__range=(0, 100))) & (Q(y=None) | Q(y__range=(0, 100)))
    return models.CheckConstraint(condition=inside, name=name)
