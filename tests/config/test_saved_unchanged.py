"""Whoever opens a record of the demo year and presses Save without touching anything gets no error, and changes nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.urls import reverse

from demo import loader
from people.admin.scope import ScopedAdmin
from people.models import Neighbourhood, User
from tests.config.test_acts_refused import everybody
from tests.filling import AsItStands, forms_of
from tests.staff import client_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

#: Columns that say what a row is or how far it has come: one row of each value is opened.
TELLING = ("kind", "type", "status", "role")

#: Pages that say why the record is not changed any more, also to whoever changed nothing.
STANDS = {"projects.feedback": "The design is final, so its answers stand as they are."}


def is_telling(field: models.Field) -> bool:
    return field.name in TELLING or field.name.endswith("state")


def to_open(pages: ScopedAdmin, user: User) -> list[Any]:
    """One row for each state or kind, and of these one with something in each of the page's inlines."""
    request = RequestFactory().get("/admin/")
    request.user = user
    rows = pages.get_queryset(request).order_by("pk")
    groups = [rows]
    for field in (one for one in pages.opts.concrete_fields if is_telling(one)):
        values = rows.order_by(field.name).values_list(field.name, flat=True).distinct()
        groups += [rows.filter(**{field.name: value}) for value in list(values)]
    found = {}
    for group in groups:
        for row in [group.first(), *filled_inlines(pages, group)]:
            if row is not None:
                found[row.pk] = row
    return list(found.values())


def filled_inlines(pages: ScopedAdmin, rows: Any) -> Iterator[Any]:
    for inline in pages.inlines:
        for key in (one for one in inline.model._meta.concrete_fields if one.is_relation):
            if issubclass(pages.model, key.related_model) and (not inline.fk_name or key.name == inline.fk_name):
                hanging = inline.model._default_manager.order_by().values(key.name)
                yield rows.filter(pk__in=hanging).first()


def test_every_record_can_be_saved_as_it_stands(caplog):
    """T10: a signed meeting with an absence was a 500."""
    caplog.set_level("CRITICAL", "django.request")
    loader.load()
    place = Neighbourhood.objects.get()
    user = everybody(place)
    client = client_of(user)
    client.raise_request_exception = False
    crashed, refused, seen = [], {}, {}
    for model, pages in admin.site._registry.items():
        if not isinstance(pages, ScopedAdmin):
            continue
        for row in to_open(pages, user):
            url = reverse(f"admin:{pages.opts.app_label}_{pages.opts.model_name}_change", args=[row.pk])
            page = client.get(url)
            forms = [one for one in forms_of(page.content.decode(), AsItStands) if "_save" in dict(one.buttons)]
            if page.status_code < 500 and not forms:
                continue  # only shown, or shown elsewhere
            answer = client.post(url, forms[0].fields | {"_save": "1"}) if forms else page
            if answer.status_code >= 500:
                crashed.append(url)
            elif answer.status_code != 302:
                if STANDS.get(pages.opts.label_lower, "-") not in answer.content.decode():
                    refused[url] = errors_of(answer)
            else:
                seen.setdefault(model, []).append(row)
    assert crashed == []
    assert refused == {}
    assert sum(map(len, seen.values())) > 80


def errors_of(answer: Any) -> Any:
    if answer.status_code != 200:
        return answer.status_code
    inlines = [one.formset.errors or one.formset.non_form_errors() for one in answer.context["inline_admin_formsets"]]
    return answer.context["adminform"].form.errors, [one for one in inlines if any(one)]
