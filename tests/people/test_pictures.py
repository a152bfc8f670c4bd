"""Pictures on pages: their words, their size, the label of drawings, before over after (DESIGN.md §5, issue 3)."""

from datetime import date

from django.template.loader import render_to_string

from people.media.pictures import Shown, drawn

PHOTO = Shown(
    src="/media/photos/a/640.jpg",
    alt="一面长墙",
    width=1600,
    height=1067,
    caption="故事墙全景",
    taken_on=date(2018, 10, 20),
    srcset="/media/photos/a/320.jpg 320w, /media/photos/a/640.jpg 640w",
    sources=[("image/avif", "/media/photos/a/320.avif 320w, /media/photos/a/640.avif 640w")],
)


def component(name: str, **context) -> str:
    return render_to_string(f"components/_{name}.html", context)


def test_a_photo_brings_its_words_its_size_and_right_sized_files():
    html = component("photo", pic=PHOTO, sizes="50vw")
    assert (
        '<source type="image/avif" srcset="/media/photos/a/320.avif 320w, /media/photos/a/640.avif 640w" sizes="50vw">'
        in html
    )
    assert 'src="/media/photos/a/640.jpg" srcset="/media/photos/a/320.jpg 320w' in html
    assert 'alt="一面长墙" width="1600" height="1067" loading="lazy"' in html
    assert "故事墙全景" in html
    assert '<time class="nb muted small" datetime="2018-10-20">' in html
    assert "Illustration" not in html


def test_a_drawing_says_that_it_is_one():
    """L5 and issue 3: nobody shall take a drawing for a photo, on its own, in a gallery or in a comparison."""
    drawing = drawn("art/cover-01.svg", alt="小鱼")
    for html in (
        component("photo", pic=drawing, bare=True),
        component("gallery", pics=[drawing]),
        component("compare", before=drawing, after=PHOTO, key="a"),
    ):
        assert html.count("Illustration") == 1


def test_the_first_picture_of_a_page_does_not_wait():
    assert "lazy" not in component("photo", pic=PHOTO, eager=True)


def test_a_silent_picture_is_skipped_by_readers_whose_words_stand_beside_it():
    assert 'alt=""' in component("photo", pic=PHOTO, silent=True)


def test_before_and_after_is_three_choices_of_one_group_and_no_script():
    html = component(
        "compare", before=drawn("art/cover-before.svg", alt="生锈"), after=PHOTO, key="ph4", text="旧墙新画"
    )
    assert html.count('type="radio" name="cmp-ph4"') == 3
    assert html.count("checked") == 1
    assert "<legend>旧墙新画</legend>" in html
    assert "<script" not in html
    for id_ in ("cmp-ph4-before", "cmp-ph4-half", "cmp-ph4-after"):
        assert f'id="{id_}"' in html
        assert f'for="{id_}"' in html
