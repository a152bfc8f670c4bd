"""From "me" to the rotas of one's teams."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from people.access.requests import PortalRequest
from people.views.me import OwnPage
from portal import clock
from portal.panels import Part
from volunteers.models import Rota
from volunteers.rules import not_noted


def teams_today(request: PortalRequest) -> set[int]:
    """Ids of the teams the reader belongs to today; no query of its own."""
    today = clock.today()
    return {
        circle.pk
        for circle in request.viewer.circles
        if circle.kind == "team"
        and (circle.since is None or circle.since <= today)
        and (circle.until is None or circle.until > today)
    }


def my_rotas(request: PortalRequest) -> Part | None:
    """On "me": the way to the rotas of the reader's teams; the page itself must not cost a query for them."""
    return ("volunteers/_my_rotas.html", {}) if teams_today(request) else None


MOST = 10  # mornings on "me"; the rest stand in the rota


def mornings_to_note(request: PortalRequest) -> Part | None:
    """On "me", for the leader of a team, without a second factor: what nobody noted, from noon of its day (T9)."""
    teams = teams_today(request)
    reader = request.viewer.person
    if not teams or reader is None:
        return None
    rows = not_noted.to_note(clock.now()).filter(team__in=teams, team__leader=reader)
    slots = list(rows.select_related("team"))
    return ("volunteers/_mornings_to_note.html", {"slots": slots[:MOST], "more": len(slots[MOST:])}) if slots else None


class MyRotasView(OwnPage, View):
    """The rotas of my teams: the only one at once, of several a list."""

    def get(self, request: PortalRequest) -> HttpResponse:
        rotas = list(Rota.objects.filter(team__in=teams_today(request), is_active=True).select_related("team"))
        if len(rotas) == 1:
            return redirect("volunteers:rota", request.neighbourhood.slug, rotas[0].team.code)
        return render(request, "volunteers/my_rotas.html", {"rotas": rotas, "tab": "me"})
