"""What kinds of message there are: each app's ``emails`` list theirs, and its ``registration.py`` adds them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from people.models import Message, Occasion
from portal.registry import Registry


@dataclass(frozen=True)
class Email:
    """A worded message. ``attachments``: (file name, bytes, media type)."""

    subject: str
    text: str
    html: str = ""
    attachments: Sequence[tuple[str, bytes, str]] = field(default_factory=list)


@dataclass(frozen=True)
class MessageKind:
    """One kind of message; subclass it, word it, and list one instance in the app's ``emails.KINDS``.

    ``optional``: residents may say that they do not want it (OptOut); its mails carry a one-click List-Unsubscribe.
    Confirmations and changes are not optional.
    ``urgent_call``: somebody must phone when its mail is not handed over within 30 minutes (offers).
    """

    code: str
    label: str | Promise
    optional: bool = False
    urgent_call: bool = False

    def load(self, occasions: list[Occasion]) -> dict[int, Any]:
        """{occasion.pk: what it is about}, only for those still wanted; asked for a whole batch just before sending.

        Costs the same number of queries whatever the length. Each occasion comes with ``message`` (with ``recipient``
        and ``neighbourhood``) and ``subject_person`` loaded.
        """
        raise NotImplementedError

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> Email:
        """Word the mail about what ``load`` found; the recipient's language is active."""
        raise NotImplementedError

    def spoken(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
        """One sentence for whoever phones the recipient, in the caller's language."""
        return str(self.label)


#: people 0, activities 100, community 200, projects 300, volunteers 400: so they stand on the settings page.
message_kinds = Registry[MessageKind]("kinds of message")


def optional_kinds() -> list[MessageKind]:
    """Those a resident may switch off, for the settings page."""
    return [kind for kind in message_kinds if kind.optional]


def urgent_codes() -> list[str]:
    return [kind.code for kind in message_kinds if kind.urgent_call]
