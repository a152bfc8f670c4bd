"""Names and sentences in a row, and sums of money, as both languages write them."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import get_language, pgettext


def listed(names: Iterable[object]) -> str:
    """石竹、雏菊 / pinks, daisies."""
    return pgettext("between names", ", ").join(str(name) for name in names)


def one_after_another(*sentences: str) -> str:
    """Sentences in running text: Chinese sets no blank between them."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(filter(None, sentences))


def money(sum_: Decimal) -> str:
    """6,215.50, the same in both languages."""
    return f"{sum_:,.2f}"
