"""Roles are given, said yes to where they take two, and ended; each time the area's administrators are told (S8)."""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from people import emails
from people.access import second_yes
from people.access.roles import has_staff_pages
from people.models import RoleGrant, User
from portal import clock
from portal.refusals import Refusal

log = logging.getLogger(__name__)


@transaction.atomic
def give(grant: RoleGrant, *, by: User | None) -> RoleGrant:
    """Store a new grant. ``by`` None: on the server, where the first two holders of a role need nobody's yes.

    What opens minors' data or the Party's records is a proposal until somebody else has said yes; until then it gives nothing.
    """
    if by is not None and grant.user_id == by.pk:
        raise Refusal(_("Nobody changes their own roles. Please ask another administrator."), about="user")
    grant.given_at, grant.given_by = clock.now(), by
    first = by is None and second_yes.holders(grant.role, grant.neighbourhood).count() < second_yes.FIRST
    grant.needs_yes = second_yes.is_needed(grant.role) and not first
    grant.save()
    open_staff_pages(grant)
    _tell(grant, emails.GrantEvent.PROPOSED if grant.needs_yes else emails.GrantEvent.GIVEN)
    return grant


@transaction.atomic
def say_yes(grant: RoleGrant, *, by: User) -> None:
    """A holder of the role, who has no part in it otherwise, lets it come into force."""
    grant = RoleGrant.objects.select_for_update(of=("self",), no_key=True).get(pk=grant.pk)
    if grant.until is not None and grant.until <= clock.now():
        raise Refusal(_("This role has ended already."))
    if not grant.is_waiting:
        raise Refusal(_("This role is in force already."))
    if not second_yes.may_answer(by, grant):
        raise Refusal(
            _(
                "Somebody else has to say yes: a holder of this role who did not propose it, does not receive it, and"
                " whose own role the proposer did not give."
            )
        )
    grant.confirmed_at, grant.confirmed_by = clock.now(), by
    grant.save(update_fields=["confirmed_at", "confirmed_by"])
    open_staff_pages(grant)
    _tell(grant, emails.GrantEvent.CONFIRMED)


@transaction.atomic
def end(grant: RoleGrant, *, by: User) -> None:
    """The role ends now, or the proposal is taken back; the row stays as a record. Nobody changes their own."""
    grant = RoleGrant.objects.select_for_update(of=("self",), no_key=True).get(pk=grant.pk)
    if grant.user_id == by.pk:
        raise Refusal(_("Nobody changes their own roles. Please ask another administrator."))
    if grant.until is not None and grant.until <= clock.now():
        raise Refusal(_("This role has ended already."))
    grant.until = clock.now()
    grant.save(update_fields=["until"])
    _tell(grant, emails.GrantEvent.ENDED)


def open_staff_pages(grant: RoleGrant) -> None:
    """A role that has staff pages is of no use without the door to them."""
    user = grant.user
    if user.is_staff or grant.is_waiting or not has_staff_pages(grant.role):
        return
    user.is_staff = True
    user.save(update_fields=["is_staff"])


def _tell(grant: RoleGrant, event: emails.GrantEvent) -> None:
    by = grant.given_by if event == emails.GrantEvent.GIVEN else None
    log.info(
        "Role %s: %s of account %s in %s, by %s",
        event.name,
        grant.role,
        grant.user_id,
        grant.neighbourhood_id,
        by and by.pk,
    )
    emails.grant_told(grant, event, at=clock.now())
