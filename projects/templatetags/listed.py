"""Names in a row, with the mark between them that the language uses."""

from collections.abc import Iterable

from django import template
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def listed(names: Iterable[object]) -> str:
    """石竹、雏菊 / pinks, daisies."""
    return pgettext("between names", ", ").join(str(name) for name in names)
