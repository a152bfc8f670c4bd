"""What home shows of the calendar: the weekend first, then what lies ahead, and nothing hidden."""

from datetime import timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from events.models import LearningEvent
from tests.activities.calendar_page import *  # noqa: F403
from tests.activities.calendar_page import SATURDAY
from tests.conftest import NOW
from tests.staff import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# --- hidden things ---


def test_hidden_things_stay_hidden_at_home(client, hidden, activity, neighbourhood):
    page = client.get(reverse("people:home", args=[neighbourhood.slug])).content.decode()
    assert activity.title in page
    for one in hidden:
        assert one.title not in page


# --- what it costs ---


@pytest.mark.parametrize("length", [1, 50])
def test_home_costs_the_same_at_any_length(client, make_activity, neighbourhood, length, django_assert_num_queries):
    baker.make("community.Article", length, neighbourhood=neighbourhood, published_at=NOW - timedelta(days=1))
    baker.make(
        "projects.Project", length, neighbourhood=neighbourhood, is_published=True, slug=iter(map(str, range(99)))
    )
    for number in range(length):
        make_activity(starts_at=SATURDAY + timedelta(minutes=number), capacity=9)
        make_activity(model=LearningEvent, kind="learning", form="film", edu="theory")
    home = reverse("people:home", args=[neighbourhood.slug])
    client.get(home)  # the thanks are kept for an hour
    # neighbourhood, what is on (learning takes its panel from it), its seats, notices with news, projects, results
    with django_assert_num_queries(6):
        assert client.get(home).status_code == 200


def test_home_puts_the_weekend_first_and_then_what_lies_ahead(client, make_activity, neighbourhood):
    make_activity(title="周五", starts_at=NOW + timedelta(days=1))
    make_activity(title="周六", starts_at=SATURDAY)
    make_activity(title="下周", starts_at=NOW + timedelta(days=5))
    make_activity(title="两月后", starts_at=NOW + timedelta(days=70))
    make_activity(title="早上的", starts_at=NOW - timedelta(hours=3), ends_at=NOW - timedelta(hours=2))
    response = client.get(reverse("people:home", args=[neighbourhood.slug]))
    panel = next(part for part in response.context["panels"] if part.template == "activities/_home_coming_up.html")
    assert [card.activity.title for card in panel.context["this_week"]] == ["周六", "周五"]
    assert [card.activity.title for card in panel.context["ahead"]] == ["下周"]


def test_a_party_administrators_home_is_not_filled_with_every_meeting(client, hidden, make_person, neighbourhood):
    admin = make_person(user=True)
    baker.make("people.RoleGrant", user=admin.user, neighbourhood=neighbourhood, role="party_admin", until=None)
    sign_in(client, admin.user)
    page = client.get(reverse("people:home", args=[neighbourhood.slug])).content.decode()
    assert "党小组会" not in page
    assert "党小组会" in client.get(reverse("activities:calendar", args=[neighbourhood.slug])).content.decode()
