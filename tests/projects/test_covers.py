"""Manhole covers in public: the gallery of roundels, and one cover's page (S14 to S17, V6)."""

from datetime import date

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Consent
from people.operations import photos
from portal.files import Picture
from projects.models import CoverArtist, CoverInspection, CoverRepaint, PiecePhoto, Project
from tests.conftest import NOW
from tests.projects.conftest import PAINTED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def add_photo(neighbourhood):
    def add(piece, role="after", *, alt="一条小鱼", published=True, **fields) -> PiecePhoto:
        drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"/>'
        picture = Picture(drawing, "x.svg", "image/svg+xml", "svg", 24, 24)
        photo = photos.add_photo(picture, neighbourhood=neighbourhood, alt=alt, is_illustration=True)
        if published:
            photos.publish(photo)
        return baker.make(PiecePhoto, piece=piece, photo=photo, role=role, **fields)

    return add


def test_the_gallery_shows_each_cover_once_with_what_it_looks_like_now(client, cover_project, make_cover, add_photo):
    """S14."""
    first, second = make_cover(title="小鱼的来信"), make_cover(title="四只桶开会")
    add_photo(first, "before", alt="生锈的井盖")
    add_photo(first, order=1)
    add_photo(first, order=2)
    add_photo(second, published=False, alt="还没同意")
    context = client.get(cover_project.get_absolute_url()).context

    assert [(one.cover.title, one.picture and one.picture.alt) for one in context["roundels"]] == [
        ("小鱼的来信", "一条小鱼"),
        ("四只桶开会", None),
    ]
    assert context["note"] == "燃气井盖不画"


def test_a_theme_is_a_filter_with_an_address_and_a_wrong_one_is_none(client, cover_project, make_cover):
    """S16."""
    make_cover(title="鱼")
    make_cover(title="车", theme="low_carbon_travel")

    def titles(query):
        return [one.cover.title for one in client.get(cover_project.get_absolute_url(), query).context["roundels"]]

    assert titles({"theme": "low_carbon_travel"}) == ["车"]
    assert titles({"theme": "warm_home"}) == titles({"theme": "\x00"}) == titles({}) == ["鱼", "车"]


def test_painters_are_named_only_as_they_agreed(
    client, cover_project, make_cover, make_person, make_child, guardian_text
):
    """V6, S15: no full name, no nickname without consent, on neither page."""
    mother = make_person(name="茅秀英")
    named, quiet = (
        make_child(mother, name="茅语橙", nickname="小橙子"),
        make_child(mother, name="闵星辰", nickname="小星"),
    )
    baker.make(Consent, person=named, purpose="nickname", text=guardian_text, given_by=mother, given_at=NOW)
    cover = make_cover()
    for order, child in enumerate([named, quiet]):
        baker.make(CoverArtist, cover=cover, person=child, order=order)

    for url in (cover_project.get_absolute_url(), cover.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "小橙子" in page
        assert "young volunteer" in page
        for secret in ("茅语橙", "闵星辰", "小星", "茅秀英"):
            assert secret not in page


def test_what_is_not_public_is_in_no_gallery(client, cover_project, make_cover, elsewhere):
    make_cover(title="公开的")
    make_cover(title="草稿", is_published=False)
    far = baker.make(Project, neighbourhood=elsewhere, slug="far", is_published=True)
    make_cover(title="别处的", neighbourhood=elsewhere, project=far)

    assert [one.cover.title for one in client.get(cover_project.get_absolute_url()).context["roundels"]] == ["公开的"]


def test_a_cover_says_what_it_wants_to_say_and_whose_it_is(client, make_cover):
    """S17, P4: the message stands on the page; so do the mark that stays visible and the owner's yes."""
    cover = make_cover(message="剩汤请倒进水池", diameter_cm=70)
    page = client.get(cover.get_absolute_url()).content.decode()

    for words in (
        "剩汤请倒进水池",
        "rain water, 70 cm across, “雨” stays free of paint",
        "The owner said yes on Fri 6 Apr 2018.",
    ):
        assert words in page


def test_the_page_says_when_somebody_looks_next(client, make_cover):
    """P4: and plainly that it is overdue."""
    due, fine = make_cover(), make_cover()
    baker.make(CoverInspection, cover=fine, condition="good", inspected_on=date(2018, 12, 16))

    assert "This quarter&#x27;s look is still to be done." in client.get(due.get_absolute_url()).content.decode()
    assert "The next look is due by Sat 16 Mar 2019." in client.get(fine.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], "No inspection is on record yet."),
        ([("good", date(2018, 9, 28))], "Looked at on Fri 28 Sep 2018: in good order."),
        ([("faded", date(2018, 9, 28))], "the colours have faded; it is on the list for repainting."),
        ([("loose", date(2018, 9, 28))], "Found loose on Fri 28 Sep 2018 and being reported. Please step around it."),
        ([("faded", date(2018, 9, 28)), ("good", date(2018, 12, 16))], "Looked at on Sun 16 Dec 2018: in good order."),
    ],
)
def test_the_state_of_a_cover_stands_in_plain_words(client, make_cover, found, words):
    """P4, S20."""
    cover = make_cover()
    for condition, day in found:
        baker.make(CoverInspection, cover=cover, condition=condition, inspected_on=day, note="王师傅说的")
    page = client.get(cover.get_absolute_url()).content.decode()

    assert words in page
    assert "王师傅" not in page  # what staff wrote may name people


def test_a_repainted_and_a_reported_cover_say_so(client, make_cover):
    faded, loose = make_cover(), make_cover()
    baker.make(CoverInspection, cover=faded, condition="faded", inspected_on=date(2018, 9, 28))
    baker.make(CoverRepaint, cover=faded, painted_on=date(2018, 11, 3))
    baker.make(
        CoverInspection, cover=loose, condition="loose", inspected_on=date(2018, 9, 28), passed_to="李师傅", passed_on=date(2018, 9, 28)
    )  # fmt: skip

    assert "Repainted on Sat 3 Nov 2018." in client.get(faded.get_absolute_url()).content.decode()
    page = client.get(loose.get_absolute_url()).content.decode()
    assert "passed on to be put right" in page
    assert "李师傅" not in page


@pytest.mark.parametrize("length", [1, 40])
def test_pages_cost_the_same_at_any_length(
    client, cover_project, make_cover, add_photo, make_person, make_child, length, django_assert_num_queries
):
    mother = make_person()
    for _ in range(length):
        cover = make_cover()
        add_photo(cover)
        baker.make(CoverArtist, cover=cover, person=make_child(mother, nickname="小橙子"))
        baker.make(CoverInspection, cover=cover, condition="good", inspected_on=PAINTED)
    # as any project's page, with pieces and their pictures in one query, and the painters
    with django_assert_num_queries(10):
        assert len(client.get(cover_project.get_absolute_url()).context["roundels"]) == length
    # neighbourhood, piece as what it is, photos, neighbours on the walk and how they look, painters, upkeep, sums of service
    with django_assert_num_queries(7 + (length > 1)):
        assert client.get(reverse("projects:place", args=["lane-600", "JG-01"])).status_code == 200
