"""Other entries in a registry for as long as one test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from portal.registry import Registry


@contextmanager
def also(registry: Registry, *entries: Any, order: int = 9000) -> Iterator[None]:
    """``entries`` stand in ``registry`` too, behind its own."""
    with _restored(registry):
        registry.add_all(entries, order=order)
        yield


@contextmanager
def only(registry: Registry, *entries: Any, **named: Any) -> Iterator[None]:
    """Nothing else stands in ``registry``; ``named`` under names that they do not say themselves."""
    with _restored(registry):
        registry._placed, registry._by_name = [], {}
        registry.add_all(entries, order=0)
        for order, (name, entry) in enumerate(named.items(), start=1000):
            registry.add(entry, order=order, name=name)
        yield


@contextmanager
def instead(registry: Registry, name: str, entry: Any) -> Iterator[None]:
    """``entry`` stands where the one called ``name`` did."""
    with _restored(registry):
        place = next(placed for placed in registry._placed if placed.name == name)
        registry._placed.remove(place)
        registry.add(entry, order=place.order, name=name)
        yield


@contextmanager
def _restored(registry: Registry) -> Iterator[None]:
    placed, by_name = registry._placed, registry._by_name
    registry._placed, registry._by_name = list(placed), dict(by_name)
    try:
        yield
    finally:
        registry._placed, registry._by_name = placed, by_name
