"""What residents say about a version: given by themselves or typed in by staff, read, answered (P2; docs/rules/drafts.md)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils.translation import gettext as _

from people.models import Person, User
from portal import clock
from portal.dates import day as day_words
from portal.refusals import Refusal
from projects import emails
from projects.models import (
    TAKEN_UP,
    Channel,
    DesignDraft,
    Disposition,
    DraftImage,
    Feedback,
    FeedbackRound,
)
from projects.operations.drafts import final_of, lock

LONGEST_REST = timedelta(hours=4)
MOST_PER_PERSON = 20  # of one version, by the website; whoever has more to say is better talked to


@dataclass(frozen=True)
class Spot:
    """What an item is about: a point of a picture, in per cent, or words of the version's text; neither: all of it."""

    image: DraftImage | None = None
    x: float | None = None
    y: float | None = None
    quote: str = ""


EVERYTHING = Spot()


def give(
    draft: DesignDraft,
    text: str,
    *,
    at: datetime,
    channel: str = Channel.WEB_FORM,
    person: Person | None = None,
    by: User | None = None,
    received_on: date | None = None,
    spot: Spot = EVERYTHING,
) -> Feedback:
    """Write one item down.

    by: the staff member who types in what came another way; its words are public at once, as somebody has read them.
    received_on: the day it came, default today. It has to lie in a round of the version.
    Sending the same words once more by the website returns the same row. Raises Refusal.
    """
    with transaction.atomic():
        return give_many(draft, [Item(text, channel, person, received_on, spot)], at=at, by=by)[0]


@dataclass(frozen=True)
class Item:
    """One item as it is handed over; see :func:`give`."""

    text: str
    channel: str = Channel.WEB_FORM
    person: Person | None = None
    received_on: date | None = None
    spot: Spot = EVERYTHING


def give_many(draft: DesignDraft, items: Sequence[Item], *, at: datetime, by: User | None = None) -> list[Feedback]:
    """All of them or, when one is refused, none."""
    with transaction.atomic():
        lock(draft.project_id)
        draft = DesignDraft.objects.select_related("project__neighbourhood").get(pk=draft.pk)
        rounds = list(draft.rounds.all())
        last = draft.feedback.aggregate(last=Max("number"))["last"] or 0
        final = final_of(draft.project_id)
        kept = []
        for item in items:
            text = item.text.strip()
            if by is None and (same := _said_before(draft, item, text)):
                kept.append(same)
                continue
            check(draft, rounds, item, today=clock.local_date(at), by_staff=by is not None, final=final)
            last += 1
            kept.append(
                Feedback.objects.create(
                    draft=draft,
                    number=last,
                    channel=item.channel,
                    person=item.person,
                    image=item.spot.image,
                    x=_per_cent(item.spot.x) if item.spot.image else None,
                    y=_per_cent(item.spot.y) if item.spot.image else None,
                    quote=item.spot.quote.strip(),
                    text=text,
                    received_on=item.received_on or clock.local_date(at),
                    entered_at=at,
                    entered_by=by,
                    released_at=at if by is not None else None,
                )
            )
    return kept


def _per_cent(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 2)))


def _said_before(draft: DesignDraft, item: Item, text: str) -> Feedback | None:
    """The very same item of the very same person: pressing twice does no harm."""
    if item.person is None:
        return None
    same = draft.feedback.filter(person=item.person, text=text, quote=item.spot.quote.strip(), image=item.spot.image)
    return same.first()


def check(
    draft: DesignDraft,
    rounds: Sequence[FeedbackRound],
    item: Item,
    *,
    today: date,
    by_staff: bool,
    final: DesignDraft | None,
) -> None:
    """Whether the item could be taken; raises Refusal. Asked again behind the lock when it is written."""
    if not item.text.strip():
        raise Refusal(_("Please write what you would like to say."), about="text")
    if not draft.is_published:
        raise Refusal(
            _("Version %(number)d is not public yet. Please publish it first, or choose the version that was shown.")
            % {"number": draft.version}
        )
    came = item.received_on or today
    if came > today:
        raise Refusal(_("This day is still to come. Please enter the day on which it was said."), about="received_on")
    if not any(one.opens_on <= came <= one.closes_on for one in rounds) or (by_staff and final is not None):
        words = (
            _closed_for_staff(draft, came, final)
            if by_staff
            else closed_words(draft, rounds, today, newer=open_newer(draft, today))
        )
        raise Refusal(words, about="received_on" if by_staff else "")
    spot = item.spot
    if spot.image is not None:
        if spot.image.draft_id != draft.pk:
            raise Refusal(
                _("This picture belongs to another version. Please choose a part from the list."), about="part"
            )
        if spot.x is None or spot.y is None or not (0 <= spot.x <= 100 and 0 <= spot.y <= 100):
            raise Refusal(_("This place is not on the picture. Please choose a part from the list."), about="part")
    if spot.quote.strip() and _squeezed(spot.quote) not in _squeezed(draft.summary):
        raise Refusal(
            _("These words do not stand in version %(number)d. Please copy them from its text.")
            % {"number": draft.version},
            about="quote",
        )
    if item.person is not None and item.person.neighbourhood_id != draft.project.neighbourhood_id:
        raise Refusal(
            _("This person belongs to another residential area. Please choose one of this area, or leave it empty."),
            about="person",
        )
    if item.person is not None and not by_staff:
        given = draft.feedback.filter(person=item.person, channel=Channel.WEB_FORM).count()
        if given >= MOST_PER_PERSON:
            raise Refusal(
                _("You have sent %(count)d already. For more, please come by or ring: %(where)s.")
                % {"count": given, "where": where_to_turn(draft)}
            )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def where_to_turn(draft: DesignDraft) -> str:
    """The committee's office and phone, as far as they are known."""
    neighbourhood = draft.project.neighbourhood
    found = [words for words in (neighbourhood.office, neighbourhood.phone) if words]
    return _(", ").join(found) or _("the residents' committee")


def open_newer(draft: DesignDraft, today: date) -> DesignDraft | None:
    """The newest later version that takes feedback today."""
    rounds = FeedbackRound.objects.open_on(today).filter(draft__project=draft.project_id)
    found = rounds.filter(draft__version__gt=draft.version, draft__published_at__isnull=False)
    newest = found.select_related("draft").order_by("-draft__version").first()
    return newest.draft if newest else None


def closed_words(
    draft: DesignDraft, rounds: Sequence[FeedbackRound], today: date, *, newer: DesignDraft | None = None
) -> str:
    """Why no feedback is taken today, and where to turn; "" while a round is open. ``newer``: see :func:`open_newer`."""
    if any(one.opens_on <= today <= one.closes_on for one in rounds):
        return ""
    number, where = draft.version, where_to_turn(draft)
    if newer is not None:
        return _("Version %(number)d takes no more feedback. Version %(newer)d does; please say it there.") % {
            "number": number,
            "newer": newer.version,
        }
    coming = [one.opens_on for one in rounds if one.opens_on > today]
    if coming:
        return _("Version %(number)d takes feedback from %(day)s on. Until then: %(where)s.") % {
            "number": number,
            "day": day_words(min(coming)),
            "where": where,
        }
    ended = max((one.closes_on for one in rounds), default=None)
    if ended is None:
        return _("Version %(number)d takes no feedback. Who has something to say is welcome here: %(where)s.") % {
            "number": number,
            "where": where,
        }
    return _(
        "Feedback on version %(number)d closed on %(day)s. Who still has something to say is welcome here: %(where)s."
    ) % {"number": number, "day": day_words(ended), "where": where}


def _closed_for_staff(draft: DesignDraft, came: date, final: DesignDraft | None) -> str:
    if final is not None:
        return _(
            "The design is final since version %(number)d, so the list of feedback is complete. Please keep what comes later as a new idea."
        ) % {"number": final.version}
    return _(
        "No round of version %(number)d was open on %(day)s. Correct the day, give it to the version that was open "
        "then, or open a round first."
    ) % {"number": draft.version, "day": day_words(came)}


def may_take_back(item: Feedback, person: Person | None) -> bool:
    """Whether ``person`` said it here and nobody has answered yet; the round is another matter."""
    is_own = person is not None and item.person_id == person.pk and item.channel == Channel.WEB_FORM
    return is_own and not item.is_answered


def take_back(item: Feedback, person: Person, *, at: datetime) -> None:
    """Erase what ``person`` said, as easily as it was said: while the round is open and before it is answered.

    Raises Refusal afterwards, since the answer, the totals and a later version then speak of it.
    """
    with transaction.atomic():
        lock(item.draft.project_id)
        now = Feedback.objects.select_related("draft__project__neighbourhood").filter(pk=item.pk).first()
        if now is None:
            return  # pressed twice
        where = where_to_turn(now.draft)
        if now.is_answered:
            raise Refusal(
                _(
                    "This is answered already and stays in the record. If something of it should not be read, turn to: %(where)s."
                )
                % {"where": where}
            )
        if not may_take_back(now, person):
            raise Refusal(
                _("Only whoever said this here can take it back. Please turn to: %(where)s.") % {"where": where}
            )
        today = clock.local_date(at)
        if not now.draft.rounds.filter(opens_on__lte=today, closes_on__gte=today).exists():
            raise Refusal(
                _(
                    "The round is over, and what was said is counted. If something of it should not be read, turn to: %(where)s."
                )
                % {"where": where}
            )
        now.delete()


# --- answering ---


def _locked(feedback: Feedback) -> Feedback:
    lock(feedback.draft.project_id)
    now = Feedback.objects.select_related("draft").filter(pk=feedback.pk).first()
    if now is None:
        raise Refusal(
            _(
                "Whoever said this has taken it back meanwhile, so there is nothing left to answer. Please go on with the next one."
            )
        )
    return now


def answer(
    feedback: Feedback,
    *,
    disposition: str,
    reply: str,
    at: datetime,
    by: User | None = None,
    in_version: DesignDraft | None = None,
    seen: int | None = None,
) -> Feedback:
    """Say what becomes of an item and why; whoever gave it is told within the hour, several answers in one mail.

    in_version: the later, public version that carries it, where there is one already.
    seen: the ``revision`` that the answerer looked at; refused when somebody else has answered meanwhile.
    """
    reply = reply.strip()
    with transaction.atomic():
        now = _locked(feedback)
        check_answer(now, disposition, reply, in_version, seen=seen)
        now.disposition = disposition
        now.reply = reply
        now.replied_at = at
        now.replied_by = by
        now.in_version = in_version or (now.in_version if disposition in TAKEN_UP else None)
        now.revision += 1
        if now.person_id is None:
            now.told_revision = now.revision  # nobody to tell
        if now.released_at is None and not now.withheld:
            now.released_at = at
        now.save()
    return now


def check_answer(
    now: Feedback, disposition: str, reply: str, in_version: DesignDraft | None = None, *, seen: int | None = None
) -> None:
    """Whether the answer could be given; raises Refusal. Asked again behind the lock when it is written."""
    if final_of(now.draft.project_id) is not None:
        raise Refusal(
            _(
                "The design is final, so its answers stand as they are. What is to be added, please say in a notice about the project."
            )
        )
    if seen is not None and seen != now.revision:
        raise Refusal(
            _("A colleague has answered this meanwhile: %(answer)s, “%(reply)s”. Look at it once more.")
            % {"answer": now.get_disposition_display(), "reply": now.reply}
        )
    if disposition not in Disposition.values or disposition == Disposition.PENDING:
        raise Refusal(_("Please choose: adopted, partly adopted or not adopted."), about="disposition")
    if not reply.strip():
        raise Refusal(_("Please write a reply and the reason: whoever said this will read it."), about="reply")
    if in_version is not None:
        _check_version(now, disposition, in_version)


def _check_version(feedback: Feedback, disposition: str, version: DesignDraft) -> None:
    if disposition not in TAKEN_UP:
        raise Refusal(
            _(
                "Only what is adopted, also in part, stands in a version. Please leave the version empty, or choose another answer."
            ),
            about="in_version",
        )
    fits = version.project_id == feedback.draft.project_id and version.version > feedback.draft.version
    if not fits or not version.is_published:
        raise Refusal(
            _(
                "What was said about version %(number)d can only be taken in by a later version that is public. "
                "Please choose one of those, or leave it empty."
            )
            % {"number": feedback.draft.version},
            about="in_version",
        )


def withhold(feedback: Feedback, reason: str) -> None:
    """Keep the words from the public, say why instead; the item keeps its number, its answer and its place in the totals."""
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why the words are not shown: everybody will read it."), about="reason")
        now = _locked(feedback)
        now.withheld = reason.strip()
        now.save()


def release(feedback: Feedback, *, at: datetime) -> None:
    """Somebody has read the words and nothing speaks against showing them."""
    with transaction.atomic():
        now = _locked(feedback)
        now.withheld = ""
        now.released_at = now.released_at or at
        now.save()


# --- telling ---


def tell_settled(at: datetime) -> int:
    """Write to those whose answers have come to rest: half an hour without another, four hours at the longest.

    So that whoever said ten things reads one mail. Returns how many mails.
    """
    rest = timedelta(minutes=settings.FEEDBACK_SETTLE_MINUTES)
    waiting = Feedback.objects.filter(told_revision__lt=F("revision"), person__isnull=False, replied_at__isnull=False)
    settled = (
        waiting.order_by()
        .values("person")
        .annotate(first=Min("replied_at"), last=Max("replied_at"))
        .filter(Q(last__lte=at - rest) | Q(first__lte=at - LONGEST_REST))
    )
    people = [row["person"] for row in settled]
    if not people:
        return 0
    with transaction.atomic():
        return emails.tell_outcomes(Q(person__in=people), at=at)
