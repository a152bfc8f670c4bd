"""The demo's drawings: one for everything that is shown, safe to serve, labelled as illustrations."""

from xml.etree import ElementTree

import pytest
import yaml
from django.template.loader import render_to_string

from demo.illustrations import DRAWINGS, SIZES, illustrate, picture_for
from demo.source import FOLDER
from people.media.pictures import shown
from people.operations.consents import give

PLAIN = set("svg title g path rect circle ellipse polygon polyline line text tspan defs clipPath".split())
DRAWN = sorted(path.stem for path in DRAWINGS.glob("*-*.svg"))


def rows(file, *names):
    content = yaml.safe_load((FOLDER / f"{file}.yaml").read_text())
    return [row for name in names for row in content[name]]


def wanted():
    """(kind, key, what can be seen) of everything that the demo shows."""
    for row in rows("manholes", "covers"):
        yield "cover", row["id"], row["after_alt"]
        yield "cover-before", row["id"], row["before_alt"]
    for file, section, kind in [("wall", "panels", "panel"), ("content", "photos", "photo")]:
        for row in rows(file, section):
            yield kind, row["id"], row["alt"]
    for row in rows("garden", "beds"):
        yield "bed", row["id"], row["name"]
    for row in rows("wall", "drafts"):
        yield "draft", row["id"], row["summary"]
    yield "plan", "plan", ""


@pytest.mark.parametrize("name", [*DRAWN, "undrawn"])
def test_a_drawing_is_plain_safe_svg(name):
    """Strict CSP, and nothing from elsewhere: no style, no script, no address."""
    text = (DRAWINGS / f"{name}.svg").read_text()
    root = ElementTree.fromstring(text)
    used = {element.tag.split("}")[1] for element in root.iter()}
    names = {name.split("}")[-1] for element in root.iter() for name in element.attrib}
    assert used <= PLAIN
    assert not [name for name in names if name == "style" or name == "href" or name.startswith("on")]
    assert len(text) < 90_000


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, key, _seen in wanted()])
def test_a_picture_has_the_shape_of_its_drawing(kind, key):
    picture = picture_for(kind, key)
    _x, _y, width, height = (float(part) for part in ElementTree.fromstring(picture.data).attrib["viewBox"].split())
    assert abs(width / height - picture.width / picture.height) < 0.03
    assert picture.name == f"{key}.svg"


def test_everything_that_is_shown_has_a_drawing_of_its_own_and_no_drawing_is_left_over():
    assert sorted(f"{kind}-{key}" for kind, key, _seen in wanted()) == DRAWN
    assert len({path.read_text() for path in DRAWINGS.glob("*.svg")}) == len(DRAWN) + 1
    assert {kind for kind, _key, _seen in wanted()} - set(SIZES) == {"panel", "photo"}


def test_what_is_drawn_for_the_demo_alone_says_what_can_be_seen():
    for kind, key, seen in wanted():
        if kind in ("cover-before", "photo"):
            assert f"<title>{seen}</title>" in picture_for(kind, key).data.decode()


def test_the_mark_of_a_cover_stays_visible_before_it_is_painted():
    """P4."""
    for row in rows("manholes", "covers"):
        assert f">{row['mark'][:1]}</text>" in picture_for("cover-before", row["id"]).data.decode()


def test_what_nobody_has_drawn_shows_its_words():
    drawing = picture_for("photo", "ph99", title="一只<猫>在墙头，一条很长很长的小巷尽头")

    words = [element.text for element in ElementTree.fromstring(drawing.data).iter() if element.tag.endswith("text")]
    assert words == ["一只<猫>在墙头，一条很长很", "长的小巷尽头"]
    assert picture_for("draft", "1").data != drawing.data


@pytest.mark.django_db
def test_an_illustration_is_shown_with_its_label_and_only_with_everybodys_consent(
    neighbourhood, photo_folders, make_person
):
    person = make_person(user=True)
    refused = illustrate(neighbourhood, "photo", "ph05", alt="栽羽衣甘蓝", people=[person])
    assert shown(refused) is None

    give(person, "photo", given_by=person)
    photo = illustrate(neighbourhood, "photo", "ph05", alt="栽羽衣甘蓝", people=[person])
    picture = shown(photo)
    assert picture.src == f"/media/photos/{photo.folder}/1200.svg"
    assert (picture.width, picture.height, picture.srcset, picture.sources) == (1200, 800, "", [])
    assert "示意图" in render_to_string("components/_photo.html", {"pic": picture})
