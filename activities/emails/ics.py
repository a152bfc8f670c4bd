"""Activities as iCalendar (RFC 5545): stable UID, SEQUENCE that rises with each change, STATUS CANCELLED when it is off."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from activities.models import Activity
from activities.rules.facts import Where, sentences
from portal import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")
REFRESH = timedelta(hours=6)  # how often a subscribed calendar may ask again


def uid(activity: Activity) -> str:
    return f"activity-{activity.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def event(
    activity: Activity, *, people: str = "", withdrawn: bool = False, tentative: bool = False, changes: int = 0
) -> Event:
    """One VEVENT, for a reader who may see the activity and its place.

    people: who of the family comes.  withdrawn: the reader is not coming any more.  tentative: they have yet to answer.
    changes: how often the reader's own place changed; with the activity's moves it makes SEQUENCE rise (RFC 5545).
    """
    url = settings.SITE_URL.rstrip("/") + activity.get_absolute_url()
    entry = Event()
    entry.add("uid", uid(activity))
    entry.add("sequence", activity.ics_sequence + changes)
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", activity.starts_at.astimezone(SHANGHAI))
    entry.add("dtend", activity.ends_at.astimezone(SHANGHAI))
    is_off = activity.is_cancelled or withdrawn
    title = f"{activity.title} ({people})" if people else activity.title
    # Many phones show a cancelled entry like any other, so the word stands before the title.
    entry.add("summary", _("Cancelled: %(title)s") % {"title": title} if activity.is_cancelled else title)
    place = " ".join(filter(None, [activity.location.name if activity.location else "", activity.location_note]))
    if place:
        entry.add("location", place)
    entry.add("url", url)
    told = [] if is_off else sentences(activity, Where.CALENDAR)
    lines = [activity.cancel_reason if activity.is_cancelled else "", activity.text, *told, url]
    entry.add("description", "\n".join(filter(None, lines)))
    entry.add("status", "CANCELLED" if is_off else "TENTATIVE" if tentative else "CONFIRMED")
    if is_off:
        entry.add("transp", "TRANSPARENT")  # the time is free again
    return entry


@cache
def shanghai() -> Timezone:
    """Asia/Shanghai as a VTIMEZONE: UTC+8 all year, as it has been since 1992."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1992, 1, 1))
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", "Asia/Shanghai")
    zone.add_component(standard)
    return zone


def calendar(events: Iterable[Event], *, name: str = "", method: str = "PUBLISH") -> bytes:
    file = Calendar()
    file.add("prodid", "-//neighbourhood portal//zh//")
    file.add("version", "2.0")
    file.add("method", method)
    file.add("x-wr-timezone", "Asia/Shanghai")
    if name:
        file.add("x-wr-calname", name)
        file.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        file.add("x-published-ttl", "PT6H")
    file.add_component(shanghai())
    for entry in events:
        file.add_component(entry)
    return file.to_ical()


def attachment(activity: Activity, *, withdrawn: bool = False, tentative: bool = False) -> bytes:
    """The file that goes with a mail about ``activity``: a withdrawal takes the entry out again, an offer is tentative."""
    return calendar([event(activity, withdrawn=withdrawn, tentative=tentative, changes=int(withdrawn))])
