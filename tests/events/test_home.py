"""The learning panel of home."""

import pytest
from model_bakery import baker

from events.models import LearningEvent
from people.models import PartyOrg

pytestmark = pytest.mark.django_db


def learning(client) -> list[str]:
    panels = {part.template: part.context for part in client.get("/lane-600/").context["panels"]}
    return [card.activity.title for card in panels.get("events/_home_learning.html", {}).get("cards", [])]


def test_home_shows_what_there_is_to_learn_beyond_what_stands_further_up(client, make_activity, neighbourhood):
    kind = {"model": LearningEvent, "kind": "learning", "form": "film", "edu": "theory"}
    for number in range(6):
        make_activity(title=f"本周{number}")
    assert learning(client) == []
    make_activity(**kind, title="观影")
    group = baker.make(PartyOrg, neighbourhood=neighbourhood)
    make_activity(**kind, title="组里的", visibility="organisation", organisation=group)
    assert learning(client) == ["观影"]
