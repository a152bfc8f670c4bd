"""The story wall: what a panel needs before it is shown (P5), and when a step of the work may begin (P3)."""

from datetime import date

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Consent
from portal.refusals import Refusal
from projects.models import Bed, Project, Wall, WallPanel, WallStage, WallSurvey
from projects.operations import wall as operations
from projects.rules.adults_only import is_for_adults, steps_for_adults
from tests.conftest import NOW
from tests.staff import client_of, said, save_page, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english_pages(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def project(neighbourhood):
    return baker.make(Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True)


@pytest.fixture
def make_panel(project):
    def make(code: str = "QH-01", **fields) -> WallPanel:
        values = {
            "neighbourhood": project.neighbourhood, "project": project, "title": "北站的汽笛", "kind": "",
            "story": "听见汽笛就晓得几点钟。",
            "fact_check": "fictional", "alt": "蒸汽机车", "is_published": True,
        }  # fmt: skip
        return baker.make(WallPanel, code=code, **(values | fields))

    return make


@pytest.fixture
def wall(project) -> Wall:
    return baker.make(
        Wall, neighbourhood=project.neighbourhood, project=project, owner="全体业主", owners_agreed_on=date(2018, 7, 26)
    )


@pytest.fixture
def step(wall):
    def make(name: str, start: str = "", end: str = "", **fields) -> WallStage:
        dates = {"start": date.fromisoformat(start) if start else None, "end": date.fromisoformat(end) if end else None}
        return baker.make(WallStage, wall=wall, step=name, title=name, **dates, **fields)

    return make


# --- P5 ---


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"story": " "}, "has no story yet. Write it first."),
        ({"alt": ""}, "what can be seen on “北站的汽笛”"),
        ({"fact_check": "sourced", "sources": []}, "Name the source, or mark it as memory or as made up."),
        ({"fact_check": "memory", "narrator_agreed_on": date(2018, 7, 14)}, "how the narrator wants to be called"),
        (
            {"fact_check": "memory", "told_by": "龚老伯"},
            "has not agreed yet. Ask, and write down the day of the consent.",
        ),
    ],
)
def test_a_panel_is_shown_only_when_readers_can_trust_it(make_panel, fields, sentence):
    """P5: sourced needs a source, memory the narrator's consent."""
    panel = make_panel(is_published=False, **fields)
    with pytest.raises(Refusal, match=sentence):
        operations.publish_panel(panel)
    panel.refresh_from_db()
    assert not panel.is_published


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"fact_check": "sourced", "sources": ["地方史"]},
        {"fact_check": "memory", "told_by": "龚老伯", "narrator_agreed_on": date(2018, 7, 14)},
    ],
)
def test_a_panel_that_says_where_it_comes_from_is_shown(client, make_panel, fields):
    panel = make_panel(is_published=False, **fields)
    operations.publish_panel(panel)
    assert client.get(panel.get_absolute_url()).status_code == 200
    with pytest.raises(Refusal, match="published already"):
        operations.publish_panel(panel)

    operations.hide_panel(panel)
    assert client.get(panel.get_absolute_url()).status_code == 404
    with pytest.raises(Refusal, match="is not published"):
        operations.hide_panel(panel)


def test_a_narrator_who_takes_the_consent_back_is_off_the_pages_at_once(client, make_panel, project):
    """P5, V5."""
    panel = make_panel(fact_check="memory", told_by="龚老伯", narrator_agreed_on=date(2018, 7, 14))
    operations.narrator_takes_back(panel)

    assert client.get(panel.get_absolute_url()).status_code == 404
    assert "汽笛" not in client.get(project.get_absolute_url()).content.decode()
    with pytest.raises(Refusal, match="no consent of a narrator"):
        operations.narrator_takes_back(panel)


# --- P3 ---


def test_no_work_begins_without_the_owners_consent_on_file(wall, step):
    """P3."""
    wall.owners_agreed_on = None
    wall.save()
    with pytest.raises(Refusal, match="owners' consent is not on file. Get it in writing"):
        operations.start_stage(step("repair"), on=date(2018, 9, 8))


def test_a_step_waits_for_the_one_before_it(step):
    """P3."""
    step("repair", "2018-09-08")
    plaster = step("plaster")
    with pytest.raises(Refusal) as refused:
        operations.start_stage(plaster, on=date(2018, 9, 15))
    assert str(refused.value) == "“repair” comes first and is still open. End it, then begin “plaster”."


@pytest.mark.parametrize("with_dry", [True, False])
def test_plaster_dries_ten_days_before_the_base_coat(step, with_dry):
    """P3: the sentence names the first day; a step for the drying may be written down or not."""
    step("plaster", "2018-09-15", "2018-09-16")
    if with_dry:
        step("dry", "2018-09-17", "2018-09-26")
    coat = step("base_coat")
    with pytest.raises(Refusal) as refused:
        operations.start_stage(coat, on=date(2018, 9, 26))
    assert str(refused.value) == (
        "“base_coat” may begin on Thu 27 Sep 2018 at the earliest: the step before has to be over and plaster "
        "dries 10 days. Please choose that day or a later one."
    )

    operations.start_stage(coat, on=date(2018, 9, 27))
    coat.refresh_from_db()
    assert coat.start == date(2018, 9, 27)


def test_drying_is_not_ended_before_the_tenth_day(step):
    """P3."""
    dry = step("dry", "2018-09-17")
    with pytest.raises(Refusal, match="it is dry on Wed 26 Sep 2018 at the earliest"):
        operations.end_stage(dry, on=date(2018, 9, 25))
    operations.end_stage(dry, on=date(2018, 9, 26))
    with pytest.raises(Refusal, match="ended on Wed 26 Sep 2018"):
        operations.end_stage(dry, on=date(2018, 9, 28))
    with pytest.raises(Refusal, match="began on Mon 17 Sep 2018"):
        operations.start_stage(dry, on=date(2018, 9, 28))


def test_an_older_step_is_entered_where_it_was(step):
    """T14, P3: what is recorded late keeps the order and the ten dry days before what began after it."""
    repair, plaster = step("repair"), step("plaster", "2018-09-15")
    step("base_coat", "2018-10-01")
    with pytest.raises(Refusal, match="began on Sat 15 Sep 2018. Please enter an earlier day"):
        operations.start_stage(repair, on=date(2018, 9, 20))
    operations.start_stage(repair, on=date(2018, 9, 8))
    with pytest.raises(Refusal, match="this has to be over before, and plaster dry for 10 days"):
        operations.end_stage(plaster, on=date(2018, 9, 21))
    with pytest.raises(Refusal, match="this has to be over before"):
        operations.end_stage(repair, on=date(2018, 9, 15))
    operations.end_stage(repair, on=date(2018, 9, 14))
    operations.end_stage(plaster, on=date(2018, 9, 20))


def test_an_entry_of_a_step_is_taken_back_while_no_later_one_has_begun(client, step, wall, desk):
    """T14: with a reason that residents read."""
    repair = step("repair", "2018-09-08", "2018-09-09")
    plaster = step("plaster", "2018-09-15")
    with pytest.raises(Refusal, match="has begun after it. Take that back first"):
        operations.take_back_step(repair, reason="日期有误")
    with pytest.raises(Refusal, match="Please say what is corrected"):
        operations.take_back_step(plaster, reason=" ")
    operations.take_back_step(plaster, reason="下雨没有开工")
    with pytest.raises(Refusal, match="Nothing is entered for"):
        operations.take_back_step(plaster, reason="再来")
    assert do(desk, "take-back", repair, reason="还没有修完").status_code == 302
    repair.refresh_from_db()
    assert (repair.start, repair.end) == (date(2018, 9, 8), None)
    page = client.get(wall.get_absolute_url()).content.decode()
    assert "Corrected: 下雨没有开工" in page
    assert "Corrected: 还没有修完" in page


def test_the_owners_consent_stays_on_file_once_work_began(desk, step, wall):
    """T14, P3."""
    step("repair", "2018-09-08")
    url = reverse("admin:projects_wall_change", args=[wall.pk])
    for day in ("", "2018-09-09"):
        answer = save_page(desk, url, owners_agreed_on=day).content.decode()
        assert "which needs the owners&#x27; consent. Please enter a day before it." in answer
    assert save_page(desk, url, owners_agreed_on="2018-07-01").status_code == 302
    wall.refresh_from_db()
    assert wall.owners_agreed_on == date(2018, 7, 1)


def test_an_end_lies_between_the_start_and_today(step):
    paint = step("paint", "2018-10-04")
    for day in (date(2018, 10, 3), date(2019, 1, 1)):
        with pytest.raises(Refusal, match="Please enter a day between then and today"):
            operations.end_stage(paint, on=day)
    with pytest.raises(Refusal, match="has not begun"):
        operations.end_stage(step("seal"), on=NOW.date())


def test_which_days_are_for_adults_only(step, project):
    """P3: what a shift on the wall asks."""
    step("repair", "2018-09-08", "2018-09-09", who="adults_only")
    step("paint", "2018-10-04", "2018-10-13", who="mixed")
    steps = steps_for_adults(project)
    on = lambda day: is_for_adults(None, date.fromisoformat(day), steps)  # noqa: E731

    assert [on("2018-09-08"), on("2018-09-10"), on("2018-10-05")] == [True, False, False]


# --- pages ---


def test_the_frieze_runs_in_order_and_a_panel_tells_its_story(
    client, project, make_panel, make_person, make_child, guardian_text
):
    """P5, V6: where it comes from in words; artists by their public names."""
    mother = make_person(name="茅秀英")
    named, quiet = (
        make_child(mother, name="茅语橙", nickname="小橙子"),
        make_child(mother, name="闵星辰", nickname="小星"),
    )
    baker.make(Consent, person=named, purpose="nickname", text=guardian_text, given_by=mother, given_at=NOW)
    make_panel("QH-02", order=2, title="书香宝山路", fact_check="sourced", sources=["地方史文章"], history_year=1932)
    panel = make_panel(
        "QH-01", order=1, fact_check="memory", told_by="龚老伯", narrator_agreed_on=NOW.date(), narrator=mother
    )
    panel.artists.add(named, quiet)
    baker.make(Bed, neighbourhood=project.neighbourhood, project=project, code="HT-1", title="汽笛花坛", kind="", wall_panel=panel,
               is_published=True, light="full_sun")  # fmt: skip

    context = client.get(project.get_absolute_url()).context
    page = client.get(panel.get_absolute_url()).content.decode()
    other = client.get(reverse("projects:place", args=["lane-600", "QH-02"])).content.decode()

    assert [(one["title"], one["words"]) for one in context["panels"]] == [
        ("北站的汽笛", "as 龚老伯 remembers"),
        ("书香宝山路", "about 1932"),
    ]
    for words in ("听见汽笛就晓得几点钟", "as 龚老伯 remembers", "小橙子", "1 young volunteer", "汽笛花坛"):
        assert words in page, words
    for words in ("茅语橙", "闵星辰", "茅秀英", "小星<"):
        assert words not in page, words
    for words in ("Checked against sources", "地方史文章", "1932"):
        assert words in other, words


def test_how_the_wall_was_made(client, wall, step):
    step("plaster", "2018-09-15", "2018-09-16", who="adults_only", note="配合师傅")
    baker.make(
        WallSurvey, wall=wall, surveyed_on=date(2018, 6, 27), findings=["空鼓11处"], risk="medium", advice="先铲除空鼓"
    )

    page = client.get(wall.get_absolute_url()).content.decode()

    for words in (
        "全体业主",
        "on file since Thursday 26 July 2018",
        "adults only · 配合师傅",
        "空鼓11处",
        "Risk: medium",
        "先铲除空鼓",
    ):
        assert words in page, words


def test_hidden_panels_and_other_areas_walls_are_nowhere(client, elsewhere, project, make_panel, wall):
    make_panel("QH-01")
    make_panel("QH-02", title="还没公开的故事", is_published=False)
    far = baker.make(Project, neighbourhood=elsewhere, slug="far", is_published=True)
    make_panel("QH-03", title="别处的故事", neighbourhood=elsewhere, project=far)
    page = client.get(project.get_absolute_url()).content.decode()
    assert "北站的汽笛" in page
    assert "还没公开的故事" not in page
    assert "别处的故事" not in page
    project.is_published = False
    project.save()
    assert client.get(wall.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("length", [1, 300])
def test_pages_cost_the_same_at_any_length(
    client, project, make_panel, wall, step, length, django_assert_max_num_queries
):
    """300 pieces of one project."""
    for number in range(length):
        make_panel(f"QH-{number}", order=number, title=f"故事{number}")
    step("plaster", "2018-09-15", "2018-09-16")
    for url, most in {
        project.get_absolute_url(): 11,  # none of them for the strip: it draws what ProjectPage.pieces has read
        reverse("projects:place", args=["lane-600", "QH-0"]): 10,
        wall.get_absolute_url(): 4,
    }.items():
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


# --- the desk ---


@pytest.fixture
def desk(neighbourhood):
    return client_of(staff_user("committee_admin", neighbourhood))


def do(client, name: str, row, **data):
    url = reverse(f"admin:projects_{row._meta.model_name}_act", args=[name])
    return client.post(url, {"ids": str(row.pk), **data})


def test_staff_publish_and_begin_steps_by_acts_that_refuse_with_a_sentence(desk, make_panel, step):
    panel = make_panel(is_published=False, fact_check="sourced")
    assert "Name the source" in said(do(desk, "publish", panel))[0]
    step("plaster", "2018-09-15", "2018-09-16")
    coat = step("base_coat")
    assert "at the earliest" in said(do(desk, "start", coat, on="2018-09-20"))[-1]

    do(desk, "start", coat, on="2018-10-01")
    do(desk, "end", coat, on="2018-10-01")
    coat.refresh_from_db()
    assert (coat.start, coat.end) == (date(2018, 10, 1), date(2018, 10, 1))


def test_a_published_panel_is_not_changed_into_one_without_a_source(desk, make_panel, project):
    """P5."""
    panel = make_panel(fact_check="sourced", sources=["地方史"])
    data = {
        "project": project.pk, "title": panel.title, "story": panel.story, "fact_check": "sourced", "sources": "", "alt": panel.alt,
        "order": "1", "piece_photos-TOTAL_FORMS": "0", "piece_photos-INITIAL_FORMS": "0",
    }  # fmt: skip
    url = reverse("admin:projects_wallpanel_change", args=[panel.pk])

    assert "Name the source" in desk.post(url, data).content.decode()
    assert desk.post(url, data | {"sources": "地方史\n居民区核对"}).status_code == 302
    panel.refresh_from_db()
    assert panel.sources == ["地方史", "居民区核对"]
