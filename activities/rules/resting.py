"""What rests on a record that was entered afterwards, so that it cannot simply be taken back: rows of others that name it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

from activities.models import Activity
from portal.registry import Registry, name_of

#: Labels of models whose rows are part of the record itself and stay with it. activities: 100; community: 200; projects: 300.
own_rows = Registry[str]("rows that are part of an activity's record", named=lambda label: label)
#: Labels of models whose rows say that somebody was there. volunteers: 400.
proofs = Registry[str]("rows that prove that an activity took place", named=lambda label: label)
Stands = Callable[[Any], str]
#: ``stands(activity)``, by kind: a sentence that says why this record stands by itself, or "". community: 200.
stands = Registry[Stands]("records that stand by themselves", named=name_of)


def why_it_stands(activity: Activity) -> str:
    """A sentence where the record of this kind was signed or published, else ""."""
    asked = stands.get(activity.kind)
    return asked(activity) if asked is not None else ""


def resting_on(activity: Activity) -> list[str]:
    """What else names this most derived row, in words for staff: sign-ups, service records, articles …

    Read from the models, so that a table of tomorrow counts as well until it is named in ``own_rows``.
    """
    names = {other._meta.label: str(other._meta.verbose_name_plural) for other in _naming(activity)}
    return list(dict.fromkeys(words for label, words in names.items() if label not in own_rows))


def is_proved(activity: Activity) -> bool:
    """Whether somebody is known to have been there, by other rows than sign-ups."""
    return any(other._meta.label in proofs for other in _naming(activity))


def _naming(activity: Activity) -> Iterator[Any]:
    """Models of which rows name it, but for histories."""
    for relation in activity._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or getattr(relation, "parent_link", False):
            continue
        other: Any = relation.related_model
        is_history = hasattr(other, "history_type")
        is_link = bool(other._meta.auto_created)  # of a many-to-many column, which is a relation of its own here
        if not (is_history or is_link) and other._default_manager.filter(**{relation.field.name: activity.pk}).exists():
            yield other
