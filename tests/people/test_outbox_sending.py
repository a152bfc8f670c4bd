"""Sending what is due: what is still wanted, what is over, what fails, and what a run costs (DESIGN.md §3 "Messages")."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils.translation import get_language, override
from model_bakery import baker

from people import outbox, tasks
from people.models import Message, Occasion, OptOut, Person
from portal import clock
from tests.filled import analyse
from tests.people.outbox_sink import HINT, IN_A_WEEK, NOTE, lapse, make_letters, make_people

pytestmark = pytest.mark.usefixtures("test_messages")
State = Message.State
About = outbox.About


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_a_due_message_is_sent_and_marked(person, at, mailoutbox):
    message = outbox.queue(NOTE, person, [About("x:1")], at=at)
    with clock.frozen(at + timedelta(minutes=1)):
        assert tasks.dispatch_outbox() == "1 sent, 0 no longer needed, 0 failed, 0 put back"

    assert [(one.to, one.subject) for one in mailoutbox] == [([person.email], f"致{person.name}")]
    assert state_of(message) == State.SENT
    assert (message.sent_at, message.attempts, message.claim) == (at + timedelta(minutes=1), 1, None)
    outbox.dispatch()
    assert len(mailoutbox) == 1


def test_a_message_is_sent_when_it_is_due_and_not_before(person, at, mailoutbox):
    outbox.queue(NOTE, person, [About("x:1")], at=at, due_at=at + timedelta(hours=9))
    outbox.dispatch()
    assert mailoutbox == []

    with clock.frozen(at + timedelta(hours=9)):
        outbox.dispatch()
    assert len(mailoutbox) == 1


def test_only_the_named_messages_go_when_a_worker_is_woken_for_them(people, at, mailoutbox):
    first, second = (outbox.queue(NOTE, person, [About("x:1")], at=at) for person in people[:2])
    tasks.dispatch_outbox([second.pk])

    assert (state_of(first), state_of(second)) == (State.PENDING, State.SENT)


def test_nothing_is_sent_after_the_start(person, at, mailoutbox):
    """Messages: at send time expiry is checked; nothing after the start."""
    message = outbox.queue(NOTE, person, [About("x:1")], at=at, expires_at=at + timedelta(hours=1))
    with clock.frozen(at + timedelta(hours=1)):
        outbox.dispatch()

    assert mailoutbox == []
    assert state_of(message) == State.EXPIRED


def test_nothing_is_sent_after_the_start_even_if_it_comes_while_the_batch_is_on_its_way(people, at, monkeypatch):
    """Messages: nothing after the start, not even when the server was slow with those before."""
    outbox.queue_many(NOTE, make_letters(people, expires_at=at + timedelta(minutes=1)), at=at)
    moments = iter([at] * 3 + [at + timedelta(minutes=1)] * 20)
    original = outbox.sending.clock.now
    passing = {"on": False}

    def now():
        return next(moments) if passing["on"] else original()

    monkeypatch.setattr(outbox.sending.clock, "now", now)
    hand_over = outbox.sending._Run.hand_over

    def slow(run, batch):
        passing["on"] = True
        hand_over(run, batch)

    monkeypatch.setattr(outbox.sending._Run, "hand_over", slow)
    outbox.dispatch()

    assert sorted(Message.objects.values_list("state", flat=True)) == [State.EXPIRED] * 1 + [State.SENT] * 3


def test_nothing_is_sent_for_what_nobody_wants_any_more(people, at, mailoutbox):
    """Messages: at send time the app is asked "still wanted?"; nothing for a cancelled seat."""
    gone = outbox.queue(NOTE, people[0], [About("unwanted:1")], at=at)
    stays = outbox.queue(NOTE, people[1], [About("x:1")], at=at)
    outbox.dispatch()

    assert (state_of(gone), state_of(stays)) == (State.EXPIRED, State.SENT)
    assert [one.to for one in mailoutbox] == [[people[1].email]]


def test_two_children_make_one_mail_that_names_those_who_still_come(people, at, mailoutbox):
    """Reminders: two children make one mail naming both; one who withdrew is not named."""
    me, first, second, third = people
    abouts = [About("x:1", first), About("unwanted:2", second), About("x:3", third)]
    outbox.queue(NOTE, me, abouts, at=at)
    outbox.dispatch()

    assert [one.subject for one in mailoutbox] == [f"致{first.name}、{third.name}"]


def test_who_stopped_a_kind_meanwhile_gets_none_of_it(people, at, mailoutbox):
    """Messages: opt-out is asked at send time too, and only of optional kinds."""
    me, other = people[:2]
    hint = outbox.queue(HINT, me, [About("x:1")], at=at)
    outbox.queue(HINT, other, [About("x:1")], at=at)
    outbox.queue(NOTE, me, [About("x:1")], at=at)
    for kind in (HINT, NOTE):
        baker.make(OptOut, person=me, kind=kind.code, since=at)
    outbox.dispatch()

    assert state_of(hint) == State.EXPIRED
    assert sorted(one.to[0] for one in mailoutbox) == sorted([me.email, other.email])


@pytest.mark.parametrize("key", ["unwordable:1", "unreadable:1"])
def test_a_message_that_cannot_be_worded_harms_nobody_else(people, at, mailoutbox, key):
    """Messages: one bad address or one failing render harms nobody else; bounded retries."""
    bad = outbox.queue(NOTE, people[0], [About(key)], at=at)
    outbox.queue_many(NOTE, make_letters(people[1:]), at=at)
    outbox.dispatch()

    assert sorted(one.to[0] for one in mailoutbox) == sorted(person.email for person in people[1:])
    assert state_of(bad) == State.PENDING
    assert bad.attempts == 1
    assert "Error" in bad.error
    assert bad.next_try_at > clock.real_now()


def test_a_kind_that_nobody_registered_is_tried_some_times_and_left_to_staff(person, at, settings):
    settings.OUTBOX_MAX_ATTEMPTS = 1
    message = outbox.queue(NOTE, person, [About("x:1")], at=at)
    Message.objects.update(kind="unheard_of")
    with override("en"):
        outbox.dispatch()

    assert state_of(message) == State.FAILED
    assert message.error == "Nobody knows how to word this kind of message."


@pytest.mark.parametrize("address", ["no address", "two@example.org\nBcc: many@example.org", "a@b@c", "名字@例子.测试"])
def test_an_address_that_no_server_takes_harms_nobody_else(people, at, mailoutbox, address):
    Person.objects.filter(pk=people[0].pk).update(email=address)
    outbox.queue_many(NOTE, make_letters(people), at=at)
    outbox.dispatch()

    assert {person.email for person in people[1:]} <= {one.to[0] for one in mailoutbox}
    assert not Message.objects.filter(state__in=[State.CLAIMED, State.SENDING]).exists()


def test_a_mistake_of_the_mail_backend_is_tried_again(person, at, settings):
    settings.EMAIL_BACKEND = "tests.people.outbox_sink.BrokenBackend"
    message = outbox.queue(NOTE, person, [About("x:1")], at=at)
    outbox.dispatch()

    assert state_of(message) == State.PENDING
    assert (message.attempts, message.error) == (1, "RuntimeError: a mistake")


def test_a_line_break_in_a_title_does_not_end_the_header(person, at, mailoutbox, monkeypatch):
    monkeypatch.setattr(Person, "__str__", lambda self: "x")
    Person.objects.filter(pk=person.pk).update(name="甲\r\nBcc: many@example.org")
    outbox.queue(NOTE, person, [About("x:1")], at=at)
    outbox.dispatch()

    assert [one.subject for one in mailoutbox] == ["致甲 Bcc: many@example.org"]
    assert mailoutbox[0].message()["Bcc"] is None


def test_a_mail_goes_to_the_address_of_today(person, at, mailoutbox):
    message = outbox.queue(NOTE, person, [About("x:1")], at=at)
    Person.objects.filter(pk=person.pk).update(email="new@example.org")
    outbox.dispatch()

    assert [one.to for one in mailoutbox] == [["new@example.org"]]
    assert state_of(message) == State.SENT
    assert message.address == "new@example.org"


def test_who_lost_the_address_meanwhile_moves_to_the_phone_list(make_person, at, mailoutbox):
    person = make_person()
    message = outbox.queue(NOTE, person, [About("x:1")], at=at)
    Person.objects.filter(pk=person.pk).update(email="")
    outbox.dispatch()

    assert (state_of(message), message.channel, message.address) == (State.PENDING, "phone", "")
    assert mailoutbox == []


def test_who_was_erased_meanwhile_gets_nothing(person, at, mailoutbox):
    message = outbox.queue(NOTE, person, [About("x:1")], at=at)
    Person.objects.filter(pk=person.pk).update(anonymised_at=at)
    outbox.dispatch()

    assert state_of(message) == State.EXPIRED
    assert mailoutbox == []


def test_each_is_written_to_in_their_own_language(make_person, at, mailoutbox, monkeypatch):
    """The reader's setting, not the language of whoever caused the mail."""
    spoken = {}

    def render(kind, message, subjects):
        spoken[message.recipient.language] = get_language()
        return outbox.Email("x", "x")

    monkeypatch.setattr(type(NOTE), "render", render)
    for language in ("zh-hans", "en"):
        outbox.queue(NOTE, make_person(language=language), [About("x:1")], at=at)
    with override("en"):
        outbox.dispatch()

    assert spoken == {"zh-hans": "zh-hans", "en": "en"}
    assert sorted(one.extra_headers["Content-Language"] for one in mailoutbox) == ["en", "zh-Hans"]


def test_optional_mails_say_how_to_stop_them_in_one_click(person, at, mailoutbox):
    """Messages: ``List-Unsubscribe`` one-click per kind."""
    outbox.queue(HINT, person, [About("x:1")], at=at)
    outbox.dispatch()
    headers = mailoutbox[0].extra_headers

    assert headers["List-Unsubscribe"].startswith("<http://testserver/mail/unsubscribe/")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


# --- leases ---


def test_a_lapsed_claim_goes_back_and_is_sent_once(person, at, mailoutbox):
    """Messages: an expired claim returns to pending."""
    message = outbox.queue(NOTE, person, [About("x:1")], at=at)
    outbox.sending.claim(None, 20)
    outbox.dispatch()
    assert (state_of(message), mailoutbox) == (State.CLAIMED, [])  # it may still be alive

    lapse()
    outbox.dispatch()
    assert state_of(message) == State.SENT
    assert (len(mailoutbox), message.maybe_doubled) == (1, False)


def test_a_doubtful_message_whose_claim_lapses_stays_in_doubt(person, at):
    message = outbox.queue(NOTE, person, [About("x:1")], at=at)
    Message.objects.update(state=State.IN_DOUBT, maybe_doubled=True)
    outbox.sending.claim(None, 20)
    lapse()
    outbox.sending.take_back_lapsed()

    assert state_of(message) == State.IN_DOUBT


def test_a_worker_that_is_told_to_stop_writes_down_what_it_did(people, at, monkeypatch):
    """Messages: a stop in the middle of a batch leaves one mail in flight, the others sent or waiting."""
    outbox.queue_many(NOTE, make_letters(people), at=at)
    sent = []

    def stop_at_the_third(carrier, one):
        if len(sent) == 2:
            raise SystemExit
        sent.append(one)

    monkeypatch.setattr("portal.mail.Carrier.send", stop_at_the_third)
    with pytest.raises(SystemExit):
        outbox.dispatch()

    states = Message.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.SENT, State.SENT, State.SENDING, State.PENDING]


def test_a_slow_batch_keeps_its_lease(people, at, mailoutbox, settings, monkeypatch):
    """Messages: a lease is held for as long as its worker gets on, however slow the server is."""
    settings.OUTBOX_LEASE_SECONDS = 0
    renewed = []
    extend = outbox.sending.Batch.extend
    monkeypatch.setattr(
        outbox.sending.Batch, "extend", lambda batch, pks: renewed.append(len(pks)) or extend(batch, pks)
    )
    outbox.queue_many(NOTE, make_letters(people), at=at)
    outbox.dispatch()

    assert renewed == [4, 4, 3, 2, 1]  # before the batch, then before each mail
    assert len(mailoutbox) == 4


@pytest.mark.django_db(transaction=True)
def test_sending_is_refused_inside_a_transaction(person, at):
    """Messages: ``sending`` is committed before SMTP; inside another transaction it would not be."""
    outbox.queue(NOTE, person, [About("x:1")], at=at)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        outbox.dispatch()
    assert mail.outbox == []


# --- cost ---


@pytest.mark.parametrize("rows", [1, 5000])
def test_a_run_with_nothing_due_costs_three_queries(neighbourhood, at, rows, django_assert_num_queries):
    """Budgets: a dispatch with nothing due costs ≤ 3 queries however many rows there are."""
    person = make_people(neighbourhood, 1, at)[0]
    later = [outbox.Letter(person, [About(f"x:{n}")], due_at=at + IN_A_WEEK) for n in range(rows)]
    outbox.queue_many(NOTE, later, at=at)
    analyse(Message, Occasion)

    with django_assert_num_queries(3):
        outbox.dispatch()


def test_a_batch_costs_the_same_whatever_its_size(neighbourhood, at, settings, django_assert_num_queries):
    # three looks; claim (begin, select, update, commit), messages, their neighbourhood, occasions, people, sending, sent;
    # the last empty claim
    savepoints = 2 if connection.in_atomic_block else 0
    for size in (1, 20):
        outbox.queue_many(NOTE, make_letters(make_people(neighbourhood, size, at), about=f"of {size}"), at=at)
        with django_assert_num_queries(3 + 4 + 6 + 3 if savepoints else 3 + 2 + 6 + 1):
            outbox.dispatch()


@pytest.mark.parametrize(("seconds", "claims"), [(0.0, [20, 40]), (1.0, [20, 20, 20])])
def test_more_is_claimed_only_from_a_quick_server(neighbourhood, at, monkeypatch, seconds, claims):
    """ "Still wanted?" is asked once a claim, so with a slow server a claim is one batch and its answer is fresh."""
    outbox.queue_many(NOTE, make_letters(make_people(neighbourhood, 60, at)), at=at)
    taken, batches = [], []
    read, begin, hand_over = outbox.sending.Batch.read, outbox.sending._Run.begin, outbox.sending._Run.hand_over

    def note_claim(claim, pks):
        taken.append(len(pks))
        return read(claim, pks)

    def note_batch(run, batch):
        begin(run, batch)
        batches.append(Message.objects.filter(state=State.SENDING).count())

    def slow(run, batch):
        hand_over(run, batch)
        shift["by"] += seconds

    shift = {"by": 0.0}
    monotonic = outbox.sending.time.monotonic
    monkeypatch.setattr(outbox.sending.time, "monotonic", lambda: monotonic() + shift["by"])
    monkeypatch.setattr(outbox.sending.Batch, "read", note_claim)
    monkeypatch.setattr(outbox.sending._Run, "begin", note_batch)
    monkeypatch.setattr(outbox.sending._Run, "hand_over", slow)
    outbox.dispatch()

    assert taken == claims
    assert batches == [20, 20, 20]  # never more than a batch is being sent
