"""The poster of an activity: whatever recruiting has to name (V1), in few and large words."""

from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity, Status, Visibility
from activities.rules.facts import Where, sentences
from activities.views.detail import who_may_come
from people.access.requests import PortalRequest
from people.pages import posters
from people.pages.posters import Line, Poster
from portal import clock
from portal.dates import moment, span


def find(request: PortalRequest, pk: int) -> Activity:
    """What the reader may see and everybody may read, or will once it is published."""
    if pk > 2**63 - 1:  # more than any id; the database would refuse to compare it
        raise Http404
    seen = Activity.objects.visible_to(request.viewer).filter(pk=pk)
    activity = seen.select_related("location", "team", "organisation").first()
    if activity is None:
        raise Http404
    if activity.visibility != Visibility.PUBLIC:
        raise PermissionDenied(_("Posters are for what everybody may see; this is only for those who belong to it."))
    activity.neighbourhood = request.neighbourhood
    return activity


def poster_of(activity: Activity, request: PortalRequest) -> Poster:
    at = clock.now()
    words = call_of(activity, at)
    return Poster(
        title=activity.title,
        path=activity.get_absolute_url(),
        call=words.call,
        link=words.link,
        call_note=words.note,
        lead=posters.lead_of(activity.text),
        at=activity.starts_at,
        time=span(activity),
        place=place_of(activity),
        lines=lines_of(activity),
        notes=notes_of(activity),
        hosts=hosts_of(activity),
        pictures=posters.pictures_of(activity),
        stamp=stamp_of(activity, at),
    )


class Call(NamedTuple):
    call: str
    link: str
    note: str = ""


def call_of(activity: Activity, at: datetime) -> Call:
    """What scanning the code is for: nobody is promised a sign-up that is over, nor asked to what is (M10)."""
    read_more = Call(_("Scan to read more"), _("Read more here"))
    if activity.is_cancelled or activity.is_past(at=at):
        return read_more
    if not activity.needs_sign_up:
        return read_more._replace(note=_("Nobody needs to sign up: just come."))
    if at >= activity.signup_ends_at:
        return read_more
    return Call(_("Scan to sign up"), _("Sign up here"), _("A name and an e-mail address are enough"))


def stamp_of(activity: Activity, at) -> str:
    if activity.status == Status.DRAFT:
        return _("Draft, not to be hung up")
    if activity.is_cancelled:
        return _("Cancelled")
    return _("Over") if activity.is_past(at=at) else ""


def place_of(activity: Activity) -> str:
    location = activity.location
    words = [location.name if location else "", activity.location_note]
    if location is not None and location.step_free:
        words.append(_("no steps"))
    return _(", ").join(filter(None, words))


def lines_of(activity: Activity) -> list[Line]:
    if not activity.needs_sign_up:
        return []
    lines = [Line(_("Who can come"), _("; ").join(who_may_come(activity)))]
    if activity.capacity is not None:
        count = ngettext("%(count)d seat", "%(count)d seats", activity.capacity) % {"count": activity.capacity}
        lines.append(Line(_("Seats"), count))
    elif activity.people_needed:
        words = ngettext("%(count)d person is needed", "%(count)d people are needed", activity.people_needed)
        lines.append(Line(_("Seats"), words % {"count": activity.people_needed}))
    lines.append(Line(_("Sign up by"), moment(activity.signup_ends_at)))
    return lines


def notes_of(activity: Activity) -> list[str]:
    """What to bring; V1: risks, safeguards and insurance are named wherever people are called."""
    notes = sentences(activity, Where.POSTER)
    if activity.needs_sign_up and activity.insurance:
        notes.append(_("Everyone who takes part is insured against accidents."))
    return notes


def hosts_of(activity: Activity) -> list[str]:
    """Who holds it: the committee, then the team. A Party organisation stands on its own members' meetings only."""
    hosts = [activity.neighbourhood.organiser]
    if activity.team is not None:
        hosts.append(str(activity.team))
    return [host for host in hosts if host]


KIND = posters.Kind("activity", find=find, poster=poster_of)
