"""What the portal writes about projects: what became of one's feedback, the final design, the week's news (docs/rules/drafts.md)."""

from projects.emails.digest import DIGEST, UNFOLLOW, window_of
from projects.emails.final import FINAL, tell_final
from projects.emails.outcome import OUTCOME, tell_outcomes
from projects.emails.recipients import recipients

#: All kinds of message of this app, for its ``registration.py``.
KINDS = (DIGEST, OUTCOME, FINAL)

__all__ = ["DIGEST", "FINAL", "KINDS", "OUTCOME", "UNFOLLOW", "recipients", "tell_final", "tell_outcomes", "window_of"]
