"""Thin shifts, "tell me next time", and the call for help: one mail a person, not twice in a while (docs/rules/calls.md)."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils.translation import override
from model_bakery import baker

from activities.operations import sign_ups
from people import outbox
from people.models import Message
from portal import clock
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.parallel import at_once
from tests.staff import client_of, said, staff_user
from volunteers import emails
from volunteers.models import HelpCall, Interest
from volunteers.operations import helping, planning

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def staff(neighbourhood):
    return staff_user("volunteer_coordinator", neighbourhood)


@pytest.fixture
def project(neighbourhood):
    return baker.make("projects.Project", neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True)


@pytest.fixture
def shift(make_activity, project):
    return make_activity(title="故事墙补色", people_needed=3, project=project, starts_at=NOW + timedelta(days=5))


@pytest.fixture
def wishing(make_person):
    """Makes somebody who wishes to be told."""

    def make(age=30, **about):
        person = make_person(age, user=about.pop("user", False), **about.pop("fields", {}))
        baker.make(Interest, person=person, since=NOW, **about)
        return person

    return make


def asked(shift, at=NOW):
    return helping.whom_to_ask(shift, at).people


def test_thin_ones_are_shifts_and_mornings_with_too_few_hands(shift, rota, make_activity, make_person):
    planning.generate(rota, at=NOW)
    full = make_activity(title="送汤圆", people_needed=1)
    sign_ups.sign_up(full, [one := make_person()], made_by=one, at=NOW)
    make_activity(title="不缺人", people_needed=None)
    found = {one.title for one in helping.thin(NOW, NOW + timedelta(days=7))}
    assert found == {"故事墙补色", rota.title}


def test_a_seat_that_is_offered_is_not_missing(make_activity, make_person, staff, wishing):
    wishing()
    offered = make_activity(people_needed=1, capacity=1)
    booking = sign_ups.sign_up(offered, [one := make_person()], made_by=one, at=NOW)
    booking.sign_ups.update(status="offered")
    assert list(helping.thin(NOW, NOW + timedelta(days=7))) == []
    with pytest.raises(Refusal, match="has enough hands"):
        helping.call_for_help([offered], by=staff, at=NOW)


def test_a_wish_is_for_anything_a_project_or_a_team(shift, project, wishing, team, make_activity, elsewhere):
    anything, there, with_team = wishing(), wishing(project=project), wishing(team=team)
    other = baker.make("projects.Project", neighbourhood=shift.neighbourhood, slug="beds", is_published=True)
    wishing(project=other)
    wishing(fields={"place": elsewhere})
    assert asked(shift) == [anything, there]
    assert asked(make_activity(people_needed=2, team=team)) == [anything, with_team]


def test_ticking_and_unticking(person, project, team):
    helping.wish(person, anything=True, projects=[project], teams=[team], at=NOW)
    helping.wish(person, anything=False, projects=[project], teams=[], at=NOW + timedelta(days=1))
    assert [(row.project, row.since) for row in Interest.objects.filter(person=person)] == [(project, NOW)]


def test_left_out_are_those_signed_up_unwilling_asked_today_or_unfit(shift, wishing):
    come, off, child = wishing(), wishing(), wishing(12)
    sign_ups.sign_up(shift, [come], made_by=come, at=NOW)
    outbox.stop(off, emails.HELP_WANTED, at=NOW)
    willing = wishing()
    assert child not in asked(shift)
    assert asked(shift) == [willing]
    shift.max_age = 20
    shift.save()
    assert asked(shift) == []


def test_a_call_goes_out_once_and_to_each_in_one_mail(shift, make_activity, wishing, staff):
    second = make_activity(title="送汤圆", people_needed=2, risks="提重物")
    person = wishing()
    silent = wishing(fields={"email": "", "phone": "10000000003"})
    mail.outbox.clear()
    assert helping.call_for_help([shift, second], by=staff, at=NOW) == {shift: 2, second: 2}
    outbox.dispatch()
    [letter] = mail.outbox
    assert letter.to == [person.email]
    assert letter.extra_headers["List-Unsubscribe"]
    for words in ("故事墙补色", "送汤圆", "风险：提重物", "您勾选过“下次叫我”"):
        assert words in letter.body
    assert Message.objects.get(recipient=silent).channel == "phone"

    with pytest.raises(Refusal, match="was called for on .* Again from"):
        helping.call_for_help([shift], by=staff, at=NOW + timedelta(days=2))
    assert HelpCall.objects.count() == 2
    assert helping.call_for_help([shift], by=staff, at=shift.signup_ends_at - timedelta(hours=1)) == {shift: 2}


def test_nobody_is_asked_twice_within_a_day(shift, make_activity, wishing, staff):
    wishing()
    helping.call_for_help([shift], by=staff, at=NOW)
    other = make_activity(title="送汤圆", people_needed=2)
    with pytest.raises(Refusal, match="Nobody is left to be asked for “送汤圆”"):
        helping.call_for_help([other], by=staff, at=NOW + timedelta(hours=23))
    assert helping.whom_to_ask(other, NOW + timedelta(hours=23)).today == 1
    assert helping.call_for_help([other], by=staff, at=NOW + timedelta(hours=25)) == {other: 1}


def test_whoever_signed_up_meanwhile_gets_no_mail(shift, wishing, staff):
    person = wishing()
    night = NOW.replace(hour=22)
    helping.call_for_help([shift], by=staff, at=night)
    message = Message.objects.get(kind="help_wanted")
    assert message.due_at == night.replace(day=21, hour=8)  # quiet hours
    sign_ups.sign_up(shift, [person], made_by=person, at=night)
    with clock.frozen(message.due_at):
        outbox.dispatch()
    message.refresh_from_db()
    assert message.state == "expired"


def test_the_mail_leads_to_the_sign_up_and_to_what_one_is_told_about(shift, wishing, staff, mailoutbox):
    wishing()
    helping.call_for_help([shift], by=staff, at=NOW)
    with clock.frozen(NOW):
        outbox.dispatch()
    html = mailoutbox[0].alternatives[0][0]
    addresses = re.findall(r'href="http://[^/]+(/[^"]+)"', html)
    assert addresses[:2] == [shift.get_sign_up_url(), "/me/next-time/"]
    assert "想听哪些、不想听哪些，在这里选" in html


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"people_needed": None}, "does not say how many people are needed"),
        ({"people_needed": 0}, "does not say how many people are needed"),
        ({"status": "draft"}, "is not published, or has begun"),
        ({"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=1)}, "or has begun"),
        ({"signup_until": NOW}, "Please extend it first"),
        ({"visibility": "team"}, "please write to the team instead"),
        ({"kind": "duty"}, "its team is asked by itself"),
    ],
)
def test_what_cannot_be_called_for_says_what_to_do(make_activity, team, wishing, staff, fields, words):
    wishing()
    thin = make_activity(**{"people_needed": 3, "team": team, **fields})
    with pytest.raises(Refusal, match=words):
        helping.call_for_help([thin], by=staff, at=NOW)
    assert not HelpCall.objects.exists()


def test_with_enough_hands_nobody_is_called(shift, wishing, staff, make_person):
    wishing()
    for _ in range(3):
        sign_ups.sign_up(shift, [one := make_person()], made_by=one, at=NOW)
    with pytest.raises(Refusal, match="has enough hands"):
        helping.call_for_help([shift], by=staff, at=NOW)


def test_staff_see_what_is_missing_and_ask_several_at_once(shift, make_activity, wishing, staff, rota):
    planning.generate(rota, at=NOW)
    second = make_activity(title="送汤圆", people_needed=2)
    wishing()
    office = client_of(staff)
    shown = office.get("/admin/volunteers/shift/?hands=short").content.decode()
    assert "故事墙补色" in shown
    assert rota.title in shown
    assert "Shifts that lack hands" in office.get("/admin/").content.decode()
    url = f"/admin/volunteers/shift/act/call-for-help/?ids={shift.pk},{second.pk}"
    preview = office.get(url).content.decode()
    assert "3 pairs of hands are missing." in preview
    assert "1 person would be asked." in preview
    answer = office.post(url, {"ids": f"{shift.pk},{second.pk}"})
    assert said(answer) == ["故事墙补色: 1 person is asked.", "送汤圆: 1 person is asked."]
    assert Message.objects.filter(kind="help_wanted").count() == 1
    assert "was called for on" in office.get(url).content.decode()


def test_a_team_leader_calls_only_for_the_own_team(shift, make_activity, team, neighbourhood, wishing):
    wishing()
    own = make_activity(title="本队", people_needed=2, team=team)
    leader = client_of(staff_user("team_leader", neighbourhood, team=team))
    leader.post("/admin/volunteers/shift/act/call-for-help/", {"ids": f"{shift.pk}"})
    assert not HelpCall.objects.exists()
    leader.post("/admin/volunteers/shift/act/call-for-help/", {"ids": f"{own.pk}"})
    assert HelpCall.objects.get().shift == own


def test_the_page_ticks_what_one_came_from_and_resumes_what_was_off(client, person, project):
    client.force_login(person.user)
    client.cookies["django_language"] = "en"
    outbox.stop(person, emails.HELP_WANTED, at=NOW)
    page = client.get("/me/next-time/?project=wall")
    assert page.context["form"].initial["projects"] == [project.pk]
    assert "switched these mails off" in page.content.decode()
    assert not Interest.objects.exists()
    client.post("/me/next-time/", {"projects": [project.pk]})
    assert Interest.objects.get().project == project
    assert emails.HELP_WANTED.code not in outbox.stopped(person)
    assert "not one of the available choices" in client.post("/me/next-time/", {"projects": [999]}).content.decode()
    client.post("/me/next-time/", {})
    assert not Interest.objects.exists()


def test_a_number_that_no_project_can_have_gets_a_sentence(client, person, project):
    client.force_login(person.user)
    page = client.post("/me/next-time/", {"projects": ["9" * 40]})

    assert page.status_code == 200
    assert page.context["form"].errors["projects"]
    assert not Interest.objects.exists()


def test_children_are_told_through_their_family(client, make_person):
    child = make_person(15, user=True, email="k@example.org")
    client.force_login(child.user)
    client.cookies["django_language"] = "en"
    assert "through their family" in client.post("/me/next-time/", {"anything": "on"}).content.decode()
    assert not Interest.objects.exists()


@pytest.mark.parametrize("length", [1, 15])
def test_finding_whom_to_ask_costs_the_same_at_any_length(shift, wishing, django_assert_num_queries, length):
    for _ in range(length):
        wishing()
    with django_assert_num_queries(5):  # the wishes, their people, who comes, who was asked, who is unwilling
        assert len(asked(shift)) == length


# --- at once ---


def two_calls(make_activity, wishing, staff, monkeypatch, *, together: bool):
    """Two of the staff call for two shifts; ``together``: neither goes on before the other has seen whom to ask."""
    wishing()
    shifts = [make_activity(title=title, people_needed=2) for title in ("送汤圆", "盖草帘")]
    found, both_have_seen = helping.whom_to_ask, threading.Barrier(2)

    def seen(shift, at):
        asked = found(shift, at)
        if together:
            both_have_seen.wait(timeout=20)
        return asked

    monkeypatch.setattr(helping, "whom_to_ask", seen)
    return at_once(*(lambda one=one: helping.call_for_help([one], by=staff, at=NOW) for one in shifts))


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_ask_nobody_twice(make_activity, wishing, staff, monkeypatch):
    results = two_calls(make_activity, wishing, staff, monkeypatch, together=False)
    assert [type(one) for one in results].count(Refusal) == 1
    assert Message.objects.filter(kind="help_wanted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_negative_control_asks_twice_without_the_lock(make_activity, wishing, staff, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")
    monkeypatch.setattr(helping, "one_after_another", lambda place: None)
    two_calls(make_activity, wishing, staff, monkeypatch, together=True)
    assert Message.objects.filter(kind="help_wanted").count() == 2
