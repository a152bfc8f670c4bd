"""The week in which the trial starts: the clock, the queue of va19, and the other bookings (demo/README.md)."""

from collections import Counter

import pytest

from activities.models import Activity, SignUp, SignUpStatus, Status, Visibility
from activities.operations import lifecycle, offers, reminders
from activities.rules.expected import expected_at
from community.models import Article, Meeting
from events.models import LearningEvent
from people.models import Message, Person
from portal import clock
from tests.demo.days import STARTS, moment, told
from volunteers.models import Shift
from volunteers.operations import helping

pytestmark = pytest.mark.django_db


# Time


def test_what_is_over_is_done_and_what_is_to_come_is_not(year):
    assert not Activity.objects.filter(status=Status.DONE, ends_at__gt=STARTS).exists()
    assert not Activity.objects.filter(status=Status.PUBLISHED, ends_at__lte=STARTS).exists()
    assert not Activity.objects.filter(status=Status.DRAFT).exists()
    assert [one.title for one in Activity.objects.filter(status=Status.CANCELLED)] == ["故事墙前露天故事会"]
    assert not SignUp.objects.filter(
        status__in=["attended", "absent", "excused"], activity__ends_at__gt=STARTS
    ).exists()
    assert not Meeting.objects.filter(record_state="planned", ends_at__lte=STARTS).exists()
    assert not Article.objects.filter(published_at__gt=STARTS).exists()


def test_history_begins_with_the_load_and_carries_the_portals_time(year):
    for model in (Person, Shift, Meeting, LearningEvent):
        rows = model.history.all()
        assert rows.count() == model.objects.count()
        assert {row.history_date for row in rows} == {STARTS}


def test_no_message_of_the_past_is_made_up_and_none_is_due_at_the_start(year):
    assert offers.lapse_due(STARTS) == 0
    assert reminders.queue_due(STARTS) == 0
    assert lifecycle.finish_past(STARTS) == 0
    assert not Message.objects.exists()


def test_the_reminders_of_the_live_week_go_out_once(year, person):
    evening = moment("2018-12-21T18:00")
    with clock.frozen(evening):
        written = reminders.queue_due(evening)
        again = reminders.queue_due(evening)

    reminded = {message.recipient.name for message in Message.objects.filter(kind="reminder")}
    assert (written, again) == (8, 0)
    # va19 and va20 of the next day and Saturday's duty; the child's goes to the mother, in one message with her own
    assert reminded == {person(key).name for key in ("r001", "r012", "r008", "p022", "r023", "p013", "p037", "p045")}
    mothers = Message.objects.get(recipient=person("r012"), kind="reminder")
    assert {one.subject_person.name for one in mothers.occasions.all()} == {person("r012").name, person("k09").name}


# The queue of va19, and the other bookings of the live week


def test_va19_is_full_with_one_live_offer_and_a_family_of_three_first_in_the_queue(year, queue, shift, person):
    activity = Activity.objects.with_seats_left().get(pk=shift("va19").pk)

    assert (activity.capacity, activity.seats_left, activity.waiting, activity.promotion) == (5, 0, 8, "offer")
    assert list(queue("va19").items()) == [
        (person(key).name, status)
        for key, status in [
            ("r001", "confirmed"),
            ("r012", "confirmed"),
            ("k09", "confirmed"),
            ("r022", "cancelled"),
            ("p012", "cancelled"),
            ("r019", "declined"),
            ("r008", "confirmed"),
            ("r021", "lapsed"),
            ("p041", "offered"),
            ("r009", "waiting"),
            ("k03", "waiting"),
            ("k04", "waiting"),
            ("r020", "waiting"),
            ("r010", "waiting"),
            ("k06", "waiting"),
            ("p049", "waiting"),
            ("d04", "waiting"),
        ]
    ]
    assert [one.sequence for one in activity.bookings.all()] == list(range(1, 14))
    assert {
        booking.made_by.name: (told(booking.offered_at), told(booking.offer_until))
        for booking in activity.bookings.exclude(offered_at=None)
    } == {
        person("r019").name: ("12-18 12:00", "12-19 00:00"),
        person("r008").name: ("12-18 13:20", "12-19 01:20"),
        person("r021").name: ("12-19 08:30", "12-19 20:30"),
        person("p041").name: ("12-20 08:00", "12-20 20:00"),
    }


def test_the_live_offer_can_be_taken_until_the_evening(year, shift, person):
    booking = shift("va19").bookings.get(made_by=person("p041"))

    with clock.frozen(moment("2018-12-20T19:59")):
        offers.accept(booking, at=clock.now(), by=person("p041"))

    assert booking.sign_ups.get().status == SignUpStatus.CONFIRMED


def test_an_offer_not_answered_lapses_and_the_next_morning_the_first_that_fits_is_asked(year, queue, person):
    for when in ("2018-12-20T20:00", "2018-12-21T08:00"):
        with clock.frozen(moment(when)):
            offers.lapse_due(clock.now())

    statuses = queue("va19")
    assert statuses[person("p041").name] == "lapsed"
    # in the last 24 hours before sign-up ends the family of three no longer holds up those who fit
    assert statuses[person("r020").name] == "offered"
    assert statuses[person("r009").name] == "waiting"


def test_two_places_wait_for_a_guardian_and_are_released_after_48_hours(year, shift, person):
    k11 = shift("va17").sign_ups.get(person=person("k11"))
    k13 = shift("va24").sign_ups.get(person=person("k13"))

    assert (k11.status, told(k11.consent_until)) == ("consent_pending", "12-20 11:00")
    assert (k13.status, told(k13.consent_until)) == ("consent_pending", "12-21 16:40")
    assert SignUp.objects.filter(status="consent_pending").count() == 2
    with clock.frozen(moment("2018-12-20T11:00")):
        offers.lapse_due(clock.now())
    assert shift("va17").sign_ups.get(person=person("k11")).status == "lapsed"
    assert shift("va17").sign_ups.get(person=person("r014")).status == "confirmed"


def test_va24_was_moved_and_one_has_not_seen_it(year, shift, person):
    activity = shift("va24")

    assert (activity.revision, told(activity.starts_at), told(activity.ends_at)) == (2, "01-05 14:00", "01-05 15:30")
    (move,) = activity.moves.all()
    assert (move.revision, told(move.old_starts_at), told(move.moved_at)) == (2, "01-05 10:00", "12-18 10:00")
    assert {row.person.name: row.seen_revision for row in activity.sign_ups.all()} == {
        person("d02").name: 2,
        person("k05").name: 1,
        person("k13").name: 2,  # booked after the move
    }


def test_va23_was_cancelled_with_its_reason_and_nobody_is_signed_up(year, shift):
    activity = shift("va23")

    assert (activity.status, told(activity.cancelled_at), activity.cancel_reason) == (
        "cancelled",
        "12-19 16:00",
        "寒潮大风",
    )
    assert {row.status for row in activity.sign_ups.all()} == {"cancelled"}
    notice = Article.objects.get(activity=activity)
    assert notice.published_at > activity.cancelled_at


def test_va20_is_for_adults_of_18_to_65_and_va25_has_one_seat_left(year, shift):
    va20 = shift("va20")

    assert (va20.minors, va20.min_age, va20.max_age) == ("no", 18, 65)
    assert Activity.objects.with_seats_left().get(pk=shift("va25").pk).seats_left == 1


def test_some_activities_of_the_live_weeks_say_what_to_bring_and_the_others_nothing(year, files):
    asked = {row["title"]: row["bring"] for row in files.section("volunteers", "activities") if "bring" in row}

    assert len(asked) == 4
    assert dict(Activity.objects.exclude(bring="").values_list("title", "bring")) == asked


def test_thin_shifts_have_somebody_to_call(year, shift, person):
    """Issue 5: those who ticked "tell me next time", by project, team or anywhere."""

    def asked(key):
        return {one.name for one in helping.whom_to_ask(shift(key), STARTS).people}

    names = {key: person(key).name for key in ("r013", "r018", "r020", "r022", "p041")}
    assert asked("va18") == {names["r018"]}  # r022 and r013 are signed up already
    assert asked("va20") == {names["r020"], names["r022"]}
    assert asked("va22") == {names["r013"], names["r022"]}
    assert asked("va24") == {names["p041"], names["r022"]}


def test_ev22_has_a_coach_of_12_seats_and_four_have_taken_one(year, person):
    event = LearningEvent.objects.get(title="参观上海解放纪念馆")

    assert (event.capacity, event.coach_seats, told(event.coach_departs_at)) == (20, 12, "01-04 13:15")
    assert {row.person.name for row in event.sign_ups.filter(takes_coach=True)} == {
        person(key).name for key in ("p007", "p021", "p026", "p047")
    }
    assert event.sign_ups.count() == 5


def test_the_flower_teams_next_meeting_is_open_to_residents_and_the_others_are_the_teams(year, lane, person):
    first, second, third = Meeting.objects.filter(type="team_meeting").order_by("starts_at")

    assert (third.visibility, third.open_to, third.status) == (Visibility.PUBLIC, ["residents"], "published")
    assert {first.visibility, second.visibility} == {Visibility.TEAM}
    assert [row.person.name for row in third.sign_ups.all()] == [person("r019").name]
    assert len(expected_at([third.pk])[third.pk]) == 15  # fourteen members and one resident


def test_no_activity_has_more_people_than_seats(year):
    over = Activity.objects.with_seats_left().exclude(capacity=None)

    taken = Counter(SignUp.objects.holding_seats().values_list("activity", flat=True))
    assert [one.title for one in over if taken[one.pk] > one.capacity] == []
