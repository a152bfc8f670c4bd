"""The whole chain on fresh data: decided, drafted three times with answered feedback, recruited, gated, painted, stamped, voted."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override
from model_bakery import baker

from activities.models import SignUp
from demo.illustrations import picture_for
from people.models import Team, TeamMembership
from people.operations import photos
from portal.refusals import Refusal
from projects.models import (
    Bed,
    Cover,
    DesignDraft,
    Feedback,
    PiecePhoto,
    Plant,
    Project,
    ProjectRecord,
    ProjectStage,
    SeasonPlan,
    Trail,
    TrailPoint,
    TrailStamp,
)
from projects.operations import covers, drafts, feedback, seasons
from tests.browser.conftest import axe, follow, sign_in
from tests.community.conftest import committee, make_deliberation
from tests.conftest import NOW
from tests.projects.garden import members
from tests.staff import staff_user

__all__ = ["committee", "make_deliberation"]  # fixtures
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def drawn(place, kind: str, key: str):
    """A published illustration."""
    photo = photos.add_photo(picture_for(kind, key), neighbourhood=place, alt="井盖", is_illustration=True)
    photos.publish(photo)
    return photo


def version(project, kind: str, items=(), **notice) -> DesignDraft:
    made = drafts.prepare(project, kind=kind, summary="十二个井盖", designer="小画室", **notice)
    drafts.add_image(made, picture_for("draft", "draft"), alt="十二个井盖的草图")
    return drafts.publish(made, at=NOW, takes_in=items, closes_on=None if kind == "final" else NOW.date() + DAY)


def act(page, project, name: str, stage: ProjectStage) -> None:
    """Staff start or finish a stage on the project's own page."""
    page.goto(f"{reverse('admin:projects_project_act', args=[name])}?ids={project.pk}")
    page.get_by_label("Stage").select_option(str(stage.pk))
    page.locator("#content-main form button[type=submit], #content-main form input[type=submit]").first.click()
    page.wait_for_load_state("load")


def test_from_the_hearing_to_next_springs_flowers(
    open_page,
    staff_page,
    neighbourhood,
    make_deliberation,
    make_activity,
    make_person,
    make_child,
    resident_text,
    at_time,
):
    clerk = staff_user("committee_admin", neighbourhood, email="clerk@example.org")
    mother = make_person(user=True, name="裴莉")
    child = make_child(mother, name="满满")
    hearing = make_deliberation(
        title="井盖彩绘听证会",
        decision="先画一条路",
        attended=4,
        should_attend=5,
        voters=4,
        result_state="published",
        result_at=NOW,
    )
    project = baker.make(
        Project, neighbourhood=neighbourhood, slug="covers", title="井盖彩绘", illustration="covers", is_published=True
    )
    baker.make(ProjectRecord, project=project, activity=hearing, part="decided")
    approved = baker.make(ProjectStage, project=project, stage="approved", start=NOW.date() - DAY, requires=[])
    implementing = baker.make(ProjectStage, project=project, stage="implementing", start=None, requires=["approved"])

    # --- decided: from the hearing to the project by a link
    page = open_page()
    page.goto(hearing.get_absolute_url())
    follow(page.get_by_role("link", name="井盖彩绘: decided there"))
    axe(page)

    # --- three drafts; feedback by the website, the group, the owners' committee and the paper box
    first = version(project, "first")
    sign_in(page, mother.email, back_to=first.get_feedback_url())
    page.get_by_label("What would you like to say?").fill("画一条小鱼")
    follow(page.locator("#say").get_by_role("button", name="Send"))
    axe(page)
    for channel, words in (("wechat_group", "颜色淡些"), ("owners_committee", "别盖住字"), ("paper_box", "要防滑")):
        feedback.give(first, words, at=NOW, by=clerk, channel=channel)
    said = list(Feedback.objects.order_by("pk"))
    assert {item.channel for item in said} == {"web_form", "wechat_group", "owners_committee", "paper_box"}
    for item in said[:3]:
        feedback.answer(item, disposition="adopted", reply="已采纳，见下一稿", at=NOW, by=clerk)
    second = version(project, "revision", items=[Feedback.objects.get(pk=said[0].pk)])
    third = version(project, "final", notice_from=NOW.date(), notice_until=NOW.date() + 7 * DAY)
    assert (first.version, second.version, third.version) == (1, 2, 3)
    with pytest.raises(Refusal, match="runs until"):
        drafts.finalise(third, at=NOW, by=clerk)
    after = NOW + 8 * DAY
    with pytest.raises(Refusal, match="One piece of feedback has no answer yet. Answer it first"):
        drafts.finalise(third, at=after, by=clerk)
    feedback.answer(said[3], disposition="partly_adopted", reply="用防滑涂料，先试一个", at=NOW, by=clerk)
    at_time(after)
    drafts.finalise(third, at=after, by=clerk)
    page.goto(third.get_absolute_url())
    page.get_by_text("The final design").wait_for()
    axe(page)

    # --- a family is recruited
    shift = make_activity(title="画井盖", project=project, starts_at=after + 3 * DAY, capacity=4)
    page.goto(project.get_absolute_url())
    page.get_by_role("link", name="画井盖").first.click()
    who = page.locator("form#sign-up [name=who]")
    for index in range(who.count()):
        who.nth(index).check()
    page.locator("form#sign-up [name=consent]").check()
    page.locator("form#sign-up").get_by_role("button", name="Sign up").click()
    page.get_by_text("Done, you are signed up").wait_for()
    axe(page)
    assert set(SignUp.objects.filter(activity=shift.pk).values_list("person", "status")) == {
        (mother.pk, "confirmed"), (child.pk, "confirmed"),
    }  # fmt: skip

    # --- a gate refuses, and lets through when what it waits for is over (P1)
    desk = staff_page("committee_admin")
    act(desk, project, "start-stage", implementing)
    desk.get_by_text("which is open. Finish that first").wait_for()
    act(desk, project, "finish-stage", approved)
    act(desk, project, "start-stage", implementing)
    implementing.refresh_from_db()
    assert implementing.start == after.date()

    # --- a cover with its before and after (P4), a stamp on the trail (S18)
    cover = baker.make(
        Cover, neighbourhood=neighbourhood, project=project, code="JG-01", title="小鱼的来信", kind="", theme="water_saving",
        owner="物业", utility="rain", mark="雨", message="别倒剩汤", order=1, is_published=False, consent_on=None,
    )  # fmt: skip
    with pytest.raises(Refusal, match=r"Ask the owner of JG-01 \(物业\) first"):
        covers.publish(cover)
    covers.record_consent(cover, said_by="物业经理", said_on=after.date())
    covers.paint(cover, painted_on=after.date(), anti_slip=True)
    for role, kind in (("before", "cover-before"), ("after", "cover")):
        baker.make(PiecePhoto, piece=cover, photo=drawn(neighbourhood, kind, "mh01"), role=role)
    covers.publish(cover)
    trail = baker.make(Trail, neighbourhood=neighbourhood, slug="lane", title="彩虹小路", is_published=True)
    baker.make(TrailPoint, trail=trail, piece=cover, order=1)
    page.goto(cover.get_absolute_url())
    axe(page)
    page.get_by_role("link", name="Stamp this place").click()
    page.get_by_role("button", name="Stamp it").click()
    page.get_by_text("You have been here.").wait_for()
    assert TrailStamp.objects.get().person == mother

    # --- next spring's flowers: votes online and raised hands in one total (G2)
    team = baker.make(Team, neighbourhood=neighbourhood, code="flower", name="护花小队", leader=mother)
    for person in (mother, make_person(user=True), make_person(user=True)):
        baker.make(TeamMembership, team=team, person=person, since=None, until=None)
    green = baker.make(
        Project, neighbourhood=neighbourhood, slug="green", title="墙下添绿", lead_team=team, derived_from=project,
        is_published=True,
    )  # fmt: skip
    bed = baker.make(
        Bed,
        neighbourhood=neighbourhood,
        project=green,
        code="HT-1",
        title="入口花坛",
        kind="",
        light="full_sun",
        is_published=True,
    )
    plant = baker.make(
        Plant, neighbourhood=neighbourhood, name="石竹", kind="flower", light="full_sun", planting_months=[3],
        show_months=[4, 5], toxic=False, unit_price=2,
    )  # fmt: skip
    plan = baker.make(
        SeasonPlan, neighbourhood=neighbourhood, project=green, team=team, season="spring", year=2019, status="collecting",
        plant_by=NOW.date().replace(year=2019, month=3, day=10), budget=100,
    )  # fmt: skip
    candidate = seasons.propose(plan, plant, [bed], note="", quantity=20)
    seasons.open_vote(plan, until=after + 5 * DAY, at=after)
    page.goto(project.get_absolute_url())
    page.get_by_role("link", name="墙下添绿").first.click()  # one thing grows out of another
    page.goto(plan.get_absolute_url())
    page.get_by_label("I am for 石竹").check()
    page.get_by_role("button", name="Cast my vote").click()
    page.get_by_text("You have voted. Thank you.").wait_for()
    axe(page)
    seasons.close_vote(plan)
    seasons.count_hands(plan, {candidate.pk: 2}, voters_in_room=2, at=after)
    meeting = make_activity(title="例会", starts_at=after + DAY, status="done", open_to=[])
    at_time(after + 2 * DAY)
    seasons.decide(plan, [candidate], meeting=meeting, at=after + 2 * DAY)
    page.goto(plan.get_absolute_url())
    axe(page)
    assert len(members(team)) == 3
    assert "3" in page.inner_text("main")
