"""Roles that open minors' data or the Party's records take two: who proposes them, and a holder who says yes (S8)."""

from django.db.models import QuerySet

from people.access import roles
from people.access.grants import grants_of
from people.models import Neighbourhood, RoleGrant, User
from portal import clock

#: What such a role opens; which roles these are follows from the table.
OPENING = frozenset({"people.view_minor", "people.view_partyorg", "people.view_partymember"})

FIRST = 2  # of each such role in an area are made on the server, so that one of them can say yes to the third


def is_needed(role: str) -> bool:
    return bool(OPENING & roles.permissions_of(role))


def answering(role: str) -> set[str]:
    """Roles whose holders may say yes to ``role``: the same one, and any that may do whatever it may."""
    return {other for other in RoleGrant.Role.values if roles.permissions_of(role) <= roles.permissions_of(other)}


def holders(role: str, neighbourhood: Neighbourhood) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(role=role, neighbourhood=neighbourhood, user__is_active=True).in_force(clock.now())


def may_answer(user: User, proposal: RoleGrant) -> bool:
    """Nobody answers for themself or for what they proposed, nor whoever holds the role by the proposer's own doing."""
    if not proposal.is_waiting or user.pk in {proposal.user_id, proposal.given_by_id}:
        return False
    allowed = answering(proposal.role)
    return any(
        grant.role in allowed
        and grant.neighbourhood_id == proposal.neighbourhood_id
        and (proposal.given_by_id is None or grant.given_by_id != proposal.given_by_id)
        for grant in grants_of(user)
    )
