"""Versions of a design: prepared, published once and for all, made final; and the rounds in which they take feedback (P2).

Everything that decides about drafts or feedback locks the project's row first, so that an answer, a new item and "final"
never miss one another. Source: docs/rules/drafts.md.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Deliberation
from people.access.viewer import local_midnight
from people.models import Person, Photo, User
from people.operations import photos
from portal import clock
from portal.dates import day as day_words
from portal.dates import day_year
from portal.files import Picture
from portal.refusals import Refusal
from projects import emails
from projects.models import DesignDraft, DraftImage, Feedback, FeedbackRound, Project, ProjectRecord

Kind = DesignDraft.Kind


def lock(project_id: int) -> Project:
    """The project's row, locked until the transaction ends."""
    return Project.objects.select_for_update(no_key=True).select_related(None).get(pk=project_id)


def locked(draft: DesignDraft) -> DesignDraft:
    """``draft`` as it stands now, behind the lock of its project."""
    lock(draft.project_id)
    return DesignDraft.objects.select_related("project__neighbourhood").get(pk=draft.pk)


def final_of(project_id: int) -> DesignDraft | None:
    """The final version, where the newest public one is that. A newer one opens the matter again."""
    newest = DesignDraft.objects.published().filter(project=project_id).order_by("-version").first()
    return newest if newest is not None and newest.is_final else None


# --- preparing ---


def prepare(
    project: Project,
    *,
    kind: str,
    summary: str,
    designer: str = "",
    author: Person | None = None,
    notice_from: date | None = None,
    notice_until: date | None = None,
) -> DesignDraft:
    """The next version, for staff only; based on the one before it. Refused while another is in preparation."""
    with transaction.atomic():
        lock(project.pk)
        last = DesignDraft.objects.filter(project=project).order_by("-version").first()
        if last is not None and not last.is_published:
            raise Refusal(
                _("Version %(number)d is still in preparation. Publish it first, or go on with it.")
                % {"number": last.version}
            )
        return DesignDraft.objects.create(
            project=project,
            version=last.version + 1 if last else 1,
            kind=kind,
            summary=summary,
            designer=designer,
            author=author,
            based_on=last,
            notice_from=notice_from,
            notice_until=notice_until,
        )


def change(draft: DesignDraft, **fields: object) -> None:
    """Change what is not public yet; what is public stays as it is."""
    with transaction.atomic():
        now = locked(draft)
        _refuse_published(now)
        for name, value in fields.items():
            setattr(now, name, value)
        now.save()


def discard(draft: DesignDraft) -> None:
    """Give up a version that nobody has seen; its number is free again."""
    with transaction.atomic():
        now = locked(draft)
        _refuse_published(now)
        now.delete()


def _refuse_published(draft: DesignDraft) -> None:
    if draft.is_published:
        raise Refusal(
            _("Version %(number)d is public and stays as it is. What should be different becomes version %(next)d.")
            % {"number": draft.version, "next": draft.version + 1}
        )


def add_image(
    draft: DesignDraft,
    picture: Picture,
    *,
    alt: str,
    columns: int | None = None,
    rows: int | None = None,
    caption: str = "",
    is_illustration: bool = True,
    by: User | None = None,
) -> DraftImage:
    """Keep a picture of a version in preparation, privately. Without ``columns`` and ``rows`` its shape decides them."""
    with transaction.atomic():
        now = locked(draft)
        _refuse_published(now)
        photo = photos.add_photo(
            picture,
            neighbourhood=now.project.neighbourhood,
            alt=alt,
            caption=caption,
            is_illustration=is_illustration,
            by=by,
        )
        return add_photo(now, photo, columns=columns, rows=rows)


def add_photo(
    draft: DesignDraft,
    photo: Photo,
    *,
    columns: int | None = None,
    rows: int | None = None,
) -> DraftImage:
    """Hang ``photo`` into a draft; without ``columns`` and ``rows`` its parts follow its shape (6×2, 4×3 or 3×4)."""
    width, height = photo.width or 1, photo.height or 1
    usual = (6, 2) if width >= 2 * height else (4, 3) if width >= height else (3, 4)
    order = draft.images.aggregate(last=Max("order"))["last"] or 0
    return DraftImage.objects.create(
        draft=draft,
        photo=photo,
        order=order + 1,
        columns=columns or usual[0],
        rows=rows or usual[1],
    )


def describe_image(image: DraftImage, *, alt: str, columns: int, rows: int) -> None:
    """Words and division of a picture that is not public yet."""
    with transaction.atomic():
        _refuse_published(locked(image.draft))
        DraftImage.objects.filter(pk=image.pk).update(columns=columns, rows=rows)
        photo = Photo.objects.get(pk=image.photo_id)
        photo.alt = alt
        photo.save()


def remove_image(image: DraftImage) -> None:
    """Take a picture off a version in preparation; it stays in the archive."""
    with transaction.atomic():
        _refuse_published(locked(image.draft))
        image.delete()


# --- publishing ---


def publish(
    draft: DesignDraft,
    *,
    at: datetime,
    by: User | None = None,
    takes_in: Collection[Feedback] = (),
    closes_on: date | None = None,
    shown_on: date | None = None,
) -> DesignDraft:
    """Show the version to everybody, for good, with its pictures.

    shown_on: an earlier day on which it was shown outside the portal; its rounds and notice lie as they did then, nobody is
    told, and its page says when it was entered.

    takes_in: adopted items of earlier versions that this one carries; whoever said them is told, in one mail each.
    closes_on: last day of a feedback round that opens today; a version for approval takes feedback during its notice.
    Raises Refusal, a sentence fit to show.
    """
    with transaction.atomic():
        now = locked(draft)
        _refuse_published(now)
        today = clock.local_date(at)
        is_late = shown_on is not None and shown_on != today
        day = _day_shown(now, shown_on, today) if shown_on is not None else today
        _check_complete(now, day)
        if closes_on is not None and closes_on < day:
            raise Refusal(_("The last day for feedback lies in the past. Choose today or a later day."))
        now.published_at = local_midnight(day) if is_late else at
        now.entered_at = at if is_late else None
        now.published_by = by
        now.save()
        for image in now.images.select_related("photo"):
            if image.photo.published_at is None:
                photos.publish(image.photo)
        if now.kind == Kind.FINAL:
            assert now.notice_from is not None
            assert now.notice_until is not None
            FeedbackRound.objects.create(draft=now, opens_on=now.notice_from, closes_on=now.notice_until)
        elif closes_on is not None:
            FeedbackRound.objects.create(draft=now, opens_on=day, closes_on=closes_on)
        _take_in(now, takes_in, at=at, tell=not is_late)
    return now


def _day_shown(draft: DesignDraft, shown_on: date, today: date) -> date:
    """``shown_on``, where a version can have been shown on that day: not to come, and not before the one before it."""
    if shown_on > today:
        raise Refusal(_("This day is still to come. Leave it empty to publish today."), about="shown_on")
    before = DesignDraft.objects.filter(project=draft.project_id, version__lt=draft.version).published().last()
    if before is not None and before.published_at is not None and shown_on < clock.local_date(before.published_at):
        raise Refusal(
            _("Version %(number)d was shown on %(day)s. Please enter a later day for this one.")
            % {"number": before.version, "day": day_year(before.published_at)},
            about="shown_on",
        )
    return shown_on


def in_preparation(photo: Photo) -> str | None:
    """Why a version's picture may not be shown before the version is (people.operations.photos)."""
    image = DraftImage.objects.filter(photo=photo, draft__published_at=None).select_related("draft__project").first()
    if image is None:
        return None
    return _(
        "Not published: “%(draft)s” is still in preparation. Publish the version, then its pictures are shown."
    ) % {"draft": image.draft}


def _check_complete(draft: DesignDraft, today: date) -> None:
    number = draft.version
    if not draft.summary.strip():
        raise Refusal(_("Please write first what version %(number)d shows.") % {"number": number})
    images = list(draft.images.select_related("photo"))
    if not images:
        raise Refusal(
            _("Version %(number)d has no picture yet. Add one, with words for those who cannot see it.")
            % {"number": number}
        )
    if (draft.kind == Kind.FIRST) != (number == 1):
        raise Refusal(
            _("Version 1 is the first draft and no other is. Please choose another kind for version %(number)d.")
            % {"number": number}
        )
    if draft.kind != Kind.FINAL:
        if draft.notice_from is not None:
            raise Refusal(
                _("Only a version for approval has a public notice. Leave the days out, or choose that kind.")
            )
        return
    if draft.notice_from is None or draft.notice_until is None:
        raise Refusal(_("A version for approval needs its public notice: please give the first and the last day."))
    if draft.notice_from < today:
        raise Refusal(_("The public notice cannot have begun before the version is public. Start it today or later."))
    length = (draft.notice_until - draft.notice_from).days + 1
    if length < settings.DRAFT_NOTICE_DAYS:
        raise Refusal(
            ngettext(
                "The public notice has to run for %(least)d days at least; this is one day. Please choose a later last day.",
                "The public notice has to run for %(least)d days at least; these are %(length)d. Please choose a later last day.",
                length,
            )
            % {"least": settings.DRAFT_NOTICE_DAYS, "length": length}
        )


def _take_in(draft: DesignDraft, items: Collection[Feedback], *, at: datetime, tell: bool = True) -> None:
    chosen = Feedback.objects.filter(pk__in=[one.pk for one in items])
    fitting = chosen.of_project(draft.project).to_take_in().filter(draft__version__lt=draft.version)
    if fitting.count() != len({one.pk for one in items}):
        raise Refusal(_("Only what was adopted, and is in no version yet, can be taken in. Please choose again."))
    ids = list(fitting.values_list("pk", flat=True))
    Feedback.objects.filter(pk__in=ids).update(in_version=draft, revision=F("revision") + 1)
    if tell:
        emails.tell_outcomes(Q(pk__in=ids), at=at)


# --- approved ---


def say_approved(draft: DesignDraft, deliberation: Deliberation) -> None:
    """Name the hearing that agreed to the version, before or after it is public; the last one named counts."""
    with transaction.atomic():
        now = locked(draft)
        if not ProjectRecord.objects.filter(project=now.project_id, activity=deliberation.pk).exists():
            raise Refusal(
                _("“%(title)s” was not about this project. Add it to the project's deliberations first.")
                % {"title": deliberation.title}
            )
        if not deliberation.is_public_result:
            raise Refusal(
                _(
                    "“%(title)s” has no public result yet. Publish that first, so that everybody can read what was agreed."
                )
                % {"title": deliberation.title}
            )
        now.approved_by = deliberation
        now.save(update_fields=["approved_by"])


# --- rounds ---


def open_round(draft: DesignDraft, *, opens_on: date, closes_on: date) -> FeedbackRound:
    """Take feedback on a published version on these days, first and last included."""
    with transaction.atomic():
        now = locked(draft)
        if not now.is_published:
            raise Refusal(_("Publish version %(number)d first.") % {"number": now.version})
        final = final_of(now.project_id)
        if final is not None:
            raise Refusal(_final_words(final))
        if closes_on < opens_on:
            raise Refusal(_("The last day must not lie before the first. Please correct one of the two."))
        if now.rounds.filter(opens_on__lte=closes_on, closes_on__gte=opens_on).exists():
            raise Refusal(_("Another round of this version lies in these days. Please change its end instead."))
        return FeedbackRound.objects.create(draft=now, opens_on=opens_on, closes_on=closes_on)


def move_end(round_: FeedbackRound, closes_on: date, *, at: datetime) -> None:
    """Let a round run longer, or end it earlier, today at the soonest. A public notice runs as announced."""
    with transaction.atomic():
        draft = locked(round_.draft)
        now = FeedbackRound.objects.get(pk=round_.pk)
        if draft.notice_from == now.opens_on:
            raise Refusal(
                _("These are the days of the public notice, which run as announced. Open another round after them.")
            )
        if closes_on < max(clock.local_date(at), now.opens_on):
            raise Refusal(
                _(
                    "A round ends today at the soonest, so that nobody comes in vain. Please choose today or a later day."
                )
            )
        if draft.rounds.exclude(pk=now.pk).filter(opens_on__lte=closes_on, opens_on__gt=now.opens_on).exists():
            raise Refusal(_("The next round of this version has begun by then. Choose an earlier day."))
        now.closes_on = closes_on
        now.save()


# --- final ---


def _final_words(final: DesignDraft) -> str:
    return _(
        "The design is final: version %(number)d. A later wish is best told to the residents' committee as a new idea."
    ) % {"number": final.version}


def check_final(draft: DesignDraft, *, at: datetime) -> None:
    """P2: refuses while anything is open; call it behind the lock to decide, without it to say so beforehand."""
    number = draft.version
    if draft.is_final:
        raise Refusal(
            _("Version %(number)d is final already. Please prepare a new version for a later wish.")
            % {"number": number}
        )
    if not draft.is_published or draft.notice_until is None:
        raise Refusal(
            _(
                "Version %(number)d has had no public notice. Publish a version for approval first, with the days "
                "of its notice."
            )
            % {"number": number}
        )
    newer = DesignDraft.objects.filter(project=draft.project_id, version__gt=number).order_by("-version").first()
    if newer is not None:
        raise Refusal(
            _("There is a newer version, %(newer)d. Go on with that one, or discard it if nobody has seen it.")
            % {"newer": newer.version}
        )
    if clock.local_date(at) <= draft.notice_until:
        raise Refusal(
            _(
                "The public notice of version %(number)d runs until %(day)s. Please come back on the day after: then it can become final."
            )
            % {"number": number, "day": day_words(draft.notice_until)}
        )
    open_items = Feedback.objects.of_project(draft.project_id).pending().count()
    if open_items:
        raise Refusal(
            ngettext(
                "One piece of feedback has no answer yet. Answer it first; then version %(number)d can become final.",
                "%(count)d pieces of feedback have no answer yet. Answer them first; then version %(number)d can "
                "become final.",
                open_items,
            )
            % {"count": open_items, "number": number},
            about="pending",
        )


def finalise(draft: DesignDraft, *, at: datetime, by: User | None = None, final_on: date | None = None) -> DesignDraft:
    """Make the version the final one (P2): its notice is over and every item of every version is answered.

    Whoever said something about any of them is told at once. final_on: of a version that was entered afterwards the earlier
    day on which it became final; then nobody is told.
    """
    with transaction.atomic():
        now = locked(draft)
        today = clock.local_date(at)
        if final_on is not None and (final_on > today or now.entered_at is None):
            raise Refusal(
                _("Only a version that was entered afterwards became final on an earlier day. Please leave it empty."),
                about="final_on",
            )
        is_late = final_on is not None and final_on < today
        moment = local_midnight(final_on) if final_on is not None and is_late else at
        check_final(now, at=moment)
        now.is_final = True
        now.finalised_at = moment
        now.finalised_by = by
        now.save()
        if not is_late:
            emails.tell_final(now, at=at)
    return now
