"""Pages beside bare pages: medians of interleaved rounds on one server with one worker."""

from statistics import median
from typing import NamedTuple

from bench import client, seed
from bench.report import Line
from bench.server import Server

ROUNDS, TIMES = 7, 40


class Took(NamedTuple):
    """Medians of seconds: until the answer was there, and on a processor, which a busy machine disturbs less."""

    time: float
    cpu: float


def measure(server: Server, pages: dict[str, tuple[str, str]]) -> dict[str, Took]:
    """{name: Took} for {name: (path, cookie)}; the rounds go through all pages in turn."""
    connections = {name: client.Connection(server.port, cookie) for name, (_path, cookie) in pages.items()}
    found: dict[str, list[Took]] = {name: [] for name in pages}
    for name, (path, _cookie) in pages.items():
        client.seconds(connections[name], path, 5)  # warm: templates, plans, caches
    for _ in range(ROUNDS):
        for name, (path, _cookie) in pages.items():
            before = server.cpu_seconds()
            seconds = median(client.seconds(connections[name], path, TIMES))
            found[name].append(Took(seconds, (server.cpu_seconds() - before) / TIMES))
    for connection in connections.values():
        connection.close()
    return {name: Took(*map(median, zip(*times, strict=True))) for name, times in found.items()}


def compare(
    server: Server, pages: dict[str, tuple[str, str]], budgets: list[tuple[str, str, str, float | None]]
) -> list[Line]:
    """budgets: (what, bare page, page, least ratio or None where the ratio is only told)."""
    took = measure(server, pages)
    lines = []
    for what, bare, page, least in budgets:
        one, other = took[page], took[bare]
        ratio = other.time / one.time
        measured = f"{ratio:.2f} of {bare} ({one.time * 1000:.2f} : {other.time * 1000:.2f} ms"
        if one.cpu and other.cpu:
            measured += f"; CPU alone {other.cpu / one.cpu:.2f}, {one.cpu * 1000:.1f} : {other.cpu * 1000:.1f} ms"
        budget, met = ("", None) if least is None else (f"≥ {least}", ratio >= least)
        lines.append(Line(what, f"{measured})", budget, met))
    return lines


def from_cache(server: Server, neighbourhood, piece) -> list[Line]:
    """Signed out, on a server that keeps public pages."""
    pages = {
        "hello": ("/bare/hello/", ""),
        "home": (f"/{neighbourhood.slug}/", ""),
        "calendar": (f"/{neighbourhood.slug}/calendar/", ""),
        "projects": (f"/{neighbourhood.slug}/projects/", ""),
        "place": (f"/{neighbourhood.slug}/places/{piece.code}/", ""),
    }
    return compare(
        server,
        pages,
        [
            ("home, from cache", "hello", "home", 0.4),
            ("calendar, from cache", "hello", "calendar", 0.4),
            ("project list, from cache", "hello", "projects", 0.4),
            ("place page, from cache", "hello", "place", 0.4),
        ],
    )


def made_anew(server: Server, neighbourhood, member, activity) -> list[Line]:
    """On a server that keeps none."""
    cookie = seed.session_cookie(member.user)
    slug = neighbourhood.slug
    pages = {
        "hello": ("/bare/hello/", ""),
        "one-query": (f"/bare/one/?pk={activity.location_id}", ""),
        "list-20": ("/bare/list/", ""),
        "home": (f"/{slug}/", ""),
        "calendar": (f"/{slug}/calendar/", ""),
        "volunteers": (f"/{slug}/volunteers/", ""),
        "activity": (f"/{slug}/activities/{activity.pk}/", ""),
        "calendar, signed in": (f"/{slug}/calendar/", cookie),
    }
    return compare(
        server,
        pages,
        [
            ("home, made anew", "hello", "home", None),
            ("calendar, made anew", "hello", "calendar", None),
            ("list of 20, not cached (volunteers)", "list-20", "volunteers", 0.4),
            ("a detail (activity)", "one-query", "activity", 0.2),
            ("calendar, signed in", "list-20", "calendar, signed in", 0.3),
        ],
    )
