"""How someone who acts for a Party organisation or a team is named on a page (V6).

In public a Party member is named by post only after opting in; otherwise the post stands without a name, and so it does
for everyone else there: if only members went unnamed, the gap would say who is one.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from people.models import CommitteePost, PartyMember, PartyOrg, Person, Team

Titles = dict[int, str]


def has_opted_in(column: str, day: date) -> Exists:
    """Whether the person in ``column`` is a Party member who agreed to be named as one."""
    return Exists(PartyMember.objects.on(day).filter(person=OuterRef(column), show_party_identity=True).order_by())


def titles(
    people: Iterable[Person | None],
    day: date,
    *,
    org: PartyOrg | None,
    team: Team | None,
    named: Collection[int | None],
) -> Titles:
    """{person id: words}, at most one query. named: whose names may stand there."""
    there = {person.pk: person for person in people if person is not None}
    if not there:
        return {}
    posts: dict[int, str] = {}
    if org is not None:
        holders = CommitteePost.objects.on(day).filter(org=org, person__in=there)
        posts = dict(holders.order_by("-pk").values_list("person", "post"))
        if org.leader_id in there:
            posts.setdefault(org.leader_id, _("group leader"))
    if team is not None and team.leader_id in there:
        posts.setdefault(team.leader_id, _("team leader"))
    return {pk: words(person, posts.get(pk, ""), pk in named, day) for pk, person in there.items()}


def words(person: Person, post: str, is_named: bool, day: date) -> str:
    if not person.is_adult_on(day) and (person.birth_date or person.birth_year):
        return _("a young volunteer")  # a child is not named whoever reads (V6)
    if is_named:
        return _("%(name)s (%(post)s)") % {"name": person.name, "post": post} if post else person.name
    return post
