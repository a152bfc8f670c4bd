"""The tag of a cover: its code, what it says to passers-by, and a QR code that leads to its page (S17)."""

import pytest
from model_bakery import baker

from people.models import Photo, PrivateFile, RoleGrant, SearchDocument
from people.search import index
from projects.models import PiecePhoto, Trail, TrailPoint
from tests.staff import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "zh-hans"
    return client


@pytest.fixture
def cover(make_cover):
    return make_cover(code="JG-01", title="小鱼的来信", message="雨水直通河道，别往里倒东西。", is_published=True)


@pytest.mark.parametrize("kind", ["poster", "tags"])
def test_a_tag_says_what_it_is_and_leads_there(client, cover, kind, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        page = client.get(f"{cover.get_absolute_url()}{kind}/").content.decode()

    for words in (
        "JG-01",
        "小鱼的来信",
        "雨水直通河道，别往里倒东西。",
        f"http://testserver{cover.get_absolute_url()}",
    ):
        assert words in page
    assert page.count('class="tag-card"') == (1 if kind == "tags" else 0)
    assert "不要张贴" not in page


def test_the_page_of_a_cover_leads_to_its_poster(client, cover):
    assert f'href="{cover.get_absolute_url()}poster/"' in client.get(cover.get_absolute_url()).content.decode()


def test_what_is_not_public_yet_is_a_draft_for_staff_only(client, cover, make_person, neighbourhood):
    cover.is_published = False
    cover.save()
    assert client.get(f"{cover.get_absolute_url()}tags/").status_code == 404

    editor = make_person(user=True)
    baker.make(RoleGrant, user=editor.user, neighbourhood=neighbourhood, role="editor")
    sign_in(client, editor.user)

    assert "草稿，不要张贴" in client.get(f"{cover.get_absolute_url()}tags/").content.decode()


def test_only_a_published_photo_stands_on_it(client, cover, neighbourhood, at):
    """V5: a picture whose consent was revoked stands nowhere, and neither does the one from before."""
    original = baker.make(PrivateFile, neighbourhood=neighbourhood, file="x.webp")
    hidden, before, now = (
        baker.make(Photo, neighbourhood=neighbourhood, original=original, alt="画", **fields)
        for fields in (
            {},
            {"published_at": at, "folder": "old", "preview": "data:image/png;base64,b2xk"},
            {"published_at": at, "folder": "new", "preview": "data:image/png;base64,bmV3"},
        )
    )
    for order, (photo, role) in enumerate([(hidden, "after"), (before, "before"), (now, "after")]):
        baker.make(PiecePhoto, piece=cover, photo=photo, role=role, order=order)

    poster = client.get(f"{cover.get_absolute_url()}poster/").context["poster"]

    assert [picture.src for picture in poster.pictures] == [now.preview]


def test_another_neighbourhood_has_no_tag_of_it(client, cover, elsewhere):
    assert client.get(f"/{elsewhere.slug}/places/{cover.code}/tags/").status_code == 404


# --- trails ---


@pytest.fixture
def trail(neighbourhood, cover, make_cover):
    trail = baker.make(
        Trail,
        neighbourhood=neighbourhood,
        slug="walk",
        title="弄堂里的十二个井盖",
        walk_minutes=25,
        wheelchair=True,
        is_published=True,
    )
    hidden = make_cover(code="JG-02", title="没公开", is_published=False)
    for order, piece in enumerate([cover, hidden]):
        baker.make(TrailPoint, trail=trail, piece=piece.piece_ptr, order=order)
    return trail


def test_a_trail_has_a_poster_and_counts_only_what_everybody_sees(client, trail, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        page = client.get(f"{trail.get_absolute_url()}poster/")
    words = page.content.decode()

    assert page.context["poster"].lines[0].words == "1"
    for said in (
        "弄堂里的十二个井盖",
        "步行约 25 分钟",
        "全程无台阶",
        "扫码就走",
        f"http://testserver{trail.get_absolute_url()}",
    ):
        assert said in words
    assert "没公开" not in words
    assert f'href="{trail.get_absolute_url()}poster/"' in client.get(trail.get_absolute_url()).content.decode()
    assert client.get(f"{trail.get_absolute_url()}tags/").status_code == 200


def test_a_hidden_trail_has_none(client, trail):
    trail.is_published = False
    trail.save()

    assert client.get(f"{trail.get_absolute_url()}poster/").status_code == 404


def test_trails_and_places_on_the_plan_are_found(client, trail, location):
    location.x = location.y = 50
    location.save()
    index.sweep()
    place = SearchDocument.objects.get(kind="location")

    assert place.path == f"/{trail.neighbourhood.slug}/plan/#place-{location.code}"
    assert f'id="place-{location.code}"' in client.get(f"/{trail.neighbourhood.slug}/plan/").content.decode()
    assert SearchDocument.objects.get(kind="trail").path == trail.get_absolute_url()
