"""Finding what is public: everything at once, grouped by kind, or one kind with all its pages."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from people.access.requests import PortalRequest
from people.models import Neighbourhood
from people.search import query
from people.search.index import search_kinds
from people.search.kinds import Kind
from people.search.query import Question
from portal import clock
from portal.context_processors import portal
from portal.folding import fold

PER_PAGE = 20


@require_safe
def search(request: PortalRequest, neighbourhood: str) -> HttpResponse:
    """The page is the same for everybody: nothing that only some may read is found here."""
    question = Question.read(request.GET.get("q", ""))
    kind = search_kinds.get(request.GET.get("kind", ""))
    at = clock.now()
    documents = query.public_documents(request.neighbourhood, at)
    context: dict[str, Any] = {"question": question, "kind": kind}
    if question:
        context |= answer(request, documents, question, kind)
    if not context.get("total"):
        context["offers"] = offers(request.neighbourhood, query.counted(documents))
        context["examples"] = [(name, "?" + urlencode({"q": name})) for name in query.examples(documents)]
    return render(request, "people/search.html", context)


def answer(request: PortalRequest, documents, question: Question, kind: Kind | None) -> dict[str, Any]:
    """What was found: ``groups``, or one ``group`` with its ``page_obj``; else what comes ``near``."""
    found, words = query.exactly(documents, question), question.words
    if kind is not None:
        paginator = Paginator(query.in_order(found.filter(kind=kind.code)), PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        if paginator.count:
            finds = [query.find(document, words) for document in page.object_list]
            return {
                "group": query.Group(kind, paginator.count, finds),
                "page_obj": page,
                "total": paginator.count,
                "query": urlencode({"q": question.text, "kind": kind.code}),
                "all_url": "?" + urlencode({"q": question.text}),
            }
    pages = pages_called(request, question)
    groups = query.grouped(found, words)
    near = False
    if not groups and not pages:
        groups = query.grouped(query.nearly(documents, question), question.parts)
        near = bool(groups)
    return {
        "groups": [(group, "?" + urlencode({"q": question.text, "kind": group.kind.code})) for group in groups],
        "pages": pages,
        "near": near,
        "total": sum(group.count for group in groups),
    }


def pages_called(request: PortalRequest, question: Question) -> list[tuple[str, str]]:
    """[(label, address)]: the portal's own pages whose name is asked for, such as the calendar."""
    ways = portal(request)["ways"]
    return [
        (link.label, link.url)
        for link in [*ways["tabs"], *ways["more"]]
        if link.key != "search" and is_named(fold(link.label), question)
    ]


def is_named(name: str, question: Question) -> bool:
    return any(word in name or name in word for word in question.words if len(word) > 1)


def offers(neighbourhood: Neighbourhood, counts: list[tuple[Kind, int]]) -> list[dict[str, Any]]:
    """What one could look for: each kind with how many there are and where all of them stand."""
    made = []
    for kind, count in counts:
        try:
            url = reverse(kind.more, args=[neighbourhood.slug]) if kind.more else ""
        except NoReverseMatch:
            url = ""
        made.append({"label": kind.label, "count": count, "url": url})
    return made
