"""The archive of photos and one photo's page (S44, V5, V6): nothing of a photo that is not public, nobody's name, few queries."""

from datetime import date

import pytest
from django.urls import reverse
from model_bakery import baker

from community.models import Article
from people.models import PhotoPair
from people.operations import photos
from people.operations.consents import give, revoke
from portal.refusals import Refusal
from projects.models import Project, ProjectPhoto

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(neighbourhood):
    return reverse("people:photos", args=[neighbourhood.slug])


def page_of(photo) -> str:
    return reverse("people:photo", args=[photo.neighbourhood.slug, photo.pk])


def test_the_archive_shows_what_is_published_the_newest_first(client, archive, make_photo, elsewhere):
    make_photo("旧墙", taken_on=date(2018, 6, 27))
    make_photo("没有日子")
    make_photo("新墙", taken_on=date(2018, 10, 20))
    make_photo("别处", place=elsewhere)
    make_photo("还没公开", published=False)
    assert [entry["pic"].alt for entry in client.get(archive).context["entries"]] == ["新墙", "旧墙", "没有日子"]


def test_a_photo_tells_how_many_agreed_and_never_who(client, make_photo, person, make_person):
    """V6."""
    other = make_person(name="葛兰")
    for one in (person, other):
        give(one, "photo", given_by=one)
    photo = make_photo("两个人在浇花", people=[person, other])
    page = client.get(page_of(photo)).content.decode()
    assert "2 people can be recognised; all of them have agreed that the picture is shown." in page
    assert "葛兰" not in page
    assert person.name not in page


@pytest.fixture
def leaky(make_photo, make_child, person, neighbourhood):
    """As ph05 of the demo: a child is in it whose guardian refused; it hangs on a project, an article's project and a pair."""
    child = make_child(person, name="小棠")
    refused = make_photo("小棠在栽羽衣甘蓝", published=False, caption="居民为故事墙装扮绿化", people=[child])
    with pytest.raises(Refusal):
        photos.publish(refused)
    open_one = make_photo("一面长墙")
    baker.make(PhotoPair, neighbourhood=neighbourhood, before=open_one, after=refused, caption="栽花前后")
    project = baker.make(Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True)
    for order, photo in enumerate((refused, open_one)):
        baker.make(ProjectPhoto, project=project, photo=photo, order=order)
    baker.make(
        Article,
        neighbourhood=neighbourhood,
        kind="story",
        title="绿化",
        body="…",
        published_at=refused.original.added_at,
    )
    return refused


def test_a_refused_photo_leaks_nowhere(client, archive, leaky, neighbourhood):
    """V5 and S44: not its file, not its words, not in the source, the share picture, a pair, the search or its own address."""
    base = f"/{neighbourhood.slug}"
    for address in (
        archive,
        f"{base}/",
        f"{base}/projects/",
        f"{base}/projects/wall/",
        f"{base}/news/",
        f"{base}/calendar.ics",
    ):
        content = client.get(address).content.decode()
        for secret in ("羽衣甘蓝", "装扮绿化", "小棠", "栽花前后", leaky.original.file.name):
            assert secret not in content, (address, secret)
    assert client.get(page_of(leaky)).status_code == 404
    assert client.get(leaky.original.get_absolute_url()).status_code == 404
    assert client.get(f"/media/{leaky.original.file.name}").status_code == 404
    assert "羽衣甘蓝" in leaky.alt  # it could have


def test_a_revoked_consent_takes_it_off_every_page_at_once_also_from_the_cache(
    client, archive, make_photo, person, neighbourhood, page_cache, django_capture_on_commit_callbacks
):
    give(person, "photo", given_by=person)
    photo = make_photo("一个人在画墙", people=[person])
    project = baker.make(Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True)
    baker.make(ProjectPhoto, project=project, photo=photo)
    addresses = (archive, page_of(photo), project.get_absolute_url())
    for address in addresses:
        for _ in range(2):
            assert "一个人在画墙" in client.get(address).content.decode()
    file = f"/media/photos/{photo.folder}/320.jpg"
    assert client.get(file).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        revoke(person, "photo", revoked_by=person)

    for address in addresses:
        assert "一个人在画墙" not in client.get(address).content.decode()
    assert client.get(file).status_code == 404


def test_a_pair_is_shown_side_by_side_while_both_are_public(client, archive, make_photo):
    before, after = make_photo("返碱发黑的墙"), make_photo("十幅彩画")
    photos.pair(before, after, caption="修补前后")
    for address in (archive, page_of(before), page_of(after)):
        page = client.get(address).content.decode()
        assert page.count('type="radio"') == 3
        assert "返碱发黑的墙" in page
        assert "十幅彩画" in page
    photos.withdraw(before)
    assert 'type="radio"' not in client.get(archive).content.decode()


def test_a_project_shows_its_pair_once(client, make_photo, neighbourhood):
    """S39: what stands in the comparison stands not in the gallery below it, too."""
    before, after, other = make_photo("从前的墙"), make_photo("现在的墙"), make_photo("墙下的人")
    photos.pair(before, after)
    project = baker.make(Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True)
    for photo in (before, after, other):
        baker.make(ProjectPhoto, project=project, photo=photo)
    page = client.get(project.get_absolute_url()).content.decode()
    assert [page.count(f'alt="{alt}"') for alt in ("从前的墙", "现在的墙", "墙下的人")] == [1, 1, 1]


def test_the_share_picture_of_a_photo_is_its_jpeg(client, make_photo):
    photo = make_photo("花坛")
    assert (
        f'og:image" content="http://testserver/media/photos/{photo.folder}/800.jpg"'
        in client.get(page_of(photo)).content.decode()
    )


def test_years_are_chips_and_any_other_year_is_all(client, archive, make_photo):
    make_photo("去年", taken_on=date(2017, 5, 1))
    make_photo("今年", taken_on=date(2018, 5, 1))
    assert [link["label"] for link in client.get(archive).context["years"]] == ["All", "2018", "2017"]
    assert [entry["pic"].alt for entry in client.get(f"{archive}?year=2017").context["entries"]] == ["去年"]
    for odd in ("2016", "x", "9" * 40, "\0"):
        assert len(client.get(archive, {"year": odd}).context["entries"]) == 2


def test_an_empty_archive_says_what_to_do(client, archive):
    assert "No photo is shown yet." in client.get(archive).content.decode()


@pytest.mark.parametrize("length", [1, 60])
def test_the_archive_costs_the_same_at_any_length(client, archive, make_photo, length, django_assert_max_num_queries):
    first = make_photo()
    others = [make_photo(published=False) for _ in range(length - 1)]
    for number, photo in enumerate(others):  # without sixty times the image work
        type(photo).objects.filter(pk=photo.pk).update(
            published_at=first.published_at, rendered_at=first.rendered_at, files=first.files, folder=f"f{number}"
        )
    if others:
        photos.pair(first, others[0])
    with django_assert_max_num_queries(6):
        response = client.get(archive)
    assert len(response.context["entries"]) == min(length, 12)
    with django_assert_max_num_queries(6):
        client.get(page_of(first))
