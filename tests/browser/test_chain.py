"""From the hearing that decided a project to the next one that grew out of it, by links alone; axe looks at every page."""

from datetime import date, timedelta

from django.db import transaction
from model_bakery import baker

from community.models import FollowUp, Opinion, Option
from people.models.sealed import opened
from projects.models import Donation, Project, ProjectRecord, ProjectStage, Work
from tests.browser.conftest import axe
from tests.community.conftest import committee, make_deliberation
from tests.conftest import NOW

__all__ = ["committee", "make_deliberation"]  # fixtures
OUT = {"result_state": "published", "result_at": NOW}


def test_one_walks_from_the_hearing_to_the_next_project(open_page, make_deliberation, neighbourhood):
    with transaction.atomic(), opened():  # results with their rows, which stand from then on
        hearing = make_deliberation(
            title="井盖彩绘听证会", decision="先画一条路", attended=4, should_attend=5, voters=4, **OUT
        )
        review = make_deliberation(
            title="井盖评议会", type="appraisal", decision="评议通过", attended=4, should_attend=4, voters=4,
            very_satisfied=3, satisfied=1, neutral=0, unsatisfied=0, starts_at=NOW - timedelta(days=3), **OUT,
        )  # fmt: skip
        baker.make(
            Option, deliberation=hearing, text="先画一条路", votes_for=3, votes_against=1, abstained=0,
            by_group={"residents": [3, 1, 0]}, web_for=46, web_against=3, web_abstained=5,
        )  # fmt: skip
        baker.make(Opinion, deliberation=hearing, stance="concern", text="怕滑", reply="用防滑涂料", said_as="楼组长")
        baker.make(FollowUp, deliberation=hearing, task="试做一个", due_on=date(2018, 12, 18), owner_as="物业")
        project = baker.make(
            Project, neighbourhood=neighbourhood, slug="covers", title="井盖彩绘", is_published=True, illustration="covers",
            governance=["co_governance"], fund_source="自治金", approved=6800, spent=6215,
        )  # fmt: skip
        following = baker.make(
            Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True, derived_from=project,
            illustration="wall",
        )  # fmt: skip
        for code, stage in (("deliberating", {"end": date(2018, 12, 15)}), ("preparing", {"adults_only": True})):
            baker.make(ProjectStage, project=project, stage=code, start=date(2018, 12, 15), **stage)
        baker.make(
            Work, project=project, title="车棚改造", before="拉线充电", after="24 个充电口", done_on=date(2018, 6, 20)
        )
        baker.make(Donation, project=project, what="颜料", given_on=date(2018, 6, 1), used_for="第一场")
        for deliberation, part in ((hearing, "decided"), (review, "reviewed")):
            baker.make(ProjectRecord, project=project, activity=deliberation, part=part)

    page = open_page()
    page.goto(f"/{neighbourhood.slug}/")
    page.get_by_role("link", name="All deliberations").click()
    page.get_by_role("heading", name="Deliberations and results").wait_for()
    axe(page)
    page.get_by_role("link", name="井盖彩绘听证会").click()
    page.get_by_role("heading", name="The result").wait_for()
    page.get_by_role("row", name="In the room 3 1 0").wait_for()
    axe(page)
    page.get_by_role("link", name="井盖彩绘: decided there").click()
    page.get_by_role("heading", name="How it was decided").wait_for()
    axe(page)
    page.get_by_role("link", name="井盖评议会").click()
    page.get_by_text("100% of 4").wait_for()
    axe(page)
    page.get_by_role("link", name="井盖彩绘: reviewed there").click()
    page.locator("#reviewed").get_by_role("link", name="故事墙").click()
    page.wait_for_url(f"**{following.get_absolute_url()}")

    page.goto(f"/{neighbourhood.slug}/records/governance/")
    axe(page)
    large = open_page(language="zh-hans", large=True)
    for address in (hearing.get_absolute_url(), project.get_absolute_url()):
        large.goto(address)
        axe(large)
