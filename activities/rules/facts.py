"""What staff write for whoever comes, beyond time and place: one list, read by every page, mail and paper that tells it.

A new one needs its field on Activity (with its migrations), a place in the staff's form, and a line in FACTS.
"""

from dataclasses import dataclass
from enum import Enum, auto

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.models import Activity


class Where(Enum):
    PAGE = auto()
    SLIP = auto()  # the paper for a neighbour without e-mail
    POSTER = auto()  # and the words for groups that stand below it
    MAIL = auto()  # confirmation and reminder, and what is read out on the phone in their place
    CALL = auto()  # the phone lists of the evening before, the office's and the building leaders'
    CALENDAR = auto()


@dataclass(frozen=True)
class Fact:
    """``label`` stands before the words of ``field`` in a list of facts; ``sentence`` says them in running text."""

    field: str
    label: Promise
    sentence: Promise
    where: frozenset[Where]

    def words(self, activity: Activity) -> str:
        return getattr(activity, self.field)

    def said(self, activity: Activity) -> str:
        return str(self.sentence) % {"words": self.words(activity).rstrip("。.")}


FACTS = [
    Fact("bring", _("Please bring or wear"), _("Please bring or wear: %(words)s."), frozenset(Where)),
    Fact("risks", _("Mind"), _("Please know: %(words)s."), frozenset({Where.SLIP, Where.POSTER})),
    Fact("safeguards", _("We see to"), _("What we do about it: %(words)s."), frozenset({Where.SLIP, Where.POSTER})),
]


def facts(activity: Activity, where: Where) -> list[tuple[str, str]]:
    """[(label, words)] of what is told there; nothing for what staff left empty."""
    return [(str(fact.label), fact.words(activity)) for fact in FACTS if where in fact.where and fact.words(activity)]


def sentences(activity: Activity, where: Where) -> list[str]:
    return [fact.said(activity) for fact in FACTS if where in fact.where and fact.words(activity)]
