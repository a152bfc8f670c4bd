"""Following a project: one digest a week at most, none without news, and no more once one has unfollowed."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from model_bakery import baker

from people import outbox
from people.models import Message
from portal import clock
from portal.refusals import Refusal
from projects import tasks
from projects.emails import DIGEST, news, window_of
from projects.models import Follow, ProjectArticle, ProjectStage
from projects.operations import following
from tests.community.conftest import committee, make_deliberation
from tests.conftest import NOW, SHANGHAI

__all__ = ["committee", "make_deliberation"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)
FRIDAY = datetime(2018, 12, 21, 18, tzinfo=SHANGHAI)  # NOW is Thursday, 09:00


def sweep(at) -> list:
    """What two beats of that moment send."""
    before = len(mail.outbox)
    with clock.frozen(at):
        tasks.queue_project_digests()
        tasks.queue_project_digests()
        outbox.dispatch()
    return mail.outbox[before:]


@pytest.fixture
def person(make_person):
    return make_person(user=True, language="en")


@pytest.fixture
def addressed(make_child):
    """A child with an address of its own, which nothing may use."""

    def make(guardian, age, email, **fields):
        child = make_child(guardian, age, **fields)
        child.email = email
        child.save()
        return child

    return make


@pytest.fixture
def followed(project, person):
    following.follow(project, person, at=NOW)
    return project


@pytest.fixture
def write(neighbourhood):
    """An article about a project, published at that moment."""

    def make(project, title, at):
        article = baker.make(
            "community.Article", neighbourhood=neighbourhood, kind="notice", title=title, body="…", published_at=at
        )
        baker.make(ProjectArticle, project=project, article=article)

    return make


def test_the_week_ends_on_friday_evening():
    """The key is the week's, whatever the hour of the sweep."""
    assert window_of(FRIDAY) == ("digest:2018-51", FRIDAY)
    assert window_of(FRIDAY - timedelta(seconds=1)) == ("digest:2018-50", FRIDAY - 7 * DAY)
    assert window_of(FRIDAY + 6 * DAY) == ("digest:2018-51", FRIDAY)


def test_exactly_one_digest_a_week(followed, person, write):
    write(followed, "粉刷开始", NOW + timedelta(hours=1))
    write(followed, "底色上墙", NOW + timedelta(hours=2))
    assert sweep(NOW + timedelta(hours=3)) == []

    (sent,) = sweep(FRIDAY)
    assert sent.to == [person.email]
    assert sent.subject == "This week: 故事墙"
    assert sent.body.index("粉刷开始") < sent.body.index("底色上墙")
    write(followed, "周末的消息", FRIDAY + timedelta(hours=1))
    for hours in range(2, 7 * 24, 24):
        assert sweep(FRIDAY + timedelta(hours=hours)) == []

    (second,) = sweep(FRIDAY + 7 * DAY)
    assert "周末的消息" in second.body
    assert "粉刷开始" not in second.body
    assert Message.objects.count() == 2


def test_no_news_no_mail(followed):
    for week in range(4):
        assert sweep(FRIDAY + week * 7 * DAY) == []
    assert not Message.objects.exists()


def test_nothing_from_before_one_followed(project, person, write):
    write(project, "早已登过", NOW - DAY)
    following.follow(project, person, at=NOW)

    assert sweep(FRIDAY) == []


def test_several_projects_make_one_mail(followed, person, write, neighbourhood):
    other = baker.make(
        "projects.Project", neighbourhood=neighbourhood, slug="green", title="墙下添绿", is_published=True
    )
    following.follow(other, person, at=NOW)
    for one in (followed, other):
        write(one, f"{one.title}的消息", NOW + DAY)

    (sent,) = sweep(FRIDAY)

    assert sent.subject == "This week: 故事墙 and one more"
    assert "故事墙的消息" in sent.body
    assert "墙下添绿的消息" in sent.body


def test_who_unfollows_in_between_hears_no_more(followed, person, write, neighbourhood):
    """Also when the mail was written already and waits for the morning."""
    other = baker.make(
        "projects.Project", neighbourhood=neighbourhood, slug="green", title="墙下添绿", is_published=True
    )
    following.follow(other, person, at=NOW)
    for one in (followed, other):
        write(one, f"{one.title}的消息", NOW + DAY)
    late = FRIDAY.replace(hour=22)
    assert sweep(late) == []  # the worker was away at six; now the night is quiet
    following.unfollow(followed, person)

    (sent,) = sweep(late + timedelta(hours=10))

    assert "墙下添绿的消息" in sent.body
    assert "故事墙" not in sent.body
    following.unfollow(other, person)
    write(other, "又一条", FRIDAY + 2 * DAY)
    assert sweep(FRIDAY + 7 * DAY) == []


def test_unfollowed_altogether_before_it_went(followed, person, write):
    write(followed, "消息", NOW + DAY)
    late = FRIDAY.replace(hour=22)
    sweep(late)
    following.unfollow(followed, person)

    assert sweep(late + timedelta(hours=10)) == []
    assert Message.objects.get().state == Message.State.EXPIRED


def test_after_weeks_without_a_worker_one_mail_tells_all(followed, write):
    for week in range(3):
        write(followed, f"第{week}周", NOW + timedelta(days=7 * week, hours=1))

    (sent,) = sweep(FRIDAY + 14 * DAY)

    assert [f"第{week}周" in sent.body for week in range(3)] == [True] * 3


def test_one_click_ends_the_digest_and_no_other_mail(followed, person, write, client):
    write(followed, "消息", NOW + DAY)
    (sent,) = sweep(FRIDAY)
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    client.post(link[link.index("/mail/") :], {"List-Unsubscribe": "One-Click"})

    assert outbox.stopped(person) == {DIGEST.code}
    write(followed, "下周的消息", FRIDAY + DAY)
    assert sweep(FRIDAY + 7 * DAY) == []


def test_children(followed, make_person, make_child, addressed, write):
    """V4: a child's digest goes to the guardian, once though two children follow; from 14 on it is one's own."""
    mother = make_person(language="en")
    for child in (addressed(mother, 9, "a@example.org"), make_child(mother, 11)):
        following.follow(followed, child, at=NOW)
    teen = addressed(mother, 15, "teen@example.org")
    following.follow(followed, teen, at=NOW)
    write(followed, "消息", NOW + DAY)

    sent = {one.to[0]: one for one in sweep(FRIDAY)}

    assert {mother.email, "teen@example.org"} < set(sent)
    assert "a@example.org" not in sent
    assert sent[mother.email].body.count("消息") == 1
    assert "because a child you answer for follows these projects" in sent[mother.email].body


def test_whoever_cannot_be_written_to_is_told_what_to_do(project, make_person):
    unknown = make_person(None)
    for nobody in (unknown, make_person(10), make_person(email="")):
        with pytest.raises(Refusal, match="We write only to people of 14 or over, or to a guardian with an e-mail"):
            following.follow(project, nobody, at=NOW)
    assert not Follow.objects.exists()


def test_nobody_follows_across_neighbourhoods(project, make_person, elsewhere):
    with pytest.raises(
        Refusal, match="“故事墙” belongs to another residential area. Please choose one of the projects"
    ):
        following.follow(project, make_person(place=elsewhere), at=NOW)


def test_a_hidden_project_has_no_news(followed, write):
    write(followed, "消息", NOW + DAY)
    followed.is_published = False
    followed.save()

    assert sweep(FRIDAY) == []


# --- what is news ---


def test_what_is_news(project, make_draft, make_activity, write):
    """Versions, the final one, stages, articles; nothing that is not public, nothing outside the week."""
    since, until = NOW - 7 * DAY, NOW
    first = make_draft(published_at=NOW - 30 * DAY, round=None)
    make_draft(published_at=NOW - 2 * DAY)
    make_draft(published=False)
    first.notice_from = first.notice_until = date(2018, 12, 1)
    first.is_final, first.finalised_at = True, NOW - DAY
    first.save()
    baker.make(ProjectStage, project=project, stage="recruiting", start=date(2018, 12, 14), end=date(2018, 12, 18))
    baker.make(ProjectStage, project=project, stage="accepted", start=date(2018, 12, 17), end=date(2018, 12, 17))
    baker.make(ProjectStage, project=project, stage="feedback", skipped=True, start=date(2018, 12, 17))
    baker.make(ProjectStage, project=project, stage="maintaining", start=date(2018, 12, 20))
    write(project, "故事墙完工", NOW - 3 * DAY)
    write(project, "明天才登", NOW + DAY)

    assert [one.words() for one in news.of([project.pk], since, until)] == [
        "It has begun: recruiting.",
        "notice: 故事墙完工",
        "Done: reviewed.",
        "Version 2 of the design is out. Feedback: 17–21 Dec.",
        "It is over: recruiting.",
        "The design is final: version 1.",
    ]


def test_a_new_shift_is_news(project, make_activity, neighbourhood):
    group = baker.make("people.PartyOrg", neighbourhood=neighbourhood)
    with clock.frozen(NOW - DAY):
        make_activity(project=project, title="补绘")
        make_activity(project=project, title="草稿", status="draft")
        make_activity(project=project, title="党员的", visibility="organisation", organisation=group)
    assert [one.words() for one in news.of([project.pk], NOW - 2 * DAY, NOW)] == ["New date: 补绘, Sun 23 Dec"]


def test_a_public_result_and_a_pictured_piece_are_news(followed, make_deliberation, make_cover, make_photo):
    """Each once; a result taken back, one that only its members may see, and what is not public tell nothing."""
    at = {"result_state": "published", "result_at": NOW + timedelta(hours=1)}
    held = make_deliberation(title="定稿听证会", **at)
    for part in ("discussed", "decided"):
        baker.make("projects.ProjectRecord", project=followed, activity=held, part=part)
    branch = baker.make("people.PartyOrg", neighbourhood=followed.neighbourhood, kind="branch")
    for hidden in (
        make_deliberation(title="没公布的会", result_state="pending"),
        make_deliberation(title="内部的会", visibility="organisation", organisation=branch, **at),
    ):
        baker.make("projects.ProjectRecord", project=followed, activity=hidden, part="discussed")
    shown = make_cover(project=followed, title="小鱼的来信")
    secret = make_cover(project=followed, title="还没公布", is_published=False)
    with clock.frozen(NOW + timedelta(hours=2)):
        for cover, published in ((shown, True), (shown, True), (shown, False), (secret, True)):
            photo = make_photo("井盖", published=published)
            if published:
                type(photo).objects.filter(pk=photo.pk).update(published_at=clock.now())
            baker.make("projects.PiecePhoto", piece=cover, photo=photo, role="after")

    (sent,) = sweep(FRIDAY)
    assert sent.body.count("The result of “定稿听证会” is public.") == 1
    assert held.get_absolute_url() in sent.body
    assert sent.body.count(f"{shown.code} 小鱼的来信 can be seen in a new picture.") == 1
    for words in ("没公布的会", "内部的会", "还没公布"):
        assert words not in sent.body


@pytest.mark.parametrize("length", [1, 40])
def test_a_digest_costs_the_same_for_one_or_many(project, make_person, write, length, django_assert_max_num_queries):
    for _ in range(length):
        following.follow(project, make_person(), at=NOW)
    write(project, "消息", NOW + DAY)
    with clock.frozen(FRIDAY), django_assert_max_num_queries(22):
        assert following.queue_digests(FRIDAY) == length
    with django_assert_max_num_queries(1):
        assert following.queue_digests(FRIDAY) == 0


# --- the pages ---


@pytest.fixture
def resident(person):
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(person.user)
    return client


def test_one_button_follows_and_one_ends_it(resident, project, person):
    url = f"{project.get_absolute_url()}follow/"
    assert "Follow this project" in resident.get(project.get_absolute_url()).content.decode()

    done = resident.post(url, follow=True).content.decode()
    assert "You follow “故事墙”. When there is news, we write on Friday evening, once a week at most." in done
    assert Follow.objects.get().person == person
    me = resident.get("/me/").content.decode()
    assert "Projects I follow" in me
    resident.post(url, {"stop": "1", "next": "/me/#follows"})
    assert not Follow.objects.exists()
    assert "Projects I follow" not in resident.get("/me/").content.decode()


def test_looking_changes_nothing(resident, client, project):
    """Mail scanners and previews follow links."""
    url = f"{project.get_absolute_url()}follow/"
    assert resident.get(url).status_code == 200
    assert client.get(url).headers["Location"].startswith("/accounts/join/?next=")
    assert not Follow.objects.exists()


def test_who_did_not_say_their_age_says_it_here(client, project, make_person):
    newcomer = make_person(None, user=True)
    client.cookies["django_language"] = "en"
    client.force_login(newcomer.user)
    url = f"{project.get_absolute_url()}follow/"
    refused = client.post(url).content.decode()
    assert "tick it here; otherwise ask your guardian to follow the project." in refused
    assert 'name="adult"' in refused

    client.post(url, {"adult": "1"})

    assert Follow.objects.get().person == newcomer


def test_a_stranger_is_asked_who_they_are(client, project, make_person, elsewhere, resident_text):
    client.cookies["django_language"] = "en"
    client.force_login(make_person(user=True, place=elsewhere).user)
    url = f"{project.get_absolute_url()}follow/"
    assert 'name="name"' in client.get(url).content.decode()

    client.post(url, {"name": "新来的", "adult": "on", "agrees": "on"})

    assert Follow.objects.get().person.name == "新来的"
