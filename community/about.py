"""What an article is about: a small registry that the upper apps fill in ``AppConfig.ready()``.

    about.register(projects_of)   # def projects_of(article, viewer) -> [Link(label, url)]

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
