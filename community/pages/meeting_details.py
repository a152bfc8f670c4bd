"""What the page of a meeting adds to the page of any activity."""

from activities.models import Activity, Visibility
from community.models import Meeting
from community.pages.amendments import amendments_of
from community.rules import about
from community.rules.naming import has_opted_in, titles
from community.rules.record_text import NAMES_OF_MEETING, OF_MEETING
from people.access.viewer import Viewer
from portal import clock


def meeting_details(activity: Activity, viewer: Viewer) -> dict:
    """Context of ``community/_meeting.html``. Whoever may see the activity may see its agenda.

    Resolutions stand there once the record is signed: a draft is nobody's word yet.
    """
    day = clock.local_date(activity.starts_at)
    found = Meeting.objects.select_related("chair", "recorder", "organisation", "team").filter(pk=activity.pk)
    found = found.annotate(names_chair=has_opted_in("chair", day), names_recorder=has_opted_in("recorder", day))
    meeting = about.with_links(found).first()
    if meeting is None:
        return {}
    inside = meeting.visibility != Visibility.PUBLIC  # then only those read it who belong there anyway
    names = titles(
        [meeting.chair, meeting.recorder],
        day,
        org=meeting.organisation,
        team=meeting.team,
        named={
            meeting.chair_id if inside or meeting.names_chair else None,
            meeting.recorder_id if inside or meeting.names_recorder else None,
        },
    )
    return {
        "meeting": meeting,
        "chair": names.get(meeting.chair_id or 0, ""),
        "recorder": names.get(meeting.recorder_id or 0, ""),
        "agenda": [str(point) for point in meeting.agenda],
        "resolutions": [str(point) for point in meeting.resolutions] if meeting.is_signed else [],
        "is_signed": meeting.is_signed,
        "too_few": meeting.is_signed and meeting.is_quorate is False,
        "amendments": amendments_of(meeting, OF_MEETING if not inside else (*OF_MEETING, *NAMES_OF_MEETING))
        if meeting.record_state == Meeting.RecordState.AMENDED
        else [],
        "links": about.links_of_activity(activity, viewer, asked=meeting),
    }
