"""Where a project's staff page leads, in the order of work: drafts, feedback, pieces, seasons. Upper apps add their own
in ``registration.py``.

leads.add(Lead(Shift), order=60)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import capfirst

from people.access.requests import StaffRequest
from people.admin.shared import Button, list_url
from portal.registry import Registry
from projects.models import Project


@dataclass(frozen=True)
class Lead:
    """The list of ``model``, narrowed to one project. ``path``: from its rows to the project; ``only``: field and value.

    Without rows it is shown only where ``is_a_beginning``: there staff begin something from its list.
    """

    model: type[models.Model]
    path: str = "project"
    label: object = ""
    only: Mapping[str, str] = field(default_factory=dict)
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


#: projects: 10 drafts, 20 and 21 feedback, 30-32 pieces, 40 seasons; volunteers: 60 shifts.
leads = Registry[Lead](
    "where a project leads", named=lambda lead: f"{lead.model._meta.label} {lead.only or ''}".strip()
)


def lead_buttons(site: admin.AdminSite, request: StaffRequest, project: Project) -> list[Button]:
    """Those whose lists the reader may see; all numbers in one query."""
    seen = [lead for lead in leads if site.get_model_admin(lead.model).has_view_permission(request)]
    if not seen:
        return []
    numbers = {f"lead_{place}": lead.number() for place, lead in enumerate(seen)}
    row = Project.objects.filter(pk=project.pk).values_list(*numbers.values()).get()
    return [
        lead.button(project, number) for lead, number in zip(seen, row, strict=True) if number or lead.is_a_beginning
    ]
