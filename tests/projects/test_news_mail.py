"""At once for what one gave feedback on or signed up to, once a week for the rest, and nothing twice (docs/rules/drafts.md)."""

from datetime import datetime, timedelta

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from activities.operations import lifecycle, sign_ups
from community.operations import correct_result, publish_result
from people import outbox
from people.models import Message
from portal import clock, tokens
from projects import tasks
from projects.emails import UNFOLLOW
from projects.models import Feedback, Follow, ProjectRecord
from projects.operations import drafts, feedback, following
from tests.community.conftest import committee, held, make_deliberation
from tests.conftest import NOW, SHANGHAI
from tests.staff import staff_user

__all__ = ["committee", "held", "make_deliberation"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TODAY = NOW.date()
FRIDAY = datetime(2018, 12, 21, 18, tzinfo=SHANGHAI)  # NOW is Thursday, 09:00


@pytest.fixture
def person(make_person):
    return make_person(user=True, language="en")


@pytest.fixture
def follower(project, make_person):
    """Follows the project and has said nothing."""
    who = make_person(user=True, language="en")
    following.follow(project, who, at=NOW - DAY)
    return who


@pytest.fixture
def clerk(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


def sweep(at) -> dict[str, list]:
    """{address: mails} of what is sent by then."""
    before = len(mail.outbox)
    with clock.frozen(at):
        tasks.tell_feedback_outcomes()
        tasks.queue_project_digests()
        outbox.dispatch()
    found: dict[str, list] = {}
    for one in mail.outbox[before:]:
        found.setdefault(one.to[0], []).append(one)
    return found


def subjects(found: dict[str, list]) -> dict[str, list[str]]:
    return {address: [one.subject for one in mails] for address, mails in found.items()}


@pytest.fixture
def for_approval(make_draft, person):
    """A version whose notice is over, with one answered item of ``person``, of which they have been told."""
    first = make_draft()
    item = feedback.give(first, "画一条小鱼", at=NOW, person=person)
    feedback.answer(item, disposition="adopted", reply="照办", at=NOW)
    assert subjects(sweep(NOW + 31 * MINUTE)) == {person.email: ["What became of your feedback: 故事墙"]}
    week = (TODAY - 8 * DAY, TODAY - DAY)
    return make_draft(kind="final", notice_from=week[0], notice_until=week[1], round=week)


# --- (a) what one gave feedback on ---


def test_whoever_said_something_hears_at_once_that_the_design_is_final(for_approval, person, make_person, make_child):
    """Each in one mail, a child's guardian for the child; whoever has no address burdens no phone list."""
    mother = make_person(language="en")
    first = for_approval.project.drafts.get(version=1)
    for who in (make_child(mother, 9), make_child(mother, 11), make_person(email="", phone="10000000009")):
        baker.make(
            Feedback, draft=first, number=who.pk, person=who, text="…", disposition="adopted", reply="好", replied_at=NOW,
            received_on=TODAY,
            entered_at=NOW, channel="web_form", revision=1, told_revision=1, image=None, in_version=None,
        )  # fmt: skip
    drafts.finalise(for_approval, at=NOW + 60 * MINUTE)

    found = sweep(NOW + 61 * MINUTE)

    assert subjects(found) == {
        person.email: ["The design is final: 故事墙"], mother.email: ["The design is final: 故事墙"],
    }  # fmt: skip
    for words in ("Version 2 is what will be made.", for_approval.get_absolute_url(), "because you gave feedback"):
        assert words in found[person.email][0].body
    assert "a child" in found[mother.email][0].body
    assert sweep(NOW + 300 * MINUTE) == {}
    assert not Message.objects.filter(channel="phone").exists()


def test_the_final_mail_keeps_quiet_hours_and_is_not_sent_of_a_hidden_project(for_approval, person):
    night = NOW.replace(hour=22)
    drafts.finalise(for_approval, at=night)
    assert sweep(night + MINUTE) == {}
    for_approval.project.is_published = False
    for_approval.project.save()

    assert sweep(NOW.replace(day=21, hour=8)) == {}


def test_the_week_does_not_tell_again_what_was_told_at_once(for_approval, person, follower, picture):
    """The one who said it reads of the final version once; the one who only follows reads it on Friday."""
    project = for_approval.project
    following.follow(project, person, at=NOW)
    drafts.finalise(for_approval, at=NOW + 60 * MINUTE)
    assert subjects(sweep(NOW + 61 * MINUTE)) == {person.email: ["The design is final: 故事墙"]}

    week = sweep(FRIDAY)

    assert list(week) == [follower.email]
    assert "The design is final: version 2." in week[follower.email][0].body


def test_a_version_that_took_in_what_one_said_is_not_told_again_either(make_draft, person, follower, picture):
    first = make_draft()
    project = first.project
    following.follow(project, person, at=NOW)
    item = feedback.give(first, "画一条小鱼", at=NOW, person=person)
    feedback.answer(item, disposition="adopted", reply="照办", at=NOW)
    second = drafts.prepare(project, kind="revision", summary="加了小鱼")
    drafts.add_image(second, picture(), alt="小鱼")
    drafts.publish(second, at=NOW + MINUTE, takes_in=[Feedback.objects.get(pk=item.pk)])
    assert subjects(sweep(NOW + 2 * MINUTE)) == {person.email: ["A new version with what you said: 故事墙"]}

    week = sweep(FRIDAY)

    assert list(week) == [follower.email]
    assert "Version 2 of the design is out." in week[follower.email][0].body


def test_who_wants_no_mail_at_once_reads_it_in_the_week(for_approval, person):
    """Nothing is lost: what was not sent has not been told."""
    following.follow(for_approval.project, person, at=NOW)
    outbox.stop(person, outbox.message_kinds["design_final"], at=NOW)
    drafts.finalise(for_approval, at=NOW + 60 * MINUTE)
    assert sweep(NOW + 61 * MINUTE) == {}

    (sent,) = sweep(FRIDAY)[person.email]

    assert "The design is final: version 2." in sent.body


# --- (b) what one signed up to ---


@pytest.fixture
def shift(project, make_activity, person, follower):
    """A shift of the project that ``person`` is signed up to, both having been told so."""
    with clock.frozen(NOW - MINUTE):
        made = make_activity(title="补绘", project=project, starts_at=NOW + 5 * DAY)
    following.follow(project, person, at=NOW - DAY)
    sign_ups.sign_up(made, [person], made_by=person, at=NOW)
    assert set(sweep(NOW)) == {person.email}
    return made


def test_a_change_and_a_cancellation_are_told_at_once_and_not_in_the_week(shift, person, follower, clerk):
    shift = lifecycle.move(
        shift, at=NOW, by=clerk, starts_at=shift.starts_at + DAY, ends_at=shift.ends_at + DAY, location=shift.location,
        reason="下雨",
    )  # fmt: skip
    assert subjects(sweep(NOW + MINUTE)) == {person.email: ["New time or place: 补绘, Wed 26 Dec"]}
    week = sweep(FRIDAY)
    assert list(week) == [follower.email]
    assert "New date: 补绘, Wed 26 Dec" in week[follower.email][0].body

    lifecycle.cancel(shift, at=FRIDAY + MINUTE, by=clerk, reason="寒潮")
    assert subjects(sweep(FRIDAY + 2 * MINUTE)) == {person.email: ["Cancelled: 补绘, Wed 26 Dec"]}
    assert sweep(FRIDAY + 7 * DAY) == {}


def test_a_published_result_is_told_at_once_to_whoever_came_or_was_asked(held, clerk, project, make_person, follower):
    came, withdrew, asked, excused = (make_person(language="en") for _ in range(4))
    booking = baker.make("activities.Booking", activity_id=held.pk, made_by=came, sequence=1, channel="web")
    for who, status in ((came, "attended"), (withdrew, "cancelled")):
        baker.make("activities.SignUp", activity_id=held.pk, booking=booking, person=who, status=status)
    for who, absence in ((asked, ""), (excused, "work")):
        baker.make("community.Participant", deliberation=held, person=who, group="residents", absence=absence)
    baker.make(ProjectRecord, project=project, activity_id=held.pk, part="decided")
    for who in (came, follower):
        following.follow(project, who, at=NOW - DAY)

    publish_result(held, at=NOW, by=clerk)

    told = sweep(NOW + MINUTE)
    assert subjects(told) == {one.email: ["The result of “井盖彩绘听证会” is public"] for one in (came, asked)}
    assert held.get_absolute_url() in told[came.email][0].body
    week = sweep(FRIDAY)
    assert list(week) == [follower.email]
    assert "The result of “井盖彩绘听证会” is public." in week[follower.email][0].body


def test_a_corrected_result_is_told_anew_and_the_wrong_one_no_more(held, clerk, make_person):
    """D3: also when both happen in one night."""
    asked = make_person(language="en")
    baker.make("community.Participant", deliberation=held, person=asked, group="residents", absence="")
    night = NOW.replace(hour=22)
    publish_result(held, at=night, by=clerk)
    assert sweep(night + MINUTE) == {}
    correct_result(held, at=night, by=clerk, reason="票数抄错")
    publish_result(held, at=night + 5 * MINUTE, by=clerk)

    (sent,) = sweep(NOW.replace(day=21, hour=8))[asked.email]

    assert "It was corrected: 票数抄错." in sent.body
    assert sweep(FRIDAY) == {}


# --- (d) ending it from the mail ---


@pytest.fixture
def link(project, follower, make_draft):
    """Where the mail of the week leads whoever has enough of this project."""
    make_draft(published_at=NOW)
    (sent,) = sweep(FRIDAY)[follower.email]
    at = sent.body.index("No longer follow this project\n")
    address = sent.body[at:].splitlines()[1]
    assert address in sent.alternatives[0][0].replace("&amp;", "&")
    return address[address.index("/unfollow/") :]


def test_one_button_without_log_in_ends_it_and_looking_does_not(link, follower, project, neighbourhood):
    other = baker.make(
        "projects.Project", neighbourhood=neighbourhood, slug="green", title="墙下添绿", is_published=True
    )
    following.follow(other, follower, at=NOW)
    reader = Client(enforce_csrf_checks=True)
    for _ in range(2):
        page = reader.get(link).content.decode()
        assert "No longer follow “故事墙”?" in page
        assert follower.name not in page
    assert Follow.objects.count() == 2

    done = reader.post(link).content.decode()

    assert "You no longer follow “故事墙”." in done
    assert list(Follow.objects.values_list("project__title", flat=True)) == ["墙下添绿"]
    assert "You no longer follow “故事墙”." in reader.get(link).content.decode()
    assert reader.post(link).status_code == 200  # pressed twice


def test_a_guardian_ends_it_for_every_child_by_one_link(project, make_person, make_child, make_draft):
    mother = make_person(language="en")
    for child in (make_child(mother, 9), make_child(mother, 11)):
        following.follow(project, child, at=NOW - DAY)
    make_draft(published_at=NOW)
    (sent,) = sweep(FRIDAY)[mother.email]
    address = sent.body[sent.body.index("No longer follow this project\n") :].splitlines()[1]

    Client().post(address[address.index("/unfollow/") :])

    assert not Follow.objects.exists()


@pytest.mark.parametrize(
    "data",
    [{}, {"project": "1", "people": [1]}, {"project": 1, "people": "1"}, {"project": 9**30, "people": [9**30, None]}],
)
def test_a_link_without_sense_gets_a_sentence(client, db, data):
    client.cookies["django_language"] = "en"
    for token in (tokens.make(UNFOLLOW, **data), tokens.make("unsubscribe", **data), "x"):
        page = client.get(reverse("projects:unfollow", args=[token]))
        assert page.status_code == 404
        assert "This link is not complete." in page.content.decode()


def test_an_old_link_says_where_it_is_ended(link, client, monkeypatch):
    client.cookies["django_language"] = "en"
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + 40 * 24 * 3600)
    page = client.get(link)

    assert page.status_code == 410
    assert "This link is too old." in page.content.decode()
