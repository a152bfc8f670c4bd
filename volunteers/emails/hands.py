"""Hands are missing on the rota, or nobody is on duty tomorrow; and the call for help to those who wished to be told."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.emails.wording import (
    ActivityMessage,
    Attendee,
    Words,
    by_activity,
)
from activities.models import COMING, SignUp, Status
from people import outbox
from people.models import Message, Occasion, Person
from people.outbox import About, Letter
from people.outbox.envelope import absolute
from people.outbox.quiet_hours import quiet_due
from portal import clock
from portal.dates import day
from volunteers.emails.links import answer_url, because_of_the_team, rota_url, when
from volunteers.models import Shift, with_hands

NEXT_TIME = "/me/next-time/"


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


HANDS_MISSING = HandsMissing("duty_hands_missing", gettext_lazy("Hands are missing on the rota"), optional=True)


NOBODY_TOMORROW = NobodyTomorrow("duty_nobody_tomorrow", gettext_lazy("Nobody on duty tomorrow"), urgent_call=True)


HELP_WANTED = HelpWanted("help_wanted", gettext_lazy("Hands are wanted: “tell me next time”"), optional=True)


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
