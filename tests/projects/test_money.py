"""P6: before the publication day nothing of a project's money is public, in sums and charts as little as on its page."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import PartnerUnit
from projects.models import Donation, PlantCandidate, Planting, SeasonPlan
from tests.conftest import NOW
from tests.projects.garden import *  # noqa: F403
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
LATER = date(2019, 3, 1)
SUMS = ("38,000", "38000", "40,500", "40500", "2,500", "2500")


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def overspent(make_project):
    """Sums, a source and a gift are typed in; the accounts are not published."""
    project = make_project(
        "wall", title="故事墙", approved=Decimal(38000), spent=Decimal(40500), fund_source="社区营造项目经费"
    )
    unit = baker.make(PartnerUnit, neighbourhood=project.neighbourhood, name="五金店")
    baker.make(Donation, project=project, unit=unit, what="外墙涂料", amount=Decimal(2500), given_on=date(2018, 9, 1))
    return project


def money_lines(client, **query) -> list | None:
    figures = client.get("/lane-600/figures/", query).context["figures"]
    found = next((figure for figure in figures if figure.key == "money"), None)
    return None if found is None else [(label, list(values)) for label, values in found.lines]


@pytest.mark.parametrize("published", [None, LATER])
def test_no_money_before_its_day(client, make_project, overspent, published):
    """T13: what could leak stands in one sum with a published account; only that one is told."""
    type(overspent).objects.filter(pk=overspent.pk).update(accounts_published_on=published)
    make_project("cover", title="井盖", approved=6800, spent="6215.50", accounts_published_on=TODAY)

    assert money_lines(client) == [("井盖", [6215, 585, 0])]
    for url in (
        "/lane-600/figures/",
        overspent.get_absolute_url(),
        "/lane-600/projects/",
        "/lane-600/search/?q=故事墙",
    ):
        page = client.get(url).content.decode()
        for word in (*SUMS, "社区营造项目经费", "外墙涂料", "五金店"):
            assert word not in page, (url, word)


def test_overspending_is_shown_as_such(client, overspent):
    """T13: not as nothing left over."""
    type(overspent).objects.filter(pk=overspent.pk).update(accounts_published_on=TODAY)

    assert money_lines(client) == [("故事墙", [40500, 0, 2500])]
    page = client.get(overspent.get_absolute_url()).content.decode()
    for word in ("38,000.00", "40,500.00", "Overspent", "社区营造项目经费", "外墙涂料", "五金店"):
        assert word in page


def test_the_bar_of_overspending_is_what_was_spent(client, make_project):
    """T13: the part beyond what was approved is drawn once."""
    make_project("wall", title="墙", approved=100, spent="100.40", accounts_published_on=TODAY)
    make_project("beds", title="花", approved=101, spent=None, accounts_published_on=TODAY)
    figure = next(one for one in client.get("/lane-600/figures/").context["figures"] if one.key == "money")

    (row,) = figure.rows  # what was spent of the other is not known yet, so nothing is left of it either
    assert list(row.values) == [100, 0, 1]
    assert sum(part.width for part in row.parts) == 1000


def test_a_season_tells_its_money_to_voters_first(client, garden, plan, team, make_bed, make_plant):
    """T13: to everybody once the project's accounts are published; who votes has to know the prices."""
    candidate = baker.make(PlantCandidate, plan=plan, plant=make_plant(), unit_price=Decimal("3.37"), quantity=10)
    bed = make_bed()
    candidate.beds.add(bed)
    unit = baker.make(PartnerUnit, neighbourhood=garden.neighbourhood, name="花店")
    baker.make(
        Planting, bed=bed, plan=plan, plant=candidate.plant, quantity=3, planted_on=TODAY, donor=unit, ended_on=None
    )
    SeasonPlan.objects.filter(pk=plan.pk).update(status="voting", budget=777)
    season = plan.get_absolute_url()
    money = ("777", "3.37", "33.70")

    page = client.get(season).content.decode()
    assert not [word for word in (*money, "花店") if word in page]
    assert "花店" not in client.get(bed.get_absolute_url()).content.decode()
    voter = client_of(team.leader.user)
    page = voter.get(season).content.decode()
    assert all(word in page for word in money)
    assert "花店" not in page

    type(garden).objects.filter(pk=garden.pk).update(accounts_published_on=TODAY)
    page = client.get(season).content.decode()
    assert all(word in page for word in (*money, "花店"))
    assert "花店" in client.get(bed.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("role", "sees"), [("committee_admin", True), ("volunteer_coordinator", False)])
def test_staff_who_only_read_projects_read_no_sums(overspent, role, sees):
    """T13: neither in the list nor on the page."""
    staff = client_of(staff_user(role, overspent.neighbourhood))
    for url in ("admin:projects_project_changelist", "admin:projects_project_change"):
        args = [overspent.pk] if url.endswith("change") else []
        page = staff.get(reverse(url, args=args)).content.decode()
        assert "故事墙" in page
        assert any(word in page for word in SUMS) is sees
