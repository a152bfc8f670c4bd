"""The jobs of the staff's first page, "to do today": each app adds those of its admin in ``registration.py``.

    staff_jobs.add(consents_to_get, order=20)   # def consents_to_get(request) -> Job or None

A job costs one query; it returns None for whoever may not do it. Nothing to do is told too, so that nobody has to look.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from people.access.requests import StaffRequest
from portal.registry import Registry


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
#: people: 5, 10, 58, 60, 70, 74; projects: 12, 33-35, 45, 55, 56, 66, 75; activities: 20-24, 30, 40, 50, 52;
#: volunteers: 25, 36-38, 62, 64; community: 61, 63, 65.
staff_jobs = Registry[Build]("jobs of the staff's first page")
SHOWN = 3


def jobs_for(request: StaffRequest) -> list[Job]:
    """What there is to do first, then what is done, each in the registered order."""
    jobs = [job for build in staff_jobs if (job := build(request)) is not None]
    return sorted(jobs, key=lambda job: not job.count)
