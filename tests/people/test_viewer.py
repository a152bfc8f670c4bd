"""Who is looking: what they belong to is read once, and not at all for those who belong to nothing (DESIGN §6)."""

import pytest
from model_bakery import baker

from people.access.viewer import Viewer

pytestmark = pytest.mark.django_db


def belong(kind: str, person) -> None:
    place = person.neighbourhood
    org = baker.make("people.PartyOrg", neighbourhood=place, kind="branch")
    team = baker.make("people.Team", neighbourhood=place, leader=person if kind == "leader" else None)
    if kind == "member":
        baker.make("people.PartyMember", neighbourhood=place, person=person, branch=org, group=None, until=None)
    elif kind == "post":
        baker.make("people.CommitteePost", person=person, org=org, committee=None, until=None)
    elif kind == "team":
        baker.make("people.TeamMembership", team=team, person=person, until=None)


@pytest.mark.parametrize("kind", ["member", "post", "team", "leader"])
def test_whoever_belongs_to_something_is_asked_about_it_once(person, kind, django_assert_num_queries):
    belong(kind, person)
    viewer = Viewer(person.neighbourhood, person.user)
    with django_assert_num_queries(2):  # the person, the circles
        assert {circle.kind for circle in viewer.circles} == {"team" if kind == "leader" else kind}
        assert viewer.circles == Viewer.circles.func(viewer)


def test_whoever_belongs_to_nothing_is_asked_nothing_more(person, make_person, django_assert_num_queries):
    belong("team", make_person())
    viewer = Viewer(person.neighbourhood, person.user)
    with django_assert_num_queries(1):
        assert (viewer.person, viewer.circles, viewer.grants) == (person, [], [])


def test_grants_are_found(person):
    grant = baker.make(
        "people.RoleGrant", user=person.user, neighbourhood=person.neighbourhood, role="editor", until=None
    )
    viewer = Viewer(person.neighbourhood, person.user)
    assert viewer.person == person
    assert viewer.grants == [grant]
