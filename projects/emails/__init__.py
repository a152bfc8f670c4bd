"""What the portal writes about projects: what became of one's feedback, and the week's news (docs/rules/drafts.md)."""

from projects.emails.digest import DIGEST, window_of
from projects.emails.outcome import OUTCOME, tell_outcomes
from projects.emails.recipients import recipients

__all__ = ["DIGEST", "OUTCOME", "recipients", "tell_outcomes", "window_of"]
