"""The promise on reminders (DESIGN "Reminders", docs/rules/messages.md)."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import translation
from model_bakery import baker

from activities.models import ReminderRun
from activities.operations import lifecycle, reminders, sign_ups
from activities.rules import reminder_times
from community.models import Meeting
from events.models import LearningEvent
from people import outbox
from people.models import Message, Occasion, PartyMember, PartyOrg, Team
from portal import clock
from tests.conftest import NOW, SHANGHAI

pytestmark = pytest.mark.django_db

EVENING = datetime(2018, 12, 22, 18, 0, tzinfo=SHANGHAI)  # the evening before the activities of make_activity


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def sent():
    """Reminders written so far, as {recipient name: names they are about}."""

    def read(kind="reminder") -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for occasion in Occasion.objects.filter(kind=kind, message__kind=kind).order_by("pk"):
            found.setdefault(occasion.recipient.name, []).append(occasion.subject_person.name)
        return found

    return read


def book(activity, *people, at=NOW, **options):
    return sign_ups.sign_up(activity, list(people), made_by=options.pop("made_by", people[0]), at=at, **options)


def test_the_reminder_comes_at_six_the_evening_before_and_once(activity, person, sent):
    book(activity, person)
    assert reminder_times.remind_at(activity) == EVENING
    assert reminders.queue_due(EVENING - timedelta(minutes=1)) == 0
    assert reminders.queue_due(EVENING) == 1
    assert reminders.queue_due(EVENING + timedelta(minutes=1)) == 0
    assert sent() == {person.name: [person.name]}


def test_the_ledger_holds_even_when_the_sweep_crashed_before_its_last_line(activity, person, sent):
    book(activity, person)
    reminders.queue_due(EVENING)
    ReminderRun.objects.all().delete()
    assert reminders.queue_due(EVENING) == 0
    assert sent() == {person.name: [person.name]}


def test_two_children_make_one_mail_naming_both(activity, person, make_child, sent):
    children = [make_child(person, name="大宝"), make_child(person, name="小宝")]
    book(activity, person, *children, guardian_consents=True)
    assert reminders.queue_due(EVENING) == 1
    assert sorted(sent()[person.name]) == sorted([person.name, "大宝", "小宝"])
    with clock.frozen(EVENING):
        outbox.dispatch()
    reminder = mail.outbox[-1]
    assert all(name in reminder.body for name in ("大宝", "小宝", person.name))


def test_several_activities_of_one_evening_make_one_mail(make_activity, person, sent):
    first, second = make_activity(), make_activity(starts_at=NOW + timedelta(days=3, hours=5))
    book(first, person)
    book(second, person)
    assert reminders.queue_due(EVENING) == 1
    assert Message.objects.get(kind="reminder").occasions.count() == 2


def test_whoever_joins_later_has_the_confirmation_as_reminder(activity, people, sent):
    book(activity, people[0])
    reminders.queue_due(EVENING)
    book(activity, people[1], at=EVENING + timedelta(hours=1))
    ReminderRun.objects.all().delete()  # even when asked again
    assert reminders.queue_due(EVENING + timedelta(hours=2)) == 0
    assert sent() == {people[0].name: [people[0].name]}


def test_a_moved_activity_is_reminded_of_at_its_new_time(make_activity, person, location, sent):
    activity = make_activity()
    book(activity, person)
    start = activity.starts_at + timedelta(days=2)
    lifecycle.move(activity, at=NOW, by=None, starts_at=start, ends_at=start + timedelta(hours=1), location=location)
    assert reminders.queue_due(EVENING) == 0
    assert reminders.queue_due(EVENING + timedelta(days=2)) == 1
    assert Occasion.objects.get(kind="reminder").revision == 2


def test_a_move_after_the_reminder_reminds_again_unless_it_is_the_reminder(make_activity, person, location, sent):
    activity = make_activity()
    book(activity, person)
    reminders.queue_due(EVENING)
    start = activity.starts_at + timedelta(hours=1)
    lifecycle.move(
        activity,
        at=EVENING + timedelta(hours=1),
        by=None,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        location=location,
    )
    assert (
        reminders.queue_due(EVENING + timedelta(hours=2)) == 0
    )  # the "moved" mail stands for this revision's reminder
    assert Occasion.objects.filter(kind="reminder", revision=2, message__kind="activity_moved").count() == 1


def test_withdrawn_cancelled_and_started_are_not_sent(make_activity, people):
    withdrawn, cancelled = make_activity(), make_activity(starts_at=NOW + timedelta(days=3, hours=5))
    row = book(withdrawn, people[0]).sign_ups.get()
    book(cancelled, people[1])
    reminders.queue_due(EVENING)
    late = EVENING + timedelta(minutes=5)
    sign_ups.withdraw([row], at=late, by=people[0])
    lifecycle.cancel(cancelled, at=late, by=None, reason="大风")
    with clock.frozen(late):
        outbox.dispatch()
    assert [message.subject for message in mail.outbox if "Reminder" in message.subject] == []
    assert set(Message.objects.filter(kind="reminder").values_list("state", flat=True)) == {"expired"}


def test_nothing_is_sent_after_the_start(activity, person):
    book(activity, person)
    reminders.queue_due(EVENING)
    with clock.frozen(activity.starts_at):
        outbox.dispatch()
    assert not [message for message in mail.outbox if "Reminder" in message.subject]
    assert reminders.queue_due(activity.starts_at) == 0


def test_a_second_reminder_in_quiet_hours_moves_earlier(make_activity, person, sent):
    start = datetime(2018, 12, 23, 6, 30, tzinfo=SHANGHAI)
    activity = make_activity(starts_at=start, extra_reminder_hours=2)
    book(activity, person)
    assert dict(reminder_times.leads(activity))["hours"] == datetime(2018, 12, 22, 20, 30, tzinfo=SHANGHAI)


def test_an_opted_out_resident_gets_no_reminder_but_confirmations(activity, person):
    baker.make("people.OptOut", person=person, kind="reminder", since=NOW)
    book(activity, person)
    assert reminders.queue_due(EVENING) == 0
    assert Message.objects.get().kind == "sign_up_confirmed"


def test_whoever_has_no_email_stands_on_the_phone_list(activity, make_person):
    book(activity, make_person(email="", phone="10000000201"))
    reminders.queue_due(EVENING)
    assert Message.objects.get(kind="reminder").channel == "phone"


def test_members_are_reminded_of_their_meeting_without_signing_up(make_activity, make_person, neighbourhood):
    """M3: members of the day without the exempt."""
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    group = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", parent=branch)
    expected, exempt, left = make_person(), make_person(), make_person()
    for person, fields in ((expected, {}), (exempt, {"exempt_from": NOW.date()}), (left, {"until": NOW.date()})):
        baker.make(PartyMember, neighbourhood=neighbourhood, person=person, branch=branch, group=group, **fields)
    make_activity(
        model=Meeting,
        kind="meeting", type="party_group_meeting", organisation=group, visibility="organisation", open_to=[],
    )  # fmt: skip
    assert reminders.queue_due(EVENING) == 1
    assert Message.objects.get().recipient == expected


def test_a_part_reminds_of_its_whole_once(make_activity, make_person, neighbourhood):
    """M9: one appointment for the member."""
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    member = make_person()
    baker.make(PartyMember, neighbourhood=neighbourhood, person=member, branch=branch)
    event = make_activity(model=LearningEvent, kind="learning", form="lecture", edu="theory", open_to=["members"])
    for kind in ("theme_party_day", "party_lecture"):
        make_activity(
            model=Meeting, kind="meeting", type=kind, organisation=branch, visibility="organisation", open_to=[],
            part_of=event.activity_ptr,
        )  # fmt: skip
    assert reminders.queue_due(EVENING) == 1
    assert Message.objects.get().occasions.count() == 1
    with clock.frozen(EVENING):
        outbox.dispatch()
    assert event.title in mail.outbox[-1].body


def test_a_team_meeting_expects_its_members_and_leader(make_activity, people, neighbourhood):
    team = baker.make(Team, neighbourhood=neighbourhood, leader=people[0])
    baker.make("people.TeamMembership", team=team, person=people[1])
    make_activity(model=Meeting, kind="meeting", type="team_meeting", team=team, visibility="team", open_to=[])
    reminders.queue_due(EVENING)
    assert set(Message.objects.values_list("recipient", flat=True)) == {people[0].pk, people[1].pk}


@pytest.mark.parametrize("rows", [1, 30])
def test_an_idle_sweep_costs_two_queries_whatever_is_signed_up(
    make_activity, make_person, django_assert_max_num_queries, rows
):
    activity = make_activity()
    for _ in range(rows):
        book(activity, make_person())
    reminders.queue_due(EVENING)
    with django_assert_max_num_queries(2):
        reminders.queue_due(EVENING + timedelta(minutes=1))


def test_an_early_morning_counts_as_the_day_in_shanghai(make_activity, make_person, people, neighbourhood):
    """V4: 06:30 in Shanghai is still yesterday in UTC; whoever is 18 that day reads their own mail."""
    start = datetime(2018, 12, 23, 6, 30, tzinfo=SHANGHAI)
    activity = make_activity(starts_at=start, minors="no", kind="duty")
    person = make_person(birth_date=start.date().replace(year=2000), email="eighteen@example.org")
    baker.make("people.Guardianship", guardian=people[0], child=person, declared_at=NOW)
    book(activity, person)
    assert Message.objects.get(kind="sign_up_confirmed").recipient == person
