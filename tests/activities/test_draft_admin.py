"""The staff's form of an activity: a draft is edited freely, what is published keeps what people were told."""

from datetime import timedelta

import pytest
from model_bakery import baker

from activities.models import Activity, Status
from activities.operations import sign_ups
from people.admin import opened
from tests.activities.admin_pages import draft_form, page, when
from tests.conftest import NOW
from tests.staff import said
from volunteers.models import Shift

pytestmark = pytest.mark.django_db


# --- drafts and what is fixed afterwards ---


@pytest.mark.parametrize(("hours", "is_warned"), [(15, True), (1, False)])
def test_a_time_to_withdraw_before_the_reminder_is_warned_about(desk, location, hours, is_warned):
    """M5: the reminder goes out at 18:00 the evening before; whoever learns from it that they cannot come is late."""
    start = NOW + timedelta(days=4)  # at 9:00
    added = desk.post(
        page("add"),
        draft_form(location=str(location.pk), starts_at=start, **when("cancel_until", start - timedelta(hours=hours))),
    )
    assert Shift.objects.get().cancel_until == start - timedelta(hours=hours)
    assert any("the reminder goes out on" in one for one in said(added)) == is_warned


def test_a_draft_is_added_and_edited_freely(desk, location):
    added = desk.post(page("add"), draft_form(location=str(location.pk)))
    shift = Shift.objects.get()

    desk.post(
        page("change", shift.pk),
        draft_form(location=str(location.pk), title="补苗", capacity="7", starts_at=NOW + timedelta(days=6)),
    )

    assert added.status_code == 302
    assert (shift.kind, shift.status) == ("shift", Status.DRAFT)
    shift.refresh_from_db()
    assert (shift.title, shift.capacity, shift.starts_at) == ("补苗", 7, NOW + timedelta(days=6))
    assert shift.history.first().history_user.email.startswith("volunteer_coordinator")


def test_time_place_seats_and_status_of_a_published_activity_are_not_in_its_form(
    desk, activity, location, neighbourhood
):
    elsewhere = baker.make("people.Location", neighbourhood=neighbourhood, name="会议室", kind="room")

    desk.post(
        page("change", activity.pk),
        draft_form(
            title="盖草帘（带手套）",
            location=str(elsewhere.pk),
            capacity="99",
            status="draft",
            starts_at=NOW + timedelta(days=9),
        ),
    )

    before = (activity.starts_at, activity.ends_at, activity.location_id, activity.capacity, activity.status)
    activity.refresh_from_db()
    assert (activity.starts_at, activity.ends_at, activity.location_id, activity.capacity, activity.status) == before
    assert activity.title == "盖草帘（带手套）"


def test_saving_the_form_keeps_what_an_operation_changed_meanwhile(desk, activity, monkeypatch):
    """The row is stored on top of what stands there under the lock, not as it was when the form was read."""
    lock = opened.row_lock

    def meanwhile(model, pk):
        Activity.objects.filter(pk=pk).update(capacity=8, revision=5)
        lock(model, pk)

    marks = desk.get(page("change", activity.pk)).context["opened"]
    monkeypatch.setattr(opened, "row_lock", meanwhile)

    desk.post(page("change", activity.pk), draft_form(title="改名", opened=marks))

    activity.refresh_from_db()
    assert (activity.title, activity.capacity, activity.revision) == ("改名", 8, 5)


def test_who_may_come_is_fixed_once_someone_has_signed_up(desk, activity, person):
    free = desk.get(page("change", activity.pk)).content.decode()
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)

    fixed = desk.get(page("change", activity.pk)).content.decode()

    assert 'name="minors"' in free
    assert 'name="minors"' not in fixed


def test_copy_as_a_new_draft_starts_from_everything_but_the_bookings(desk, make_activity):
    old = make_activity(title="写春联", starts_at=NOW - timedelta(days=10), capacity=12, text="写春联送楼组")

    response = desk.get(f"{page('add')}?copy={old.pk}")

    form = response.context["adminform"].form
    assert form.initial["title"] == "写春联"
    assert form.initial["capacity"] == 12
    assert form.initial["starts_at"] == NOW + timedelta(days=4)
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_at_0": "31.02."}, "Enter a valid date"),
        ({"ends_at_0": "2018-12-01"}, "The end must lie after the start."),
        ({"title": "a\0b"}, "Null characters are not allowed."),
        ({"title": "长" * 121}, "at most 120 characters"),
        ({"open_to": "everybody"}, "not one of the available choices"),
        ({"capacity": "-1"}, "greater than or equal to 0"),
        ({"visibility": "organisation"}, "outside of what your role covers|Say which Party organisation"),
        ({"visibility": "team"}, "Say which team may see it."),
        ({"kind_of": "duty"}, "Say which team is on duty."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_the_rest(desk, changes, sentence):
    response = desk.post(page("add"), draft_form(**changes))

    assert response.status_code == 200
    text = response.content.decode()
    assert any(part in text for part in sentence.split("|"))
    assert "给花坛盖草帘" in text
    assert not Shift.objects.exists()


def test_an_error_of_a_field_that_is_fixed_is_a_sentence_and_no_crash(desk, activity):
    response = desk.post(page("change", activity.pk), draft_form(visibility="team"))

    assert response.status_code == 200
    assert "Say which team may see it." in response.content.decode()


# --- deleting ---


def test_only_a_draft_that_nobody_signed_up_for_is_deleted(desk, make_activity, person):
    free = make_activity(status=Status.DRAFT)
    booked = make_activity()
    sign_ups.sign_up(booked, [person], made_by=person, at=NOW)

    desk.post(page("delete", free.pk), {"post": "yes"})
    refused = desk.post(page("delete", booked.pk), {"post": "yes"})

    assert set(Shift.objects.all()) == {booked}
    assert "people have signed up" in said(refused)[-1]
    assert "people have signed up" in desk.get(page("change", booked.pk)).content.decode()
