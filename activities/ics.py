"""Activities as iCalendar (RFC 5545): stable UID, SEQUENCE that rises with each change, STATUS CANCELLED when it is off."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vText

from activities.models import Activity
from people import clock


def uid(activity: Activity) -> str:
    return f"activity-{activity.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def event(activity: Activity, *, url: str = "", people: str = "", withdrawn: bool = False) -> Event:
    """One VEVENT. people: who of the family comes.  withdrawn: the reader is not coming any more."""
    entry = Event()
    entry.add("uid", uid(activity))
    entry.add("sequence", activity.ics_sequence + withdrawn)
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", local(activity.starts_at))
    entry.add("dtend", local(activity.ends_at))
    entry.add("summary", f"{activity.title} ({people})" if people else activity.title)
    place = " ".join(filter(None, [str(activity.location or ""), activity.location_note]))
    if place:
        entry["location"] = vText(place)
    if url:
        entry.add("url", url)
        entry.add("description", f"{activity.text}\n{url}".strip())
    entry.add("status", "CANCELLED" if activity.is_cancelled or withdrawn else "CONFIRMED")
    return entry


def local(moment: datetime) -> datetime:
    """In UTC, so that no VTIMEZONE is needed and every phone shows Shanghai time right."""
    return moment.astimezone(clock.utc())


def calendar(events: Iterable[Event], *, name: str = "", method: str = "PUBLISH") -> bytes:
    file = Calendar()
    file.add("prodid", "-//neighbourhood portal//zh//")
    file.add("version", "2.0")
    file.add("method", method)
    if name:
        file.add("x-wr-calname", name)
    for entry in events:
        file.add_component(entry)
    return file.to_ical()


def attachment(activity: Activity, places: Iterable[Any] = ()) -> bytes:
    """The file that goes with a mail about ``activity``; ``places``: who of the recipient's people comes."""
    url = settings.SITE_URL.rstrip("/") + activity.get_absolute_url()
    return calendar([event(activity, url=url)])
