"""P1 and P3 where they are kept: gates between stages, and work that is for adults only."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.operations import lifecycle, sign_ups
from people.pages.staff_jobs import jobs_for
from portal.refusals import Refusal
from projects.models import Project, ProjectStage
from projects.operations.stages import finish_stage, keep_minors_out, skip_stage, start_stage
from projects.rules.adults_only import minors_signed_up
from projects.rules.gates import DEFAULT_REQUIRES
from tests.conftest import NOW
from tests.staff import client_of, said, save_page, staff_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def project(neighbourhood):
    return baker.make(Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True)


@pytest.fixture
def stage(project):
    def make(code: str, **fields) -> ProjectStage:
        return baker.make(
            ProjectStage, project=project, stage=code, **({"requires": DEFAULT_REQUIRES.get(code, [])} | fields)
        )

    return make


# --- P1 ---


def test_a_stage_waits_for_the_open_one_and_says_which(stage):
    """P1: the refusal names the one that is open."""
    stage("proposed", start=TODAY - 9 * DAY, end=TODAY - 8 * DAY)
    preparing = stage("preparing", start=TODAY - 9 * DAY)
    implementing = stage("implementing", requires=["proposed", "preparing"])

    with pytest.raises(Refusal, match="“carried out” waits for “prepared”, which is open. Finish that first"):
        start_stage(implementing, on=TODAY)
    finish_stage(preparing, on=TODAY - DAY, note="干燥养护")

    with pytest.raises(Refusal, match="which is open"):
        start_stage(implementing, on=TODAY - 2 * DAY)  # before the other was over
    assert start_stage(implementing, on=TODAY).start == TODAY
    preparing.refresh_from_db()
    assert (preparing.end, preparing.note) == (TODAY - DAY, "干燥养护")


def test_a_stage_left_out_with_a_note_holds_nobody_up(stage):
    preparing, implementing = stage("preparing"), stage("implementing")
    with pytest.raises(Refusal, match="waits for “prepared”"):
        start_stage(implementing, on=TODAY)
    with pytest.raises(Refusal, match="Say why this stage is skipped."):
        skip_stage(preparing, note=" ")
    skip_stage(preparing, note="不用准备")
    assert start_stage(implementing, on=TODAY).start == TODAY  # "approved" is not there at all


def test_stages_that_wait_for_nothing_overlap(stage):
    first, second = stage("designing"), stage("preparing")
    assert {start_stage(first, on=TODAY).start, start_stage(second, on=TODAY).start} == {TODAY}


@pytest.mark.parametrize(
    ("fields", "act", "sentence"),
    [
        ({}, lambda one: start_stage(one, on=TODAY + DAY), "has not come yet"),
        ({"start": TODAY}, lambda one: start_stage(one, on=TODAY), "has begun already"),
        ({"skipped": True}, lambda one: start_stage(one, on=TODAY), "is left out. Take that back first"),
        ({}, lambda one: finish_stage(one, on=TODAY), "has not begun. Start it first"),
        (
            {"start": TODAY},
            lambda one: finish_stage(one, on=TODAY - DAY),
            "The end lies before the start. Please correct",
        ),
        ({"start": TODAY}, lambda one: finish_stage(one, on=TODAY + DAY), "has not come yet"),
        ({"start": TODAY, "end": TODAY}, lambda one: finish_stage(one, on=TODAY), "is over already"),
        (
            {"start": TODAY},
            lambda one: skip_stage(one, note="…"),
            "so it cannot be left out any more. Please finish it",
        ),
    ],
)
def test_what_cannot_be_done_to_a_stage_is_said(stage, fields, act, sentence):
    """P1."""
    one = stage("designing", **fields)
    before = ProjectStage.objects.values().get(pk=one.pk)
    with pytest.raises(Refusal, match=sentence):
        act(one)
    assert ProjectStage.objects.values().get(pk=one.pk) == before


# --- P3 ---


def test_publishing_a_shift_of_an_adults_only_stage_keeps_minors_out(stage, project, make_activity, make_child, person):
    """P3: whatever the draft said, and signing up is refused with the reason."""
    strict = stage("preparing", adults_only=True)
    child = make_child(person)
    draft = make_activity(status="draft", minors="with_guardian", project=project, stage=strict)

    shift = lifecycle.publish(draft, at=NOW, by=staff_user("volunteer_coordinator", person.neighbourhood))

    assert shift.minors == "no"
    with pytest.raises(Refusal, match="this is for adults only"):
        sign_ups.sign_up(shift, [person, child], made_by=person, at=NOW, guardian_consents=True)


def test_other_stages_leave_a_shift_as_it_is(stage, project, make_activity, neighbourhood):
    draft = make_activity(status="draft", minors="with_guardian", project=project, stage=stage("implementing"))
    user = staff_user("volunteer_coordinator", neighbourhood)
    assert lifecycle.publish(draft, at=NOW, by=user).minors == "with_guardian"


def test_when_a_stage_changes_its_coming_shifts_are_checked_again(
    rf, stage, project, make_activity, make_child, person, make_person, neighbourhood
):
    """P3: no minor signs up any more; one who did keeps the seat and is listed for staff."""
    implementing = stage("implementing")
    coming = make_activity(project=project, stage=implementing, title="刷墙")
    past = make_activity(project=project, stage=implementing, starts_at=NOW - 3 * DAY)
    other = make_activity(project=project, stage=stage("maintaining"))
    child, user = make_child(person, name="小明"), staff_user("volunteer_coordinator", neighbourhood)
    booked = sign_ups.sign_up(coming, [person, child], made_by=person, at=NOW, guardian_consents=True)
    assert keep_minors_out(project, at=NOW, by=user) == []

    ProjectStage.objects.filter(pk=implementing.pk).update(adults_only=True)

    assert keep_minors_out(project, at=NOW, by=user) == [coming]
    assert keep_minors_out(project, at=NOW, by=user) == []
    for shift, minors in ((coming, "no"), (past, "with_guardian"), (other, "with_guardian")):
        shift.refresh_from_db()
        assert shift.minors == minors
    assert coming.history.first().history_user == user
    assert {row.status for row in coming.sign_ups.all()} == {"confirmed"}, booked

    request = rf.get("/admin/")
    request.user = user
    [job] = [job for job in jobs_for(request) if "for adults only" in str(job.title)]
    assert (job.count, [line.title for line in job.lines]) == (1, ["小明, “刷墙”"])
    request.user = staff_user("team_leader", neighbourhood, team=baker.make("people.Team", neighbourhood=neighbourhood))
    [job] = [job for job in jobs_for(request) if "for adults only" in str(job.title)]
    assert job.count == 0


def test_the_day_of_a_stage_is_a_day_in_shanghai():
    assert date(2018, 12, 20) == TODAY


@pytest.fixture
def plastering(project):
    """A step of the wall for adults only that began yesterday and is under way."""
    wall = baker.make("projects.Wall", project=project, neighbourhood=project.neighbourhood, owner="业主")
    return baker.make(
        "projects.WallStage",
        wall=wall,
        step="plaster",
        title="plaster",
        project_stage="preparing",
        who="adults_only",
        start=TODAY - DAY,
        end=None,
    )


@pytest.mark.parametrize(
    ("named", "minors"),
    [(None, "no"), ("preparing", "no"), ("maintaining", "with_guardian")],
    ids=["none", "its own", "another"],
)
def test_the_walls_own_step_keeps_minors_out_too(
    plastering, stage, project, make_activity, neighbourhood, named, minors
):
    """P3: where nobody thought of the stage, the step that is under way on the day decides; another stage's work goes on."""
    draft = make_activity(status="draft", minors="with_guardian", project=project, stage=named and stage(named))
    user = staff_user("volunteer_coordinator", neighbourhood)
    page = client_of(user).get(reverse("admin:volunteers_shift_change", args=[draft.pk])).content.decode()
    assert ("The work of that day is for adults only (dust, height, solvents)" in page) == (minors == "no")

    assert lifecycle.publish(draft, at=NOW, by=user).minors == minors


def test_steps_that_are_over_or_for_families_keep_nobody_out(plastering, project, make_activity, neighbourhood):
    user = staff_user("volunteer_coordinator", neighbourhood)

    def published() -> str:
        draft = make_activity(status="draft", minors="with_guardian", project=project)
        return lifecycle.publish(draft, at=NOW, by=user).minors

    plastering.end = TODAY
    plastering.save()
    assert published() == "with_guardian"
    plastering.end, plastering.who = None, "mixed"
    plastering.save()
    assert published() == "with_guardian"


def test_a_child_with_a_seat_on_a_day_that_became_adults_work_is_listed(
    rf, plastering, project, make_activity, make_child, person, neighbourhood
):
    """P3: the shift is moved into the plastering; nobody loses a seat, and staff are told whom to ask."""
    plastering.start = TODAY + 10 * DAY
    plastering.save()
    user = staff_user("volunteer_coordinator", neighbourhood)
    draft = make_activity(status="draft", minors="with_guardian", project=project, title="清墙面")
    shift = lifecycle.publish(draft, at=NOW, by=user)
    child = make_child(person, name="小明")
    sign_ups.sign_up(shift, [person, child], made_by=person, at=NOW, guardian_consents=True)

    to = shift.starts_at + 8 * DAY
    shift = lifecycle.move(
        shift, at=NOW, by=user, starts_at=to, ends_at=to + timedelta(hours=2), location=shift.location
    )

    assert shift.minors == "no"
    request = rf.get("/admin/")
    request.user = user
    [job] = [job for job in jobs_for(request) if "for adults only" in str(job.title)]
    assert [line.title for line in job.lines] == ["小明, “清墙面”"]


def page_of(row) -> str:
    return reverse(f"admin:projects_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def with_a_child(project, stage, make_activity, make_child, person):
    """A shift of the project to which 小明 is signed up; another stage's, to which nobody is."""
    shift = make_activity(project=project, title="清墙面")
    child = make_child(person, name="小明")
    sign_ups.sign_up(shift, [person, child], made_by=person, at=NOW, guardian_consents=True)
    other = make_activity(project=project, stage=stage("maintaining"), title="浇花")
    return shift, other


def begin(desk, step):
    return desk.post(
        reverse("admin:projects_wallstage_act", args=["start"]), {"ids": step.pk, "on": TODAY.isoformat()}, follow=True
    )


def make_it_for_adults_on_its_page(desk, step):
    type(step).objects.filter(pk=step.pk).update(start=TODAY, who="mixed")
    return save_page(desk, page_of(step), who="adults_only")


def make_it_for_adults_on_the_walls_page(desk, step):
    type(step).objects.filter(pk=step.pk).update(start=TODAY, who="mixed")
    return save_page(desk, page_of(step.wall), **{"stages-0-who": "adults_only"})


@pytest.mark.parametrize(
    "change",
    [begin, make_it_for_adults_on_its_page, make_it_for_adults_on_the_walls_page],
    ids=lambda one: one.__name__,
)
def test_when_a_step_of_the_wall_begins_the_shifts_published_before_are_checked_again(
    plastering, with_a_child, neighbourhood, change
):
    """P3: no minor signs up any more; who did keeps the seat, and whoever saved the step reads whom to ask."""
    plastering.start = None
    plastering.save()
    plastering.wall.owners_agreed_on = TODAY - DAY
    plastering.wall.save()
    shift, other = with_a_child
    desk = client_of(staff_user("committee_admin", neighbourhood))

    told = said(change(desk, plastering))

    shift.refresh_from_db()
    other.refresh_from_db()
    assert (shift.minors, other.minors) == ("no", "with_guardian")
    assert {row.status for row in shift.sign_ups.all()} == {"confirmed"}
    assert told[0] == (
        "1 coming shift is for adults only now. Minors who are signed up already stand on the first page."
    )
    assert told[1] == (
        "They keep their seats until you have asked them and decided: "
        f'<a href="/admin/volunteers/shift/{shift.pk}/change/#bookings">小明, “清墙面”</a> (Sun 23 Dec)'
    )


def test_a_step_for_families_that_begins_changes_nothing(plastering, with_a_child, neighbourhood):
    """P3."""
    plastering.start, plastering.who = None, "mixed"
    plastering.save()
    plastering.wall.owners_agreed_on = TODAY - DAY
    plastering.wall.save()
    desk = client_of(staff_user("committee_admin", neighbourhood))

    assert said(begin(desk, plastering)) == ["“plaster” begins on Thu 20 Dec 2018."]
    with_a_child[0].refresh_from_db()
    assert with_a_child[0].minors == "with_guardian"


def test_who_may_not_see_minors_reads_no_name_of_one(plastering, with_a_child, neighbourhood, monkeypatch):
    """V6: the way to the seat is there all the same."""
    monkeypatch.setattr("people.access.minors.SEES_MINORS", "people.nobody_has_this")
    told = said(save_page(client_of(staff_user("committee_admin", neighbourhood)), page_of(plastering.wall)))
    assert "a young volunteer, “清墙面”" in told[1]
    assert "小明" not in told[1]


def test_minors_are_found_behind_any_number_of_grown_ups(with_a_child, monkeypatch):
    """P3: the list is bounded, and grown-ups do not fill it up."""
    monkeypatch.setattr("projects.rules.adults_only.MOST", 1)  # the mother's own row is the first
    assert [row.person.name for row in minors_signed_up([with_a_child[0]])] == ["小明"]
