"""Staff pages of learning events: a visit on the day a museum is closed is saved, with a warning."""

from datetime import timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from events.models import LearningEvent
from tests.activities.admin_pages import draft_form
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("weekday", "warns"), [(0, True), (1, False), (None, False)])
def test_a_visit_on_the_closing_day_warns(neighbourhood, weekday, warns):
    """S9. 2018-12-24 is a Monday."""
    site = baker.make("events.Site", name="二大会址纪念馆", closed_weekday=weekday)
    client = client_of(staff_user("volunteer_coordinator", neighbourhood))
    data = draft_form(
        starts_at=NOW + timedelta(days=4), form="site_visit", edu="theory", credit_hours="2", site=site.pk
    )

    response = client.post(reverse("admin:events_learningevent_add"), data)

    assert response.status_code == 302, response.content.decode()
    assert LearningEvent.objects.get().kind == "learning"
    assert any("is closed on Monday" in sentence for sentence in said(response)) == warns
