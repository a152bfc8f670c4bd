"""What projects refuse is seen on the page where it was tried, by staff and by residents (docs/rules/projects.md)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from model_bakery import baker

from people.models import Family
from people.pages.staff_jobs import jobs_for
from projects.models import (
    Adoption,
    OralHistory,
    Plant,
    Planting,
    Project,
    ProjectStage,
    Trail,
    Wall,
    WallPanel,
    WallStage,
)
from projects.operations import seasons
from tests.conftest import NOW
from tests.projects.garden import garden, make_bed, make_plant, open_vote, plan, team
from tests.staff import client_of, said, save_page, staff_user

__all__ = ["garden", "make_bed", "make_plant", "plan", "team"]  # fixtures

PLACES = "/lane-600/places/"
TODAY = NOW.date()
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
NOT_YET = "That day has not come yet. Please enter it when it has."


# --- what staff read who do on a page what an act would refuse ---


@pytest.fixture
def office(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


@pytest.fixture
def desk(office):
    return client_of(office)


def page_of(row, name: str = "change") -> str:
    return reverse(f"admin:projects_{row._meta.model_name}_{name}", args=[row.pk] if name == "change" else [])


def refused(response, sentence: str) -> bool:
    """Shown on the page itself, and only once."""
    return response.status_code == 200 and response.content.decode().count(sentence) == 1


@pytest.mark.django_db
def test_a_project_is_not_its_own_origin_nor_that_of_its_origin(desk, project):
    """It was a crash of the page; a ring by two steps was taken without a word."""
    second = baker.make(Project, neighbourhood=project.neighbourhood, slug="two", title="第二", derived_from=project)
    third = baker.make(Project, neighbourhood=project.neighbourhood, slug="three", title="第三", derived_from=second)
    for origin in (project, second, third):
        answer = save_page(desk, page_of(project), derived_from=origin.pk)
        assert refused(
            answer, f"“{origin}” is this project or grew out of it. Please choose another one, or leave it empty."
        )
    assert save_page(desk, page_of(third), derived_from=project.pk).status_code == 302
    project.refresh_from_db()
    assert project.derived_from is None


@pytest.mark.django_db
def test_a_bed_with_something_toxic_does_not_become_one_for_children(desk, make_bed, make_plant):
    """G2: first it is taken out."""
    bed = make_bed("HT-1")
    log = baker.make(
        Planting, bed=bed, plant=make_plant("夹竹桃", toxic=True), quantity=1, planted_on=TODAY, ended_on=None
    )

    answer = save_page(desk, page_of(bed), for_children="on")
    assert refused(answer, "“夹竹桃” stands here and is toxic. Take it out first and enter that in the planting log.")

    log.ended_on, log.outcome = TODAY, "good"
    log.save()
    assert save_page(desk, page_of(bed), for_children="on").status_code == 302


@pytest.mark.django_db
def test_what_turns_out_to_be_toxic_is_said_until_it_is_out(desk, office, make_bed, make_plant):
    """G2: the fact is taken down, and stands first on the staff's page while the plant stands among children."""
    plant = make_plant("夹竹桃")
    make_bed("HT-1")
    log = baker.make(
        Planting, bed=make_bed("HT-8", for_children=True), plant=plant, quantity=1, planted_on=TODAY, ended_on=None
    )
    request = RequestFactory().get("/admin/")
    request.user = office
    urgent = lambda: [  # noqa: E731
        (str(job.title), [(line.title, line.text) for line in job.lines]) for job in jobs_for(request) if job.urgent
    ]
    assert urgent() == []

    answer = save_page(desk, page_of(plant), toxic="on")

    assert (
        "“夹竹桃” stands in HT-8 花坛HT-8, for children. Take it out today and enter that in the planting log."
        in said(answer)
    )
    assert Plant.objects.get().toxic
    line = ("HT-8 花坛HT-8", "“夹竹桃” is toxic, and this bed is for children.")
    assert urgent() == [("Toxic plants in beds for children", [line])]
    log.ended_on = TODAY
    log.save()
    assert urgent() == []


@pytest.mark.django_db
def test_a_family_adopts_a_bed_once_at_a_time(desk, neighbourhood, make_bed, make_person):
    bed, family = make_bed("HT-1"), baker.make(Family, neighbourhood=neighbourhood)
    family.members.add(make_person())

    def adopt(**fields):
        number = bed.adoptions.count()
        row = {f"adoptions-{number}-{name}": value for name, value in {"family": family.pk, **fields}.items()}
        return save_page(desk, page_of(bed), **{"adoptions-TOTAL_FORMS": number + 1, **row})

    backwards = adopt(since="2018-12-01", until="2018-11-01")
    assert refused(backwards, "The last day must not lie before the first. Please correct one of the two.")
    assert adopt(since="2018-03-01", until="2018-11-30").status_code == 302
    again = adopt(since="2018-11-30")
    assert refused(
        again,
        "This family has this bed from Thursday 1 March 2018 on already. Please change that line, or choose other days.",
    )
    assert adopt(since="2018-12-01").status_code == 302
    assert Adoption.objects.count() == 2


@pytest.mark.django_db
def test_what_there_is_already_is_said_with_what_to_do(
    desk, garden, team, plan, make_bed, make_plant, make_cover, neighbourhood
):
    make_bed("HT-1")
    make_plant("石竹")
    baker.make(Trail, neighbourhood=neighbourhood, slug="lane")
    baker.make(Wall, neighbourhood=neighbourhood, project=garden)
    bed = {"project": garden.pk, "title": "又一个", "light": "full_sun", "order": 2}
    plant = {"kind": "flower", "light": "full_sun", "planting_months": ["3"], "show_months": ["4"]}
    for model, fields, sentence in (
        (
            "bed",
            {"code": make_cover().code, **bed},
            "This code stands on another tag already. Please choose another one.",
        ),
        ("plant", {"name": "石竹", **plant}, "This plant stands in the list already. Please change that line,"),
        (
            "seasonplan",
            {"project": garden.pk, "team": team.pk, "season": "spring", "year": 2019},
            "There is a plan for this season already. Please go on with that one.",
        ),
        (
            "project",
            {"title": "又一个", "slug": "green"},
            "Another project has this address already. Please choose another one.",
        ),
        (
            "trail",
            {"title": "又一条", "slug": "lane"},
            "Another trail has this address already. Please choose another one.",
        ),
        (
            "wall",
            {"project": garden.pk, "owner": "业主"},
            "This project has its wall already. Please go on with that one.",
        ),
    ):
        assert refused(save_page(desk, reverse(f"admin:projects_{model}_add"), **fields), sentence), model


@pytest.mark.django_db
def test_no_work_begins_on_a_day_to_come_nor_with_a_consent_to_come(desk, project):
    """P3: a consent that is only expected, and a first day that is only planned, are neither."""
    wall = baker.make(Wall, neighbourhood=project.neighbourhood, project=project, owner="业主", owners_agreed_on=None)
    step = baker.make(WallStage, wall=wall, step="repair", title="修补")
    assert refused(save_page(desk, page_of(wall), owners_agreed_on=TOMORROW), NOT_YET)

    Wall.objects.update(owners_agreed_on=TODAY)
    act = reverse("admin:projects_wallstage_act", args=["start"])
    assert NOT_YET in said(desk.post(act, {"ids": step.pk, "on": TOMORROW}))
    step.refresh_from_db()
    assert step.start is None


@pytest.mark.django_db
def test_a_narrators_consent_is_of_a_day_that_has_come(desk, project):
    """P5, V5: neither a panel nor a story is public by a consent that is only expected."""
    panel = baker.make(
        WallPanel, neighbourhood=project.neighbourhood, project=project, code="QH-1", title="汽笛", story="…", alt="…", kind="",
        fact_check="memory", told_by="龚老伯", narrator_agreed_on=None, is_published=False,
    )  # fmt: skip
    story = baker.make(
        OralHistory, neighbourhood=project.neighbourhood, title="乘凉", text="…", told_by="邱阿婆", state="received",
        channel="web", told_on=TODAY, sent_at=NOW, text_agreed=False, agreed_on=None,
    )  # fmt: skip
    assert refused(save_page(desk, page_of(panel), narrator_agreed_on=TOMORROW), NOT_YET)
    assert refused(save_page(desk, page_of(story), text_agreed="on", agreed_on=TOMORROW), NOT_YET)
    WallPanel.objects.update(narrator_agreed_on=TOMORROW)
    OralHistory.objects.update(text_agreed=True, agreed_on=TOMORROW)

    for row in (panel, story):
        answer = desk.post(reverse(f"admin:projects_{row._meta.model_name}_act", args=["publish"]), {"ids": row.pk})
        assert NOT_YET in said(answer)
    panel.refresh_from_db()
    story.refresh_from_db()
    assert (panel.is_published, story.state) == (False, "received")


@pytest.mark.django_db
def test_the_table_of_stages_keeps_to_what_the_buttons_refuse(desk, project):
    """P1: days to come are not entered, what has begun is not left out; the table itself enters neither."""
    stage = baker.make(ProjectStage, project=project, stage="designing", start=TODAY, end=None)
    save_page(desk, page_of(project), **{"stages-0-skipped": "on", "stages-0-note": "不做了", "stages-0-end": TOMORROW})
    finish = reverse("admin:projects_project_act", args=["finish-stage"])
    assert refused(desk.post(finish, {"ids": project.pk, "stage": stage.pk, "on": TOMORROW}), NOT_YET)

    again = desk.post(
        reverse("admin:projects_project_act", args=["start-stage"]), {"ids": project.pk, "stage": stage.pk, "on": TODAY}
    )
    words = "This cannot be done to a stage as they stand now. Please look at the table of stages once more."
    assert refused(again, words)
    stage.refresh_from_db()
    assert (stage.end, stage.skipped) == (None, False)


@pytest.mark.django_db
def test_a_key_that_no_row_can_have_is_a_choice_that_is_not_there(
    desk, client, person, plan, team, make_plant, make_bed, project
):
    """It was a crash: some databases cannot even look for so long a number."""
    baker.make("people.TeamMembership", team=team, person=person, since=None, until=None)
    pink = seasons.propose(plan, make_plant(), [make_bed()])
    open_vote(plan)
    long = "9" * 25
    client.force_login(person.user)
    client.cookies["django_language"] = "en"
    assert "is not up for this season" in client.post(plan.get_absolute_url(), {"candidates": [long]}).content.decode()
    seasons.close_vote(plan)
    draft = baker.make("projects.DesignDraft", project=project, version=1, kind="first", published_at=NOW)
    for model, act, row, fields in (
        ("seasonplan", "decide", plan, {"chosen": [pink.pk, long], "meeting": long}),
        ("designdraft", "approved", draft, {"deliberation": long}),
    ):
        answer = desk.post(reverse(f"admin:projects_{model}_act", args=[act]), {"ids": row.pk, **fields})
        assert set(answer.context["form"].errors) == set(fields), model


# --- what residents read on the page where they tried ---


@pytest.fixture
def resident(client, person):
    client.cookies["django_language"] = "en"
    client.force_login(person.user)
    return client


def upload(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"%PDF-1.4", "photo.pdf", "This file cannot be read as a picture. Please send a photo as JPEG, PNG or WebP."),
        (b"\xff\xd8" + b"0" * 40_000, "big.jpg", "at most 19.5\xa0KB can be taken. Please send a smaller one."),
        (b"", "empty.jpg", "This file is empty. Please choose another one."),
    ],
    ids=["wrong type", "too large", "empty"],
)
@pytest.mark.django_db
def test_a_picture_that_cannot_be_taken(resident, person, make_bed, settings, data, name, sentence):
    """In a story and in the upkeep log: what was written stays in the form."""
    settings.IMAGE_MAX_BYTES = 20_000
    make_bed("HT-1").keepers.add(person)
    story = {
        "title": "乘凉",
        "text": "西瓜切十二块",
        "whose": "own",
        "told_by": "邱阿婆",
        "text_agreed": "on",
        "alt": "弄堂",
    }
    log = {"work": "watered", "done_on": "2018-12-20", "text": "西瓜切十二块", "alt": "弄堂"}
    for url, fields in ((reverse("projects:story-tell", args=["lane-600"]), story), (f"{PLACES}HT-1/upkeep/", log)):
        page = resident.post(url, {**fields, "picture": upload(data, name)}).content.decode()
        assert sentence in page, url
        assert "西瓜切十二块" in page
    assert not OralHistory.objects.exists()


@pytest.mark.django_db
def test_a_vote_that_is_over_says_where_it_goes_on(resident, person, plan, team, make_plant, make_bed):
    baker.make("people.TeamMembership", team=team, person=person, since=None, until=None)
    pink = seasons.propose(plan, make_plant(), [make_bed()])
    open_vote(plan)
    seasons.vote(plan, person, [pink], at=NOW)
    seasons.close_vote(plan)
    url, over = (
        plan.get_absolute_url(),
        "The online vote is closed. Whoever has not voted can raise a hand at the monthly meeting.",
    )

    assert over in resident.post(url, {"candidates": [pink.pk]}).content.decode()
    assert over in said(resident.post(url, {"take-back": "1"}))
    assert plan.ballots.count() == 1


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((1, 5), "Version 1 takes feedback from Fri 21 Dec on. Until then: 10000000001."),
        (
            (-5, -1),
            "Feedback on version 1 closed on Wed 19 Dec. Who still has something to say is welcome here: 10000000001.",
        ),
        (None, "Version 1 takes no feedback. Who has something to say is welcome here: 10000000001."),
    ],
    ids=["not yet", "over", "never"],
)
@pytest.mark.django_db
def test_a_round_that_is_not_open_says_when_or_where(resident, make_draft, days, sentence):
    draft = make_draft(round=days and tuple(TODAY + timedelta(days=one) for one in days))

    assert sentence in resident.post(draft.get_feedback_url(), {"text": "画一条小鱼"}).content.decode()
    assert not draft.feedback.exists()


@pytest.mark.django_db
def test_whoever_may_not_take_a_story_back_is_not_left_without_a_word(resident, person, neighbourhood):
    story = baker.make(
        OralHistory, neighbourhood=neighbourhood, title="乘凉", text="…", state="withdrawn", channel="web", told_on=TODAY,
        sent_by=person, sent_at=NOW, agreed_on=None,
    )  # fmt: skip
    answer = resident.post(reverse("projects:story-take-back", args=["lane-600", story.pk]))
    assert "“乘凉” is taken back already. You need not do anything more." in said(answer)
