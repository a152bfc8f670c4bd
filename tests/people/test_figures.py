"""The year in numbers (issue: pictures of numbers): a table behind each, sums only, few are not told (V6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from model_bakery import baker

from activities.models import Booking, SignUp, Status
from events.models import LearningEvent
from people.pages.figures import Figure
from projects.models import Bed, Plant, Planting, Project
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
URL = "/lane-600/figures/"


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def came(make_activity, make_person):
    """So many adults and children came to an activity some days ago."""

    def make(adults: int, children: int, days_ago: int = 10, **fields):
        start = NOW - timedelta(days=days_ago)
        activity = make_activity(starts_at=start, ends_at=start + timedelta(hours=1), status=Status.DONE, **fields)
        people = [make_person() for _ in range(adults)] + [make_person(10, email="") for _ in range(children)]
        for number, person in enumerate(people, start=1):
            booking = Booking.objects.create(activity_id=activity.pk, sequence=number, made_by=person, made_at=NOW)
            SignUp.objects.create(booking=booking, activity_id=activity.pk, person=person, status="attended")
        return activity

    return make


def figure(client, key: str) -> Figure | None:
    return next((one for one in client.get(URL).context["figures"] if one.key == key), None)


def test_participation_is_told_by_month_and_group(client, came):
    came(6, 5)
    came(7, 0, days_ago=40)
    found = figure(client, "participation")
    assert [(label, list(values)) for label, values in found.lines] == [
        ("November 2018", [7, 0]),
        ("December 2018", [6, 5]),
    ]


@pytest.mark.parametrize("page", ["", "records/"])
def test_the_year_in_numbers_is_reached_from_where_one_reads(client, came, page):
    """Not only from the foot: from home's thanks and from the records."""
    came(9, 5)
    assert f'class="more" href="{URL}"' in client.get(f"/lane-600/{page}").content.decode()


def test_few_are_not_told(client, came):
    """V6: neighbours could tell who they are."""
    came(9, 2)
    assert list(figure(client, "participation").lines[0][1]) == [9, None]
    assert "few" in client.get(URL).content.decode()


def test_what_not_everybody_may_see_is_not_counted(client, came, neighbourhood, elsewhere):
    team = baker.make("people.Team", neighbourhood=neighbourhood)
    came(6, 0, visibility="team", team=team)
    baker.make(Project, neighbourhood=neighbourhood, slug="plan", title="还在想", approved=9, is_published=False)
    baker.make(Project, neighbourhood=elsewhere, slug="far", title="别处的", approved=9, is_published=True)
    page = client.get(URL)
    assert page.context["figures"] == []
    assert "There is nothing to count yet" in page.content.decode()


def test_money_is_what_was_spent_and_what_is_left(client, neighbourhood):
    """P6."""
    baker.make(
        Project,
        neighbourhood=neighbourhood,
        slug="a",
        title="井盖",
        approved=Decimal(6800),
        spent=Decimal("6215.50"),
        accounts_published_on=NOW.date(),
        is_published=True,
    )
    assert [(label, list(values)) for label, values in figure(client, "money").lines] == [("井盖", [6215, 585, 0])]


def test_learning_is_spread_over_four_kinds(client, make_activity):
    """S6."""
    for edu in ("theory", "theory", "political"):
        start = NOW - timedelta(days=30)
        make_activity(
            model=LearningEvent, kind="learning", edu=edu, form="lecture", starts_at=start, ends_at=start + timedelta(hours=1),
            status=Status.DONE,
        )  # fmt: skip
    assert [values[0] for _label, values in figure(client, "education").lines] == [2, 1, 0, 0]


def test_what_is_in_flower_when(client, neighbourhood):
    project = baker.make(Project, neighbourhood=neighbourhood, slug="green", title="添绿", is_published=True)
    bed = baker.make(
        Bed, neighbourhood=neighbourhood, project=project, code="HT-1", title="花坛", kind="", is_published=True
    )
    for months in ([12, 1], [1]):
        plant = baker.make(
            Plant, neighbourhood=neighbourhood, name=f"花{months}", show_months=months, planting_months=[11]
        )
        baker.make(Planting, bed=bed, plant=plant, quantity=9, planted_on=NOW.date(), ended_on=None)
    values = [line[1][0] for line in figure(client, "seasons").lines]
    assert (values[0], values[11], sum(values)) == (2, 1, 3)


def test_a_bar_is_as_long_as_its_share():
    drawn = Figure("k", "t", "f", ["a", "b"], [("x", [30, 10]), ("y", [20, None]), ("z", [0, 0])])
    assert [[(part.css, part.x, part.width) for part in row.parts] for row in drawn.rows] == [
        [("a", 0, 750), ("b", 750, 250)],
        [("a", 0, 500)],
        [],
    ]


@pytest.mark.parametrize("length", [1, 40])
def test_the_page_costs_the_same_at_any_length(client, came, neighbourhood, length, django_assert_max_num_queries):
    for number in range(length):
        baker.make(Project, neighbourhood=neighbourhood, slug=f"p{number}", title="井盖", approved=9, is_published=True)
    came(5, 0)
    with django_assert_max_num_queries(6):
        assert client.get(f"{URL}?fresh={length}").status_code == 200
