"""Somebody, the children they answer for, and what has been agreed to for each: read once a request, in two queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from people.models import Consent, Guardianship, Person
from people.rules.consent import SELF, Purpose, decides_alone, who_decides


@dataclass(frozen=True)
class Agreement:
    """One line of the consents page: whether ``purpose`` is agreed to for this person, since when, and what the reader
    may do about it."""

    purpose: str
    label: str
    since: datetime | None
    who_decides: str
    may_agree: bool
    may_take_back: bool

    @property
    def given(self) -> bool:
        return self.since is not None


class Household:
    def __init__(self, person: Person, day: date) -> None:
        self.person = person
        self.day = day

    @cached_property
    def guardianships(self) -> list[Guardianship]:
        """Those in force, with their children, youngest first; a ward who has turned 18 no longer belongs."""
        rows = Guardianship.objects.filter(guardian=self.person, ended_at=None, child__anonymised_at=None)
        rows = rows.select_related("child").order_by("-child__birth_date", "pk")
        return [row for row in rows if not row.child.is_adult_on(self.day)]

    @cached_property
    def children(self) -> list[Person]:
        return [row.child for row in self.guardianships]

    @cached_property
    def history(self) -> list[Consent]:
        """Every consent of the household, revoked ones too, newest first."""
        rows = Consent.objects.filter(person__in=[self.person, *self.children])
        return list(rows.select_related("text", "given_by", "person").order_by("-given_at", "-pk"))

    @cached_property
    def _in_force(self) -> dict[tuple[int, str], list[Consent]]:
        found = defaultdict(list)
        for consent in self.history:
            if consent.revoked_at is None:
                found[consent.person_id, consent.purpose].append(consent)
        return found

    def agreed(self, person: Person) -> set[str]:
        return {line.purpose for line in self.agreements(person) if line.given}

    def agreements(self, person: Person) -> list[Agreement]:
        """One line per purpose. As in people.rules.consent, only the consent of whoever decides at that age counts."""
        lines = []
        for purpose in Purpose:
            decides = who_decides(person, purpose, self.day)
            counting = [
                consent
                for consent in self._in_force[person.pk, purpose]
                if (consent.given_by_id == person.pk) == (decides == SELF)
            ]
            own = person.pk == self.person.pk
            # A minor's own page: data from 14 on; the rest is the guardian's. A guardian's page: all of it.
            alone = decides_alone(person, purpose, self.day)
            may_agree = not alone if not own else decides == SELF or person.age_on(self.day) is None
            lines.append(
                Agreement(
                    purpose=str(purpose),
                    label=str(purpose.label),
                    since=min((consent.given_at for consent in counting), default=None),
                    who_decides=decides,
                    may_agree=may_agree,
                    may_take_back=own or not alone,
                )
            )
        return lines
