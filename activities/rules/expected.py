"""Who is expected at an activity: each kind answers; calendar, reminders, clash warning and attendance read the answer.

Signing up and participants' invitations are answered here; upper apps add theirs (members of a meeting, M3).
Whoever a part expects is expected at its parent: one appointment.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from activities.models import COMING, Activity, CannotCome, Invitation, SignUp, Status
from people.models import Person
from portal.registry import Registry, name_of


@dataclass(frozen=True)
class Expected:
    """``key`` names the row that makes them expected (``sign_up:7``); ``since`` when it did, None for ever.

    asked: they were asked to come one by one, not by what they belong to.
    """

    activity_id: int
    person_id: int
    key: str
    since: datetime | None = None
    asked: bool = False

    @property
    def by_sign_up(self) -> bool:
        return self.key.startswith("sign_up:")


@dataclass(frozen=True)
class Answer:
    """``of_activities(ids)``: who is expected there.  ``of_person(person)``: a condition on Activity rows.

    kinds: which kinds of activity expect people by what they belong to, so that pages of the others need not ask.
    """

    of_activities: Callable[[Collection[int]], Iterable[Expected]]
    of_person: Callable[[Person], Q]
    kinds: frozenset[str] = frozenset()


#: Whoever is expected twice is so by the first. activities: 100 signed up, 101 invited; community: 200.
answers = Registry[Answer]("answers who is expected", named=lambda answer: name_of(answer.of_activities))


def expects_members(activity: Activity) -> bool:
    """Whether some may be expected here who neither signed up nor were invited."""
    return any(activity.kind in answer.kinds for answer in answers)


def signed_up(activity_ids: Collection[int]) -> Iterable[Expected]:
    rows = SignUp.objects.filter(activity__in=activity_ids, status__in=COMING).in_queue()
    for activity_id, person_id, pk, since in rows.values_list("activity", "person", "pk", "settled_at"):
        yield Expected(activity_id, person_id, f"sign_up:{pk}", since)


def invited(activity_ids: Collection[int]) -> Iterable[Expected]:
    rows = Invitation.objects.filter(activity__in=activity_ids, part=Invitation.Part.PARTICIPANT)
    for activity_id, person_id, pk in rows.values_list("activity", "person", "pk"):
        yield Expected(activity_id, person_id, f"invitation:{pk}", asked=True)


def pairs(activity_ids: Collection[int]) -> list[Expected]:
    """Everyone expected at these appointments, each person once per appointment; a few queries whatever the length."""
    ids = set(activity_ids)
    parents = dict(
        Activity.objects.filter(part_of__in=ids, status=Status.PUBLISHED).order_by().values_list("pk", "part_of")
    )
    found: dict[tuple[int, int], Expected] = {}
    for answer in answers:
        for one in answer.of_activities(ids | parents.keys()):
            whole = parents.get(one.activity_id, one.activity_id)
            if whole in ids:
                found.setdefault((whole, one.person_id), replace(one, activity_id=whole))
    if all(one.by_sign_up for one in found.values()):
        return list(found.values())
    said_no = set(CannotCome.objects.standing().filter(activity__in=ids).values_list("activity", "person"))
    return [one for pair, one in found.items() if one.by_sign_up or pair not in said_no]


def expected_at(activity_ids: Collection[int]) -> dict[int, set[int]]:
    """{activity id: ids of the people expected there}; an empty set where nobody is."""
    people: dict[int, set[int]] = defaultdict(set)
    for one in pairs(activity_ids):
        people[one.activity_id].add(one.person_id)
    return {activity_id: people[activity_id] for activity_id in activity_ids}


def activities_of(person: Person) -> Q:
    """A condition on Activity rows: those where ``person`` is expected, at the whole or at a part of it.

    Use it on an unfiltered manager or under ``pk__in``: it joins.
    """
    own = Q(pk__in=[])
    for answer in answers:
        own |= answer.of_person(person) & (Q() if answer is SIGNED_UP else may_come(person))
    return own


def may_come(person: Person) -> Q:
    """A condition on Activity rows: ``person`` did not say that they cannot come, to it or to what it is a part of."""
    said_no = CannotCome.objects.standing().filter(person=person).values("activity")
    return ~Q(pk__in=said_no) & (Q(part_of=None) | ~Q(part_of__in=said_no))


def appointments_of(person: Person):
    """Ids (a subquery) of the appointments where ``person`` is expected; a part counts as its whole."""
    mine = Activity.objects.filter(activities_of(person)).order_by()
    return Activity.objects.filter(
        Q(pk__in=mine.filter(part_of=None).values("pk")) | Q(pk__in=mine.exclude(part_of=None).values("part_of"))
    ).order_by()


def where_signed_up(person: Person) -> Q:
    return Q(pk__in=SignUp.objects.filter(person=person, status__in=COMING).values("activity"))


def where_invited(person: Person) -> Q:
    invitations = Invitation.objects.filter(person=person, part=Invitation.Part.PARTICIPANT)
    return Q(pk__in=invitations.values("activity"))


SIGNED_UP = Answer(signed_up, where_signed_up)
INVITED = Answer(invited, where_invited)
