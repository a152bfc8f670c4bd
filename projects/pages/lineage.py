"""Which project grew out of which (S22): the chain for the page, and whether an origin would close a circle."""

from collections import defaultdict
from collections.abc import Iterable

from projects.models import Project


def grew_out_of(project: Project, origin: Project) -> bool:
    """Whether ``origin`` is ``project`` or came, by however many steps, out of it: then it cannot be its origin."""
    seen: set[int] = set()
    waiting = {origin.pk}
    while waiting and project.pk not in waiting:
        seen |= waiting
        origins = Project.objects.filter(pk__in=waiting).values_list("derived_from", flat=True)
        waiting = {key for key in origins if key is not None} - seen
    return project.pk in waiting


def family_of(project: Project, projects: Iterable[Project]) -> list[Project]:
    """``project`` among its origins and offspring, origins first; just itself where it stands alone.

    ``projects``: those the reader may see; the chain ends where one is missing. A ring, which nobody means, is cut.
    """
    by_id = {one.pk: one for one in projects} | {project.pk: project}
    children = defaultdict(list)
    for one in by_id.values():
        children[one.derived_from_id].append(one)
    origins: list[Project] = [project]
    while (parent := by_id.get(origins[0].derived_from_id or 0)) is not None and parent not in origins:
        origins.insert(0, parent)
    found = list(origins)
    waiting = list(children[project.pk])
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found.append(one)
            waiting += children[one.pk]
    return found
