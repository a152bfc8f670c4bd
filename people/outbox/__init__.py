"""The outbox: every message to a person, with its ledger. The promise stands in docs/rules/messages.md.

Apps have kinds (``message_kinds``) and write messages (:func:`queue`, :func:`queue_many`); a worker sends them
(:func:`dispatch`); staff see what waits, is late, failed or in doubt, send again, and phone those without e-mail.
"""

from people.outbox.bounces import bounced, read_mailbox
from people.outbox.envelope import absolute, answers_to, contact_of, sender, unsubscribe_url, word
from people.outbox.kinds import Email, MessageKind, message_kinds, optional_kinds
from people.outbox.opt_outs import resume, stop, stopped
from people.outbox.quiet_hours import is_quiet, quiet_due, reminder_due
from people.outbox.sending import Tally, dispatch
from people.outbox.staff import counts, mark_told, phone_list, send_again, spoken
from people.outbox.writing import About, Letter, address_of, queue, queue_many

__all__ = [
    "About",
    "Email",
    "Letter",
    "MessageKind",
    "Tally",
    "absolute",
    "address_of",
    "answers_to",
    "bounced",
    "contact_of",
    "counts",
    "dispatch",
    "is_quiet",
    "mark_told",
    "message_kinds",
    "optional_kinds",
    "phone_list",
    "queue",
    "queue_many",
    "read_mailbox",
    "quiet_due",
    "reminder_due",
    "resume",
    "send_again",
    "sender",
    "spoken",
    "stop",
    "stopped",
    "unsubscribe_url",
    "word",
]
