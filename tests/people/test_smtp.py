"""The promise "Messages" of DESIGN.md §3 against a real SMTP server: crashes, two at once, refusals, hang-ups."""

import pytest

from people import outbox
from people.models import Message, Occasion, Person
from tests.filled import analyse
from tests.people.outbox_sink import NOTE, Sink, lapse, make_letters, make_people, rested, use_sink
from tests.people.start_dispatcher import run, run_at_once, run_until_killed, shared_database

pytestmark = pytest.mark.usefixtures("test_messages")
State = Message.State


def states() -> dict[str, str]:
    """{address: state}"""
    return dict(Message.objects.values_list("address", "state"))


# --- processes that are killed ---


@pytest.fixture
def database(transactional_db, tmp_path) -> str:
    return shared_database(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "after", "arrived", "doubled", "in_doubt"),
    [
        ("claimed", 1, 0, 0, 0),
        ("before sending", 1, 0, 0, 20),
        ("between sending and marking", 25, 25, 5, 20),
        ("after marking", 2, 40, 0, 0),
    ],
)
def test_a_killed_worker_misses_nobody_and_doubles_at_most_the_batch_in_flight(
    database, where, after, arrived, doubled, in_doubt
):
    """Messages: a crash may double those few, with the same Message-ID and marked so, and misses nobody."""
    with Sink() as sink:
        run_until_killed(database, sink, seed=50, die=where, after=after)
        assert len(sink.mails) == arrived

        early = run(database, sink)  # the dead worker's lease still runs: its rows wait, the others go
        assert early["doubled"] == 0
        report = run(database, sink, lapse=True)

        assert report == {"states": {"sent": 50}, "doubled": in_doubt}
        assert {address for _, address in sink.mails} == {f"r{n}@example.org" for n in range(50)}
        assert len(sink.doubled) == doubled
        assert all(len(sink.ids_of(address)) == 1 for address in sink.doubled)


@pytest.mark.slow
def test_what_breaks_off_twice_is_left_to_staff(database):
    """Messages: a second expired ``sending`` is failed."""
    with Sink() as sink:
        run_until_killed(database, sink, seed=3, die="between sending and marking")
        run_until_killed(database, sink, lapse=True, die="between sending and marking", after=3)
        report = run(database, sink, lapse=True)

        assert report == {"states": {"failed": 3}, "doubled": 3}
        assert sink.doubled == {"r0@example.org"}


@pytest.mark.slow
def test_two_dispatchers_at_once_send_each_message_once(database):
    """Messages: a message is claimed by one worker alone."""
    with Sink() as sink:
        run(database, sink, seed=200, dispatch=False)
        run_at_once(database, sink, 2)

        assert sink.addresses == sorted(f"r{n}@example.org" for n in range(200))
        assert run(database, sink, dispatch=False) == {"states": {"sent": 200}, "doubled": 0}


# --- what servers answer ---


@pytest.fixture
def neighbours(neighbourhood, at):
    return make_people(neighbourhood, 5, at)


def queue(people, at):
    outbox.queue_many(NOTE, make_letters(people), at=at)


def test_a_refused_address_harms_nobody_else(neighbours, settings, at):
    """Messages: one bad address harms nobody else; a refusal for good is failed, with the reason for staff."""
    with Sink({"r1@example.org": "550 no such mailbox"}) as sink:
        use_sink(settings, sink)
        queue(neighbours, at)
        outbox.dispatch()

        assert sink.addresses == ["r0@example.org", "r2@example.org", "r3@example.org", "r4@example.org"]
        assert sink.connections == 1
    failed = Message.objects.get(state=State.FAILED)
    assert (failed.address, failed.error) == ("r1@example.org", "550 no such mailbox")


def test_a_refusal_for_now_is_tried_again_and_at_last_left_to_staff(neighbours, settings, at):
    """Messages: bounded retries with back-off."""
    settings.OUTBOX_MAX_ATTEMPTS = 3
    with Sink({"r1@example.org": "451 busy"}) as sink:
        use_sink(settings, sink)
        queue(neighbours, at)
        outbox.dispatch()
        message = Message.objects.get(address="r1@example.org")
        assert (message.state, message.attempts) == (State.PENDING, 1)

        outbox.dispatch()  # its pause is not over
        message.refresh_from_db()
        assert message.attempts == 1

        for _ in range(2):
            rested()
            outbox.dispatch()
        message.refresh_from_db()
        assert (message.state, message.attempts, message.error) == (State.FAILED, 3, "451 busy")
        assert len(sink.mails) == 4


def test_a_refusal_for_now_that_ends_is_sent(neighbours, settings, at):
    with Sink({"r1@example.org": "451 busy"}) as sink:
        use_sink(settings, sink)
        queue(neighbours, at)
        outbox.dispatch()
        sink.answers.clear()
        rested()
        outbox.dispatch()

        assert len(sink.mails) == 5
    assert set(states().values()) == {State.SENT}
    assert not Message.objects.exclude(error="").exists()


def test_without_a_server_everything_waits_and_burns_no_attempt(neighbours, settings, at):
    """Messages: an outage of the server is nobody's fault."""
    with Sink() as sink:
        use_sink(settings, sink)
    queue(neighbours, at)
    outbox.dispatch()  # the sink is gone

    assert set(Message.objects.values_list("state", "attempts")) == {(State.PENDING, 0)}
    assert not Message.objects.filter(next_try_at=None).exists()
    assert "refused" in Message.objects.first().error.lower()


def test_a_mail_that_breaks_the_connection_harms_nobody_else(neighbours, settings, at):
    """Messages: one bad address harms nobody else, even one at which the server hangs up."""
    with Sink(closes=["r1@example.org"]) as sink:
        use_sink(settings, sink)
        queue(neighbours, at)
        outbox.dispatch()

        assert sink.addresses == ["r0@example.org", "r2@example.org", "r3@example.org", "r4@example.org"]
    breaker = Message.objects.get(address="r1@example.org")
    assert (breaker.state, breaker.attempts, breaker.maybe_doubled) == (State.PENDING, 1, False)
    assert breaker.next_try_at is not None


def test_a_server_that_always_hangs_up_is_left_alone_for_a_while(neighbours, settings, at):
    """A server that answers but takes nothing burns an attempt of three messages a run, and of no more."""
    addresses = [person.email for person in neighbours]
    with Sink(closes=addresses) as sink:
        use_sink(settings, sink)
        queue(neighbours, at)
        outbox.dispatch()

        assert sink.connections == 3
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1, 1, 1]
    assert not Message.objects.filter(next_try_at=None).exists()


def test_a_connection_lost_after_the_text_leaves_that_one_mail_in_doubt(neighbours, settings, at):
    """Messages: in doubt goes once more with the same Message-ID, and is marked so; the rest waits unharmed."""
    with Sink(swallows=["r1@example.org"]) as sink:
        use_sink(settings, sink)
        queue(neighbours, at)
        outbox.dispatch()

        assert states() == {
            "r0@example.org": State.SENT,
            "r1@example.org": State.IN_DOUBT,
            "r2@example.org": State.SENT,
            "r3@example.org": State.SENT,
            "r4@example.org": State.SENT,
        }
        rested()
        outbox.dispatch()

        assert sink.doubled == {"r1@example.org"}
        assert len(sink.ids_of("r1@example.org")) == 1
    doubled = Message.objects.get(maybe_doubled=True)
    assert (doubled.state, doubled.address) == (State.SENT, "r1@example.org")


def test_a_mail_arrives_with_its_headers(neighbours, settings, at):
    """Messages: stable Message-ID; text and HTML; nobody's automatic answer comes back."""
    settings.DEFAULT_FROM_EMAIL, settings.PORTAL_NAME = "portal@example.org", "宜居家园"
    with Sink() as sink:
        use_sink(settings, sink)
        queue(neighbours[:1], at)
        outbox.dispatch()
        mail = sink.mail_to("r0@example.org")

    assert mail["Message-ID"] == Message.objects.get().message_id
    assert mail["Subject"] == "致居民0"
    assert mail["From"] == "宜居家园 <portal@example.org>"
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "zh-Hans")
    assert mail["Date"].datetime == at
    assert mail["List-Unsubscribe"] is None  # confirmations and changes always go
    assert mail.get_body(["plain"]).get_content().strip() == "居民0，你好"
    assert mail.get_body(["html"]).get_content().strip() == "<p>居民0，你好</p>"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["a.txt"]


@pytest.mark.slow
def test_2000_due_are_sent_over_one_connection(neighbourhood, settings, at):
    """Reminders: 2,000 due, nobody missed, none twice."""
    people = make_people(neighbourhood, 2000, at)
    with Sink() as sink:
        use_sink(settings, sink)
        queue(people, at)
        analyse(Person, Message, Occasion)
        tally = outbox.dispatch()

        assert tally.sent == 2000
        assert sink.addresses == sorted(person.email for person in people)
        assert sink.connections == 1


def test_a_worker_that_lost_its_lease_sends_nothing_another_took(neighbours, settings, at):
    """Messages: whoever was slow, and whose claim went back meanwhile, does not send."""
    queue(neighbours, at)
    original = NOTE.render
    lapsed = []

    def slow(message, subjects):
        if not lapsed:
            lapsed.append(lapse())
            outbox.dispatch()  # the other worker: takes the claims back and sends them
        return original(message, subjects)

    with Sink() as sink, pytest.MonkeyPatch.context() as patch:
        use_sink(settings, sink)
        patch.setattr(type(NOTE), "render", lambda _kind, message, subjects: slow(message, subjects))
        outbox.dispatch()

        assert sink.addresses == [person.email for person in neighbours]
    assert lapsed == [5]
