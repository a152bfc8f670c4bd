"""A letter to everyone in a shift or a team: read before it goes, once each, one mail a guardian, kept."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils.translation import override
from model_bakery import baker

from activities.models import Activity, Circular, SignUp
from activities.operations import circulars, locks, sign_ups
from people import outbox
from people.access import message_scope
from people.models import Message, TeamMembership
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.parallel import at_once
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db
WORDS = {"subject": "带手套", "text": "周日有霜。\n请带手套。"}


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def staff(neighbourhood):
    return staff_user("volunteer_coordinator", neighbourhood)


@pytest.fixture
def team(neighbourhood):
    return baker.make("people.Team", neighbourhood=neighbourhood, code="flower", name="护花小队")


def join(team, *people):
    for person in people:
        baker.make(TeamMembership, team=team, person=person, since=None, until=None)


def send(to, staff, **more):
    return circulars.send(to, at=NOW, by=staff, **{**WORDS, **more})


def test_a_guardian_of_two_children_gets_one_mail_and_whoever_waits_gets_none(
    make_activity, make_person, make_child, staff
):
    activity = make_activity(title="盖草帘", capacity=4)
    mother = make_person(name="裴莉")
    children = [make_child(mother, name=name) for name in ("满满", "乐乐")]
    sign_ups.sign_up(activity, [mother, *children], made_by=mother, at=NOW, guardian_consents=True)
    old = make_person(80, name="汤寿康", email="", phone="10000000001")
    sign_ups.sign_up(activity, [old], made_by=old, at=NOW)
    sign_ups.sign_up(activity, [late := make_person()], made_by=late, at=NOW)
    assert late.sign_ups.get().status == "waiting"
    outbox.dispatch()
    mail.outbox.clear()
    row = send(activity, staff)
    outbox.dispatch()
    assert (row.readers, row.by_phone, row.sent_by) == (2, 1, staff)
    [letter] = mail.outbox
    assert letter.to == [mother.email]
    for words in ("裴莉", "满满", "乐乐", "请带手套。", "盖草帘"):
        assert words in letter.body
    call = Message.objects.get(kind="circular", channel="phone")
    with override("zh-hans"):
        [(_call, sentence)] = outbox.spoken([call])
    assert "汤寿康" in sentence
    assert "请带手套。" in sentence


def test_a_team_reads_it_and_a_childs_guardian_for_it(team, make_person, make_child, staff):
    adult, mother = make_person(), make_person()
    child = make_child(mother, name="满满")
    gone = make_person()
    join(team, adult, child)
    baker.make(TeamMembership, team=team, person=gone, since=None, until=NOW.date())
    send(team, staff)
    outbox.dispatch()
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(letters) == {adult.email, mother.email}
    assert "满满" in letters[mother.email]
    assert "满满" not in letters[adult.email]


def test_after_it_those_who_came_can_be_thanked(make_activity, people, staff):
    activity = make_activity(starts_at=NOW - timedelta(days=1), status="done")
    for person, status in zip(people, ("attended", "absent", "cancelled", "attended"), strict=True):
        booking = baker.make("activities.Booking", activity=activity, made_by=person, sequence=person.pk, made_at=NOW)
        baker.make(SignUp, booking=booking, activity=activity, person=person, status=status)
    assert list(circulars.addressed(activity, NOW).readers) == [people[0], people[3]]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": "  "}, "write a subject and a text"),
        ({"status": "draft"}, "is not published or was cancelled"),
        ({"nobody": True}, "Nobody is there to write to"),
        ({"again": True}, "These very words went out on"),
    ],
)
def test_what_cannot_be_sent_says_why(make_activity, person, staff, more, words):
    activity = make_activity(status=more.get("status", "published"))
    if "nobody" not in more and "status" not in more:
        sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    if "again" in more:
        send(activity, staff)
    before = Circular.objects.count()
    with pytest.raises(Refusal, match=words):
        send(activity, staff, **({"text": more["text"]} if "text" in more else {}))
    assert Circular.objects.count() == before


def test_it_waits_for_the_morning_and_is_useless_after_the_start(make_activity, person, staff):
    activity = make_activity(starts_at=NOW + timedelta(days=3))
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    circulars.send(activity, at=NOW.replace(hour=22), by=staff, **WORDS)
    message = Message.objects.get(kind="circular")
    assert message.due_at == NOW.replace(day=21, hour=8)
    assert message.expires_at == activity.starts_at


def test_staff_read_what_will_happen_before_it_goes(make_activity, make_person, make_child, staff):
    activity = make_activity(capacity=9)
    mother = make_person(name="裴莉")
    child = make_child(mother)
    sign_ups.sign_up(activity, [child, mother], made_by=mother, at=NOW, guardian_consents=True)
    old = make_person(80, name="汤寿康", email="")
    sign_ups.sign_up(activity, [old], made_by=old, at=NOW)
    office = client_of(staff)
    url = f"/admin/volunteers/shift/act/write/?ids={activity.pk}"
    assert "Write to everyone" in office.get(f"/admin/volunteers/shift/{activity.pk}/change/").content.decode()
    page = office.post(url, {"ids": activity.pk, **WORDS})
    shown = page.content.decode()
    for words in ("3 people are concerned.", "1 person will be told by e-mail.", "on the phone list: 汤寿康."):
        assert words in shown
    assert not Circular.objects.exists()
    seen = page.context["form"].data["seen"]
    changed = office.post(url, {"ids": activity.pk, **WORDS, "text": "别的", "seen": seen})
    assert changed.status_code == 200  # other words are read once more
    assert not Circular.objects.exists()
    done = office.post(url, {"ids": activity.pk, **WORDS, "seen": seen})
    assert said(done) == ["On its way to 2 people; 1 of them stand on the phone list."]
    assert "带手套" in office.get("/admin/activities/circular/").content.decode()


def test_a_team_leader_writes_to_the_own_team_and_reads_no_others_letters(
    team, neighbourhood, make_activity, make_person, staff
):
    own, other = make_activity(team=team), make_activity(title="别队")
    member, stranger = make_person(), make_person()
    join(team, member)
    for activity, person in ((own, member), (other, stranger)):
        sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    foreign = baker.make("people.Team", neighbourhood=neighbourhood, code="wall", name="墙队")
    join(foreign, stranger)
    send(other, staff, subject="别人的信")
    leader = client_of(staff_user("team_leader", neighbourhood, team=team))

    def write(model, row):
        url = f"/admin/{model}/act/write/?ids={row.pk}"
        page = leader.post(url, {"ids": row.pk, **WORDS})
        form = (page.context or {}).get("form")
        if form is not None:
            leader.post(url, {"ids": row.pk, **WORDS, "seen": form.data["seen"]})

    for model, row in (
        ("volunteers/shift", own),
        ("volunteers/shift", other),
        ("people/team", team),
        ("people/team", foreign),
    ):
        write(model, row)
    mine = Circular.objects.exclude(subject="别人的信")
    assert {row.activity_id or row.team_id for row in mine} == {own.pk, team.pk}
    assert mine.count() == 2
    assert "别人的信" not in leader.get("/admin/activities/circular/").content.decode()


def test_letters_of_a_party_meeting_are_hidden_with_it(make_activity, neighbourhood, make_person, staff):
    org = baker.make("people.PartyOrg", neighbourhood=neighbourhood, kind="branch")
    meeting = make_activity(visibility="organisation", organisation=org)
    sign_ups.sign_up(meeting, [one := make_person()], made_by=one, at=NOW)
    send(meeting, staff)
    message = Message.objects.get(kind="circular")
    office = staff_user("committee_admin", neighbourhood)
    party = staff_user("party_admin", neighbourhood)
    assert message not in message_scope.readable_by(office)
    assert message in message_scope.readable_by(party)


# --- at once ---


def two_presses(make_activity, person, staff, monkeypatch, *, together: bool):
    """Two send the same words; ``together``: neither goes on before the other has seen that they did not go out yet."""
    activity = make_activity()
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    found, both_have_seen = circulars.addressed, threading.Barrier(2)

    def seen(to, at):
        if together:
            both_have_seen.wait(timeout=20)
        return found(to, at)

    monkeypatch.setattr(circulars, "addressed", seen)
    return at_once(*(lambda: send(activity, staff) for _ in range(2)))


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_send_it_once(make_activity, person, staff, monkeypatch):
    results = two_presses(make_activity, person, staff, monkeypatch, together=False)
    assert [type(one) for one in results].count(Refusal) == 1
    assert Message.objects.filter(kind="circular").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_negative_control_sends_it_twice_without_the_lock(make_activity, person, staff, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")
    monkeypatch.setattr(locks, "lock", lambda pk, people=(): Activity.objects.get(pk=pk))
    two_presses(make_activity, person, staff, monkeypatch, together=True)
    assert Message.objects.filter(kind="circular").count() == 2
