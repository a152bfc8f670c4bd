"""Told stories: sent in, read, published as far as the narrator agreed, and taken back (P5, V5)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from people.models import Photo
from people.operations import photos
from portal.files import Picture
from portal.refusals import Refusal
from projects.models import OralHistory, Project, WallPanel
from projects.operations import stories
from projects.operations.stories import Told
from tests.conftest import NOW
from tests.people.test_files import own_folders, picture_bytes
from tests.staff import client_of, said, save_page, staff_user

__all__ = ["own_folders"]

pytestmark = pytest.mark.django_db

STORY = {
    "title": "夏夜乘凉", "text": "一只西瓜切十二块。", "told_by": "邱阿婆", "own": True, "narrator_agreed": False, "text_agreed": True,
    "photo_agreed": False,
}  # fmt: skip


@pytest.fixture(autouse=True)
def english_pages(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def staff(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


@pytest.fixture
def send(neighbourhood, person):
    def make(**fields) -> OralHistory:
        told = Told(**(STORY | fields))
        return stories.send(told, neighbourhood=neighbourhood, by=person, user=person.user, at=NOW)

    return make


@pytest.fixture
def picture() -> Picture:
    return Picture(picture_bytes(), "old.jpg", "image/jpeg", "jpg", 400, 300)


def test_sent_twice_it_is_told_once(send, neighbourhood, person):
    """A3: a double tap, or the way back and the button again."""
    first = send()
    assert send() == first
    assert send(title="另一段").pk != first.pk
    assert OralHistory.objects.count() == 2


def visitor() -> Client:
    """Somebody signed out, in English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def publish(story, staff) -> OralHistory:
    stories.publish(story, by=staff, at=NOW)
    story.refresh_from_db()
    return story


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"own": False}, "Please ask whoever told it first"),
        ({"text_agreed": False}, "tick that the text may be published"),
    ],
)
def test_what_was_not_agreed_to_is_not_taken(send, fields, sentence):
    with pytest.raises(Refusal, match=sentence):
        send(**fields)
    assert not OralHistory.objects.exists()


def test_a_story_is_read_by_staff_before_anybody_else(client, send, staff, person, make_person):
    story = send()
    for reader in (None, make_person(user=True).user):
        if reader:
            client.force_login(reader)
        assert client.get(story.get_absolute_url()).status_code == 404
        assert "夏夜乘凉" not in client.get(reverse("projects:stories", args=["lane-600"])).content.decode()
    client.force_login(person.user)
    assert "to be read" in client.get(story.get_absolute_url()).content.decode()

    publish(story, staff)

    page = visitor().get(story.get_absolute_url()).content.decode()
    assert "As 邱阿婆 remembers" in page
    assert "一只西瓜切十二块" in page
    assert person.name not in page  # V6


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": " "}, "has no text yet"),
        ({"text_agreed": False}, "has not agreed that the text of “夏夜乘凉” is published. Ask, and enter the day"),
        ({"agreed_on": None}, "Ask, and enter the day"),
        ({"told_by": ""}, "how the narrator of “夏夜乘凉” wants to be called"),
        ({"state": "withdrawn"}, "has taken “夏夜乘凉” back"),
    ],
)
def test_nothing_is_published_without_the_narrators_consent(send, staff, fields, sentence):
    """P5, V5."""
    story = send()
    OralHistory.objects.filter(pk=story.pk).update(**fields)
    with pytest.raises(Refusal, match=sentence):
        stories.publish(story, by=staff, at=NOW)


def test_the_database_holds_it_too(send):
    story = send()
    with pytest.raises(IntegrityError), transaction.atomic():
        OralHistory.objects.filter(pk=story.pk).update(state="published", text_agreed=False)


def test_photos_are_shown_only_where_the_narrator_agreed_to_photos(client, send, staff, picture):
    """V5: consent to each kind of publication by itself."""
    with pytest.raises(Refusal, match="what can be seen"):
        send(picture=picture)
    shown, hidden = (send(picture=picture, alt=f"老照片{agreed}", photo_agreed=agreed) for agreed in (True, False))
    photos.publish(shown.story_photos.get().photo)
    with pytest.raises(Refusal, match="whoever told “夏夜乘凉” has not agreed to photos. Ask first and tick that"):
        photos.publish(hidden.story_photos.get().photo)
    for story in (shown, hidden):
        publish(story, staff)

    archive = client.get("/lane-600/photos/").content.decode()
    assert "老照片True" in client.get(shown.get_absolute_url()).content.decode()
    assert "老照片True" in archive
    assert "老照片False" not in client.get(hidden.get_absolute_url()).content.decode()
    assert "老照片False" not in archive


def test_the_tick_for_photos_taken_off_takes_them_off_every_page(client, send, staff, picture):
    """V5: the story hid them, and the archive of photos went on showing them."""
    story = publish(send(picture=picture, alt="老照片", photo_agreed=True), staff)
    photos.publish(story.story_photos.get().photo)
    pages = [story.get_absolute_url(), "/lane-600/photos/"]
    assert all("老照片" in client.get(page).content.decode() for page in pages)

    url = reverse("admin:projects_oralhistory_change", args=[story.pk])
    answer = save_page(client_of(staff), url, photo_agreed=None)

    assert "1 photo is no longer shown anywhere: the narrator has not agreed to photos." in said(answer)
    assert not any("老照片" in client.get(page).content.decode() for page in pages)
    assert story.story_photos.get().photo.published_at is None


def test_taking_back_hides_text_and_photos_at_once(client, send, staff, person, picture, make_person, neighbourhood):
    """V5: as easily as it was given; staff hear which panels the same narrator told."""
    story = publish(send(picture=picture, alt="老照片", photo_agreed=True), staff)
    photos.publish(story.story_photos.get().photo)
    with pytest.raises(Refusal, match="Only the narrator"):
        stories.take_back(story, by=make_person(), user=None, at=NOW)
    client.force_login(person.user)
    url = reverse("projects:story-take-back", args=["lane-600", story.pk])
    assert "Take “夏夜乘凉” back?" in client.get(url).content.decode()
    client.post(url)

    assert visitor().get(story.get_absolute_url()).status_code == 404
    assert not Photo.objects.published().exists()
    with pytest.raises(Refusal, match="taken back already"):
        stories.take_back(story, by=None, user=staff, at=NOW)
    project = baker.make(Project, neighbourhood=neighbourhood, slug="wall")
    baker.make(
        WallPanel,
        neighbourhood=neighbourhood,
        project=project,
        code="QH-05",
        kind="",
        fact_check="memory",
        narrator=person,
    )
    other = publish(send(title="煤球炉"), staff)
    told = said(
        client_of(staff).post(reverse("admin:projects_oralhistory_act", args=["take-back"]), {"ids": str(other.pk)})
    )
    assert "The same narrator told QH-05: ask whether these stay." in told[-1]


def test_strangers_find_no_button_to_take_another_s_story_back(client, send, staff, make_person):
    story = publish(send(), staff)
    url = reverse("projects:story-take-back", args=["lane-600", story.pk])
    assert client.post(url).headers["Location"].startswith("/accounts/join/")
    client.force_login(make_person(user=True).user)
    assert client.post(url).status_code == 404
    story.refresh_from_db()
    assert story.state == "published"


def test_nobody_floods_the_desk(send):
    for number in range(stories.MAY_WAIT):
        send(title=f"故事{number}")
    with pytest.raises(Refusal, match="5 of your stories wait to be read"):
        send()


def test_an_answer_says_why_and_stands_on_ones_own_page(client, send, staff, person):
    story = send()
    desk = client_of(staff)
    assert "夏夜乘凉" in desk.get(reverse("admin:index")).content.decode()
    with pytest.raises(Refusal, match="write to the sender why"):
        stories.decline(story, reply=" ", by=staff, at=NOW)
    desk.post(
        reverse("admin:projects_oralhistory_act", args=["decline"]), {"ids": str(story.pk), "reply": "和上一篇一样"}
    )

    client.force_login(person.user)
    page = client.get(reverse("people:me")).content.decode()
    assert "夏夜乘凉" in page
    assert "和上一篇一样" in page


def test_a_resident_tells_by_the_form(client, person, neighbourhood):
    url = reverse("projects:story-tell", args=["lane-600"])
    assert client.get(url).headers["Location"].startswith("/accounts/join/?next=")
    client.force_login(person.user)
    data = {
        "title": "给水站",
        "text": "排队接水要用扁担挑。",
        "whose": "another",
        "told_by": "龚老伯",
        "text_agreed": "on",
    }
    assert "Please ask whoever told it first" in client.post(url, data).content.decode()

    client.post(url, data | {"narrator_agreed": "on"})

    story = OralHistory.objects.get()
    assert (story.sent_by, story.narrator, story.told_by, story.state) == (person, None, "龚老伯", "received")


def test_staff_enter_a_story_of_somebody_without_an_account(staff, make_person, neighbourhood):
    narrator = make_person(name="龚国强", email="")
    desk, url = client_of(staff), reverse("admin:projects_oralhistory_add")
    data = {
        "title": "北站", "text": "一听汽笛就晓得几点钟。", "told_on": "2018-07-14", "narrator": narrator.pk, "told_by": "龚老伯",
        "channel": "in_person", "text_agreed": "on", "story_photos-TOTAL_FORMS": "0", "story_photos-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert "Enter the day on which the narrator agreed." in desk.post(url, data).content.decode()
    assert desk.post(url, data | {"agreed_on": "2018-07-14"}).status_code == 302
    story = OralHistory.objects.get()
    desk.post(reverse("admin:projects_oralhistory_act", args=["publish"]), {"ids": str(story.pk)})

    story.refresh_from_db()
    assert story.state == "published"


@pytest.mark.parametrize("length", [1, 40])
def test_lists_cost_the_same_at_any_length(client, neighbourhood, staff, length, django_assert_max_num_queries):
    for number in range(length):
        baker.make(
            OralHistory, neighbourhood=neighbourhood, title=f"故事{number}", text="从前", told_on=NOW.date(), told_by="邱阿婆",
            sent_at=NOW, state="published", text_agreed=True, agreed_on=NOW.date(),
        )  # fmt: skip
    with django_assert_max_num_queries(4):
        assert client.get(reverse("projects:stories", args=["lane-600"])).status_code == 200
    with django_assert_max_num_queries(6):
        assert client.get(OralHistory.objects.first().get_absolute_url()).status_code == 200
    desk = client_of(staff)
    with django_assert_max_num_queries(15):
        assert desk.get(reverse("admin:projects_oralhistory_changelist")).status_code == 200


def test_a_story_leads_to_the_project_it_was_told_for_while_that_is_public(client, send, staff, project):
    story = publish(send(), staff)
    OralHistory.objects.update(project=project)
    link = f'href="{project.get_absolute_url()}"'
    assert link in client.get(story.get_absolute_url()).content.decode()

    type(project).objects.update(is_published=False)
    page = client.get(story.get_absolute_url()).content.decode()
    assert link not in page
    assert project.title not in page


# --- what was agreed to stands ---


def test_the_words_of_a_published_story_change_only_with_the_narrators_yes(client, send, staff):
    """T11: a brother; the form rewrote what the narrator had agreed to."""
    story = send()
    stories.publish(story, by=staff, at=NOW)
    for name, value in (("text", "不是我说的"), ("title", "别的"), ("told_by", "别人")):
        fresh = OralHistory.objects.get(pk=story.pk)
        setattr(fresh, name, value)
        with pytest.raises(Refusal, match="stays as it is"):
            fresh.save()
        with pytest.raises(Refusal):
            OralHistory.objects.filter(pk=story.pk).update(**{name: value})
    desk = client_of(staff)
    shown = desk.get(reverse("admin:projects_oralhistory_change", args=[story.pk])).content.decode()
    assert 'name="text"' not in shown
    assert 'name="topics"' in shown

    url = reverse("admin:projects_oralhistory_act", args=["reword"]) + f"?ids={story.pk}"
    sent = {
        "ids": story.pk,
        "title": "夏夜乘凉",
        "text": "西瓜切十三块。",
        "told_by": "邱阿婆",
        "told_on": "2018-12-20",
    }
    assert "西瓜切十三块。" in desk.post(url, {**sent, "agreed_on": "2018-12-21"}).content.decode()
    assert "西瓜切十三块。" in desk.post(url, {**sent, "agreed_on": "2018-12-01"}).content.decode()
    assert OralHistory.objects.get().text == "一只西瓜切十二块。"
    assert said(desk.post(url, {**sent, "agreed_on": "2018-12-20"})) == ["“夏夜乘凉” is shown in the new words."]
    assert "西瓜切十三块。" in client.get(story.get_absolute_url()).content.decode()
    stories.take_back(story, by=None, user=staff, at=NOW)
    with pytest.raises(Refusal, match="is not published"):
        stories.reword(story, title="题", text="文", told_by="人", told_on=NOW.date(), agreed_on=NOW.date(), at=NOW)
