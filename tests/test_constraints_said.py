"""S7: what another row has already is said in a sentence on every staff page, never by an error page of the database's."""

from collections.abc import Iterator

import pytest
from django.db import models
from django.forms import MultiWidget, model_to_dict
from django.urls import reverse
from model_bakery import baker

from people.admin.whole_rows import ChecksWholeRow, fields_of
from people.models import Location, User
from tests.conftest import NOW
from tests.staff import grant, save_page
from tests.test_admin_odd_input import MODELS, admin_of, everything  # noqa: F401  (a fixture)
from tests.test_permissions import World

pytestmark = pytest.mark.django_db


def is_written(field: models.Field) -> bool:
    return isinstance(field, models.CharField) and not field.choices


def unique(model: type[models.Model]) -> Iterator[list[str]]:
    """The fields of each thing that must be unique among all rows of ``model``."""
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key and not field.is_relation:
            yield [field.name]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
            yield fields_of(constraint)


#: Where nobody writes what must be unique on the page of a row that stands: a number, a choice or rows that it points to.
OTHERWISE = {"people_user": "the address is the owner's to change; UserForm says it when one is added"}
CASES = [
    (name, fields)
    for name in MODELS
    for fields in unique(admin_of(name).model)
    if name not in OTHERWISE and any(is_written(admin_of(name).opts.get_field(field)) for field in fields)
]


def copy_of(row: models.Model, fields: list[str]) -> models.Model:
    """Another row like ``row`` that differs from it in what is written in ``fields``."""
    values = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key}
    for field in row._meta.concrete_fields:
        if field.unique and field.is_relation and not field.primary_key:
            values.pop(field.name)  # the parent's row: made anew
        elif is_written(field) and (field.unique or field.name in fields):
            values[field.name] = "other"
    return type(row).objects.create(**values)


def test_the_walk_knows_codes_and_names():
    assert len(CASES) >= 14
    assert ("people_location", ["neighbourhood", "code"]) in CASES


@pytest.mark.parametrize(
    ("name", "fields"), CASES, ids=lambda value: value if isinstance(value, str) else "+".join(value)
)
def test_what_another_row_has_is_a_sentence(everything, neighbourhood, name, fields):  # noqa: F811
    pages = admin_of(name)
    first = World(neighbourhood).row(pages.opts.label_lower, "committee_admin")
    written = [field for field in fields if is_written(pages.opts.get_field(field))]
    for field in written:
        setattr(first, field, getattr(first, field) or "taken")
    if name == "projects_plant":
        first.planting_months, first.show_months = [3], [5]
    first.save()
    second = copy_of(first, fields)
    if name == "people_neighbourhood":
        grant(User.objects.get(is_staff=True), "system_admin", second)
    taken = {field: getattr(first, field) for field in written}

    url = reverse(f"admin:{name}_change", args=[second.pk])
    asked = set(written) & set(everything.get(url).context["adminform"].form.fields)
    if asked:
        refused(save_page(everything, url, **{field: taken[field] for field in asked}), written)

    url = reverse(f"admin:{name}_add")
    page = everything.get(url)
    if page.status_code == 200:
        form = page.context["adminform"].form
        if not set(written) & set(form.fields):
            return
        plain = {one for one, field in form.fields.items() if not isinstance(field.widget, MultiWidget)}
        values = {one: value for one, value in model_to_dict(first, plain).items() if value not in (None, False, "")}
        refused(save_page(everything, url, **values), written)


def refused(answer, written: list[str]) -> None:
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert {*written, "__all__"} & set(errors), errors
    assert "Constraint" not in str(errors)


def test_the_sentence_stands_beside_the_code(everything, location):  # noqa: F811
    Location.objects.filter(pk=location.pk).update(code="L1")
    other = baker.make(Location, neighbourhood=location.neighbourhood, name="活动室", kind="room", code="L2")
    answer = save_page(everything, reverse("admin:people_location_change", args=[other.pk]), code="L1")
    errors = answer.context["adminform"].form.errors
    assert errors == {"code": ["There is one like this already; please write something else in “Code”."]}


def test_whoever_is_slower_by_a_moment_reads_a_sentence_too(everything, location, monkeypatch):  # noqa: F811
    """Between the look and the write somebody else took the code: as if nobody had looked at all."""
    Location.objects.filter(pk=location.pk).update(code="L1")
    other = baker.make(Location, neighbourhood=location.neighbourhood, name="活动室", kind="room", code="L2")
    monkeypatch.setattr(ChecksWholeRow, "_constraints", lambda self: [])
    url = reverse("admin:people_location_change", args=[other.pk])
    answer = save_page(everything, url, code="L1", name="阅览室")
    assert answer.status_code == 200
    assert "Somebody else has just stored something" in answer.content.decode()
    assert "阅览室" in answer.content.decode()
    other.refresh_from_db()
    assert (other.name, other.code) == ("活动室", "L2")


def test_an_inline_says_what_is_there_twice(everything, neighbourhood, person):  # noqa: F811
    team = baker.make("people.Team", neighbourhood=neighbourhood, code="t9", name="巡逻队")
    row = {"person": person.pk, "role": "member", "since": NOW.date()}
    rows = {f"memberships-{number}-{field}": value for number in (0, 1) for field, value in row.items()}
    answer = save_page(
        everything, reverse("admin:people_team_change", args=[team.pk]), **rows, **{"memberships-TOTAL_FORMS": 2}
    )
    assert answer.status_code == 200
    assert team.memberships.count() == 0
    answer = save_page(
        everything,
        reverse("admin:people_team_change", args=[team.pk]),
        **{
            "memberships-TOTAL_FORMS": 1,
            **{name: value for name, value in rows.items() if "-0-" in name},
        },
    )
    assert answer.status_code == 302
