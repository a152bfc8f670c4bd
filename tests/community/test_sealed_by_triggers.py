"""Behind the models: PostgreSQL itself refuses to change what is signed or published (T11)."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from activities.models import Activity
from community.models import Absence, Deliberation, Meeting
from community.operations import correct_result
from people.models import opened
from people.models.sealed import triggers
from people.operations.merging import merge
from tests.activities.conftest import branches
from tests.community.conftest import committee, held, make_deliberation
from tests.community.test_signed_records import (
    meeting,
    members,
    other_than,
    published,
    sealed_rows,
    secretary,
    signed,
    user,
)
from tests.conftest import NOW

__all__ = [
    "branches", "committee", "held", "make_deliberation", "meeting", "members", "published", "secretary", "signed", "user",
]  # fmt: skip

pytestmark = pytest.mark.django_db
NEWEST = (
    "community.migrations.0011_sealed_by_triggers",
    "projects.migrations.0016_agreed_stories_stand",
    "volunteers.migrations.0012_certificates_stand",
)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="needs PostgreSQL: SQLite has no such triggers"
)


def test_the_newest_migrations_hold_what_the_models_say():
    """A column that is sealed later needs a migration with the list anew, and its name here."""
    held_there = [one for name in NEWEST for one in import_module(name).TRIGGERS]
    assert sorted(map(repr, triggers())) == sorted(map(repr, held_there))


def raw(sql: str, *values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@on_postgresql
def test_raw_sql_is_refused_for_each_column(signed, published):
    """T11: past every model; pointers to people stay open, for joining and erasing."""
    tried = 0
    for row, field in sealed_rows(signed, published):
        if field.name in row.seal.pointers:
            continue
        value = other_than(field, getattr(row, field.attname))
        table = field.model._meta.db_table
        with pytest.raises(IntegrityError, match="sealed"):
            raw(
                f'UPDATE {table} SET "{field.column}" = %s WHERE {field.model._meta.pk.column} = %s',
                field.get_db_prep_save(value, connection), row.pk,
            )  # fmt: skip
        tried += 1
    assert tried > 50
    for sql in (
        f"DELETE FROM community_absence WHERE meeting_id = {signed.pk}",
        f"DELETE FROM community_option WHERE deliberation_id = {published.pk}",
        f"UPDATE community_meeting SET record_state = 'draft' WHERE activity_ptr_id = {signed.pk}",
        f"INSERT INTO community_side (deliberation_id, name, has_signed) VALUES ({published.pk}, '甲', true)",
        f"INSERT INTO community_deliberation_discussed_by (deliberation_id, meeting_id) VALUES ({published.pk}, {signed.pk})",
        f"DELETE FROM community_meeting WHERE activity_ptr_id = {signed.pk}",
        f"DELETE FROM community_deliberation WHERE activity_ptr_id = {published.pk}",
    ):
        with pytest.raises(IntegrityError, match="sealed"):
            raw(sql)


@on_postgresql
def test_what_operations_and_the_release_before_write_goes_on(signed, published, members, make_person, user, meeting):
    raw("UPDATE community_followup SET done_on = %s WHERE deliberation_id = %s", NOW.date(), published.pk)
    raw("UPDATE activities_activity SET revision = 2, status = 'done' WHERE id = %s", signed.pk)
    raw("UPDATE community_meeting SET chair_id = NULL WHERE activity_ptr_id = %s", signed.pk)
    # As the release before takes a result back: state and reason in one statement.
    with transaction.atomic():
        raw(
            "UPDATE community_deliberation SET result_state = 'pending', correction = '抄错' WHERE activity_ptr_id = %s",
            published.pk,
        )
        raw("UPDATE community_option SET votes_for = 4, votes_against = 0 WHERE deliberation_id = %s", published.pk)
        raw("UPDATE community_deliberation SET result_state = 'published' WHERE activity_ptr_id = %s", published.pk)
    correct_result(published, at=NOW, by=user, reason="抄错")
    kept = make_person(name="柴勇", email="")
    merge(kept, members[2], reason="同一人", by=user, at=NOW)
    assert [row.person for row in Absence.objects.filter(meeting=signed)] == [kept]
    unsigned = meeting()
    raw("UPDATE activities_activity SET title = '改了' WHERE id = %s", unsigned.pk)
    raw("DELETE FROM community_meeting WHERE activity_ptr_id = %s", unsigned.pk)


@on_postgresql
def test_opening_ends_with_its_block(signed):
    with transaction.atomic():
        with opened():
            Meeting.objects.filter(pk=signed.pk).update(title="改了", agenda=["改了"])
        with pytest.raises(IntegrityError, match="sealed"):
            raw("UPDATE activities_activity SET title = '又改' WHERE id = %s", signed.pk)
    assert Activity.objects.get(pk=signed.pk).title == "改了"
    assert Deliberation.objects.count() == 0
