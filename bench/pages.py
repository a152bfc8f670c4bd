"""Pages beside bare pages: medians of interleaved rounds on one server with one worker."""

from statistics import median

from bench import client, seed
from bench.report import Line

ROUNDS, TIMES = 7, 40


def measure(port: int, pages: dict[str, tuple[str, str]]) -> dict[str, float]:
    """{name: median seconds} for {name: (path, cookie)}; the rounds go through all pages in turn."""
    connections = {name: client.Connection(port, cookie) for name, (_path, cookie) in pages.items()}
    found: dict[str, list[float]] = {name: [] for name in pages}
    for name, (path, _cookie) in pages.items():
        client.seconds(connections[name], path, 5)  # warm: templates, plans, caches
    for _ in range(ROUNDS):
        for name, (path, _cookie) in pages.items():
            found[name].append(median(client.seconds(connections[name], path, TIMES)))
    for connection in connections.values():
        connection.close()
    return {name: median(times) for name, times in found.items()}


def run(port: int, place, member, activity) -> list[Line]:
    cookie = seed.session_cookie(member.user)
    slug = place.slug
    pages = {
        "hello": ("/bare/hello/", ""),
        "one-query": (f"/bare/one/?pk={activity.location_id}", ""),
        "list-20": ("/bare/list/", ""),
        "home": (f"/{slug}/", ""),
        "calendar": (f"/{slug}/calendar/", ""),
        "volunteers": (f"/{slug}/volunteers/", ""),
        "projects": (f"/{slug}/projects/", ""),
        "activity": (f"/{slug}/activities/{activity.pk}/", ""),
        "calendar, signed in": (f"/{slug}/calendar/", cookie),
    }
    took = measure(port, pages)
    ms = {name: f"{seconds * 1000:.2f} ms" for name, seconds in took.items()}

    def line(what: str, bare: str, page: str, least: float) -> Line:
        ratio = took[bare] / took[page]
        return Line(what, f"{ratio:.2f} of {bare} ({ms[page]} : {ms[bare]})", f"≥ {least}", ratio >= least)

    return [
        line("home, anonymous", "hello", "home", 0.4),
        line("calendar, anonymous", "hello", "calendar", 0.4),
        line("project list, anonymous", "hello", "projects", 0.4),
        line("list of 20, not cached (volunteers)", "list-20", "volunteers", 0.4),
        line("a detail (activity)", "one-query", "activity", 0.2),
        line("calendar, signed in", "list-20", "calendar, signed in", 0.3),
    ]
