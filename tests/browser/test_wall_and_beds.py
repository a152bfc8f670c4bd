"""The wall and the beds on a phone: a vote, a log entry, a story sent in; axe after every step."""

from datetime import timedelta

from django.urls import reverse
from model_bakery import baker
from playwright.sync_api import expect

from people.models import Consent
from projects.models import OralHistory, SeasonBallot, UpkeepEntry, Wall, WallPanel, WallStage, WallSurvey
from projects.operations import seasons
from tests.browser.conftest import axe, follow, sign_in
from tests.conftest import NOW
from tests.projects.garden import *  # noqa: F403
from tests.projects.garden import open_vote


def test_from_the_frieze_to_the_flowers(open_page, garden, plan, team, make_bed, make_plant, resident_text):
    place, member = garden.neighbourhood, team.leader
    panel = baker.make(
        WallPanel, neighbourhood=place, project=garden, code="QH-01", title="北站的汽笛", kind="", order=1, fact_check="memory",
        told_by="龚老伯", narrator_agreed_on=NOW.date(), story="听见汽笛就晓得几点钟。", alt="蒸汽机车", is_published=True,
    )  # fmt: skip
    wall = baker.make(Wall, neighbourhood=place, project=garden, owner="全体业主", owners_agreed_on=NOW.date())
    baker.make(WallStage, wall=wall, step="plaster", title="粉刷", start=NOW.date())
    baker.make(WallSurvey, wall=wall, surveyed_on=NOW.date(), findings=["空鼓"], risk="medium")
    bed = make_bed("HT-1", wall_panel=panel)
    seasons.propose(plan, make_plant("石竹", light="half_shade"), [bed], note="遮阴", quantity=20)
    baker.make(
        "projects.Planting", bed=bed, plant=make_plant("角堇", show_months=[12]), quantity=9, planted_on=NOW.date()
    )
    open_vote(plan)
    baker.make(
        OralHistory, neighbourhood=place, title="夏夜", text="一只西瓜切十二块。", told_on=NOW.date(), told_by="邱阿婆", sent_at=NOW,
        state="published", text_agreed=True, agreed_on=NOW.date(),
    )  # fmt: skip
    baker.make(
        Consent, person=member, purpose="data", text=resident_text, given_by=member, given_at=NOW - timedelta(days=1)
    )
    page = open_page()

    for address in (f"/{place.slug}/", garden.get_absolute_url(), wall.get_absolute_url(), panel.get_absolute_url()):
        page.goto(address)
        axe(page)
    follow(page.get_by_role("link", name=bed.title))
    axe(page)
    follow(page.get_by_role("link", name="What blooms when").first)
    axe(page)
    follow(page.get_by_role("link", name="2019 spring"))
    axe(page)

    sign_in(page, member.email, back_to=plan.get_absolute_url())
    page.get_by_label("I am for 石竹").check()
    follow(page.get_by_role("button", name="Cast my vote"))
    axe(page)
    expect(page.get_by_text("You have voted. Thank you.")).to_be_visible()
    assert SeasonBallot.objects.get().person == member

    page.goto(reverse("projects:upkeep", args=[place.slug, bed.code]))
    page.get_by_label("In a few words").fill("盖草帘")
    axe(page)
    page.get_by_role("button", name="Write it down").click()
    page.locator(".messages").wait_for()
    assert UpkeepEntry.objects.get().text == "盖草帘"

    page.goto(reverse("projects:stories", args=[place.slug]))
    axe(page)
    page.get_by_role("link", name="Tell a story").click()
    page.get_by_label("What is it about?").fill("给水站")
    page.get_by_label("The story").fill("排队接水要用扁担挑。")
    page.get_by_label("What shall the narrator be called in public?").fill("龚老伯")
    page.get_by_label("The text may be published").check()
    axe(page)
    follow(page.get_by_role("button", name="Send it in"))
    axe(page)
    assert OralHistory.objects.filter(title="给水站", state="received", sent_by=member).exists()
