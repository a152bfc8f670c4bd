"""The jobs of the staff's first page, "to do today": each app adds its own in ``AppConfig.ready()`` or from its admin.

    today.register(20, consents_to_get)   # def consents_to_get(request) -> Job or None

A job costs one query; it returns None for whoever may not do it. Nothing to do is told too, so that nobody has to look.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from people.access.requests import StaffRequest


@dataclass(frozen=True)
class Line:
    """One thing to do: what, a few words more, where, and the word on the button."""

    title: str
    text: str
    url: str
    action: str = ""


@dataclass(frozen=True)
class Job:
    """``count`` of open things, up to three of them as ``lines``, and ``url`` with all of them."""

    title: str
    count: int
    url: str
    lines: Sequence[Line] = field(default_factory=list)
    nothing: str = ""
    urgent: bool = False


Build = Callable[[StaffRequest], Job | None]
_jobs: list[tuple[int, Build]] = []
SHOWN = 3


def register(order: int, build: Build) -> None:
    """Lower ``order`` stands first; registering the same function again changes nothing."""
    if all(known is not build for _order, known in _jobs):
        _jobs.append((order, build))
        _jobs.sort(key=lambda pair: pair[0])


def jobs_for(request: StaffRequest) -> list[Job]:
    """What there is to do first, then what is done, each in the registered order."""
    jobs = [job for _order, build in _jobs if (job := build(request)) is not None]
    return sorted(jobs, key=lambda job: not job.count)
