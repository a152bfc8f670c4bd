"""A hearing that was held on 15 December 2018, from which tests of deliberations start."""

from datetime import timedelta

import pytest
from model_bakery import baker

from activities.models import Status
from community.models import Deliberation, Opinion, Option
from people.models import Committee
from tests.conftest import NOW

HELD = NOW - timedelta(days=5)


@pytest.fixture
def committee(neighbourhood) -> Committee:
    return baker.make(Committee, neighbourhood=neighbourhood, code="rc", name="居民委员会")


@pytest.fixture
def make_deliberation(neighbourhood, location, committee):
    def make(**fields) -> Deliberation:
        starts = fields.pop("starts_at", HELD)
        values = {
            "neighbourhood": neighbourhood,
            "kind": "deliberation",
            "type": "hearing",
            "title": "井盖彩绘听证会",
            "location": location,
            "convener": committee,
            "items": ["要不要画"],
            "materials": ["草图"],
            "notice_on": (starts - timedelta(days=6)).date(),
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "status": Status.DONE if starts < NOW else Status.PUBLISHED,
            "open_to": [],
        }
        return baker.make(Deliberation, **(values | fields))

    return make


@pytest.fixture
def held(make_deliberation):
    """Complete but for being published: one option carried, one concern answered."""
    deliberation = make_deliberation(should_attend=5, attended=4, voters=4, decision="先画一条路")
    baker.make(
        Option, deliberation=deliberation, text="先画一条路", votes_for=3, votes_against=1, abstained=0, by_group={}
    )
    baker.make(Opinion, deliberation=deliberation, stance="concern", text="怕滑", reply="用防滑涂料")
    return deliberation
