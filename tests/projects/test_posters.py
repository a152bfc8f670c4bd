"""The tag of a cover: its code, what it says to passers-by, and a QR code that leads to its page (S17)."""

import pytest
from model_bakery import baker

from people.models import Photo, PrivateFile, RoleGrant
from projects.models import PiecePhoto

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
    client.force_login(editor.user)

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
