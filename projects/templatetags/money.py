from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def money(sum_: Decimal) -> str:
    """6,215.50, the same in both languages."""
    return f"{sum_:,.2f}"
