"""The committee on the home page: the newest notice at the top, the latest results and news further down; a query each."""

from django.db.models import Case, Q, When

from community.models import Article, Deliberation
from community.pages.articles import rows
from community.pages.records import listed, state_of
from people.access.requests import PortalRequest
from people.access.viewer import Viewer
from portal import clock
from portal.memo import once
from portal.panels import Part, kept, most

NOTICES = 2
NEWS = 3
RESULTS = 2


def latest(request: PortalRequest) -> tuple[list[Article], list[Article]]:
    """Notices that still stand and are about no activity (those stand on their cards), then the newest of everything."""
    return once(request, "latest news", lambda: _read_latest(request))


def _read_latest(request: PortalRequest) -> tuple[list[Article], list[Article]]:
    at = clock.now()
    stands = (Q(public_until=None) | Q(public_until__gte=at)) & Q(kind=Article.Kind.NOTICE, activity=None)
    seen = Article.objects.visible_to(request.viewer).published_by(at)
    # Standing notices are few, so they come first and the newest of the rest fill up the page.
    found = seen.annotate(rank=Case(When(stands, then=0), default=1)).order_by("rank", "-published_at", "-pk")
    articles = rows(found[: NOTICES + NEWS], request.neighbourhood)
    notices = [article for article in articles if article.rank == 0][:NOTICES]
    rest = [article for article in articles if article not in notices][:NEWS]
    return notices, rest


def notices(request: PortalRequest) -> Part | None:
    found, _rest = latest(request)
    found = found[: most(request, NOTICES, large=1)]
    return ("community/_home_notices.html", {"notices": found}) if found else None


def news(request: PortalRequest) -> Part | None:
    _notices, found = latest(request)
    found = found[: most(request, NEWS, large=2)]
    return ("community/_home_news.html", {"articles": found}) if found else None


def results(request: PortalRequest) -> Part | None:
    """The latest published results of deliberations; the same for every reader, and looked up anew when one comes or goes."""
    neighbourhood = request.neighbourhood

    def latest_results() -> list[Deliberation]:
        out = listed(Viewer(neighbourhood)).filter(result_state=Deliberation.ResultState.PUBLISHED)
        return list(out.order_by("-result_at", "-pk")[:RESULTS])

    found = list(kept(request, "results", latest_results))[: most(request, RESULTS, large=1)]
    running = clock.today().year
    for one in found:
        one.neighbourhood = neighbourhood
        one.state = state_of(one)
        year = clock.local_date(one.starts_at).year
        one.year = year if year != running else ""
    return ("community/_home_results.html", {"results": found}) if found else None
