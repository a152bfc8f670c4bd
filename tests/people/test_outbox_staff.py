"""What staff see and do with messages: late, failed, in doubt, again, by phone (DESIGN.md §3 "Reminders", "Seats")."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils.translation import override

from people import outbox
from people.models import Message
from portal import clock
from portal.refusals import Refusal
from tests.people.outbox_sink import CALL, NOTE

pytestmark = pytest.mark.usefixtures("test_messages")
State = Message.State
About = outbox.About
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def message(person, at):
    return outbox.queue(NOTE, person, [About("x:1")], at=at, expires_at=at + timedelta(days=1))


def change(message: Message, **fields) -> Message:
    Message.objects.filter(pk=message.pk).update(**fields)
    message.refresh_from_db()
    return message


# --- sending again ---


@pytest.mark.parametrize("state", [State.FAILED, State.SENT, State.IN_DOUBT, State.EXPIRED])
def test_send_again_sends_the_same_message_with_its_message_id(message, at, mailoutbox, state):
    """Messages: "send again" sets the same Message back to pending."""
    before = message.message_id
    change(message, state=state, attempts=6, error="550 no such mailbox", next_try_at=clock.real_now() + HALF_AN_HOUR)

    outbox.send_again(message, at=at)
    assert (message.state, message.attempts, message.error) == (State.PENDING, 0, "")

    outbox.dispatch()
    message.refresh_from_db()
    assert (message.state, message.message_id) == (State.SENT, before)
    assert [one.extra_headers["Message-ID"] for one in mailoutbox] == [before]


def test_send_again_wakes_a_worker(message, at, django_capture_on_commit_callbacks):
    connection.run_on_commit.clear()  # what writing the message asked for
    with django_capture_on_commit_callbacks() as callbacks:
        outbox.send_again(message, at=at)
    assert len(callbacks) == 1


@pytest.mark.parametrize("state", [State.CLAIMED, State.SENDING])
def test_what_is_on_its_way_is_not_sent_again(message, at, state):
    change(message, state=state)
    with override("en"), pytest.raises(Refusal, match="being sent right now"):
        outbox.send_again(message, at=at)


def test_what_is_over_is_not_sent_again(message, at):
    with override("en"), pytest.raises(Refusal, match="over"):
        outbox.send_again(message, at=at + timedelta(days=1))


def test_without_an_address_staff_are_asked_to_phone(message, at):
    message.recipient.email = ""
    message.recipient.user = None
    message.recipient.save()
    with override("en"), pytest.raises(Refusal, match="phone"):
        outbox.send_again(Message.objects.get(), at=at)


def test_an_address_given_meanwhile_turns_a_call_into_a_mail(make_person, at, mailoutbox):
    person = make_person(email="")
    message = outbox.queue(NOTE, person, [About("x:1")], at=at)
    person.email = "now@example.org"
    person.save()

    outbox.send_again(message, at=at)
    outbox.dispatch()
    assert [one.to for one in mailoutbox] == [["now@example.org"]]


# --- by phone ---


def calls(neighbourhood, at) -> list[Message]:
    return list(outbox.phone_list(neighbourhood, at=at))


def test_who_has_no_mail_is_phoned(make_person, neighbourhood, at):
    """Reminders: people without e-mail stand on a printable phone list."""
    message = outbox.queue(NOTE, make_person(email=""), [About("x:1")], at=at)

    assert calls(neighbourhood, at) == [message]


def test_who_has_no_mail_is_phoned_when_it_is_due(make_person, neighbourhood, at):
    message = outbox.queue(NOTE, make_person(email=""), [About("x:1")], at=at, due_at=at + HALF_AN_HOUR)

    assert calls(neighbourhood, at) == []
    assert calls(neighbourhood, at + HALF_AN_HOUR) == [message]


def test_whose_mail_failed_is_phoned(message, neighbourhood, at):
    assert calls(neighbourhood, at) == []
    change(message, state=State.FAILED)
    assert calls(neighbourhood, at) == [message]


def test_only_an_urgent_mail_that_is_late_is_phoned(people, neighbourhood, at):
    """Seats: an offer that was not handed over within 30 minutes goes on the phone list."""
    outbox.queue(NOTE, people[0], [About("x:1")], at=at)
    offer = outbox.queue(CALL, people[1], [About("x:1")], at=at)

    assert calls(neighbourhood, at + HALF_AN_HOUR - timedelta(seconds=1)) == []
    assert calls(neighbourhood, at + HALF_AN_HOUR) == [offer]


def test_nobody_is_phoned_about_what_is_over(make_person, neighbourhood, at, message):
    """Reminders: nothing after the start, by phone neither."""
    change(message, state=State.FAILED)
    by_phone = outbox.queue(NOTE, make_person(email=""), [About("x:1")], at=at, expires_at=at + HALF_AN_HOUR)
    assert len(calls(neighbourhood, at)) == 2

    later = at + timedelta(days=1)
    assert calls(neighbourhood, later) == []
    with clock.frozen(later):
        outbox.dispatch()
    assert change(by_phone).state == State.EXPIRED


def test_nobody_of_another_neighbourhood_is_on_the_list(make_person, neighbourhood, elsewhere, at):
    """The bases: a row that leaks across neighbourhoods is a defect."""
    outbox.queue(NOTE, make_person(email="", place=elsewhere), [About("x:1")], at=at)

    assert calls(neighbourhood, at) == []
    assert len(calls(elsewhere, at)) == 1


def test_whoever_phones_has_a_sentence_to_say_about_what_is_still_wanted(make_person, neighbourhood, at):
    mother, gone = make_person(email=""), make_person(email="")
    child = make_person(8)
    message = outbox.queue(NOTE, mother, [About("x:1", child), About("unwanted:2", gone)], at=at)
    outbox.queue(NOTE, gone, [About("unwanted:1")], at=at)

    said = outbox.spoken(outbox.phone_list(neighbourhood, at=at))
    assert said == [(message, f"Say hello to {child.name}")]


@pytest.mark.parametrize("count", [1, 30])
def test_the_phone_list_costs_the_same_at_any_length(make_person, neighbourhood, at, count, django_assert_num_queries):
    for _ in range(count):
        outbox.queue(NOTE, make_person(email=""), [About("x:1")], at=at)
    with django_assert_num_queries(2):  # the messages, their occasions
        assert len(outbox.spoken(outbox.phone_list(neighbourhood, at=at))) == count


def test_who_was_told_is_off_the_list_and_gets_no_mail_about_it(message, neighbourhood, person, at, mailoutbox):
    change(message, state=State.FAILED)
    outbox.mark_told(message, by=person.user, at=at)

    assert (message.state, message.channel) == (State.SENT, "phone")
    assert (message.handled_by, message.sent_at) == (person.user, at)
    assert calls(neighbourhood, at) == []
    outbox.dispatch()
    assert mailoutbox == []


def test_who_got_the_mail_meanwhile_is_not_marked_as_told(message, person, at):
    outbox.dispatch()
    with override("en"), pytest.raises(Refusal, match="sent in the meantime"):
        outbox.mark_told(message, by=person.user, at=at)


# --- numbers ---


def test_counts(make_person, neighbourhood, elsewhere, at, django_assert_num_queries):
    def queue(**fields):
        person = make_person(**fields)
        return outbox.queue(NOTE, person, [About("x:1")], at=at)

    queue()
    change(queue(), due_at=at - HALF_AN_HOUR)
    change(queue(), state=State.FAILED)
    change(queue(), state=State.IN_DOUBT)
    change(queue(), state=State.SENT)
    queue(email="")
    queue(place=elsewhere)

    with django_assert_num_queries(1):
        counts = outbox.counts(Message.objects.filter(neighbourhood=neighbourhood), at=at)
    assert counts == {"waiting": 3, "late": 1, "failed": 1, "in_doubt": 1, "phone": 2}
    assert outbox.counts(Message.objects.none(), at=at) == {
        "waiting": 0,
        "late": 0,
        "failed": 0,
        "in_doubt": 0,
        "phone": 0,
    }
