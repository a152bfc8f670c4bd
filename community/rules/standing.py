"""Which records stand by themselves: signed, or with a public result. They are corrected or amended, never taken back."""

from django.utils.translation import gettext as _

from community.models import Deliberation, Meeting


def record_is_signed(meeting: Meeting) -> str:
    """A sentence, or "" while the record may still be changed (M8)."""
    if meeting.record_state in {Meeting.RecordState.PLANNED, Meeting.RecordState.DRAFT}:
        return ""
    return _("The record of “%(title)s” is signed, so it stays.") % {"title": meeting.title}


def result_is_public(deliberation: Deliberation) -> str:
    """A sentence, or "" where no result was ever published (D3)."""
    if deliberation.result_at is None:
        return ""
    return _("The result of “%(title)s” was published, so the record stays.") % {"title": deliberation.title}
