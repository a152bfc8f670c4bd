"""Months in words: 3月–5月 / Mar–May."""

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language

from people.templatetags.portal import MONTHS_EN_LONG
from projects.garden.fitting import words_of_months

register = template.Library()


@register.filter
def months(numbers: Iterable[int]) -> str:
    return words_of_months(numbers)


@register.filter
def month_name(number: int) -> str:
    """12月 / December."""
    return f"{number}月" if (get_language() or "zh-hans").startswith("zh") else MONTHS_EN_LONG[number - 1]
