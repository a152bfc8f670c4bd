"""As what somebody speaks or acts in public records: by post, body or group, never by membership in the Party (V6).

Worked out once, when a result is published, and kept with it: staff may choose other words before.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from community.models import Deliberation, Group
from people.models import CommitteePost, Person, PropertyCompany, Team
from portal import clock


@dataclass(frozen=True)
class Capacity:
    """``words``: of a post or body, "" where only the ``group`` tells."""

    words: str
    group: str


def capacities(deliberation: Deliberation, people: Iterable[Person | None]) -> dict[int, Capacity]:
    """{person id: capacity}, in six queries. A child or a Party member who is nothing else is a resident like the others."""
    there = {person.pk: person for person in people if person is not None}
    if not there:
        return {}
    day = clock.local_date(deliberation.starts_at)
    known = [
        dict(deliberation.sides.filter(representative__in=there).values_list("representative", "name")),
        dict(PropertyCompany.objects.filter(contact__in=there).values_list("contact", "name")),
        dict(Person.objects.filter(pk__in=there, unit__isnull=False).values_list("pk", "unit__name")),
        posts_of(deliberation, there),
        dict(Team.objects.filter(leader__in=there, is_public=True).values_list("leader", "name")),
    ]
    groups = dict(deliberation.participants.filter(person__in=there).values_list("person", "group"))
    found = {}
    for pk, person in there.items():
        is_child = bool(person.birth_date or person.birth_year) and not person.is_adult_on(day)
        words = "" if is_child else next((names[pk] for names in known if names.get(pk)), "")
        group = groups.get(pk, "")
        if is_child or group not in NAMED_GROUPS:
            group = Group.RESIDENTS
        found[pk] = Capacity(words, group)
    return found


def holders(deliberation: Deliberation, people: Collection[int]) -> QuerySet[CommitteePost]:
    """Posts of ``people`` on that day, in the committee that convened it or the organisation that led it."""
    bodies = Q(pk__in=[])
    if deliberation.convener_id:
        bodies |= Q(committee=deliberation.convener_id)
    if deliberation.led_by_id:
        bodies |= Q(org=deliberation.led_by_id)
    return CommitteePost.objects.on(clock.local_date(deliberation.starts_at)).filter(bodies, person__in=people)


def in_order(rows: Iterable[tuple[int | None, int, str]]) -> dict[int, str]:
    """{person id: post} of (committee id, person id, post): a post in the committee goes before one in the organisation."""
    return {person: post for _committee, person, post in sorted(rows, key=lambda row: row[0] is not None)}


def posts_of(deliberation: Deliberation, people: Collection[int]) -> dict[int, str]:
    """{person id: post}; one query."""
    rows = holders(deliberation, people).order_by("-pk").values_list("committee", "person", "post")
    return in_order(rows) if people else {}


#: Groups that may stand beside an opinion; membership in the Party is told only as a count.
NAMED_GROUPS = {Group.BUILDING_LEADERS, Group.OWNERS_COMMITTEE, Group.PROPERTY, Group.PARTNER_UNITS}


def one_of(group: str) -> str:
    """Somebody of ``group``, in the reader's language."""
    match group:
        case Group.BUILDING_LEADERS:
            return _("a building leader")
        case Group.OWNERS_COMMITTEE:
            return _("a member of the owners' committee")
        case Group.PROPERTY:
            return _("the property company")
        case Group.PARTNER_UNITS:
            return _("a partner unit")
    return _("a resident")
