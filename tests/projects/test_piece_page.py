"""The page of one piece, which the QR code on its tag leads to."""

import pytest
from django.urls import reverse
from model_bakery import baker

from projects.models import Piece, PiecePhoto, Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_piece(neighbourhood):
    project = baker.make(Project, neighbourhood=neighbourhood, slug="cover", title="井盖彩绘", is_published=True)

    def make(code: str, **fields) -> Piece:
        values = {
            "neighbourhood": neighbourhood,
            "project": project,
            "title": f"井盖{code}",
            "kind": "",
            "is_published": True,
        }
        return baker.make(Piece, code=code, **(values | fields))

    return make


def page(client, code: str):
    return client.get(reverse("projects:place", args=["lane-600", code]))


def test_a_piece_stands_between_its_neighbours(client, make_piece):
    for number in (3, 1, 2):
        make_piece(f"JG-0{number}", order=number)
    shown = page(client, "JG-02").context
    assert (shown["previous"].code, shown["next"].code) == ("JG-01", "JG-03")
    assert (shown["number"], shown["total"]) == (2, 3)
    assert page(client, "JG-01").context["previous"] is None


def test_the_neighbours_show_how_they_look_where_that_is_public(client, make_piece, make_photo):
    for number in (1, 2, 3):
        make_piece(f"JG-0{number}", order=number)
    for code, published in (("JG-01", True), ("JG-03", False)):
        photo = make_photo(published=published)
        baker.make(PiecePhoto, piece=Piece.objects.get(code=code), photo=photo, role=PiecePhoto.Role.AFTER)
    shown = page(client, "JG-02").context
    assert shown["previous"].look.alt == "墙下的花坛"
    assert shown["next"].look is None


def test_what_is_not_public_is_nowhere(client, make_piece, elsewhere):
    make_piece("JG-01", order=1)
    make_piece("JG-02", order=2, is_published=False)
    other = baker.make(Project, neighbourhood=elsewhere, slug="far", is_published=True)
    make_piece("JG-03", neighbourhood=elsewhere, project=other)
    hidden = baker.make(Project, neighbourhood=make_piece("JG-05").neighbourhood, slug="plan", is_published=False)
    make_piece("JG-04", project=hidden)
    for code in ("JG-02", "JG-03", "JG-04", "JG-99"):
        assert page(client, code).status_code == 404
    assert "井盖JG-02" not in page(client, "JG-01").content.decode()


@pytest.mark.parametrize("length", [1, 50])
def test_a_place_costs_the_same_at_any_length(client, make_piece, length, django_assert_max_num_queries):
    for number in range(length):
        make_piece(f"JG-{number}", order=number)
    with django_assert_max_num_queries(6):
        assert page(client, "JG-0").status_code == 200
