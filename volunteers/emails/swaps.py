"""Changing a turn: the question to the other one, and the answer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import emails as activity_emails
from activities.emails.family import families
from activities.emails.kinds import REMINDER
from activities.emails.queueing import reminder_passed
from activities.emails.wording import (
    ActivityMessage,
    Attendee,
    Words,
)
from activities.models import SignUp, SignUpStatus
from people import outbox
from people.models import Message, Occasion
from people.outbox import About
from portal import by_id, clock
from volunteers.emails.links import answer_url, because_of_the_team, rota_url, when
from volunteers.models import Swap


@dataclass(frozen=True)
class SwapPlace(Attendee):
    swap: Swap | None = None


def swap_of(attendees: list[Attendee]) -> Swap:
    """The one question that a mail of :class:`SwapMessage` is about."""
    attendee = attendees[0]
    assert isinstance(attendee, SwapPlace)
    assert attendee.swap is not None
    return attendee.swap


class SwapMessage(ActivityMessage):
    """Base of what is about a swap: keys ``swap:<id>``."""

    def load(self, occasions: list[Occasion]) -> dict[int, Attendee]:
        swaps = by_id.read(
            Swap.objects,
            [int(one.key.partition(":")[2]) for one in occasions],
            "asked",
            "given__person",
            "given__booking",
            "given__activity__location",
            "given__activity__neighbourhood",
            "given__activity__team__neighbourhood",
            "wanted__activity__location",
            "wanted__activity__neighbourhood",
        )
        found: dict[int, Attendee] = {}
        for occasion in occasions:
            swap = swaps.get(int(occasion.key.partition(":")[2]))
            if swap is not None and self.is_true(swap):
                found[occasion.pk] = SwapPlace(swap.given.activity, swap.given.person, swap.given, swap=swap)
        return found

    def is_true(self, swap: Swap) -> bool:
        raise NotImplementedError


class SwapAsked(SwapMessage):
    tone = "brick"

    def is_true(self, swap: Swap) -> bool:
        return swap.state == Swap.State.ASKED and not swap.given.activity.has_started(at=clock.now())

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        swap = swap_of(attendees)
        who, turn = swap.given.person.name, when(swap.given.activity)
        if swap.wanted:
            text = _("%(name)s would give you the turn on %(turn)s and take yours on %(yours)s for it.") % {
                "name": who,
                "turn": turn,
                "yours": when(swap.wanted.activity),
            }
        else:
            text = _("%(name)s cannot come on %(turn)s and asks whether you would take the turn.") % {
                "name": who,
                "turn": turn,
            }
        return Words(
            subject=_("Would you swap? %(turn)s") % {"turn": turn},
            heading=_("%(name)s asks you for a swap") % {"name": who},
            paragraphs=[text, _("Nothing changes without your yes.")],
            actions=[(_("Read and answer"), answer_url("swap", swap=swap.pk, reader=message.recipient_id))],
            why=because_of_the_team(),
        )


class SwapAnswered(SwapMessage):
    attaches_calendar = True

    def calendar_files(self, message: Message, attendees: list[Attendee]) -> list[tuple[str, bytes, str]]:
        """Agreed: the turn given away leaves the asker's calendar, the one taken for it comes in."""
        swap = swap_of(attendees)
        if swap.state != Swap.State.AGREED:
            return []
        turns = [swap.given.activity, *([swap.wanted.activity] if swap.wanted else [])]
        found = families([message.recipient_id], activity__in=turns)
        places = [
            Attendee(turn, swap.given.person, family=found.get((message.recipient_id, turn.pk))) for turn in turns
        ]
        return super().calendar_files(message, places)

    def is_true(self, swap: Swap) -> bool:
        return swap.state in {Swap.State.AGREED, Swap.State.DECLINED}

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        swap = swap_of(attendees)
        name, turn = swap.asked.name, when(swap.given.activity)
        if swap.state == Swap.State.DECLINED:
            subject = _("%(name)s cannot take the turn on %(turn)s") % {"name": name, "turn": turn}
            text = _("The turn is still yours. You can ask somebody else, or say that you cannot come.")
        elif swap.wanted:
            subject = _("Swapped: %(name)s comes on %(turn)s") % {"name": name, "turn": turn}
            text = _("You are down for %(turn)s instead.") % {"turn": when(swap.wanted.activity)}
        else:
            subject = _("%(name)s takes your turn on %(turn)s") % {"name": name, "turn": turn}
            text = _("You need not come that morning.")
        return Words(
            subject=subject,
            heading=subject,
            paragraphs=[text],
            actions=[(_("The whole rota"), rota_url(swap.given.activity))],
            why=because_of_the_team(),
        )


SWAP_ASKED = SwapAsked("swap_asked", gettext_lazy("Question about a swap"), urgent_call=True)


SWAP_ANSWERED = SwapAnswered("swap_answered", gettext_lazy("Answer about a swap"))


def swap_asked(swap: Swap, *, at: datetime) -> None:
    outbox.queue(
        SWAP_ASKED,
        swap.asked,
        [About(f"swap:{swap.pk}")],
        at=at,
        expires_at=swap.given.activity.starts_at,
        starts_at=swap.given.activity.starts_at,
    )


def swap_answered(swap: Swap, *, at: datetime) -> None:
    """To the asker; to the other, who said yes, the receipt of the new turn."""
    abouts = [About(f"swap:{swap.pk}")]
    if swap.state == Swap.State.AGREED:
        new = SignUp.objects.filter(
            activity=swap.given.activity_id, person=swap.asked, status=SignUpStatus.CONFIRMED
        ).select_related("booking")
        for row in new:
            activity_emails.booked(row.booking, at=at)
        if swap.wanted and reminder_passed(swap.wanted.activity, at):
            mine = SignUp.objects.filter(
                activity=swap.wanted.activity_id, person=swap.given.person_id, status=SignUpStatus.CONFIRMED
            )
            abouts += [About(f"sign_up:{row.pk}", kind=REMINDER.code) for row in mine]
    outbox.queue(SWAP_ANSWERED, swap.given.person, abouts, at=at)
