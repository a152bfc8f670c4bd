"""The door plate of a day: month, day and weekday, as lists and cards draw it."""

from datetime import date, datetime

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.dates import date_parts

PLATE_TONES = {"leafy", "past"}


def plate(when: date | datetime, tone: str = "", label: str = "") -> SafeString:
    """A door plate. tone: "" (brick, to come), leafy (mine or today), past (over or cancelled).

    label: stands in the weekday's place (今天, 元旦).
    """
    parts = date_parts(when)
    # Lists print this hundreds of times: our own parts need no escaping, a given label does.
    return mark_safe(
        f'<time class="plate{" " + tone if tone in PLATE_TONES else ""}" datetime="{parts["iso"]}"><span>'
        f"<small>{parts['month']}</small> <b>{parts['day']}</b> "
        f"<small>{escape(label) if label else parts['weekday']}</small></span></time>"
    )
