"""What an article, or an activity that was talked about, is about: small registries that the upper apps fill in ``AppConfig.ready()``.

    about.register(projects_of)   # def projects_of(article, viewer) -> [Link(label, url)]
    about.register_for_activities(decided_at)   # def decided_at(activity, viewer) -> [Link(label, url)]

Each answer names only what the viewer may see.
"""

from collections.abc import Callable
from typing import NamedTuple

from people.viewer import Viewer


class Link(NamedTuple):
    word: object  # what kind of thing it is
    label: str
    url: str


_answers: list[Callable[..., list[Link]]] = []


def register(answer: Callable[..., list[Link]]) -> None:
    if answer not in _answers:
        _answers.append(answer)


def links_of(article, viewer: Viewer) -> list[Link]:
    return [link for answer in _answers for link in answer(article, viewer)]


_of_activities: list[Callable[..., list[Link]]] = []


def register_for_activities(answer: Callable[..., list[Link]]) -> None:
    if answer not in _of_activities:
        _of_activities.append(answer)


def links_of_activity(activity, viewer: Viewer) -> list[Link]:
    """What a deliberation or meeting was about."""
    return [link for answer in _of_activities for link in answer(activity, viewer)]
