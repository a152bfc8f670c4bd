"""Which messages a staff member may read: those of their neighbourhoods, and nothing about what their role does not cover.

A reminder of a Party group's meeting tells when it meets; whoever may not know of the meeting may not read the reminder.
"""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet

from people.access.grants import neighbourhoods_with
from people.models import Message, Occasion, User
from portal.registry import Registry

VIEW, CHANGE = "people.view_message", "people.change_message"

#: ``hidden(user, permission)``: a condition on Occasion rows that this user may not know of. activities: 100.
Hidden = Callable[[User, str], Q]
hidden_from = Registry[Hidden]("what messages may hide")


def readable_by(user: User, permission: str = VIEW) -> QuerySet[Message]:
    """A message that bundles several occasions is readable only when all of them are."""
    rows = Message.objects.filter(neighbourhood__in=neighbourhoods_with(user, permission))
    for hidden in hidden_from:
        rows = rows.filter(~Exists(Occasion.objects.filter(hidden(user, permission), message=OuterRef("pk"))))
    return rows
