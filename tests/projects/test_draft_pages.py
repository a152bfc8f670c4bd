"""The pages of a design: what everybody reads, what nobody may, saying something in a minute, two versions compared."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from model_bakery import baker

from people.models import SearchDocument
from people.operations import photos
from portal.refusals import Refusal
from projects.models import Feedback
from projects.operations import drafts, feedback
from projects.operations.feedback import Spot
from tests.conftest import NOW
from tests.staff import client_of, grant, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def clerk(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


@pytest.fixture
def resident(person):
    """A client of a resident who is signed in."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(person.user)
    return client


def text_of(response) -> str:
    return response.content.decode()


# --- one version ---


def test_a_version_shows_the_picture_with_pins_and_the_same_numbers_below(client, draft, clerk):
    image = draft.images.get()
    first = feedback.give(draft, "画历史", at=NOW, by=clerk, channel="wechat_group", spot=Spot(image, 12.5, 30))
    feedback.give(draft, "加广告", at=NOW, by=clerk, channel="paper_box")
    feedback.answer(first, disposition="partly_adopted", reply="增加三幅", at=NOW)

    page = text_of(client.get(draft.get_absolute_url()))

    assert re.findall(r'class="pin"[^>]*href="#fb(\d+)"', page) == ["1"]
    assert re.findall(r'id="fb(\d+)"', page) == ["1", "2"]
    assert 'cx="12.5%" cy="30.0%"' in page
    for words in (
        "画历史",
        "Partly adopted",
        "增加三幅",
        "WeChat group",
        "at A1",
        "Feedback until Fri 21 Dec, midnight",
    ):
        assert words in page


def test_a_quiet_version_says_what_to_do_next(client, draft, make_draft):
    assert "Nobody has said anything yet. Yours would be the first." in text_of(client.get(draft.get_absolute_url()))
    closed = make_draft(round=None)
    assert "Nothing was said about this version." in text_of(client.get(closed.get_absolute_url()))


def test_you_said_we_did(client, draft, make_draft, clerk):
    item = feedback.give(draft, "画历史", at=NOW, by=clerk, channel="door_visit")
    feedback.give(draft, "没采纳的", at=NOW, by=clerk, channel="door_visit")
    second = make_draft()
    feedback.answer(item, disposition="adopted", reply="增加三幅", at=NOW, in_version=second)

    before, after = (text_of(client.get(one.get_absolute_url())) for one in (draft, second))

    assert "See version 2" in before
    assert "You said, we did" not in before
    assert after.index("You said, we did") < after.index("画历史") < after.index("On version 1")
    assert "没采纳的" not in after


# --- what nobody may read ---


def test_what_is_in_preparation_never_leaks(client, draft, make_draft, neighbourhood, elsewhere):
    secret = make_draft(published=False, summary="还没定的想法")
    pages = [
        draft.get_absolute_url(), draft.project.get_absolute_url(), f"/{neighbourhood.slug}/projects/",
        f"/{neighbourhood.slug}/",
    ]  # fmt: skip
    editor = staff_user("editor", neighbourhood)
    assert "还没定的想法" in text_of(client_of(editor).get(secret.get_absolute_url()))  # there is something to leak

    far = staff_user("editor", elsewhere)
    for reader in (client, client_of(far)):
        for page in pages:
            response = reader.get(page)
            assert "第2稿的画" not in text_of(response), page
            assert "还没定的想法" not in text_of(response), page
        for page in (
            secret.get_absolute_url(), secret.get_feedback_url(), secret.page("draft-compare", 1),
            draft.page("draft-compare", 2),
        ):  # fmt: skip
            assert reader.get(page).status_code == 404, page
        assert reader.post(secret.get_feedback_url(), {"text": "偷看"}).status_code in {403, 404}


def test_a_picture_in_preparation_is_not_published_by_itself(client, make_draft):
    """P2: the archive of photos would show it before the version does."""
    secret = make_draft(published=False, summary="还没定的想法")
    photo = secret.images.get().photo

    with pytest.raises(Refusal, match="is still in preparation. Publish the version, then its pictures are shown."):
        photos.publish(photo)

    assert photo.alt not in client.get("/lane-600/photos/").content.decode()
    type(secret).objects.filter(pk=secret.pk).update(published_at=NOW)
    assert drafts.in_preparation(photo) is None


def test_a_version_of_a_hidden_project_or_another_area_is_not_there(
    client, draft, make_draft, elsewhere, neighbourhood
):
    far = baker.make("projects.Project", neighbourhood=elsewhere, slug="wall", title="别处的墙", is_published=True)
    theirs = make_draft(of=far)
    assert client.get(theirs.get_absolute_url()).status_code == 200
    assert "别处的墙" not in text_of(client.get(draft.get_absolute_url()))

    draft.project.is_published = False
    draft.project.save()
    for page in (draft.get_absolute_url(), draft.get_feedback_url(), f"{draft.project.get_absolute_url()}follow/"):
        assert client.get(page).status_code == 404
    assert client.get(f"/{neighbourhood.slug}/projects/wall/drafts/").status_code == 404


def test_nobody_is_named(client, resident, draft, make_person, make_child, clerk):
    """V6: a resident, the way and the day; never a name, and of children nothing at all."""
    adult = make_person(name="裴莉莉", nickname="莉莉")
    child = make_child(adult, name="满满小朋友")
    for who in (adult, child):
        item = feedback.give(draft, f"话{who.pk}", at=NOW, by=clerk, channel="door_visit", person=who)
        feedback.answer(item, disposition="adopted", reply="好", at=NOW, by=clerk)

    for reader in (client, resident):
        page = text_of(reader.get(draft.get_absolute_url()))
        assert page.count("A resident") == 2
        for name in ("裴莉莉", "莉莉", "满满小朋友", adult.email, clerk.email):
            assert name not in page


def test_words_nobody_has_read_yet_are_their_writers_only(client, resident, draft, person):
    feedback.give(draft, "隔壁老王电话13900000000", at=NOW, person=person)

    mine, theirs = (text_of(one.get(draft.get_absolute_url())) for one in (resident, client))

    assert "老王" in mine
    assert "Only you can read the words yet" in mine
    assert "老王" not in theirs
    assert "Received. The committee reads it before the words are shown." in theirs


def test_words_kept_back_give_their_reason_instead(client, draft, clerk):
    item = feedback.give(draft, "三楼老王", at=NOW, by=clerk, channel="paper_box", spot=Spot(quote="十幅画"))
    feedback.withhold(item, "提到了一位邻居")

    page = text_of(client.get(draft.get_absolute_url()))

    assert "老王" not in page
    assert "提到了一位邻居" in page


# --- what it costs ---


@pytest.fixture
def fill(draft, make_draft, clerk):
    def fill(length: int):
        image = draft.images.get()
        items = [feedback.Item(f"第{n}条", "wechat_group", None, None, Spot(image, n % 100, 40)) for n in range(length)]
        feedback.give_many(draft, items, at=NOW, by=clerk)
        Feedback.objects.update(disposition="adopted", reply="好", replied_at=NOW, revision=1)
        second = make_draft()
        Feedback.objects.update(in_version=second)
        return second

    return fill


@pytest.mark.parametrize("length", [1, 500])
def test_a_version_costs_the_same_at_any_length(client, draft, fill, length, django_assert_num_queries):
    second = fill(length)
    # neighbourhood, versions, rounds, pictures, numbers, items, what this version took in
    with django_assert_num_queries(7):
        page = client.get(draft.get_absolute_url())
    assert len(page.context["items"]) == min(length, 25)
    assert page.context["tally"].total == length
    with django_assert_num_queries(6):  # the same, without items of its own
        taken = client.get(second.get_absolute_url()).context
    assert len(taken["changes"]) == min(length, 50)


@pytest.mark.parametrize("length", [1, 500])
def test_the_other_pages_too(client, draft, fill, length, django_assert_num_queries):
    second = fill(length)
    with django_assert_num_queries(6):  # neighbourhood, versions, rounds, pictures of each, what was taken in
        client.get(second.page("draft-compare", 1))
    with django_assert_num_queries(4):  # neighbourhood, versions, rounds, pictures
        client.get(second.get_feedback_url())
    client.get(draft.project.get_absolute_url())  # who came is counted once an hour
    with django_assert_num_queries(10):  # as tests/projects/test_pages.py counts them, and one for the design
        context = client.get(draft.project.get_absolute_url()).context
    assert context["tally"].total == length


def test_a_signed_in_reader_stays_within_ten(resident, draft, person, django_assert_max_num_queries):
    feedback.give(draft, "我说的", at=NOW, person=person)
    with django_assert_max_num_queries(10):
        assert "我说的" in text_of(resident.get(draft.get_absolute_url()))


def test_pages_of_a_long_list_lead_to_each_item(client, draft, fill):
    fill(60)
    page = client.get(draft.get_absolute_url(), {"page": 3})

    assert [item.number for item in page.context["items"]] == list(range(51, 61))
    assert re.findall(r'class="pin"[^>]*href="#fb(\d+)"', text_of(page)) == [str(n) for n in range(51, 61)]
    assert client.get(draft.get_absolute_url(), {"page": "x"}).context["page_obj"].number == 1


# --- saying something ---


def test_a_resident_says_something_in_two_taps_and_the_words(resident, draft, person):
    page = text_of(resident.get(draft.get_absolute_url()))
    assert f'href="{draft.get_feedback_url()}">Say what you think</a>' in page  # the first tap
    done = resident.post(draft.get_feedback_url(), {"text": "颜色淡一点"}, follow=True)  # the second

    item = Feedback.objects.get()
    assert (item.text, item.person, item.channel, item.has_pin) == ("颜色淡一点", person, "web_form", False)
    assert done.redirect_chain == [(f"{draft.get_absolute_url()}?page=1#fb1", 302)]
    assert "Thank you, this is number 1. The committee reads it, then everybody can, without your name." in text_of(
        done
    )


def test_pressing_a_part_of_the_picture_keeps_the_words_and_writes_nothing(resident, draft):
    key = f"{draft.images.get().pk}:B2"
    page = resident.post(draft.get_feedback_url(), {"text": "这里\n淡一点", "spot": key})

    assert not Feedback.objects.exists()
    form = page.context["form"]
    assert (form["text"].value(), form.chosen()) == ("这里\n淡一点", key)
    assert f'value="{key}" class="on" aria-pressed="true"' in text_of(page)
    resident.post(draft.get_feedback_url(), {"text": "这里淡一点", "place": key})
    item = Feedback.objects.get()
    assert (item.part, str(item.x), str(item.y)) == ("B2", "25.00", "75.00")


def test_a_browser_that_knows_the_point_tells_it(resident, draft):
    image = draft.images.get()
    resident.post(draft.get_feedback_url(), {"text": "就这点", "place": f"{image.pk}:B2", "x": "31.5", "y": "60"})
    resident.post(draft.get_feedback_url(), {"text": "假的点", "place": f"{image.pk}:B2", "x": "99", "y": "60"})
    resident.post(draft.get_feedback_url(), {"text": "怪的点", "place": f"{image.pk}:B2", "x": "nan", "y": "\0"})

    assert [(str(one.x), str(one.y)) for one in Feedback.objects.order_by("number")] == [
        ("31.50", "60.00"),
        ("25.00", "75.00"),
        ("25.00", "75.00"),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": " "}, "Please fill this in."),
        ({"text": "x" * 1001}, "At most 1000 characters, please; these are 1001."),
        ({"text": "好", "place": "1:Z9"}, "This place is not on the picture. Please choose a part from the list."),
        ({"text": "好", "quote": "没有的话"}, "These words do not stand in version 1. Please copy them from its text."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_words_stay(resident, draft, data, sentence):
    page = resident.post(draft.get_feedback_url(), data)

    assert sentence in text_of(page)
    assert page.context["form"]["text"].value() == data["text"]
    assert not Feedback.objects.exists()


def test_either_a_place_or_words(resident, draft):
    data = {"text": "好", "quote": "十幅画", "place": f"{draft.images.get().pk}:A1"}
    page = text_of(resident.post(draft.get_feedback_url(), data))

    assert "Please choose: either a part of the picture, or words of the description." in page


def test_a_newcomers_words_are_kept_through_the_log_in(client, draft, resident_text, make_person):
    key = f"{draft.images.get().pk}:C1"
    asked = client.post(draft.get_feedback_url(), {"text": "老底子有书馆", "place": key})
    assert asked.headers["Location"].startswith("/accounts/join/?next=")
    assert not Feedback.objects.exists()

    client.force_login(make_person(user=True).user)  # the session goes on, as after a code
    back = client.get(draft.get_feedback_url())

    assert "Your words are still here." in text_of(back)
    assert (back.context["form"]["text"].value(), back.context["form"].chosen()) == ("老底子有书馆", key)
    client.post(draft.get_feedback_url(), {"text": "老底子有书馆", "place": key})
    assert Feedback.objects.get().part == "C1"
    assert not client.get(draft.get_feedback_url()).context["form"]["text"].value()


def test_an_account_unknown_here_is_asked_who_it_is_and_keeps_its_words(
    client, draft, resident_text, make_person, elsewhere
):
    client.post(draft.get_feedback_url(), {"text": "我也想说"})
    client.force_login(make_person(user=True, place=elsewhere).user)
    assert "does not know you as a resident yet" in text_of(client.get(draft.get_feedback_url()))

    client.post(draft.get_feedback_url(), {"name": "新来的", "adult": "on", "agrees": "on"})

    assert client.get(draft.get_feedback_url()).context["form"]["text"].value() == "我也想说"


def test_a_closed_version_has_no_form_but_says_where_to_turn(resident, make_draft):
    draft = make_draft(round=(TODAY - 3 * DAY, TODAY - DAY))
    page = resident.get(draft.get_feedback_url())

    assert "Feedback on version 1 closed on Wed 19 Dec." in text_of(page)
    assert "<textarea" not in text_of(page)
    assert "closed on Wed 19 Dec" in text_of(resident.post(draft.get_feedback_url(), {"text": "晚了"}))
    assert not Feedback.objects.exists()


# --- versions ---


def test_the_list_leads_to_the_newest_public_version(client, draft, make_draft, neighbourhood):
    second = make_draft()
    make_draft(published=False)

    response = client.get(f"/{neighbourhood.slug}/projects/wall/drafts/")

    assert response.headers["Location"] == second.get_absolute_url()


def test_two_versions_side_by_side_and_one_over_the_other(client, draft, make_draft):
    second = make_draft(summary="改了")
    page = client.get(second.page("draft-compare", 1))

    assert [(pair["before"].alt, pair["after"].alt) for pair in page.context["pairs"]] == [("第1稿的画", "第2稿的画")]
    assert len(re.findall(r'type="radio"', text_of(page))) == 3  # works without script and by the arrow keys
    assert client.get(draft.page("draft-compare", 2)).headers["Location"] == second.page("draft-compare", 1)
    assert client.get(second.page("draft-compare", 2)).status_code == 404


def test_the_projects_page_shows_the_design(client, resident, draft, make_draft):
    second = make_draft()
    page = text_of(client.get(draft.project.get_absolute_url()))

    assert f'href="{second.get_feedback_url()}">Say what you think</a>' in page
    assert [one.version for one in client.get(draft.project.get_absolute_url()).context["drafts"]] == [1, 2]


def test_designs_are_found(draft, django_capture_on_commit_callbacks, make_draft):
    with django_capture_on_commit_callbacks(execute=True):
        second = make_draft(published=False, summary="石库门的门环")
        drafts.change(second, designer="木作工坊")
    assert [one.path for one in SearchDocument.objects.filter(kind="draft")] == [draft.get_absolute_url()]
    with django_capture_on_commit_callbacks(execute=True):
        second.published_at = NOW
        second.save()
    found = SearchDocument.objects.get(kind="draft", title__contains="第2稿")
    assert found.path == second.get_absolute_url()
    assert "version 2" in found.folded  # found by it, and no excerpt shows it


def test_every_role_that_works_on_designs_reads_them_beforehand(make_draft, neighbourhood):
    secret = make_draft(published=False)
    user = staff_user("volunteer_coordinator", neighbourhood)
    assert client_of(user).get(secret.get_absolute_url()).status_code == 404
    grant(user, "editor", neighbourhood)
    assert client_of(user).get(secret.get_absolute_url()).status_code == 200


# --- taking it back ---


def test_ones_own_words_are_taken_back_and_gone(client, resident, draft, person, clerk):
    """P2, as easily as they were said: erased, out of the totals, and what others said keeps its number."""
    feedback.give(draft, "我家在三楼", at=NOW, person=person, spot=Spot(draft.images.get(), 20, 20))
    feedback.give(draft, "别人说的", at=NOW, by=clerk, channel="paper_box")
    address = draft.page("feedback-take-back", 1)

    assert text_of(resident.get(draft.get_absolute_url())).count("take-back/") == 1
    assert "take-back/" not in text_of(client.get(draft.get_absolute_url()))
    question = text_of(resident.get(address))
    assert "Take “我家在三楼” back?" in question
    assert Feedback.objects.count() == 2, "asking erases nothing"
    done = resident.post(address, follow=True)

    assert "It is taken back and erased." in text_of(done)
    assert "我家在三楼" not in text_of(done)
    assert [item.number for item in done.context["items"]] == [2]
    assert done.context["tally"].total == 1
    assert resident.post(address).status_code == 404


def test_nobody_takes_back_what_another_said(client, resident, draft, make_person):
    feedback.give(draft, "别人的话", at=NOW, person=make_person())
    address = draft.page("feedback-take-back", 1)

    assert resident.post(address).status_code == 404
    assert client.post(address).url == f"/accounts/join/?next={address}"
    assert Feedback.objects.count() == 1


def test_an_item_is_found_on_its_page_though_numbers_are_missing(client, draft, fill):
    fill(30)
    draft.feedback.filter(number__lte=10).delete()

    assert draft.feedback.get(number=30).page_url() == f"{draft.get_absolute_url()}?page=1#fb30"
