"""Which guardianships two records of one person would bring to each other, and whose word each of them needs first (V4, V6)."""

from dataclasses import dataclass, field

from django.db.models import Q

from people.models import BondQuestion, Guardianship, Person

CONFIRMED = Guardianship.State.CONFIRMED
Answer = BondQuestion.State


@dataclass
class Passing:
    """A bond that would reach further than before. ``ask``: confirmed guardians of the child, any of whose yes is enough;
    without them it takes staff who have seen a paper. ``answers``: of those who were asked."""

    bond: Guardianship
    ask: list[Person]
    answers: dict[int, str] = field(default_factory=dict)

    @property
    def said_no(self) -> bool:
        return any(self.answers.get(one.pk) == Answer.NO for one in self.ask)

    @property
    def said_yes_by(self) -> Person | None:
        return next((one for one in self.ask if self.answers.get(one.pk) == Answer.YES), None)

    @property
    def waits(self) -> bool:
        return bool(self.ask) and not self.said_no and self.said_yes_by is None


def passing(one: Person, other: Person) -> list[Passing]:
    """The bonds in force of either record that the other does not have as surely; three queries at most.

    Two records of a child: who is guardian of one only would answer for both. Two records of an adult: whoever signs in
    with either would answer for the children of both, so there not even a confirmed bond passes by itself.
    """
    pair = [one.pk, other.pk]
    live = Guardianship.objects.filter(ended_at=None).select_related("guardian__user", "child").order_by("pk")
    bonds = list(live.filter(Q(child__in=pair) | Q(guardian__in=pair)))
    of_children = {bond.child_id for bond in bonds if bond.guardian_id in pair}
    beside = list(live.filter(child__in=of_children, state=CONFIRMED).exclude(guardian__in=pair)) if of_children else []
    found = []
    for bond in bonds:
        if bond.child_id in pair:
            across = [row for row in bonds if row.child_id in pair and row.child_id != bond.child_id]
            known = any(row.guardian_id == bond.guardian_id for row in across)
            ask = [row.guardian for row in across if row.state == CONFIRMED]
            sure = bond.state == CONFIRMED and not ask
        else:
            across = [row for row in bonds if row.guardian_id in pair and row.guardian_id != bond.guardian_id]
            same = [row for row in across if row.child_id == bond.child_id]
            known = any(row.state in {bond.state, CONFIRMED} for row in same)
            ask = [row.guardian for row in beside if row.child_id == bond.child_id]
            sure = False
        if not known and not sure:
            found.append(Passing(bond, ask))
    if found:
        _read_answers(found)
    return found


def _read_answers(found: list[Passing]) -> None:
    by_bond = {one.bond.pk: one for one in found}
    rows = BondQuestion.objects.filter(bond__in=by_bond).exclude(state=Answer.ASKED)
    for bond, asked, state in rows.order_by("answered_at", "pk").values_list("bond", "asked", "state"):
        by_bond[bond].answers[asked] = state
