"""The promise on seats (DESIGN "Seats", docs/rules/seats.md) and the consent gate (V4, V5), at their operations."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import translation
from model_bakery import baker

from activities.models import ActivityConsent, Booking, SignUp, SignUpStatus
from activities.operations import offers, seats, staff
from people.models import Consent, Guardianship, Message, Occasion
from portal import clock
from portal.refusals import CLASH, Refusal
from tests.conftest import NOW, SHANGHAI

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def statuses(activity) -> list[str]:
    return list(activity.sign_ups.order_by("booking__sequence", "pk").values_list("status", flat=True))


def book(activity, *people, at=NOW, **options):
    return seats.sign_up(activity, list(people), made_by=options.pop("made_by", people[0]), at=at, **options)


def test_asking_twice_returns_the_same_booking_and_sends_nothing_more(activity, person):
    first = book(activity, person)
    assert book(activity, person) == first
    assert Message.objects.count() == 1


def test_seats_go_until_the_last_and_then_the_queue_begins(make_activity, people):
    activity = make_activity(capacity=2)
    for person in people:
        book(activity, person)
    assert statuses(activity) == ["confirmed", "confirmed", "waiting", "waiting"]
    assert [booking.sequence for booking in activity.bookings.all()] == [1, 2, 3, 4]


def test_a_family_is_one_booking_all_or_none_and_nobody_passes_it(make_activity, people, make_child):
    activity = make_activity(capacity=3)
    book(activity, people[0])
    book(activity, people[1])
    child = make_child(people[2])
    book(activity, people[2], child, guardian_consents=True)  # two people, one seat left
    book(activity, people[3])  # would fit, but the free seat belongs to the head of the queue
    assert statuses(activity) == ["confirmed", "confirmed", "waiting", "waiting", "waiting"]


def test_a_freed_seat_goes_to_the_head_of_the_queue(make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    seats.withdraw([rows[0]], at=NOW, by=people[0])
    assert statuses(activity) == ["cancelled", "confirmed", "waiting"]
    assert Occasion.objects.filter(kind="sign_up_promoted", subject_person=people[1]).count() == 1


def test_withdrawing_a_promoted_booking_frees_the_seat_again(make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    seats.withdraw([rows[0]], at=NOW, by=people[0])
    seats.withdraw([rows[1]], at=NOW, by=people[1])
    assert statuses(activity) == ["cancelled", "cancelled", "confirmed"]


def test_near_the_start_a_seat_is_offered_for_twelve_hours(make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(hours=23), signup_until=NOW + timedelta(hours=20))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    seats.withdraw([rows[0]], at=NOW, by=people[0])
    assert statuses(activity) == ["cancelled", "offered", "waiting"]
    booking = Booking.objects.get(sign_ups=rows[1])
    assert booking.offer_until == NOW + timedelta(hours=12)

    offers.accept(booking, at=NOW + timedelta(hours=1), by=people[1])
    assert statuses(activity) == ["cancelled", "confirmed", "waiting"]


def test_an_unanswered_offer_lapses_and_the_next_is_asked(make_activity, people):
    activity = make_activity(capacity=1, promotion="offer", starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    seats.withdraw([rows[0]], at=NOW, by=people[0])
    later = NOW + timedelta(hours=23)  # 08:00 the next morning
    with clock.frozen(later):
        assert offers.lapse_due(later) == 1
    assert statuses(activity) == ["cancelled", "lapsed", "offered"]
    with pytest.raises(Refusal, match="no longer|ended|answer"):
        offers.accept(Booking.objects.get(sign_ups=rows[2]), at=later + timedelta(hours=12), by=people[2])


def test_a_declined_offer_goes_to_the_next(make_activity, people):
    activity = make_activity(capacity=1, promotion="offer", starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    seats.withdraw([rows[0]], at=NOW, by=people[0])
    offers.decline(Booking.objects.get(sign_ups=rows[1]), at=NOW, by=people[1])
    assert statuses(activity) == ["cancelled", "declined", "offered"]


def test_no_offer_is_made_at_night(make_activity, people):
    activity = make_activity(capacity=1, promotion="offer", starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:2]]
    night = datetime(2018, 12, 20, 20, 0, tzinfo=SHANGHAI)
    seats.withdraw([rows[0]], at=night, by=people[0])
    assert statuses(activity) == ["cancelled", "waiting"]
    newcomer = book(activity, people[2], at=night)
    assert newcomer.sign_ups.get().status == "waiting"  # the seat is the head's until it can be asked
    morning = datetime(2018, 12, 21, 8, 0, tzinfo=SHANGHAI)
    offers.lapse_due(morning)
    assert statuses(activity) == ["cancelled", "offered", "waiting"]


def test_an_offer_never_outlives_the_sign_up_end(make_activity, people):
    activity = make_activity(
        capacity=1, promotion="offer", starts_at=NOW + timedelta(hours=10), signup_until=NOW + timedelta(hours=6)
    )
    rows = [book(activity, person).sign_ups.get() for person in people[:2]]
    seats.withdraw([rows[0]], at=NOW, by=people[0])
    assert Booking.objects.get(sign_ups=rows[1]).offer_until == NOW + timedelta(hours=6)


def test_a_head_that_does_not_fit_is_asked_once_to_come_with_fewer(make_activity, people, make_child):
    activity = make_activity(capacity=2, starts_at=NOW + timedelta(days=5))
    first = book(activity, people[0]).sign_ups.get()
    book(activity, people[1])
    family = [people[2], make_child(people[2]), make_child(people[2])]
    booking = book(activity, *family, guardian_consents=True)
    seats.withdraw([first], at=NOW, by=people[0])
    booking.refresh_from_db()
    assert booking.asked_fewer_at == NOW
    assert Occasion.objects.filter(kind="come_with_fewer").values("message").distinct().count() == 1
    seats.fill_seats(activity.pk, NOW + timedelta(hours=1))
    assert Occasion.objects.filter(kind="come_with_fewer").values("message").distinct().count() == 1

    with pytest.raises(Refusal, match="1 free seats"):
        offers.accept(booking, at=NOW, by=people[2], people=family[:2])
    offers.accept(booking, at=NOW, by=people[2], people=[people[2]])
    assert statuses(activity) == ["cancelled", "confirmed", "confirmed", "declined", "declined"]


def test_in_the_last_day_of_sign_up_the_first_booking_that_fits_goes_first(make_activity, people, make_child):
    start = NOW + timedelta(days=4)
    activity = make_activity(capacity=2, starts_at=start, signup_until=NOW + timedelta(days=2))
    first = book(activity, people[0]).sign_ups.get()
    book(activity, people[1])
    book(activity, people[2], make_child(people[2]), guardian_consents=True)
    book(activity, people[3])
    late = NOW + timedelta(days=1, hours=1)
    seats.withdraw([first], at=late, by=people[0])
    assert statuses(activity) == ["cancelled", "confirmed", "waiting", "waiting", "confirmed"]


def test_more_seats_go_to_those_who_wait_and_fewer_than_taken_are_refused(make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(days=5))
    for person in people[:3]:
        book(activity, person)
    staff.change_capacity(activity, 2, at=NOW, by=None)
    assert statuses(activity) == ["confirmed", "confirmed", "waiting"]
    with pytest.raises(Refusal, match="2 seats are taken"):
        staff.change_capacity(activity, 1, at=NOW, by=None)


def test_one_live_sign_up_a_person_stands_in_the_database_too(activity, person):
    booking = book(activity, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignUp.objects.create(booking=booking, activity=activity, person=person, status="waiting")


def test_a_cancelled_row_is_never_revived(activity, person):
    old = book(activity, person).sign_ups.get()
    seats.withdraw([old], at=NOW, by=person)
    new = book(activity, person).sign_ups.get()
    old.refresh_from_db()
    assert (old.status, new.status, old.pk != new.pk) == ("cancelled", "confirmed", True)


# Refusals, by their words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "cancelled"}, "cancelled"),
        ({"starts_at": NOW - timedelta(hours=1)}, "begun or is over"),
        ({"open_to": []}, "Nobody needs to sign up"),
        ({"signup_from": NOW + timedelta(hours=1)}, "Sign-up begins on Thu 20 Dec, 10:00"),
        ({"signup_until": NOW}, "Sign-up has ended.*10000000001"),
    ],
)
def test_outside_the_window_sign_up_is_refused_with_a_sentence(make_activity, person, fields, words):
    with pytest.raises(Refusal, match=words):
        book(make_activity(**fields), person)


def test_staff_may_still_enter_who_rang_up_after_the_end(make_activity, person):
    from people.models import User

    by = User.objects.create_user("s@example.org")
    booking = book(make_activity(signup_until=NOW), person, channel="phone", entered_by=by)
    assert booking.sign_ups.get().status == "confirmed"


def test_a_clash_is_refused_until_accepted(make_activity, person):
    book(make_activity(title="先报的"), person)
    other = make_activity()
    with pytest.raises(Refusal, match="先报的") as refused:
        book(other, person)
    assert refused.value.code == CLASH
    assert book(other, person, accept_clash=True).sign_ups.get().status == "confirmed"


def test_people_of_another_neighbourhood_are_refused(activity, make_person, elsewhere):
    with pytest.raises(Refusal, match="another residential area"):
        book(activity, make_person(place=elsewhere))


@pytest.mark.parametrize(
    ("age", "fields", "words"),
    [
        (17, {"minors": "no"}, "adults only"),
        (None, {"minors": "no"}, "do not know whether"),
        (13, {"minors": "14_and_over"}, "must be 14"),
        (30, {"min_age": 31}, "at least 31"),
        (70, {"max_age": 65}, "at most 65"),
        (10, {}, "needs an adult"),
    ],
)
def test_ages_are_those_of_the_day_and_fail_closed(make_activity, make_person, age, fields, words):
    """V4: an unknown age counts as under 14."""
    with pytest.raises(Refusal, match=words):
        book(make_activity(**fields), make_person(age))


def test_age_is_counted_on_the_day_of_the_activity(make_activity, make_person):
    """V4: 14 on the very day is 14."""
    day = NOW + timedelta(days=3)
    person = make_person(birth_date=day.date().replace(year=day.year - 14))
    booking = book(make_activity(minors="14_and_over", starts_at=day), person)
    assert booking.sign_ups.get().status == "consent_pending"


def test_a_declared_adult_of_unknown_age_may_join(make_activity, make_person):
    assert (
        book(make_activity(minors="no"), make_person(None, declared_adult_at=NOW)).sign_ups.get().status == "confirmed"
    )


def test_families_only_needs_a_child_and_an_adult(make_activity, people, make_child):
    activity = make_activity(open_to=["families"])
    with pytest.raises(Refusal, match="for families"):
        book(activity, people[0])
    book(activity, people[0], make_child(people[0]), guardian_consents=True)
    assert statuses(activity) == ["confirmed", "confirmed"]


def test_those_who_came_before_are_invited_first(make_activity, people):
    """S25: the children of the covers before everyone else."""
    before = make_activity(title="画井盖", starts_at=NOW - timedelta(days=9), status="done")
    booking = baker.make(Booking, activity=before, sequence=1, made_by=people[0], made_at=NOW)
    baker.make(SignUp, booking=booking, activity=before, person=people[0], status="attended")
    activity = make_activity(invite_first=before.activity_ptr, opens_to_all_at=NOW + timedelta(hours=2))
    book(activity, people[0])
    with pytest.raises(Refusal, match="画井盖"):
        book(activity, people[1])
    book(activity, people[1], at=NOW + timedelta(hours=2))


# Children


def test_a_guardian_signs_up_two_children_in_one_booking(activity, person, make_child):
    children = [make_child(person), make_child(person, 15)]
    booking = book(activity, person, *children, guardian_consents=True)
    assert statuses(activity) == ["confirmed"] * 3
    assert ActivityConsent.objects.filter(guardian=person, relation="母亲", channel="web").count() == 2
    assert set(booking.sign_ups.exclude(companion=None).values_list("companion", flat=True)) == {person.pk}
    assert Message.objects.count() == 1  # one mail that names all


def test_a_guardian_without_the_tick_is_refused(activity, person, make_child):
    """V4."""
    child = make_child(person, name="小满")
    with pytest.raises(Refusal, match="Please tick.*小满") as refusal:
        book(activity, person, child)
    assert refusal.value.person == child
    assert not SignUp.objects.exists()


def test_without_the_consent_to_the_data_no_child_is_signed_up(activity, person, make_child):
    """V4: data and activity."""
    with pytest.raises(Refusal, match="keep their data"):
        book(activity, person, make_child(person, data=False), guardian_consents=True)


def test_a_helpers_booking_waits_for_the_guardian_for_48_hours(make_activity, people, make_child):
    activity = make_activity(starts_at=NOW + timedelta(days=9))
    child = make_child(people[1])
    booking = book(activity, people[0], child)
    row = booking.sign_ups.get(person=child)
    assert (row.status, row.consent_until) == ("consent_pending", NOW + timedelta(hours=48))
    assert Occasion.objects.get(kind="consent_wanted").recipient == people[1]

    seats.give_consent(row, people[1], at=NOW)
    row.refresh_from_db()
    assert row.status == "confirmed"


def test_a_pending_consent_lapses_and_the_others_keep_their_seats(make_activity, people, make_child):
    activity = make_activity(starts_at=NOW + timedelta(days=9))
    book(activity, people[0], make_child(people[1]))
    offers.lapse_due(NOW + timedelta(hours=48))
    assert sorted(statuses(activity)) == ["confirmed", "lapsed"]


def test_promotion_never_confirms_a_minor_without_consent(make_activity, people, make_child):
    """V4: no path does; here the waiting list."""
    activity = make_activity(capacity=2, starts_at=NOW + timedelta(days=9))
    first = book(activity, people[0]).sign_ups.get()
    second = book(activity, people[3]).sign_ups.get()
    child = make_child(people[1])
    book(activity, people[2], child)
    assert statuses(activity)[2:] == ["waiting", "waiting"]
    seats.withdraw([first], at=NOW, by=people[0])
    seats.withdraw([second], at=NOW + timedelta(minutes=1), by=people[3])
    assert activity.sign_ups.get(person=child).status == "consent_pending"


def test_only_a_guardian_gives_consent(make_activity, people, make_child):
    row = book(make_activity(), people[0], make_child(people[1])).sign_ups.get(status="consent_pending")
    with pytest.raises(Refusal, match="Only a guardian"):
        seats.give_consent(row, people[0], at=NOW)


def test_where_demanded_a_declared_guardian_is_not_enough(make_activity, people, make_child):
    activity = make_activity(confirmed_guardians_only=True, starts_at=NOW + timedelta(days=9))
    child = make_child(people[0])
    book(activity, people[0], child, guardian_consents=True)
    assert activity.sign_ups.get(person=child).status == "consent_pending"
    Guardianship.objects.update(state="confirmed")
    seats.give_consent(activity.sign_ups.get(person=child), people[0], at=NOW)
    assert activity.sign_ups.get(person=child).status == "confirmed"


def test_a_revoked_consent_takes_the_confirmation_back(make_activity, person, make_child):
    """V5: as easily as given."""
    activity = make_activity(starts_at=NOW + timedelta(days=9))
    child = make_child(person)
    book(activity, person, child, guardian_consents=True)
    seats.revoke_consent(ActivityConsent.objects.get(), at=NOW)
    assert activity.sign_ups.get(person=child).status == "consent_pending"


def test_the_last_companion_leaves_only_with_the_child_or_a_replacement(activity, people, make_child):
    """V5: companion required."""
    child = make_child(people[0], name="小满")
    booking = book(activity, people[0], child, guardian_consents=True)
    own = booking.sign_ups.get(person=people[0])
    with pytest.raises(Refusal, match="小满 was to come with you"):
        seats.withdraw([own], at=NOW, by=people[0])
    with pytest.raises(Refusal, match="not an adult with a confirmed seat"):
        seats.withdraw([own], at=NOW, by=people[0], new_companion=people[1])
    book(activity, people[1])
    seats.withdraw([own], at=NOW, by=people[0], new_companion=people[1])
    assert activity.sign_ups.get(person=child).companion == people[1]


def test_one_member_of_a_family_may_withdraw(activity, person, make_child):
    child = make_child(person)
    booking = book(activity, person, child, guardian_consents=True)
    seats.withdraw([booking.sign_ups.get(person=child)], at=NOW, by=person)
    assert statuses(activity) == ["confirmed", "cancelled"]


def test_nobody_withdraws_somebody_else(activity, people):
    row = book(activity, people[0]).sign_ups.get()
    with pytest.raises(Refusal, match="Only the person"):
        seats.withdraw([row], at=NOW, by=people[1])


def test_after_the_deadline_one_calls_the_committee(make_activity, person):
    activity = make_activity(cancel_until=NOW + timedelta(hours=1))
    row = book(activity, person).sign_ups.get()
    with pytest.raises(Refusal, match="call the committee.*10000000001"):
        seats.withdraw([row], at=NOW + timedelta(hours=1), by=person)


# What staff do


def test_cancelling_tells_everyone_and_ends_their_sign_ups(make_activity, people):
    activity = make_activity(capacity=1)
    for person in people[:2]:
        book(activity, person)
    staff.cancel(activity, at=NOW, by=None, reason="寒潮")
    activity.refresh_from_db()
    assert (activity.status, activity.cancel_reason) == ("cancelled", "寒潮")
    assert statuses(activity) == ["cancelled", "cancelled"]
    assert Occasion.objects.filter(kind="activity_cancelled").count() == 2


def test_cancelling_needs_a_reason(activity):
    with pytest.raises(Refusal, match="say why"):
        staff.cancel(activity, at=NOW, by=None, reason=" ")


def test_moving_raises_the_revision_and_keeps_the_old_time(make_activity, person, location):
    activity = make_activity()
    book(activity, person)
    start = activity.starts_at + timedelta(hours=4)
    staff.move(
        activity, at=NOW, by=None, starts_at=start, ends_at=start + timedelta(hours=1), location=location, reason="错开"
    )
    activity.refresh_from_db()
    assert (activity.revision, activity.starts_at) == (2, start)
    assert activity.moves.get().old_starts_at == start - timedelta(hours=4)
    assert Occasion.objects.get(kind="activity_moved").revision == 2
    assert activity.history.count() >= 2  # the shift's own history, not the base's alone


def test_attendance_is_recorded_after_the_start(activity, person):
    book(activity, person)
    with pytest.raises(Refusal, match="once it has begun"):
        staff.record_attendance(activity, {person.pk: "attended"}, at=NOW, by=None)
    assert staff.record_attendance(activity, {person.pk: "attended"}, at=activity.starts_at, by=None) == 1


def test_publishing_needs_what_the_law_wants_told(make_activity):
    """V1."""
    draft = make_activity(status="draft", risks="", text="")
    with pytest.raises(Refusal, match="text, risks"):
        staff.publish(draft, at=NOW, by=None)


def test_past_activities_are_finished(make_activity):
    over = make_activity(starts_at=NOW - timedelta(hours=3), ends_at=NOW - timedelta(hours=1))
    make_activity()
    assert staff.finish_past(NOW) == 1
    over.refresh_from_db()
    assert over.status == "done"


def test_coach_seats_are_counted(make_activity, people):
    activity = make_activity(coach_seats=1)
    book(activity, people[0], coach=[people[0].pk])
    with pytest.raises(Refusal, match="coach has 0"):
        book(activity, people[1], coach=[people[1].pk])
    book(activity, people[1])


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_statuses_that_hold_seats_are_those_of_the_brief():
    from activities.models import SEAT_HOLDING

    assert set(SEAT_HOLDING) == set(SignUpStatus) - {"waiting", "excused", "cancelled", "lapsed", "declined"}


def test_own_data_consent_from_14(activity, person, make_child):
    """V4: at 14 the guardian's consent to the data no longer counts."""
    child = make_child(person, 15, data=False)
    baker.make(
        Consent, person=child, purpose="data", text=baker.make("people.ConsentText"), given_by=person, given_at=NOW
    )
    with pytest.raises(Refusal, match="keep their data"):
        book(activity, person, child, guardian_consents=True)


def test_a_consent_counts_only_while_its_giver_is_a_guardian(make_activity, people, make_child):
    """V4: neither to the activity nor to the data."""
    activity = make_activity(starts_at=NOW + timedelta(days=9), capacity=2)
    first = book(activity, people[0]).sign_ups.get()
    child = make_child(people[1])
    book(activity, people[1], child, guardian_consents=True)
    Guardianship.objects.update(ended_at=NOW)
    seats.withdraw([first], at=NOW, by=people[0])
    assert activity.sign_ups.get(person=child).status == "consent_pending"
