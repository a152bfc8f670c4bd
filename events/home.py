"""The next learning events on the home page."""

from datetime import timedelta

from django.http import HttpRequest

from activities import listing
from activities.models import Visibility
from events.models import LearningEvent
from people import clock
from people.panels import Part

MOST = 2
AHEAD = timedelta(days=60)


def learning_next(request: HttpRequest) -> Part | None:
    at, viewer = clock.now(), request.viewer
    seen = listing.for_lists(LearningEvent.objects.visible_to(viewer)).filter(visibility=Visibility.PUBLIC)
    events = listing.rows(seen.upcoming(at).filter(starts_at__lt=at + AHEAD)[:MOST], viewer.neighbourhood)
    if not events:
        return None
    cards = listing.cards(events, listing.mine(viewer, events, at=at), at=at)
    return "events/_home_learning.html", {"cards": cards}
