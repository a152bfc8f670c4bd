"""Who is looking: everything ``visible_to`` needs to know about a reader, loaded at most once a request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.utils import timezone

from people.access import roles
from people.access.grants import grants_of, know_no_grants, lacks_proof
from people.models import CommitteePost, Neighbourhood, PartyMember, Person, RoleGrant, Team, TeamMembership, User
from portal.registry import Registry


@dataclass(frozen=True)
class Circle:
    """A group the reader belongs to between two days; ``kind`` is member, post or team, ``pk`` that group's.

    exempt_from: the day from which a member need not attend (M3).
    """

    kind: str
    pk: int
    since: date | None
    until: date | None
    exempt_from: date | None = None

    def covers(self, field: str) -> Q:
        """Rows whose datetime ``field`` lies within the membership (days of Asia/Shanghai)."""
        q = Q()
        if self.since:
            q &= Q(**{f"{field}__gte": _midnight(self.since)})
        if self.until:
            q &= Q(**{f"{field}__lt": _midnight(self.until)})
        return q


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


class Viewer:
    """A reader of one neighbourhood (None: of pages that belong to none). Build with ``Viewer(neighbourhood, user)``."""

    def __init__(self, neighbourhood: Neighbourhood | None, user: User | AnonymousUser | None = None) -> None:
        self.neighbourhood = neighbourhood
        self.user: User | None = user if isinstance(user, User) else None

    @property
    def is_anonymous(self) -> bool:
        return self.user is None

    @cached_property
    def person(self) -> Person | None:
        if self.user is None or self.neighbourhood is None:
            return None
        return remembering(readers().filter(user=self.user, neighbourhood=self.neighbourhood).first(), self.user)

    @property
    def known_person(self) -> Person:
        """The reader's person, on pages that let in nobody whom this neighbourhood does not know."""
        assert self.person is not None, "the page lets nobody in without a person"
        return self.person

    @cached_property
    def grants(self) -> list[RoleGrant]:
        """Role grants in force in this neighbourhood."""
        if self.user is None or self.neighbourhood is None:
            return []
        return [grant for grant in grants_of(self.user) if grant.neighbourhood_id == self.neighbourhood.pk]

    def roles(self, permission: str) -> list[RoleGrant]:
        """The grants that carry ``permission`` (``app.action_model``)."""
        allowed = roles.roles_with(permission)
        return [grant for grant in self.grants if grant.role in allowed]

    def has_perm(self, permission: str) -> bool:
        return bool(self.roles(permission))

    @cached_property
    def lacks_proof(self) -> bool:
        """Staff who read as residents until they have proved their second factor (people.access.second_factor)."""
        return self.user is not None and lacks_proof(self.user)

    @cached_property
    def circles(self) -> list[Circle]:
        """Party organisations, posts and teams of the reader's person, past ones included; one query."""
        return [] if self.person is None else circles_of(self.person)


#: By name, what every reader carries: whether rows of an upper app's exist for them (``OuterRef("pk")``).
#: Asked with the reader's own row, so that parts of pages which most readers do not have cost them nothing. A person from
#: elsewhere lacks it, so read it with :func:`is_marked`. people: 100; projects: 300.
reader_marks = Registry[Callable[[], Exists]]("marks of a reader", added=lambda exists: _forget_readers())


def is_marked(person: Person, name: str) -> bool:
    """Whether ``person`` carries the mark; True for whoever was not asked."""
    return getattr(person, name, True)


@cache
def readers() -> QuerySet[Person]:
    """Whoever may read, with their place and whether they belong to anything: most do not, and nothing more is asked.

    Put together once, which takes longer than to ask; it is narrowed each time and never read itself.
    """
    here = OuterRef("pk")
    circles = Exists(PartyMember.objects.filter(person=here).order_by())
    for rows in (
        CommitteePost.objects.filter(person=here),
        TeamMembership.objects.filter(person=here),
        Team.objects.filter(leader=here),
    ):
        circles |= Exists(rows.order_by())  # type: ignore[assignment]
    grants = Exists(RoleGrant.objects.filter(user=OuterRef("user")).order_by())
    known = Person.objects.filter(anonymised_at=None, user__isnull=False).select_related("neighbourhood", "building")
    # By name, as Person declares them too, which the type checker would take for a clash.
    marks: dict[str, Any] = {"has_circles": ExpressionWrapper(circles, BooleanField()), "has_grants": grants}
    marks |= {name: reader_marks[name]() for name in reader_marks.names()}
    return known.annotate(**marks).order_by("pk")


def _forget_readers() -> None:
    readers.cache_clear()


def remembering(person: Person | None, user: User) -> Person | None:
    """One of :func:`readers` for as long as the request: whoever asks again what they belong to needs no query."""
    if person is not None:
        person.known_circles = None if person.has_circles else []
        if not person.has_grants:
            know_no_grants(user)
    return person


def circles_of(person: Person) -> list[Circle]:
    """Party organisations at every level, posts and teams of ``person``, past ones included; one query."""
    if (known := getattr(person, "known_circles", None)) is not None:
        return known
    found = _read_circles(person)
    if hasattr(person, "known_circles"):
        person.known_circles = found
    return found


def _read_circles(person: Person) -> list[Circle]:
    members = PartyMember.objects.filter(person=person)
    kind = lambda word: Value(word, CharField())  # noqa: E731  three literals in one union
    never = Value(None, DateField())
    rows = (
        members.order_by().values_list(
            kind("member"), F("branch"), F("group"), F("branch__parent"), F("since"), F("until"), F("exempt_from")
        )
    ).union(
        CommitteePost.objects.filter(person=person, org__isnull=False)
        .order_by()
        .values_list(kind("post"), F("org"), F("org"), F("org"), F("since"), F("until"), never),
        TeamMembership.objects.filter(person=person)
        .order_by()
        .values_list(kind("team"), F("team"), F("team"), F("team"), F("since"), F("until"), never),
        Team.objects.filter(leader=person)
        .order_by()
        .values_list(kind("team"), F("pk"), F("pk"), F("pk"), F("founded_on"), never, never),
        all=True,
    )
    return [
        Circle(word, pk, since, until, exempt_from)
        for word, first, second, third, since, until, exempt_from in rows
        for pk in {first, second, third} - {None}
    ]


def by_period(circles: list[Circle], field: str) -> list[tuple[str, list[int], Q]]:
    """[(kind, ids, time)]: circles of one kind and period together, so that conditions on them stay short."""
    together: dict[tuple[str, date | None, date | None], list[Circle]] = {}
    for circle in circles:
        together.setdefault((circle.kind, circle.since, circle.until), []).append(circle)
    return [(kind, [circle.pk for circle in same], same[0].covers(field)) for (kind, _, _), same in together.items()]


def local_midnight(day: date) -> datetime:
    """Aware midnight at which ``day`` begins in Asia/Shanghai."""
    return _midnight(day)


def next_midnight(day: date) -> datetime:
    return _midnight(day + timedelta(days=1))
