"""What a rota, a call for help and a certificate write, one file an idea."""

from volunteers.emails.certificates import CERTIFICATE, certificate_settled
from volunteers.emails.hands import (
    HANDS_MISSING,
    HELP_WANTED,
    NOBODY_TOMORROW,
    call_for_hands,
    help_wanted,
    nobody_tomorrow,
)
from volunteers.emails.links import answer_url
from volunteers.emails.swaps import SWAP_ANSWERED, SWAP_ASKED, swap_answered, swap_asked
from volunteers.emails.turns import PUT_DOWN, put_down, took_over

#: All kinds of message of this app, for its ``registration.py``.
KINDS = (
    PUT_DOWN,
    HANDS_MISSING,
    HELP_WANTED,
    NOBODY_TOMORROW,
    SWAP_ASKED,
    SWAP_ANSWERED,
    CERTIFICATE,
)

__all__ = [
    "CERTIFICATE",
    "HANDS_MISSING",
    "HELP_WANTED",
    "KINDS",
    "NOBODY_TOMORROW",
    "PUT_DOWN",
    "SWAP_ANSWERED",
    "SWAP_ASKED",
    "answer_url",
    "call_for_hands",
    "certificate_settled",
    "help_wanted",
    "nobody_tomorrow",
    "put_down",
    "swap_answered",
    "swap_asked",
    "took_over",
]
