"""Deliberations: a notice in time (D1), and a result that is complete before it is public (D2 to D4)."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.operations import locks
from activities.operations.lifecycle import save
from community import emails
from community.models import Amendment, Deliberation
from community.rules import vote_sums
from community.rules.capacities import capacities
from community.rules.discussed import discussed_first
from community.rules.record_text import changed, lines_of_deliberation, only
from people.models import User, opened
from portal import clock
from portal.columns import column
from portal.dates import day_long
from portal.panels import forget
from portal.refusals import Refusal

Type = Deliberation.Type


def notice_is_in_time(deliberation: Deliberation, at: datetime) -> None:
    """D1, asked when it is published, moved or recorded: items and materials, a convener, and enough days before the day itself.

    The notice counts from the day of publication, or from an earlier one on which it was put up. For what is recorded
    afterwards the day on which it went out has to be said.
    """
    missing = [
        str(column(Deliberation, name).verbose_name)
        for name in ("convener", "items", "materials")
        if not getattr(deliberation, name)
    ]
    if missing:
        raise Refusal(
            _("A notice needs its convener, items and materials. Please fill in: %(fields)s.")
            % {"fields": _(", ").join(missing)}
        )
    if deliberation.led_by_id and not discussed_first(deliberation, at).exists():
        raise Refusal(
            _(
                "%(org)s leads it, so please name the branch general meetings that discussed it first. "
                "Only meetings that were held and whose record is signed count."
            )
            % {"org": deliberation.led_by}
        )
    today = clock.local_date(at)
    is_over = deliberation.has_started(at=at)
    if is_over and deliberation.notice_on is None:
        raise Refusal(_("Please enter the day on which its notice went out."), about="notice_on")
    if deliberation.notice_on is None:
        deliberation.notice_on = today
    if is_over and deliberation.notice_on > today:
        raise Refusal(_("A notice goes out before the meeting. Please look at its day again."), about="notice_on")
    if deliberation.notice_on > today:
        raise Refusal(
            _(
                "The notice cannot be dated later than today. Please enter the day on which it was put up, or leave it empty for today."
            )
        )
    wanted = deliberation.notice_days
    given = (clock.local_date(deliberation.starts_at) - deliberation.notice_on).days
    if given >= wanted:
        return
    if is_over and not (deliberation.type == Type.COORDINATION and deliberation.short_notice_reason.strip()):
        raise Refusal(
            ngettext(
                "Notice of it had to be given %(days)d day before: after a notice on %(notice)s on %(earliest)s at the earliest. "
                "Please look at both days again.",
                "Notice of it had to be given %(days)d days before: after a notice on %(notice)s on %(earliest)s at the earliest. "
                "Please look at both days again.",
                wanted,
            )
            % {
                "days": wanted,
                "notice": day_long(deliberation.notice_on),
                "earliest": day_long(deliberation.notice_on + timedelta(days=wanted)),
            },
            about="notice_on",
        )
    if deliberation.type == Type.COORDINATION:
        if deliberation.short_notice_reason.strip():
            return
        raise Refusal(
            ngettext(
                "Notice of a coordination meeting is given %(days)d day before. Please say why it is shorter, or choose a later day.",
                "Notice of a coordination meeting is given %(days)d days before. Please say why it is shorter, or choose a later day.",
                wanted,
            )
            % {"days": wanted}
        )
    raise Refusal(
        _(
            "Notice is given %(days)d days before. After a notice on %(notice)s, the earliest day is %(earliest)s. "
            "Please choose a later day."
        )
        % {
            "days": wanted,
            "notice": day_long(deliberation.notice_on),
            "earliest": day_long(deliberation.notice_on + timedelta(days=wanted)),
        }
    )


def missing_in_result(deliberation: Deliberation) -> list[str]:
    """What has to be done before the result is public, a sentence each, in the order staff work; none when it is complete."""
    found = []
    if deliberation.attended is None or deliberation.should_attend is None:
        found.append(_("Say how many should attend and how many attended."))
    options = list(deliberation.options.all())
    for option in options:
        found += filter(None, [vote_sums.sum_wrong(option, deliberation.voters), vote_sums.groups_wrong(option)])
    unanswered = sum(opinion.needs_reply for opinion in deliberation.opinions.all())
    if unanswered:
        found.append(
            ngettext(
                "%(n)d concern or opposition has no reply yet. Please answer each with a reason.",
                "%(n)d concerns or oppositions have no reply yet. Please answer each with a reason.",
                unanswered,
            )
            % {"n": unanswered}
        )
    found += missing_by_type(deliberation)
    if any(not option.is_carried for option in options) and not deliberation.not_adopted.strip():
        found.append(_("An option was not carried. Please say what was not adopted and why."))
    if not (deliberation.decision.strip() or deliberation.agreement.strip() or options):
        found.append(_("Say what was decided."))
    return found


def missing_by_type(deliberation: Deliberation) -> list[str]:
    """D4: an agreement with its parties, ratings that add up."""
    found = []
    if deliberation.type == Type.COORDINATION:
        sides = list(deliberation.sides.all())
        if len(sides) < 2:
            found.append(_("A coordination meeting has at least two parties. Please enter them."))
        if not deliberation.agreement.strip():
            found.append(_("Write down the agreement, or that none was reached."))
        elif not any(side.has_signed for side in sides):
            found.append(_("Note which parties have signed the agreement."))
    if deliberation.type == Type.APPRAISAL and deliberation.ratings(Deliberation.RATINGS) is None:
        found.append(_("An appraisal needs its ratings, from very satisfied to not satisfied. Please enter them."))
    for names in (Deliberation.RATINGS, Deliberation.COMMITTEE_RATINGS):
        counts = deliberation.ratings(names)
        if counts is not None and sum(counts) != deliberation.voters:
            found.append(
                _("The ratings are %(sum)d, but %(voters)s have a vote. Please correct one of the two.")
                % {"sum": sum(counts), "voters": "–" if deliberation.voters is None else deliberation.voters}
            )
    return found


def publish_result(deliberation: Deliberation, *, at: datetime, by: User) -> Deliberation:
    """Make the result public (D3), with the words by which people stand in it (community.rules.capacities); who came is told."""
    with transaction.atomic():
        locks.lock(deliberation.pk)
        fresh = Deliberation.objects.get(pk=deliberation.pk)
        if fresh.is_public_result:
            raise Refusal(
                _("The result of “%(title)s” is published already. To correct it, take it back with a reason first.")
                % {"title": fresh.title}
            )
        if fresh.status in {"draft", "cancelled"}:
            raise Refusal(
                _(
                    "“%(title)s” was not announced or is cancelled, so it has no result. "
                    "Please write the result of the meeting that was held."
                )
                % {"title": fresh.title}
            )
        if not fresh.is_past(at=at):
            raise Refusal(
                _("“%(title)s” is not over yet. Please publish the result afterwards.") % {"title": fresh.title}
            )
        if missing := missing_in_result(fresh):
            raise Refusal(" ".join(missing))
        fix_words(fresh)
        settle_correction(fresh)
        fresh.result_state = Deliberation.ResultState.PUBLISHED
        fresh.result_at = fresh.result_at or at
        save(fresh, by)
        emails.tell_result(fresh, at=at)
        transaction.on_commit(partial(forget, fresh.neighbourhood_id, "results"))
    return fresh


def fix_words(deliberation: Deliberation) -> None:
    """Keep as what each speaks and acts in public, where staff chose no words of their own."""
    opinions = list(deliberation.opinions.select_related("person"))
    follow_ups = list(deliberation.follow_ups.select_related("owner"))
    people = [one.person for one in opinions] + [one.owner for one in follow_ups]
    known = capacities(deliberation, people)
    for opinion in opinions:
        capacity = known.get(opinion.person_id or 0)
        if capacity is not None:
            opinion.said_as = opinion.said_as or capacity.words
            opinion.group = opinion.group or capacity.group
            opinion.save(update_fields=["said_as", "group"])
    for follow_up in follow_ups:
        capacity = known.get(follow_up.owner_id or 0)
        if capacity is not None and not follow_up.owner_as:
            follow_up.owner_as = capacity.words
            follow_up.save(update_fields=["owner_as"])


def settle_correction(deliberation: Deliberation) -> None:
    """Beside what stood there before it was taken back, what stands there now: only where the two differ."""
    open_one = Amendment.objects.filter(activity=deliberation.pk, after__isnull=True).last()
    if open_one is not None:
        after = lines_of_deliberation(deliberation)
        other = changed(open_one.before, after)
        open_one.before, open_one.after = only(open_one.before, other), only(after, other)
        open_one.save(update_fields=["before", "after"])


def correct_result(
    deliberation: Deliberation, *, at: datetime, by: User, reason: str, withheld: bool = False
) -> Deliberation:
    """Take a published result back to put it right. Its page says so, with the reason, and goes on showing what stood
    there; once it is out again, old and new stand side by side. withheld: the old words are for staff only.
    """
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say what is corrected; the public page shows it."))
        locks.lock(deliberation.pk)
        fresh = Deliberation.objects.get(pk=deliberation.pk)
        if not fresh.is_public_result:
            raise Refusal(
                _("The result of “%(title)s” is not published, so it can still be changed: please do that in its form.")
                % {"title": fresh.title}
            )
        Amendment.objects.create(
            activity_id=fresh.pk,
            made_at=at,
            made_by=by,
            reason=reason.strip()[:200],
            before=lines_of_deliberation(fresh),
            withheld=withheld,
        )
        with opened():
            fresh.result_state = Deliberation.ResultState.PENDING
            fresh.correction = reason.strip()[:200]
            save(fresh, by)
        transaction.on_commit(partial(forget, fresh.neighbourhood_id, "results"))
    return fresh
