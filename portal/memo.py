"""What several parts of one page need and nobody wants to ask for twice."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

Found = TypeVar("Found")


def once(request: HttpRequest, name: str, find: Callable[[], Found]) -> Found:
    """What ``find`` finds, asked for at most once a request, by whoever comes first. name: one word for one ``find``."""
    found = request.__dict__.setdefault("_found_once", {})
    if name not in found:
        found[name] = find()
    return found[name]
