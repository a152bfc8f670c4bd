"""Who took part in a project, by group (S4): counted from those who came to its shifts, never typed."""

from django.db.models import Count, Exists, OuterRef, Q

from activities.models import SignUp, SignUpStatus
from people.models import Guardianship, PartyMember
from portal.panels import Part
from projects.models import Project
from projects.pages.sections import ProjectPage


def counts(project: Project) -> dict[str, int]:
    """{children, adults, members, everybody}: people once each, in one query.

    A child is whoever has a guardian here: without one no child takes part (V4). Members are a count, no names (V6).
    """
    came = SignUp.objects.filter(activity__shift__project=project, status=SignUpStatus.ATTENDED)
    came = came.annotate(
        is_child=Exists(Guardianship.objects.filter(child=OuterRef("person"))),
        is_member=Exists(PartyMember.objects.filter(person=OuterRef("person"))),
    )
    return came.order_by().aggregate(
        children=Count("person", distinct=True, filter=Q(is_child=True)),
        adults=Count("person", distinct=True, filter=Q(is_child=False)),
        members=Count("person", distinct=True, filter=Q(is_member=True)),
        everybody=Count("person", distinct=True),
    )


def section(page: ProjectPage) -> Part | None:
    found = page.shared.get("took part", lambda: counts(page.project))
    if not found["everybody"]:
        return None
    units = getattr(page.project, "unit_count", None) or 0
    return "projects/_participation.html", {"took_part": {**found, "units": units}}
