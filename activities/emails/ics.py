"""Activities as iCalendar (RFC 5545): stable UID, SEQUENCE that rises with each change, STATUS CANCELLED when it is off.

Feeds and files publish; a mail asks its reader's calendar to keep the entry or to take it out (RFC 5546, 6047).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText

from activities.models import Activity
from activities.rules.facts import Where, sentences
from people.outbox import contact_of
from portal import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")
REFRESH = timedelta(hours=6)  # how often a subscribed calendar may ask again


def uid(activity: Activity) -> str:
    return f"activity-{activity.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


@dataclass(frozen=True)
class Reader:
    """To whom a mail with an entry goes."""

    name: str
    address: str


def event(
    activity: Activity,
    *,
    people: str = "",
    missing: str = "",
    withdrawn: bool = False,
    tentative: bool = False,
    changes: int = 0,
    to: Reader | None = None,
) -> Event:
    """One VEVENT, for a reader who may see the activity and its place.

    people: who of the family comes.  missing: who of them was to come and does not any more.
    withdrawn: nobody of the family comes any more.  tentative: they have yet to answer.
    changes: how often the reader's own part changed; with the activity's changes it makes SEQUENCE rise (RFC 5545).
    to: whose calendar a mail asks; nobody is named in what is published.
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
    if missing and not is_off:
        lines.insert(0, _("Not coming any more: %(names)s") % {"names": missing})
    entry.add("description", "\n".join(filter(None, lines)))
    entry.add("status", "CANCELLED" if is_off else "TENTATIVE" if tentative else "CONFIRMED")
    if is_off:
        entry.add("transp", "TRANSPARENT")  # the time is free again
    name, address = contact_of(activity.neighbourhood)
    entry.add("organizer", cal_address(name, address))
    if to is not None:
        attendee = cal_address(to.name, to.address)
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["RSVP"] = vText("FALSE")  # they answer on the portal
        if not is_off:
            attendee.params["PARTSTAT"] = vText("NEEDS-ACTION" if tentative else "ACCEPTED")
        entry.add("attendee", attendee, encode=False)
    return entry


def cal_address(name: str, address: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    found.params["CN"] = vText(name)
    return found


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


def request(entry: Event) -> tuple[bytes, str]:
    """(the file, its media type) that asks the reader's calendar to keep the entry as it is now, or to take it out."""
    method = "CANCEL" if entry["status"] == "CANCELLED" else "REQUEST"
    return calendar([entry], method=method), f"text/calendar; method={method}; component=VEVENT"
