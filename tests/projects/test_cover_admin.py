"""Staff pages of covers: acts with their refusals, a whole round on a phone, what stands on the first page."""

from datetime import date

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Consent
from projects.models import Cover, CoverArtist, CoverInspection
from tests.conftest import NOW
from tests.projects.test_cover_operations import BARE
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db
ROUND = "admin:projects_cover_round"


@pytest.fixture
def staff(neighbourhood):
    return client_of(staff_user("committee_admin", neighbourhood))


def act(name: str) -> str:
    return reverse("admin:projects_cover_act", args=[name])


def test_an_unasked_owner_keeps_it_from_the_public(staff, make_cover):
    """P4."""
    cover = make_cover(**BARE, consent_on=None, consent_by="", owner="市政排水")
    page = staff.get(f"{act('publish')}?ids={cover.pk}").content.decode()
    assert "The owner has not said yes yet." in page

    response = staff.post(act("publish"), {"ids": cover.pk})
    assert said(response)[0].startswith("Ask the owner of JG-01 (市政排水) first")

    staff.post(act("consent"), {"ids": cover.pk, "said_by": "泵站", "said_on": "2018-12-01"})
    staff.post(act("paint"), {"ids": cover.pk, "painted_on": "2018-12-02", "anti_slip": "on"})
    staff.post(act("publish"), {"ids": cover.pk})
    cover.refresh_from_db()
    assert (cover.consent_by, cover.painted_on, cover.is_published) == ("泵站", date(2018, 12, 2), True)


def test_a_round_is_entered_on_one_page(staff, make_cover):
    """P4, S20."""
    first, second, third = (make_cover() for _ in range(3))
    page = staff.get(reverse(ROUND)).content.decode()
    assert all(str(cover) in page for cover in (first, second, third))

    empty = staff.post(reverse(ROUND), {"on": "2018-12-20"}).content.decode()
    assert "Nothing is ticked" in empty
    noted = staff.post(reverse(ROUND), {"on": "2018-12-20", f"n{first.pk}": "掉色"}).content.decode()
    assert "Say how it was, too" in noted
    early = staff.post(reverse(ROUND), {"on": "2018-12-21", f"c{first.pk}": "good"}).content.decode()
    assert "This day is still to come" in early

    data = {"on": "2018-12-20", f"c{first.pk}": "good", f"c{second.pk}": "loose", f"n{second.pk}": "会响"}
    assert said(staff.post(reverse(ROUND), data)) == ["2 inspections are recorded."]
    assert sorted(CoverInspection.objects.values_list("cover__code", "condition", "note")) == [
        ("JG-01", "good", ""),
        ("JG-02", "loose", "会响"),
    ]


def test_a_round_reaches_no_other_area(staff, make_cover, elsewhere):
    far = baker.make("projects.Project", neighbourhood=elsewhere, slug="far")
    make_cover()
    other = make_cover(neighbourhood=elsewhere, project=far, title="别处的")

    assert "别处的" not in staff.get(reverse(ROUND)).content.decode()
    staff.post(reverse(ROUND), {"on": "2018-12-20", f"c{other.pk}": "good"})
    assert not CoverInspection.objects.exists()


def test_the_first_page_names_what_has_to_be_done(staff, make_cover):
    """P4: loose first, then faded, then what is due; passing on takes it off."""
    loose, faded, _due, fine = (make_cover() for _ in range(4))
    for cover, condition, day in [(loose, "loose", 10), (faded, "faded", 11), (fine, "good", 12)]:
        baker.make(CoverInspection, cover=cover, condition=condition, inspected_on=date(2018, 12, day))

    def job():
        jobs = staff.get(reverse("admin:index")).context["jobs"]
        return next(job for job in jobs if job.title == "Manhole covers")

    assert (job().count, job().urgent) == (3, True)
    assert [(line.title, line.text) for line in job().lines] == [
        (str(loose), "loose since Mon 10 Dec: report it, and note to whom"),
        (str(faded), "faded, seen on Tue 11 Dec: have it repainted"),
        ("Covers to look at: 1", "the quarter is over since Sat 21 Jul 2018"),
    ]
    response = staff.post(act("pass-on"), {"ids": loose.pk, "to": "长林物业", "on": "2018-12-19"})
    assert said(response) == ["Passed on. It no longer stands on the first page."]
    staff.post(act("repaint"), {"ids": faded.pk, "painted_on": "2018-12-19"})
    assert (job().count, job().urgent) == (1, False)


def test_who_painted_is_for_those_who_may_see_children(neighbourhood, make_cover, make_person, make_child):
    """V6: an editor keeps the register, without the children's names."""
    child = make_child(make_person(), name="闵星辰")
    cover = make_cover()
    baker.make(CoverArtist, cover=cover, person=child)
    url = reverse("admin:projects_cover_change", args=[cover.pk])

    assert "闵星辰" in client_of(staff_user("committee_admin", neighbourhood)).get(url).content.decode()
    assert "闵星辰" not in client_of(staff_user("editor", neighbourhood)).get(url).content.decode()
    assert Consent.objects.filter(person=child, purpose="nickname").count() == 0


def test_an_inspection_on_the_page_lies_after_the_painting(staff, make_cover):
    cover = make_cover()
    data = {
        "project": cover.project_id, "code": cover.code, "order": 1, "title": cover.title, "theme": cover.theme, "utility": "rain",
        "mark": "雨", "owner": "物业", "inspections-0-inspected_on": "2018-04-01", "inspections-0-condition": "good",
    }  # fmt: skip
    for name in ("cover_artists", "piece_photos", "inspections", "repaints"):
        data |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    data["inspections-TOTAL_FORMS"] = "1"
    url = reverse("admin:projects_cover_change", args=[cover.pk])

    assert "was painted only on" in staff.post(url, data).content.decode()
    assert staff.post(url, data | {"inspections-0-inspected_on": "2018-05-01"}).status_code == 302
    assert cover.inspections.get().inspected_on == date(2018, 5, 1)


@pytest.mark.parametrize("length", [1, 30])
def test_the_list_costs_the_same_at_any_length(staff, make_cover, length, django_assert_max_num_queries):
    for _ in range(length):
        baker.make(CoverInspection, cover=make_cover(), condition="good", inspected_on=NOW.date())
    with django_assert_max_num_queries(15):
        assert staff.get(reverse("admin:projects_cover_changelist")).status_code == 200
    assert Cover.objects.count() == length
