"""What the seats of an activity are called and how they look: one word and one shape a state (seats.css)."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from portal import clock

# A state is a word and a shape (seats.css draws the shape by the same name).
SEAT_WORDS: Mapping[str, str | Promise] = {
    "open": _("Seats free"),
    "few": _("Few seats left"),
    "full": _("Full"),
    "off": _("Cancelled"),
    "over": _("Over"),
    "closed": _("Sign-up closed"),
    "later": _("Sign-up not open yet"),
    "booked": _("Signed up"),
    "waiting": _("On the waiting list"),
    "offered": _("A seat is kept for you"),
    "pending": _("Waiting for consent"),
    "here": _("Attended"),
    "expected": _("You are expected"),
    "free": _("No sign-up needed"),
    "members": _("For its members"),
}
# What a sign-up's status looks like to whoever holds it; withdrawn and lapsed ones leave the activity's own state.
MINE = {
    "waiting": "waiting",
    "confirmed": "booked",
    "consent_pending": "pending",
    "offered": "offered",
    "attended": "here",
}


def seat_state(activity: Any, mine: Any = None) -> str:
    """Key into SEAT_WORDS. ``mine``: the viewer's SignUp, its status, or a key of SEAT_WORDS.

    Public lists tell 有名额, 少量 or 已满 and no number; few = a fifth of the seats or at most two are left.
    """
    if activity.status == "cancelled":
        return "off"
    own = getattr(mine, "status", mine) or ""
    if own in MINE:
        return MINE[own]
    if own in SEAT_WORDS:
        return own
    if activity.status == "done" or (activity.ends_at or activity.starts_at) <= clock.now():
        return "over"
    left = getattr(activity, "seats_left", None)
    if left is None:
        return "open"
    if left <= 0:
        return "full"
    return "few" if left <= 2 or left * 5 <= activity.capacity else "open"


def seats(state: Any, mine: Any = None, word: str = "") -> SafeString:
    """The word and shape of a state: ``{% seats activity mine %}`` or ``{% seats "full" word=… %}``."""
    key = state if isinstance(state, str) else seat_state(state, mine)
    return mark_safe(f'<span class="seats {key}">{escape(word or SEAT_WORDS[key])}</span>')


def act_look(activity: Any, mine: Any = None) -> dict[str, str]:
    """How a card looks: its state, the class it adds and the plate's tone."""
    state = seat_state(activity, mine)
    if state in {"off", "over"}:
        return {"state": state, "css": "off" if state == "off" else "", "tone": "past"}
    if state in {"booked", "waiting", "offered", "pending", "here", "expected"}:
        return {"state": state, "css": "is-mine", "tone": "leafy"}
    return {"state": state, "css": "", "tone": ""}
