"""What the mails of the rota share: the words for a turn, and the pages they link to."""

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Activity
from people.outbox.envelope import absolute
from portal import tokens
from portal.dates import day, span
from volunteers.models import Rota


def because_of_the_team() -> str:
    return _("You get this mail because you belong to the team.")


def when(activity: Activity) -> str:
    return f"{day(activity.starts_at)} {span(activity)}"


def rota_url(rota_or_slot: Rota | Activity) -> str:
    team = rota_or_slot.team
    if team is None:  # a slot whose team is gone still has its own page
        return absolute(rota_or_slot.get_absolute_url()) if isinstance(rota_or_slot, Activity) else ""
    return absolute(reverse("volunteers:rota", args=[team.neighbourhood.slug, team.code]))


def answer_url(purpose: str, **what: int) -> str:
    """A page with a button; it acts for the reader named in the token, whoever opens it (DESIGN.md §3)."""
    return absolute(reverse("volunteers:mail", args=[purpose, tokens.make(f"duty-{purpose}", **what)]))
