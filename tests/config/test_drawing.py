"""The demo's drawings: one for everything that is shown, the same at every load, safe to serve, labelled as illustrations."""

import re
from xml.etree import ElementTree

import pytest
import yaml
from django.template.loader import render_to_string

from config.demo.drawing import beds, covers, picture_for, scenes
from config.demo.illustrations import illustrate
from config.demo.source import FOLDER
from people.media.pictures import shown
from people.operations.consents import give

PLAIN = set("svg title g path rect circle ellipse polygon polyline line text tspan defs clipPath".split())
PANELS = [f"wp{number:02}" for number in range(1, 11)]
EVERYTHING = [
    *(("cover", f"mh{number:02}", "") for number in range(1, 13)),
    *(("cover-before", key, "") for key in covers.BEFORE),
    *(("panel", key, "") for key in PANELS),
    *(("bed", f"bd{number}", season) for number in range(1, 9) for season in beds.SEASONS),
    *(("photo", key, "") for key in scenes.SCENES),
    ("plan", "plan", ""),
    ("draft", "dv1", ""),
]


@pytest.mark.parametrize(("kind", "key", "season"), EVERYTHING)
def test_a_drawing_is_plain_safe_svg_and_always_the_same(kind, key, season):
    """Strict CSP, and nothing from elsewhere: no style, no script, no address."""
    drawing = picture_for(kind, key, title="一面墙 <b>&", season=season)
    root = ElementTree.fromstring(drawing.data)
    used = {element.tag.split("}")[1] for element in root.iter()}
    names = {name.split("}")[-1] for element in root.iter() for name in element.attrib}
    assert used <= PLAIN
    assert not [name for name in names if name == "style" or name == "href" or name.startswith("on")]
    _x, _y, width, height = (float(part) for part in root.attrib["viewBox"].split())
    assert abs(width / height - drawing.width / drawing.height) < 0.03
    assert len(drawing.data) < 80_000
    assert picture_for(kind, key, title="一面墙 <b>&", season=season) == drawing


def test_no_two_covers_panels_or_beds_look_the_same():
    drawn = [picture_for(kind, key, season=season, title="x").data for kind, key, season in EVERYTHING]
    assert len(set(drawn)) == len(drawn)


def test_the_mark_of_a_cover_stays_visible_before_it_is_painted():
    """P4."""
    assert b">\xe6\xb1\xa1</text>" in picture_for("cover-before", "mh02", mark="污").data


def test_nothing_toxic_is_drawn_in_the_childrens_bed():
    """G2: bd8 is for_children."""
    for season in beds.SEASONS:
        toxic = {shape for name, shape in beds.PLANTS[season] if name in beds.TOXIC}
        assert toxic or season == "winter"
        assert not [shape for shape in toxic if shape in beds.bed("bd8", season)]
        assert (
            re.search("|".join(map(re.escape, toxic)), "".join(beds.bed(f"bd{n}", season) for n in range(1, 8)))
            or not toxic
        )


def test_what_nobody_has_drawn_shows_its_words():
    assert "一只猫".encode() in picture_for("photo", "ph99", title="一只猫").data


def test_every_row_of_the_files_has_a_drawing_of_its_own():
    files = yaml.safe_load((FOLDER / "content.yaml").read_text())
    wall = yaml.safe_load((FOLDER / "wall.yaml").read_text())
    manholes = yaml.safe_load((FOLDER / "manholes.yaml").read_text())
    wanted = {("photo", row["id"]) for row in files["photos"]}
    wanted |= {("panel", row["id"]) for row in wall["panels"]}
    wanted |= {(kind, row["id"]) for row in manholes["covers"] for kind in ("cover", "cover-before")}
    assert wanted <= {(kind, key) for kind, key, _season in EVERYTHING}
    for kind, key in wanted:
        assert picture_for(kind, key, title="x").data != picture_for(kind, "nobody", title="x").data


@pytest.mark.django_db
def test_an_illustration_is_shown_with_its_label_and_only_with_everybodys_consent(neighbourhood, photo_folders, person):
    refused = illustrate(neighbourhood, "photo", "ph05", alt="栽羽衣甘蓝", people=[person])
    assert shown(refused) is None

    give(person, "photo", given_by=person)
    photo = illustrate(neighbourhood, "photo", "ph05", alt="栽羽衣甘蓝", people=[person])
    picture = shown(photo)
    assert picture.src == f"/media/photos/{photo.folder}/1200.svg"
    assert (picture.width, picture.height, picture.srcset, picture.sources) == (1200, 800, "", [])
    assert "示意图" in render_to_string("components/_photo.html", {"pic": picture})
