"""Manhole covers (P4; docs/rules/pieces.md): no paint and no picture in public without the owner's yes; looked at each quarter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import Person, PrivateFile, User
from people.operations.staff import keep_sheet
from portal import clock
from portal.dates import day_year
from portal.files import Document, Picture
from portal.refusals import Refusal
from projects.models import Cover, CoverInspection, CoverRepaint


def refuse_unless_paintable(cover: Cover) -> None:
    """P4: no gas and no power covers; the owner's yes; the mark that stays free of paint."""
    if cover.utility in Cover.NEVER_PAINTED:
        raise Refusal(
            _("Covers over gas and electricity are never painted: choose another one (%(code)s is one of those).")
            % {"code": cover.code}
        )
    if not cover.has_consent:
        raise Refusal(
            _("Ask the owner of %(code)s (%(owner)s) first, and record who said yes and on which day.")
            % {"code": cover.code, "owner": cover.owner}
        )
    if not cover.mark:
        raise Refusal(
            _("Write down first which mark of %(code)s stays free of paint, for whoever has to open it.")
            % {"code": cover.code}
        )


def record_consent(
    cover: Cover, *, said_by: str, said_on: date, sheet: Document | Picture | None = None, by: User | None = None
) -> Cover:
    """The owner said yes. Told again it is corrected, but never to a day after the painting.

    sheet: the owner's paper, kept privately in the place of an earlier one.
    """
    with transaction.atomic():
        cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover.pk)
        if not said_by.strip():
            raise Refusal(_("Write down who said yes for the owner."))
        _refuse_to_come(said_on)
        if cover.painted_on and said_on > cover.painted_on:
            raise Refusal(
                _(
                    "It was painted on %(day)s; the owner's yes has to be from before that. Please look at the day on the owner's paper."
                )
                % {"day": day_year(cover.painted_on)}
            )
        cover.consent_by, cover.consent_on = said_by.strip(), said_on
        if sheet is not None:
            cover.consent_sheet = keep_sheet(
                sheet, neighbourhood=cover.neighbourhood, purpose=PrivateFile.Purpose.DOCUMENT, by=by
            )
        cover.save(update_fields=["consent_by", "consent_on", "consent_sheet"])
    return cover


def paint(cover: Cover, *, painted_on: date, anti_slip: bool) -> Cover:
    """Record that it was painted."""
    with transaction.atomic():
        cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover.pk)
        refuse_unless_paintable(cover)
        _refuse_to_come(painted_on)
        assert cover.consent_on is not None
        if painted_on < cover.consent_on:
            raise Refusal(
                _(
                    "The owner said yes only on %(day)s; painting cannot have been before. Please correct one of the two days."
                )
                % {"day": day_year(cover.consent_on)}
            )
        if not anti_slip:
            raise Refusal(_("Only anti-slip paint goes on a cover. Tick it when that is what was used."))
        cover.painted_on, cover.anti_slip = painted_on, True
        cover.save(update_fields=["painted_on", "anti_slip"])
    return cover


def publish(cover: Cover) -> Cover:
    """Show the cover to everybody. Refuses what may not be painted, or whose owner has not agreed."""
    with transaction.atomic():
        cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover.pk)
        refuse_unless_paintable(cover)
        cover.is_published = True
        cover.save(update_fields=["is_published"])
    return cover


def withdraw(cover: Cover) -> Cover:
    """Take the cover off the public pages; its history and papers stay."""
    with transaction.atomic():
        cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover.pk)
        cover.is_published = False
        cover.save(update_fields=["is_published"])
    return cover


@dataclass(frozen=True)
class Seen:
    """What was found at one cover on a round."""

    cover: Cover
    condition: str
    note: str = ""


def check_inspection(cover: Cover, inspected_on: date) -> None:
    """An inspection lies between the painting and today."""
    _refuse_to_come(inspected_on)
    if cover.painted_on is None:
        raise Refusal(
            _("%(code)s is not painted yet, so there is nothing to inspect. Please record its painting first.")
            % {"code": cover.code}
        )
    if inspected_on < cover.painted_on:
        raise Refusal(
            _("%(code)s was painted only on %(day)s; look at the day of the inspection again.")
            % {"code": cover.code, "day": day_year(cover.painted_on)}
        )


def record_round(
    found: Iterable[Seen], *, inspected_on: date, inspected_by: Person | None, entered_by: User | None
) -> int:
    """Write one inspection for each cover of a round; all or none. Returns how many are new.

    Sent twice, the same round changes nothing; a cover that was found otherwise on the same day is refused.
    """
    made = 0
    found = list(found)
    with transaction.atomic():
        locked = Cover.objects.select_for_update(of=("self",)).filter(pk__in=[one.cover.pk for one in found])
        list(locked.order_by("pk"))
        for one in found:
            check_inspection(one.cover, inspected_on)
            row, is_new = CoverInspection.objects.get_or_create(
                cover=one.cover,
                inspected_on=inspected_on,
                defaults={
                    "condition": one.condition,
                    "note": one.note,
                    "inspected_by": inspected_by,
                    "entered_by": entered_by,
                },
            )
            if not is_new and (row.condition, row.note) != (one.condition, one.note):
                raise Refusal(
                    _("%(code)s was already looked at that day and found %(condition)s. Correct it on its own page.")
                    % {"code": one.cover.code, "condition": row.get_condition_display()}
                )
            made += is_new
    return made


def pass_on(inspection: CoverInspection, *, to: str, on: date) -> CoverInspection:
    """A loose cover was reported: to whom, and on which day. Until then it stands on staff's first page."""
    with transaction.atomic():
        inspection = CoverInspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        if inspection.condition != CoverInspection.Condition.LOOSE:
            raise Refusal(
                _("Only a loose cover is passed on. If it is loose, please enter an inspection that says so.")
            )
        if not to.strip():
            raise Refusal(_("Write down to whom it was passed on."))
        _refuse_to_come(on)
        if on < inspection.inspected_on:
            raise Refusal(
                _("It was found loose only on %(day)s. Please enter that day or a later one.")
                % {"day": day_year(inspection.inspected_on)}
            )
        inspection.passed_to, inspection.passed_on = to.strip(), on
        inspection.save(update_fields=["passed_to", "passed_on"])
    return inspection


def pass_all_on(cover: Cover, *, to: str, on: date) -> int:
    """Every loose finding of the cover that nobody has passed on yet; all or none. Returns how many."""
    with transaction.atomic():
        Cover.objects.select_for_update(of=("self",)).get(pk=cover.pk)
        found = list(cover.inspections.open_loose())
        if not found:
            raise Refusal(
                _("Nothing is waiting to be passed on here. If the cover is loose, please enter an inspection first.")
            )
        for inspection in found:
            pass_on(inspection, to=to, on=on)
    return len(found)


def repaint(cover: Cover, *, painted_on: date, note: str = "", entered_by: User | None = None) -> CoverRepaint:
    """Fresh colour; takes the cover off the list. Told twice for one day it is one row."""
    with transaction.atomic():
        cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover.pk)
        refuse_unless_paintable(cover)
        check_inspection(cover, painted_on)
        row, _new = CoverRepaint.objects.get_or_create(
            cover=cover, painted_on=painted_on, defaults={"note": note, "entered_by": entered_by}
        )
    return row


def _refuse_to_come(day: date) -> None:
    if day > clock.today():
        raise Refusal(_("This day is still to come: enter it when it has been."))
