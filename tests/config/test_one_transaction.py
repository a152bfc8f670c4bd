"""Whoever is refused finds nothing changed: an operation that writes and can refuse is one transaction; read from the source."""

import ast

import pytest

from tests.refusing import APPS, REFUSED_NOTHING, ROOT, code_of, our_code

#: Refuse before their transaction too, where nothing is written yet.
BEFORE = {"people.operations.photos.publish": "reads the picture from the disk before it takes the lock"}
#: Catch a refusal themselves, outside of portal.refusals.
CATCHES = {
    "people/management/commands/add_staff.py": "a command line has its own way to say no",
}


def test_every_operation_that_can_refuse_is_one_transaction():
    code = our_code()

    assert code.torn() == set(BEFORE)
    assert len(code.operations() & code.refusing & code.writing) > 100  # the reader sees them


def test_what_is_said_to_refuse_nothing_is_there():
    assert set(REFUSED_NOTHING) <= our_code().operations()


LATE = """
from django.db import transaction
from portal.refusals import Refusal

def take(row):
    row.save()
    if row.is_gone:
        raise Refusal("gone")
"""
BESIDE = """
from django.db import transaction
from portal.refusals import Refusal

def take(row):
    row.save()
    with transaction.atomic():
        if row.is_gone:
            raise Refusal("gone")
        row.delete()
"""
TWO = """
from django.db import transaction
from portal.refusals import Refusal

@transaction.atomic
def take(row):
    if row.is_gone:
        raise Refusal("gone")
    row.save()

def take_all(rows):
    for row in rows:
        take(row)
    for row in rows:
        row.delete()
"""
WHOLE = """
from django.db import transaction
from portal.refusals import Refusal, caught

def take(row):
    with transaction.atomic():
        check(row)
        row.save()
    row.plan.save()

def check(row):
    if row.is_gone:
        raise Refusal("gone")

def take_what_goes(rows):
    for row in rows:
        with caught():
            take(row)
        row.save()

def only(row):
    take(row)
"""


@pytest.mark.parametrize(
    ("source", "torn"), [(LATE, {"take"}), (BESIDE, {"take"}), (TWO, {"take_all"}), (WHOLE, set())]
)
def test_the_reader_finds_what_is_torn(source, torn):
    """The control of the test above."""
    assert code_of(activities__operations__x=source).torn() == {f"activities.operations.x.{name}" for name in torn}


def test_a_part_is_one_with_the_operation_that_calls_it_but_not_with_a_view():
    part = LATE + "\n@transaction.atomic\ndef whole(row):\n    take(row)\n"
    view = "from activities.operations import x\n\ndef press(request, row):\n    x.take(row)\n"

    assert code_of(activities__operations__x=part).torn() == set()
    assert code_of(activities__operations__x=part, activities__views__y=view).torn() == {"activities.operations.x.take"}


def catching(text: str) -> bool:
    return any(
        isinstance(node, ast.ExceptHandler) and node.type is not None and "Refusal" in ast.unparse(node.type)
        for node in ast.walk(ast.parse(text))
    )


def test_a_refusal_becomes_a_sentence_in_one_place():
    """portal.refusals: beside its question, above the page, or where a page has a place of its own."""
    found = {
        str(file.relative_to(ROOT))
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        if catching(file.read_text(encoding="utf-8"))
    }
    assert found == set(CATCHES)
    assert catching("try:\n    x()\nexcept (ValueError, Refusal) as no:\n    pass\n")
