"""The next learning events on the home page, out of what home has read already."""

from activities.models import Visibility, kinds
from activities.pages import home
from people.access.requests import PortalRequest
from portal.panels import Part, most

MOST = 2


def learning_next(request: PortalRequest) -> Part | None:
    codes = kinds.codes_of("learning")
    _this_week, _ahead, rest = home.parted(request)  # what stands further up need not stand here again
    cards = [card for card in rest if card.activity.kind in codes]
    public = [card for card in cards if card.activity.visibility == Visibility.PUBLIC][: most(request, MOST, large=0)]
    return ("events/_home_learning.html", {"cards": public}) if public else None
