"""What a rota writes: who is down for a turn, whose hands are missing, swaps, and a word to the leader."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities import emails as activity_emails
from activities.emails.kinds import REMINDER
from activities.emails.queueing import reminder_passed, tell
from activities.emails.wording import (
    ActivityMessage,
    Attendee,
    Words,
    by_activity,
    promise,
    see_line,
    withdraw_line,
)
from activities.models import COMING, Activity, SignUp, SignUpStatus, Status
from people import outbox
from people.models import Message, Occasion, Person
from people.outbox import About, Letter
from people.outbox.envelope import absolute
from people.outbox.quiet_hours import quiet_due
from portal import by_id, clock, tokens
from portal.dates import day, span
from volunteers.models import Certificate, Rota, Shift, Swap, with_hands

NEXT_TIME = "/me/next-time/"


def because_of_the_team() -> str:
    return _("You get this mail because you belong to the team.")


def when(activity: Activity) -> str:
    return f"{day(activity.starts_at)} {span(activity)}"


def rota_url(rota_or_slot: Rota | Activity) -> str:
    team = rota_or_slot.team
    if team is None:  # a slot whose team is gone still has its own page
        return absolute(rota_or_slot.get_absolute_url()) if isinstance(rota_or_slot, Activity) else ""
    return absolute(reverse("volunteers:rota", args=[team.neighbourhood.slug, team.code]))


def answer_url(purpose: str, **what: int) -> str:
    """A page with a button; it acts for the reader named in the token, whoever opens it (DESIGN.md §3)."""
    return absolute(reverse("volunteers:mail", args=[purpose, tokens.make(f"duty-{purpose}", **what)]))


class PutDown(ActivityMessage):
    """Somebody got a turn in a slot that stood already."""

    attaches_calendar = True

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return (
            attendee.sign_up is not None
            and attendee.sign_up.status in COMING
            and attendee.activity.status == Status.PUBLISHED
        )

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        first = by_activity(attendees)[0][0]
        return Words(
            subject=_("Your turn: %(title)s, %(day)s") % {"title": first.title, "day": day(first.starts_at)},
            heading=_("You are down for a morning"),
            paragraphs=[
                _("Hands were missing, and you said that you would help. Thank you!"),
                promise(first, message.recipient, message.queued_at),
            ],
            actions=[see_line(attendees), *withdraw_line(attendees, message.recipient)],
            after=[_("If you cannot come, tell us the evening before, so that somebody else can.")],
            why=because_of_the_team(),
        )


class SlotMessage(ActivityMessage):
    """Base of what is about a slot and not about somebody's seat in it: keys ``duty:<slot>:<number of this gap>``."""

    def load(self, occasions: list[Occasion]) -> dict[int, Attendee]:
        ids = {occasion.pk: int(occasion.key.split(":")[1]) for occasion in occasions}
        rows = Shift.objects.filter(pk__in=set(ids.values()))
        slots = with_hands(rows.prefetch_related("location", "neighbourhood", "team__neighbourhood")).in_bulk()
        down = set(SignUp.objects.filter(activity__in=slots, status__in=COMING).values_list("activity_id", "person_id"))
        found = {}
        for occasion in occasions:
            slot = slots.get(ids[occasion.pk])
            if slot is None or slot.status != Status.PUBLISHED or slot.has_started(at=clock.now()):
                continue
            is_down = (slot.pk, occasion.subject_person_id) in down
            if self.still_wanted(slot, is_down):
                found[occasion.pk] = Attendee(slot, occasion.subject_person)
        return found

    def still_wanted(self, slot: Shift, is_down: bool) -> bool:
        raise NotImplementedError


def is_short(slot: Shift) -> bool:
    return slot.hands < (slot.people_needed or 0)  # type: ignore[attr-defined]  # of with_hands


class HandsMissing(SlotMessage):
    tone = "brick"

    def still_wanted(self, slot: Shift, is_down: bool) -> bool:
        return is_short(slot) and not is_down

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        slots = [slot for slot, _places in by_activity(attendees)]
        first = slots[0]
        actions = [
            (
                _("I will come on %(when)s") % {"when": when(slot)},
                answer_url("take", slot=slot.pk, reader=message.recipient_id),
            )
            for slot in slots
        ]
        return Words(
            subject=_("Who can stand in on %(day)s? %(title)s") % {"day": day(first.starts_at), "title": first.title},
            heading=ngettext("A hand is missing", "Hands are missing", len(slots)),
            paragraphs=[_("The first to say yes has the turn. If it does not suit you, you need not do anything.")],
            actions=[*actions, (_("The whole rota"), rota_url(first))],
            why=because_of_the_team(),
        )


class NobodyTomorrow(SlotMessage):
    """The evening before, to the team's leader."""

    tone = "brick"

    def still_wanted(self, slot: Shift, is_down: bool) -> bool:
        return is_short(slot)

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        slot = attendees[0].activity
        hands = getattr(slot, "hands", 0)
        if hands:
            heading = _("Only %(n)d down for tomorrow") % {"n": hands}
        else:
            heading = _("Nobody is down for tomorrow")
        return Words(
            subject=_("%(heading)s: %(title)s, %(when)s")
            % {"heading": heading, "title": slot.title, "when": when(slot)},
            heading=heading,
            paragraphs=[
                _("%(needed)d are needed. Please ask somebody by phone, stand in yourself, or call the morning off.")
                % {"needed": slot.people_needed or 0}
            ],
            actions=[
                (_("I will come myself"), answer_url("take", slot=slot.pk, reader=message.recipient_id)),
                (_("The whole rota"), rota_url(slot)),
            ],
            why=_("You get this mail because you lead the team."),
        )


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
        )
        found: dict[int, Attendee] = {}
        for occasion in occasions:
            swap = swaps.get(int(occasion.key.partition(":")[2]))
            if swap is not None and self.is_true(swap):
                found[occasion.pk] = SwapPlace(swap.given.activity, swap.given.person, swap.given, swap)
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


class HelpWanted(ActivityMessage):
    """A call for help, to those who wished to be told: keys ``help:<shift>:<number of the call>``."""

    tone = "brick"

    def load(self, occasions: list[Occasion]) -> dict[int, Attendee]:
        ids = {occasion.pk: int(occasion.key.split(":")[1]) for occasion in occasions}
        rows = Shift.objects.filter(pk__in=set(ids.values())).prefetch_related("location", "neighbourhood")
        shifts = with_hands(rows).in_bulk()
        come = set(SignUp.objects.live().filter(activity__in=shifts).values_list("activity_id", "person_id"))
        found = {}
        for occasion in occasions:
            shift = shifts.get(ids[occasion.pk])
            if shift is None or (shift.pk, occasion.subject_person_id) in come:
                continue
            if is_short(shift) and shift.takes_sign_ups(at=clock.now()):
                found[occasion.pk] = Attendee(shift, occasion.subject_person)
        return found

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        shifts = [shift for shift, _places in by_activity(attendees)]
        first = shifts[0]
        lines = [_("Your hand would help. If it does not suit you, you need not do anything.")]
        for shift in shifts:
            said = {"title": shift.title, "risks": shift.risks or "–", "safeguards": shift.safeguards or "–"}
            lines.append(_("“%(title)s”: risks: %(risks)s; what we do about them: %(safeguards)s.") % said)
        return Words(
            subject=_("Hands are wanted: %(title)s, %(day)s") % {"title": first.title, "day": day(first.starts_at)},
            heading=ngettext("A hand is wanted", "Hands are wanted", len(shifts)),
            paragraphs=lines,
            actions=[
                *(
                    (_("Sign up: %(title)s") % {"title": shift.title}, absolute(shift.get_sign_up_url()))
                    for shift in shifts
                ),
                (_("Choose what you are told about"), absolute(NEXT_TIME)),
            ],
            why=_("You get this mail because you wished to be told next time."),
        )


PUT_DOWN = PutDown("duty_put_down", gettext_lazy("A turn on the rota"))
HANDS_MISSING = HandsMissing("duty_hands_missing", gettext_lazy("Hands are missing on the rota"), optional=True)
HELP_WANTED = HelpWanted("help_wanted", gettext_lazy("Hands are wanted: “tell me next time”"), optional=True)
NOBODY_TOMORROW = NobodyTomorrow("duty_nobody_tomorrow", gettext_lazy("Nobody on duty tomorrow"), urgent_call=True)
SWAP_ASKED = SwapAsked("swap_asked", gettext_lazy("Question about a swap"), urgent_call=True)
SWAP_ANSWERED = SwapAnswered("swap_answered", gettext_lazy("Answer about a swap"))


def put_down(activity: Activity, rows: Collection[SignUp], *, at: datetime) -> None:
    tell(PUT_DOWN, rows, activity, at=at, quiet=True, also=reminder_passed(activity, at))


def took_over(row: SignUp, *, at: datetime) -> None:
    """The receipt, with the calendar entry, for whoever stands in."""
    activity_emails.booked(row.booking, at=at)


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


def call_for_hands(wanted: Iterable[tuple[Person, Shift, int]], *, at: datetime) -> int:
    """(whom, which slot, how many gaps it had before): one mail a person naming every slot; returns how many were new."""
    letters: dict[int, tuple[Person, list[About], datetime]] = {}
    for person, slot, gap in wanted:
        _known, abouts, ends = letters.get(person.pk, (person, [], slot.starts_at))
        abouts.append(About(f"duty:{slot.pk}:{gap}", person, slot.revision))
        letters[person.pk] = (person, abouts, max(ends, slot.starts_at))
    return outbox.queue_many(
        HANDS_MISSING, [Letter(person, abouts, at, ends) for person, abouts, ends in letters.values()], at=at
    )


def help_wanted(wanted: Iterable[tuple[Person, list[tuple[Shift, int]]]], *, at: datetime) -> int:
    """(whom, [(which shift, which call for it)]): one mail a person naming every shift; in quiet hours in the morning."""
    letters = []
    for person, shifts in wanted:
        abouts = [About(f"help:{shift.pk}:{number}", person, shift.revision) for shift, number in shifts]
        due = quiet_due(at, min(shift.starts_at for shift, _number in shifts))
        letters.append(Letter(person, abouts, due, max(shift.starts_at for shift, _number in shifts)))
    return outbox.queue_many(HELP_WANTED, letters, at=at)


def nobody_tomorrow(slot: Shift, leader: Person, *, at: datetime) -> bool:
    key = About(f"duty:{slot.pk}:0", leader, slot.revision)
    return outbox.queue(NOBODY_TOMORROW, leader, [key], at=at, expires_at=slot.starts_at) is not None


# --- certificates ---


class CertificateMessage(outbox.MessageKind):
    """About an application: keys ``certificate:<id>``."""

    def load(self, occasions: list[Occasion]) -> dict[int, Certificate]:
        rows = Certificate.objects.filter(pk__in=[int(one.key.partition(":")[2]) for one in occasions]).in_bulk()
        found = {occasion.pk: rows.get(int(occasion.key.partition(":")[2])) for occasion in occasions}
        settled = {Certificate.State.ISSUED, Certificate.State.REFUSED}
        return {pk: row for pk, row in found.items() if row is not None and row.state in settled}

    def render(self, message: Message, subjects: list) -> outbox.Email:
        row: Certificate = subjects[0][1]
        if row.state == Certificate.State.ISSUED:
            subject = _("The certificate of service is ready: %(number)s") % {"number": row.number}
            paragraphs = [
                _(
                    "%(hours)s hours are certified. It can be printed from the page; the stamp is put on at the office, free of charge."
                )
                % {"hours": row.hours}
            ]
        else:
            subject = _("About the certificate of service")
            paragraphs = [_("It could not be issued: %(reason)s") % {"reason": row.reason}]
        words = Words(
            subject=subject,
            heading=subject,
            paragraphs=paragraphs,
            actions=[(_("See the certificate"), absolute(row.get_absolute_url()))],
            why=_("You get this mail because you asked for it."),
        )
        context = {"words": words, "groups": [], "why": words.why, "tone": "leaf"}
        return outbox.word("activities/email/notice", message, subject, context)


CERTIFICATE = CertificateMessage("certificate", gettext_lazy("Certificate of service"))


def certificate_settled(certificate: Certificate, *, at: datetime) -> None:
    """To whoever asked for it; nothing of a minor's name stands in the mail."""
    reader = certificate.asked_by or certificate.person
    outbox.queue(CERTIFICATE, reader, [About(f"certificate:{certificate.pk}", certificate.person)], at=at)


KINDS = (
    PUT_DOWN,
    HANDS_MISSING,
    HELP_WANTED,
    NOBODY_TOMORROW,
    SWAP_ASKED,
    SWAP_ANSWERED,
    CERTIFICATE,
)
