"""Where a project's staff page leads, in the order of work: drafts, feedback, pieces, seasons. Upper apps add their own.

leads.register(60, Lead(Shift))   # in the module of the staff page it leads to
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import capfirst

from people.access.requests import StaffRequest
from people.admin.shared import Button, list_url
from projects.models import Project


@dataclass(frozen=True)
class Lead:
    """The list of ``model``, narrowed to one project. ``path``: from its rows to the project; ``only``: field and value.

    Without rows it is shown only where ``is_a_beginning``: there staff begin something from its list.
    """

    model: type[models.Model]
    path: str = "project"
    label: object = ""
    only: dict[str, str] = field(default_factory=dict)
    css: str = ""
    is_a_beginning: bool = False

    def number(self) -> Coalesce:
        rows = self.model._default_manager.filter(**{self.path: OuterRef("pk")}, **self.only).order_by()
        counted = rows.values(self.path).annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)

    def button(self, project: Project, number: int) -> Button:
        query: dict[str, Any] = {f"{name}__exact": value for name, value in self.only.items()}
        url = list_url(self.model, **{f"{self.path}__id__exact": project.pk}, **query)
        words = capfirst(str(self.label or self.model._meta.verbose_name_plural))
        return Button(url, f"{words} ({number})" if number else words, self.css)


_leads: list[tuple[int, Lead]] = []


def register(order: int, lead: Lead) -> None:
    _leads.append((order, lead))
    _leads.sort(key=lambda one: one[0])


def buttons(site: admin.AdminSite, request: StaffRequest, project: Project) -> list[Button]:
    """Those whose lists the reader may see; all numbers in one query."""
    seen = [lead for _order, lead in _leads if site.get_model_admin(lead.model).has_view_permission(request)]
    if not seen:
        return []
    numbers = {f"lead_{place}": lead.number() for place, lead in enumerate(seen)}
    row = Project.objects.filter(pk=project.pk).values_list(*numbers.values()).get()
    return [
        lead.button(project, number) for lead, number in zip(seen, row, strict=True) if number or lead.is_a_beginning
    ]
