"""P3: which days of a project's work take no minors, and which minors are signed up for such a day all the same."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from activities.models import TO_COME, Activity, SignUp
from people.models import Person
from portal import clock
from projects.models import Project, ProjectStage, WallStage

MOST = 100


def steps_for_adults(project: Project | None) -> list[WallStage]:
    """The steps of the project's wall that take no children, whenever they are."""
    steps = WallStage.objects.filter(wall__project=project).exclude(who=WallStage.Who.MIXED)
    return [] if project is None else list(steps)


def is_for_adults(stage: ProjectStage | None, day: date, steps: Iterable[WallStage]) -> bool:
    """The stage is, or one of ``steps`` that is under way on ``day``; of that stage, where one is named."""
    if stage is not None and stage.adults_only:
        return True
    under_way = [step for step in steps if step.is_under_way_on(day)]
    return any(stage is None or step.project_stage == stage.stage for step in under_way)


def minors_signed_up(activities: QuerySet[Activity, Any] | Iterable[Activity]) -> list[SignUp]:
    """Their sign-ups to come at ``activities``, the next first; by age on the day (V4)."""
    rows = SignUp.objects.filter(activity__in=activities, status__in=TO_COME)
    rows = rows.filter(person__in=Person.objects.minors_on(clock.today()))  # whoever is grown up today is so on the day
    rows = rows.select_related("person", "activity").order_by("activity__starts_at", "pk")[:MOST]
    return [row for row in rows if not row.person.is_adult_on(clock.local_date(row.activity.starts_at))]
