"""What the portal writes about projects: what became of one's feedback, the final design, the week's news (docs/rules/drafts.md)."""

from projects.emails.digest import DIGEST, UNFOLLOW, window_of
from projects.emails.final import FINAL, tell_final
from projects.emails.outcome import OUTCOME, tell_outcomes
from projects.emails.recipients import recipients

__all__ = ["DIGEST", "FINAL", "OUTCOME", "UNFOLLOW", "recipients", "tell_final", "tell_outcomes", "window_of"]
