"""What "me" and home say of the reader's own sign-ups."""

from activities.pages import home
from activities.pages.agenda import mine_of
from people.access.requests import PortalRequest
from portal.panels import Part


def my_sign_ups(request: PortalRequest) -> Part | None:
    mine = mine_of(request)
    if mine is None:
        return None
    suggested = [] if mine.agenda else home.to_begin_with(request)
    return "activities/_my_sign_ups.html", {"mine_all": mine, "suggested": suggested}


def mine_next(request: PortalRequest) -> Part | None:
    """The next thing I do, and at most one line of what waits for me. Signed out, the greeting invites instead."""
    mine = mine_of(request)
    if mine is None:
        return None
    agenda = mine.agenda
    asks = next((one for one in mine.coming if one.offered or one.may_consent or one.asks_fewer), None)
    sure = [entry for entry in agenda if entry[1] is None or entry[1].coming]
    _when, own_booking, activity = next(iter(sure or agenda), (None, None, None))
    waits = next((one for one in mine.coming if one.waiting and one is not asks and one is not own_booking), None)
    context = {
        "reader": request.viewer.person,
        "next_activity": activity,
        "next_booking": own_booking,
        "asks": asks,
        "waits": waits,
        "moved": next((one for one in mine.coming if one.unseen_move), None),
        "off": mine.cancelled[0] if mine.cancelled else None,
        "more": max(len(agenda) - 1, 0),
    }
    return "activities/_mine_next.html", context
