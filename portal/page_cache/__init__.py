"""Public pages, kept ready-made in the memory of each web process (DESIGN §6; docs/rules/caching.md).

A page kind opts in with one word above its view, which names the query parameters it reads:

    @cached_page("theme", "page")
    class ProjectList(ListView): ...

Asked with any other parameter it is made anew. It carries no form that sends and asks for no session;
tests/config/test_cached_pages.py looks at every kind.
"""

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable)


def cached_page(*query: str) -> Callable[[View], View]:
    """Mark a view (a function, or a class with ``as_view``) of a public page. query: the parameters it reads."""

    def mark(view: View) -> View:
        view.cached_query = query  # type: ignore[attr-defined]
        return view

    return mark
