"""Thanks to everybody, at the foot of home: how many came this year, by group. Sums only; nobody is named or ranked (V7)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from activities.models import SignUp, SignUpStatus, Visibility
from people.access.requests import PortalRequest
from people.models import Neighbourhood, PartyMember, Person
from portal import clock
from portal.panels import Part, kept

#: A group of fewer is not told: whoever knows the neighbours could tell who they are (V6).
FEWEST = 5


@dataclass(frozen=True)
class Participation:
    """Different people, each counted once in a group; ``together`` = activities that somebody came to."""

    together: int = 0
    adults: int = 0
    children: int = 0
    members: int = 0  # among the adults; the group as a count (V6)

    def shown(self) -> dict[str, int]:
        """The groups that may be told."""
        groups = {"adults": self.adults, "children": self.children, "members": self.members}
        return {name: number for name, number in groups.items() if number >= FEWEST}


def participation(neighbourhood: Neighbourhood) -> Participation:
    """Who came to public activities since New Year, as attendance was confirmed; one query. Age and membership: today's."""
    today = clock.today()
    new_year = clock.now().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    came = SignUp.objects.filter(
        activity__neighbourhood=neighbourhood,
        activity__visibility=Visibility.PUBLIC,
        activity__starts_at__range=(new_year, clock.now()),
        status=SignUpStatus.ATTENDED,
    ).order_by()
    known = Person.objects.exclude(birth_date=None, birth_year=None)  # whose age nobody knows is no child here
    minor = Exists(known.minors_on(today).filter(pk=OuterRef("person")))
    member = Exists(PartyMember.objects.on(today).filter(person=OuterRef("person")))
    found = came.aggregate(
        together=Count("activity", distinct=True),
        adults=Count("person", distinct=True, filter=~minor),
        children=Count("person", distinct=True, filter=minor),
        members=Count("person", distinct=True, filter=member & ~minor),
    )
    return Participation(**found)


def panel(request: PortalRequest) -> Part | None:
    figures = kept(request, "thanks", lambda: participation(request.neighbourhood))
    groups = figures.shown()
    return ("activities/_home_thanks.html", {"together": figures.together, "groups": groups}) if groups else None
