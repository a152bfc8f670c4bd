"""A project's page is made of sections, each from its own module; registered in ``registration.py``, lower order first.

    project_sections.register(40, drafts.section)   # section(page) -> ("projects/_drafts.html", {...}) or None

A section asks only what it shows, starts from ``page.viewer``, and returns None when it has nothing to say. Upper apps
(volunteers) add theirs in the same way. Orders in use: 10 lineage, 20 what comes next, 30 decided by, 40 drafts,
45 recruiting, 50 pictures, 60 stages, 65 pieces, 70 where and who and money, 75 works, 80 done together, 85 review,
90 articles.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from people.panels import Panel, Part
from people.viewer import Viewer
from projects.models import Project


@dataclass
class ProjectPage:
    """What every section may read. ``all_projects``: those the reader may see, this one among them."""

    project: Project
    all_projects: list[Project]
    viewer: Viewer
    at: datetime
    query: Any  # request.GET


Build = Callable[[ProjectPage], Part | None]


class Sections:
    def __init__(self) -> None:
        self._parts: list[tuple[int, Build]] = []

    def register(self, order: int, build: Build) -> Build:
        if all(known is not build for _order, known in self._parts):
            self._parts.append((order, build))
            self._parts.sort(key=lambda part: part[0])
        return build

    def of(self, page: ProjectPage) -> list[Panel]:
        return [Panel(*part) for _order, build in self._parts if (part := build(page))]


project_sections = Sections()
