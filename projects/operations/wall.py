"""The story wall: what a panel needs before it is shown (P5), and when a step of the work may begin and end (P3).

Rules in docs/rules/wall.md.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.dates import day_year
from portal.refusals import Refusal
from projects.models import Wall, WallPanel, WallStage

DRYING = timedelta(days=10)  # whole days between the last of the plaster and the first of the colour
Step = WallStage.Step


def refuse_a_day_to_come(day: date) -> None:
    """Refuse a day after today: what has not happened is not written down."""
    if day > clock.today():
        raise Refusal(_("That day has not come yet. Please enter it when it has."))


# --- panels (P5) ---


def check_story(panel: WallPanel) -> None:
    """What a reader has to be able to trust: where the story comes from."""
    if not panel.story.strip():
        raise Refusal(_("“%(title)s” has no story yet. Write it first.") % {"title": panel.title})
    if not panel.alt.strip():
        raise Refusal(
            _("Please write first what can be seen on “%(title)s”, for those who cannot see the picture.")
            % {"title": panel.title}
        )
    if panel.fact_check == WallPanel.FactCheck.SOURCED and not panel.sources:
        raise Refusal(
            _("“%(title)s” says that it was checked. Name the source, or mark it as memory or as made up.")
            % {"title": panel.title}
        )
    if panel.fact_check == WallPanel.FactCheck.MEMORY:
        if not panel.told_by.strip():
            raise Refusal(
                _("“%(title)s” is told from memory. Say how the narrator wants to be called.") % {"title": panel.title}
            )
        if panel.narrator_agreed_on is None:
            raise Refusal(
                _("The narrator of “%(title)s” has not agreed yet. Ask, and write down the day of the consent.")
                % {"title": panel.title}
            )
        refuse_a_day_to_come(panel.narrator_agreed_on)


def publish_panel(panel: WallPanel) -> None:
    """Show the panel to everybody. Refuses one whose story is not complete (P5)."""
    with transaction.atomic():
        panel = WallPanel.objects.select_for_update(no_key=True, of=("self",)).get(pk=panel.pk)
        if panel.is_published:
            raise Refusal(
                _("“%(title)s” is published already, so everybody can read it. You need not do anything more.")
                % {"title": panel.title}
            )
        check_story(panel)
        panel.is_published = True
        panel.save(update_fields=["is_published"])


def hide_panel(panel: WallPanel) -> None:
    """Take a published panel off the page; refuses one that is not shown."""
    with transaction.atomic():
        panel = WallPanel.objects.select_for_update(no_key=True, of=("self",)).get(pk=panel.pk)
        if not panel.is_published:
            raise Refusal(
                _("“%(title)s” is not published, so nobody reads it. You need not do anything more.")
                % {"title": panel.title}
            )
        panel.is_published = False
        panel.save(update_fields=["is_published"])


def narrator_takes_back(panel: WallPanel) -> None:
    """The narrator's consent ends, and with it the page of the panel, at once (V5)."""
    with transaction.atomic():
        panel = WallPanel.objects.select_for_update(no_key=True, of=("self",)).get(pk=panel.pk)
        if panel.narrator_agreed_on is None:
            raise Refusal(_("There is no consent of a narrator to take back. You need not do anything more."))
        panel.narrator_agreed_on = None
        panel.is_published = panel.is_published and panel.fact_check != WallPanel.FactCheck.MEMORY
        panel.save(update_fields=["narrator_agreed_on", "is_published"])


# --- the work (P3) ---


def earliest_start(stage: WallStage, stages: list[WallStage]) -> date | None:
    """The first day on which ``stage`` may begin, by the steps before it; None where nothing holds it back.

    stages: all steps of the wall. Raises Refusal while an earlier step is open.
    """
    before = [one for one in stages if one.order < stage.order]
    open_ = [one for one in before if one.end is None]
    if open_:
        raise Refusal(
            _("“%(before)s” comes first and is still open. End it, then begin “%(stage)s”.")
            % {"before": open_[0], "stage": stage}
        )
    ends = [one.end + timedelta(days=1) for one in before if one.end is not None]
    if stage.step != Step.DRY:
        ends += [
            one.end + timedelta(days=1) + DRYING for one in before if one.step == Step.PLASTER and one.end is not None
        ]
    return max(ends, default=None)


def start_stage(stage: WallStage, *, on: date) -> None:
    """Enter the first day of a step that has not begun; refuses what :func:`check_start` says."""
    with transaction.atomic():
        wall, stages = lock(stage)
        stage = next(one for one in stages if one.pk == stage.pk)
        if stage.start is not None:
            raise Refusal(
                _("“%(stage)s” began on %(day)s already. When it is done, please enter its last day.")
                % {"stage": stage, "day": day_year(stage.start)}
            )
        check_start(wall, stage, stages, on)
        stage.start = on
        stage.save(update_fields=["start", "order"])


def check_start(wall: Wall, stage: WallStage, stages: list[WallStage], on: date) -> None:
    """P3: the owners' consent on file, the steps before it over, the plaster dry."""
    refuse_a_day_to_come(on)
    if wall.owners_agreed_on is None or wall.owners_agreed_on > on:
        raise Refusal(_("The owners' consent is not on file. Get it in writing and enter its day before work begins."))
    for later in stages:
        if later.order > stage.order and later.start is not None and later.start <= on:
            raise Refusal(
                _("“%(later)s” comes after this and began on %(day)s. Please enter an earlier day.")
                % {"later": later, "day": day_year(later.start)}
            )
    earliest = earliest_start(stage, stages)
    if earliest is not None and on < earliest:
        raise Refusal(
            _(
                "“%(stage)s” may begin on %(day)s at the earliest: the step before has to be over and plaster dries 10 days. "
                "Please choose that day or a later one."
            )
            % {"stage": stage, "day": day_year(earliest)}
        )


def end_stage(stage: WallStage, *, on: date) -> None:
    """Enter the last day of a step that has begun: from that day to today, and not while plaster still dries (P3)."""
    with transaction.atomic():
        _wall, stages = lock(stage)
        stage = next(one for one in stages if one.pk == stage.pk)
        if stage.start is None:
            raise Refusal(_("“%(stage)s” has not begun. Enter its first day.") % {"stage": stage})
        if stage.end is not None:
            raise Refusal(
                _("“%(stage)s” ended on %(day)s already. Please go on with the next step.")
                % {"stage": stage, "day": day_year(stage.end)}
            )
        if on < stage.start or on > clock.today():
            raise Refusal(
                _("“%(stage)s” began on %(day)s. Please enter a day between then and today.")
                % {"stage": stage, "day": day_year(stage.start)}
            )
        dry_on = stage.start + DRYING - timedelta(days=1)
        if stage.step == Step.DRY and on < dry_on:
            raise Refusal(
                _("Plaster dries for 10 days at least: it is dry on %(day)s at the earliest. Please end it then.")
                % {"day": day_year(dry_on)}
            )
        for later in stages:
            if later.order <= stage.order or later.start is None:
                continue
            drying = DRYING if stage.step == Step.PLASTER and later.step != Step.DRY else timedelta()
            if on + timedelta(days=1) + drying > later.start:
                raise Refusal(
                    _(
                        "“%(later)s” began on %(day)s: this has to be over before, and plaster dry for 10 days. "
                        "Please enter an earlier day."
                    )
                    % {"later": later, "day": day_year(later.start)}
                )
        stage.end = on
        stage.save(update_fields=["end", "order"])


def take_back_step(stage: WallStage, *, reason: str) -> WallStage:
    """Undo what was entered last for a step: its last day, else its first. Residents read the reason.

    Refused while a later step has begun.
    """
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say what is corrected; the public page shows it."), about="reason")
        _wall, stages = lock(stage)
        stage = next(one for one in stages if one.pk == stage.pk)
        if stage.start is None:
            raise Refusal(
                _("Nothing is entered for “%(stage)s”, so you need not take anything back.") % {"stage": stage}
            )
        later = next((one for one in stages if one.order > stage.order and one.start is not None), None)
        if later is not None:
            raise Refusal(
                _("“%(later)s” has begun after it. Take that back first, then “%(stage)s”.")
                % {"later": later, "stage": stage}
            )
        if stage.end is not None:
            stage.end = None
        else:
            stage.start = None
        stage.correction = reason.strip()[:200]
        stage.save(update_fields=["start", "end", "correction", "order"])
    return stage


def lock(stage: WallStage) -> tuple[Wall, list[WallStage]]:
    """All steps of the wall, read under the wall's lock."""
    wall = Wall.objects.select_for_update(no_key=True, of=("self",)).get(pk=stage.wall_id)
    return wall, list(wall.stages.order_by("order"))
