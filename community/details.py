"""What the page of a meeting adds to the page of any activity."""

from activities.models import Activity, Visibility
from community.models import Meeting
from community.naming import titles
from people import clock
from people.viewer import Viewer

SIGNED = {Meeting.RecordState.SIGNED, Meeting.RecordState.AMENDED}


def meeting_details(activity: Activity, viewer: Viewer) -> dict:
    """Context of ``community/_meeting.html``. Whoever may see the activity may see its agenda; at most three queries.

    Resolutions stand there once the record is signed: a draft is nobody's word yet.
    """
    meeting = Meeting.objects.select_related("chair", "recorder", "organisation", "team").filter(pk=activity.pk).first()
    if meeting is None:
        return {}
    names = titles(
        [meeting.chair, meeting.recorder],
        clock.local_date(meeting.starts_at),
        org=meeting.organisation,
        team=meeting.team,
        inside=meeting.visibility != Visibility.PUBLIC,
    )
    is_signed = meeting.record_state in SIGNED
    return {
        "meeting": meeting,
        "chair": names.get(meeting.chair_id or 0, ""),
        "recorder": names.get(meeting.recorder_id or 0, ""),
        "agenda": [str(point) for point in meeting.agenda],
        "resolutions": [str(point) for point in meeting.resolutions] if is_signed else [],
        "is_signed": is_signed,
    }
