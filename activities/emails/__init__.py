"""What the portal writes to those who come: one class a kind, one pair of templates for all (docs/rules/messages.md).

Messages are about sign-ups (``sign_up:<id>``), or about members and invited people (``meeting:<id>``,
``invitation:<id>``) who are expected without one. A family reads one mail that names everyone.
"""

from activities.emails.circular import CIRCULAR, circular
from activities.emails.kinds import REMINDER, REMINDER_HOURS, SEAT_KINDS
from activities.emails.queueing import (
    booked,
    cancelled,
    come_with_fewer,
    consent_missing,
    consent_received,
    consent_wanted,
    consent_wanted_again,
    declined,
    invited,
    lapsed,
    moved,
    offered,
    promoted,
    remind,
    said_no,
    withdrawn,
    withdrawn_late,
    words_changed,
)
from activities.emails.wording import action_url, cannot_come_url, promise

#: All kinds of message of this app, for its ``registration.py``.
KINDS = (CIRCULAR, *SEAT_KINDS)

__all__ = [
    "KINDS",
    "REMINDER",
    "REMINDER_HOURS",
    "action_url",
    "booked",
    "cancelled",
    "cannot_come_url",
    "circular",
    "come_with_fewer",
    "consent_missing",
    "consent_received",
    "consent_wanted",
    "consent_wanted_again",
    "declined",
    "invited",
    "lapsed",
    "moved",
    "offered",
    "promise",
    "promoted",
    "remind",
    "said_no",
    "withdrawn",
    "withdrawn_late",
    "words_changed",
]
