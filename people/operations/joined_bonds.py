"""Guardianships when two records are joined: none passes on before a confirmed guardian, or staff with a paper, has said yes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people import emails
from people.models import BondQuestion, Guardianship, Person, PossibleDuplicate, User
from people.rules.joined_bonds import CONFIRMED, Answer, Passing, passing
from portal.refusals import Refusal

State = PossibleDuplicate.State


def wanted(one: Person, other: Person) -> list[str]:
    """What stands before joining the two, as sentences; nothing where no guardianship would pass on."""
    said = []
    for row in passing(one, other):
        bond = {"bond": row.bond}
        if row.said_no:
            said.append(_no_sentence(row))
        elif row.waits:
            said.append(
                _("%(bond)s: a confirmed guardian of the child is asked first. Nothing changes before the yes.") % bond
            )
        elif not row.ask:
            said.append(_("%(bond)s: nobody can be asked, so please write down which paper you have seen.") % bond)
    return said


def _no_sentence(row: Passing) -> str:
    return _("%(bond)s: a guardian of the child has said no, so these stay two records.") % {"bond": row.bond}


def check(one: Person, other: Person, *, paper: str) -> None:
    """Raises Refusal where somebody has said no, or a paper is missing; a question that waits is no reason against asking it."""
    for row in passing(one, other):
        if row.said_no:
            raise Refusal(_no_sentence(row))
        if not row.ask and not paper.strip():
            raise Refusal(
                _(
                    "Please write down which paper shows who the guardian is, since nobody can be asked. Joined, the child"
                    " is theirs: %(bond)s."
                )
                % {"bond": row.bond},
                about="paper",
            )


def settle_bonds(one: Person, other: Person, *, paper: str, by: User, at: datetime) -> list[int]:
    """Confirm what passes on by a yes or by ``paper``; returns the ids that became confirmed. Raises Refusal where neither is there."""
    check(one, other, paper=paper)
    confirmed = []
    for row in passing(one, other):
        bond, yes = row.bond, row.said_yes_by
        if row.waits:
            raise Refusal(
                _("%(bond)s: a confirmed guardian of the child has to say yes first, and has not answered yet.")
                % {"bond": bond}
            )
        if bond.guardian.user_id == by.pk:
            raise Refusal(_("Somebody else has to confirm your own guardianship."))
        if bond.state != CONFIRMED:
            bond.state, bond.confirmed_at = CONFIRMED, at
            bond.confirmed_by, bond.confirmed_by_guardian = (None, yes) if yes else (by, None)
            bond.save()
            confirmed.append(bond.pk)
    return confirmed


def ask_guardians(pair: PossibleDuplicate, *, by: User, at: datetime) -> int:
    """Ask by mail who can say whether a guardian may come along; returns how many questions are open, 0 where none is needed."""
    with transaction.atomic():
        pair = PossibleDuplicate.objects.select_for_update(of=("self",)).get(pk=pair.pk)
        waiting = [row for row in passing(pair.person, pair.other) if row.waits]
        if not waiting:
            return 0
        if pair.state == State.JOINED:
            raise Refusal(_("These two have been joined already."))
        for row in waiting:
            for guardian in row.ask:
                question, is_new = BondQuestion.objects.get_or_create(
                    pair=pair, bond=row.bond, asked=guardian, defaults={"asked_at": at}
                )
                if is_new:
                    emails.bond_question(question, at=at)
        pair.state, pair.decided_by = State.ASKED, by
        pair.save(update_fields=["state", "decided_by"])
        return sum(len(row.ask) for row in waiting)


def answer(question: BondQuestion, *, by: Person, agrees: bool, at: datetime) -> None:
    """The yes or no of a confirmed guardian. Joining is left to staff, who read the answer in their list. Raises Refusal."""
    with transaction.atomic():
        row = BondQuestion.objects.select_for_update(of=("self",)).select_related("bond__child").get(pk=question.pk)
        pair = PossibleDuplicate.objects.select_for_update(of=("self",)).get(pk=row.pair_id)
        wanted = Answer.YES if agrees else Answer.NO
        if row.state == wanted:
            return  # pressed twice
        if row.state != Answer.ASKED or pair.state != State.ASKED:
            raise Refusal(_("This question has been settled. If that is not right, please tell the committee."))
        children = {row.bond.child_id, pair.person_id, pair.other_id}
        mine = Guardianship.objects.filter(guardian=by, child__in=children, ended_at=None, state=CONFIRMED)
        if row.asked_id != by.pk or not mine.exists():
            raise Refusal(
                _("Only another guardian whom the committee has confirmed can say this. Please ask the committee.")
            )
        row.state, row.answered_at = wanted, at
        row.save(update_fields=["state", "answered_at"])
        left = passing(pair.person, pair.other)
        if not agrees:
            pair.state = State.REFUSED
        elif not any(one.waits for one in left):
            pair.state = State.AGREED
        pair.save(update_fields=["state"])
