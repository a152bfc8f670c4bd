"""The plan and its equal list (L5), and staff who put places on it by a click."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from model_bakery import baker
from PIL import Image

from people.models import Building, Compound, Location
from people.pages import plan_links
from portal.files import Picture
from projects.models import Cover, PlanPicture
from projects.operations import plan as operations
from projects.pages import plan
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def picture(neighbourhood):
    made = baker.make(
        PlanPicture,
        neighbourhood=neighbourhood,
        title="手绘示意图",
        notice="仅示意，不作测绘",
        text_alternative="中间一条路",
    )
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1000" viewBox="0 0 1600 1000"/>'
    return operations.show_picture(made, Picture(drawing, "p.svg", "image/svg+xml", "svg", 1600, 1000))


@pytest.fixture
def url(neighbourhood):
    return reverse("projects:plan", args=[neighbourhood.slug])


@pytest.fixture
def lane(neighbourhood, picture, make_cover):
    """Two covers, a gate, a room that was never placed, a building."""
    make_cover(x=50, y=90, theme="water_saving", title="小鱼的来信")
    make_cover(x=50, y=84, theme="clean_air", title="会呼吸的树")
    baker.make(
        Location, neighbourhood=neighbourhood, code="gate_s", name="南门", kind="gate", x=50, y=96, step_free=True
    )
    baker.make(Location, neighbourhood=neighbourhood, code="offsite", name="小区外", kind="external", x=None, y=None)
    compound = baker.make(Compound, neighbourhood=neighbourhood, name="600弄")
    baker.make(Building, neighbourhood=neighbourhood, compound=compound, code="b1", name="1号", floors=6, x=58, y=90)


def listed(response):
    return {str(group["kind"].label): [pin.title for pin in group["pins"]] for group in response.context["groups"]}


def test_the_list_tells_all_that_the_picture_does(client, url, lane):
    """L5: the list is the equal of the picture, and the notice stands below it."""
    response = client.get(url)
    page = response.content.decode()

    assert listed(response) == {
        "Manhole covers": ["小鱼的来信", "会呼吸的树"],
        "Places": ["南门"],
        "Buildings": ["600弄 1号"],
    }
    assert [one.pin.title for one in response.context["pins"]] == ["小鱼的来信", "会呼吸的树", "南门", "600弄 1号"]
    for words in (
        "仅示意，不作测绘",
        "中间一条路",
        'id="at-cover-JG-01"',
        'href="/lane-600/places/JG-01/"',
        "Without steps",
    ):
        assert words in page
    assert "小区外" not in page


def test_kind_and_theme_are_filters_with_an_address(client, url, lane):
    """S16; what cannot be read is no filter."""
    assert listed(client.get(url, {"kind": "place"})) == {"Places": ["南门"]}
    assert listed(client.get(url, {"kind": "cover", "theme": "clean_air"})) == {"Manhole covers": ["会呼吸的树"]}
    assert listed(client.get(url, {"theme": "clean_air"})) == {"Manhole covers": ["会呼吸的树"]}
    for query in ({"kind": "x"}, {"theme": "\x00"}, {"zoom": "9" * 30}, {"kind": "place", "theme": "x"}):
        assert client.get(url, query).status_code == 200
    links = {
        str(link["label"]): link["url"] for link in client.get(url, {"kind": "cover", "zoom": "2"}).context["zooms"]
    }
    assert links == {
        "Whole": "?kind=cover&zoom=0", "Near": "?kind=cover", "Nearer": "?kind=cover&zoom=2", "Nearest": "?kind=cover&zoom=3"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("zoom", "large", "reach"), [("1", False, 44), ("2", False, 44), ("3", False, 44), ("1", True, 60), ("2", True, 60)]
)
def test_a_finger_finds_every_pin_at_every_zoom(zoom, large, reach):
    """L7: targets of 44 px, 60 in large print, on the screen."""
    pin = plan.Pin("cover", "a", "a", 50, 50)
    (drawn,) = plan.draw([pin], height=750, zoom=zoom, large=large)
    assert drawn.reach * 2 * plan.ZOOMS[zoom] == pytest.approx(reach, abs=0.2)


def test_two_on_one_spot_stand_beside_each_other():
    pins = [plan.Pin("cover", str(number), "a", 99.5, 50) for number in range(5)]
    spots = {(one.cx, one.cy) for one in plan.draw(pins, height=750, zoom="1", large=False)}
    assert len(spots) == 5
    assert all(0 < x < plan.WIDTH for x, _y in spots)


def test_without_a_picture_the_list_stands_alone(client, url, neighbourhood):
    baker.make(Location, neighbourhood=neighbourhood, code="gate", name="南门", kind="gate", x=50, y=96)
    page = client.get(url).content.decode()
    assert "南门" in page
    assert "plan-scroll" not in page
    Location.objects.all().delete()
    assert "Nothing has been placed on the plan yet." in client.get(url).content.decode()


def test_what_is_not_public_and_what_is_elsewhere_is_on_no_plan(client, url, lane, make_cover, elsewhere):
    make_cover(x=10, y=10, title="草稿", is_published=False)
    baker.make(Location, neighbourhood=elsewhere, code="far", name="别处的门", kind="gate", x=1, y=1)
    page = client.get(url).content.decode()
    for words in ("草稿", "别处的门"):
        assert words not in page
    assert "小鱼的来信" not in client.get(reverse("projects:plan", args=[elsewhere.slug])).content.decode()


@pytest.mark.parametrize("length", [12, 300])
def test_the_plan_costs_the_same_at_any_length(
    client, url, picture, neighbourhood, make_cover, length, django_assert_num_queries
):
    for number in range(length // 3):
        make_cover(x=number % 100, y=number % 90)
        baker.make(Location, neighbourhood=neighbourhood, code=f"l{number}", kind="gate", x=1, y=number % 100)
        baker.make(
            Building, neighbourhood=neighbourhood, compound__neighbourhood=neighbourhood, code=f"b{number}", x=2, y=number % 100
        )  # fmt: skip
    with django_assert_num_queries(5):  # neighbourhood, picture, pieces, places, buildings
        assert len(client.get(url).context["pins"]) == length // 3 * 3


def test_pages_lead_to_the_place_on_the_plan(client, lane, make_activity, make_cover):
    """From an activity and from a cover."""
    gate = Location.objects.get(code="gate_s")
    activity = make_activity(location=gate)
    assert 'href="/lane-600/plan/#at-place-gate_s"' in client.get(activity.get_absolute_url()).content.decode()
    assert plan_links.plan_url(Location.objects.get(code="offsite"), "lane-600") == ""
    assert 'href="/lane-600/plan/#at-cover-JG-01"' in client.get("/lane-600/places/JG-01/").content.decode()
    bare = make_cover(x=None, y=None)
    assert "/plan/#at-" not in client.get(bare.get_absolute_url()).content.decode()


# --- staff ---


@pytest.fixture
def staff(neighbourhood):
    return client_of(staff_user("committee_admin", neighbourhood))


def pin_page(picture, thing, kind="piece"):
    return reverse("admin:projects_planpicture_pin", args=[picture.pk, kind, thing.pk])


def test_a_click_on_the_picture_places_a_cover(staff, picture, make_cover):
    """Per cents of width and height; without JavaScript."""
    first, second = make_cover(), make_cover()
    page = staff.get(pin_page(picture, first)).content.decode()
    assert '<input type="image" name="at"' in page

    response = staff.post(pin_page(picture, first), {"at.x": "500", "at.y": "125"})
    assert (response.status_code, response.headers["Location"]) == (302, pin_page(picture, second))
    first.refresh_from_db()
    assert (first.x, first.y) == (Decimal("50.00"), Decimal("20.00"))

    done = staff.post(pin_page(picture, second), {"at.x": "1", "at.y": "624"})
    assert done.headers["Location"] == reverse("admin:projects_planpicture_pins", args=[picture.pk])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"at.x": "0", "at.y": "0"}, "A key cannot point at a spot: please type the numbers below."),
        ({"at.x": "", "at.y": "3"}, "That was no spot in the picture."),
        ({"at.x": "9" * 40, "at.y": "3"}, "That was no spot in the picture."),
        (
            {"at.x": "1200", "at.y": "3"},
            "This lies beside the picture. Please give per cents from 0 to 100 for both numbers.",
        ),
        (
            {"numbers": "1", "x": "101", "y": "3"},
            "This lies beside the picture. Please give per cents from 0 to 100 for both numbers.",
        ),
        ({"numbers": "1", "x": "10", "y": ""}, "Give both numbers, or neither."),
        ({"numbers": "1", "x": "\x00", "y": "x"}, "Enter a number."),
    ],
)
def test_a_spot_that_is_none_gets_a_sentence(staff, picture, make_cover, data, sentence):
    cover = make_cover(x=5, y=5)
    response = staff.post(pin_page(picture, cover), data)
    assert sentence in response.content.decode() + "".join(said(response))
    cover.refresh_from_db()
    assert (cover.x, cover.y) == (5, 5)


def test_numbers_do_the_same_and_take_it_off(staff, picture, make_cover):
    cover = make_cover()
    staff.post(pin_page(picture, cover), {"numbers": "1", "x": "12.5", "y": "99"})
    cover.refresh_from_db()
    assert (cover.x, cover.y) == (Decimal("12.50"), Decimal("99.00"))
    staff.post(pin_page(picture, cover), {"numbers": "1", "x": "", "y": ""})
    cover.refresh_from_db()
    assert (cover.x, cover.y) == (None, None)


def test_staff_place_only_what_is_theirs_to_change(neighbourhood, picture, elsewhere, make_cover):
    """An editor keeps pieces but no places; nobody reaches another area's."""
    editor = client_of(staff_user("editor", neighbourhood))
    gate = baker.make(Location, neighbourhood=neighbourhood, code="gate", name="南门", kind="gate")
    far = baker.make(Location, neighbourhood=elsewhere, code="far", name="别处的门", kind="gate")
    mine = make_cover()
    page = editor.get(reverse("admin:projects_planpicture_pins", args=[picture.pk])).content.decode()
    assert str(mine) in page
    assert "南门" not in page
    assert editor.post(pin_page(picture, gate, "place"), {"at.x": "5", "at.y": "5"}).status_code == 404

    admin = client_of(staff_user("committee_admin", neighbourhood))
    assert admin.post(pin_page(picture, far, "place"), {"at.x": "5", "at.y": "5"}).status_code == 404
    theirs = baker.make(PlanPicture, neighbourhood=elsewhere)
    assert admin.get(reverse("admin:projects_planpicture_pins", args=[theirs.pk])).status_code == 404
    far.refresh_from_db()
    assert far.x is None


def test_a_new_scan_keeps_every_pin(staff, picture, make_cover):
    """The old picture is no longer public, and the pins have not moved."""
    cover = make_cover(x=33, y=44)
    before = picture.photo
    image = io.BytesIO()
    Image.new("RGB", (800, 400), "white").save(image, "PNG")
    image.seek(0)
    image.name = "scan.png"
    url = reverse("admin:projects_planpicture_change", args=[picture.pk])
    data = {"title": "新扫描", "notice": "示意", "text_alternative": "一条路", "upload": image}
    assert staff.post(url, data).status_code == 302

    picture.refresh_from_db()
    before.refresh_from_db()
    cover.refresh_from_db()
    assert picture.photo != before
    assert (before.published_at, picture.photo.published_at is not None) == (None, True)
    assert (cover.x, cover.y) == (33, 44)
    assert Cover.objects.count() == 1
