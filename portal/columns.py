"""A model's own fields by name, apart from what points to it."""

from django.db import models


def column(model: type[models.Model], name: str) -> models.Field:
    """The field ``name`` of ``model``. Raises TypeError for the other side of a link, which is no column of its table."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model.__name__}.{name} is no field of its own.")
    return field
