"""Manhole covers as residents see them: a gallery of roundels on the project's page, and what stands on one cover's own."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from people.access.public_names import credits, name_of, with_nickname_shown
from people.media.pictures import Shown, shown
from portal import clock
from portal.dates import day_year
from portal.panels import Part
from projects.models import Cover, CoverArtist, CoverInspection, Project, Theme
from projects.pages.sections import ProjectPage

Condition = CoverInspection.Condition


def details(cover: Cover) -> dict:
    """What the cover's own page says below its title (three queries)."""
    day = cover.painted_on or clock.today()
    rows = list(with_nickname_shown(cover.cover_artists.select_related("person")))
    names = {row.person_id: name_of(row.person, row.nickname_shown, day) for row in rows}
    kept = Cover.objects.with_upkeep().only("pk").get(pk=cover.pk)
    return {
        "names": credits([row.person for row in rows], day, names=names),
        "team": cover.team.name if cover.team else "",
        "lid": lid_words(cover),
        "state": state_words(cover, kept),
        "next": next_words(cover.next_inspection(kept.seen_on)),
        "look_out": kept.loose_open,
    }


def lid_words(cover: Cover) -> str:
    """Rain water, 70 cm across; the mark 雨 stays free of paint."""
    parts = [str(cover.get_utility_display())]
    if cover.diameter_cm:
        parts.append(_("%(n)d cm across") % {"n": cover.diameter_cm})
    if cover.mark:
        parts.append(_("“%(mark)s” stays free of paint") % {"mark": cover.mark})
    return comma().join(parts)


def state_words(cover: Cover, kept) -> str:
    """How it is, in plain words. ``kept``: the row of :meth:`CoverQuerySet.with_upkeep`."""
    if cover.painted_on is None:
        return _("Not painted yet.")
    if kept.loose_open:
        return _("Found loose on %(day)s and being reported. Please step around it.") % {"day": day_year(kept.seen_on)}
    if kept.seen_on is None:
        return _("No inspection is on record yet.")
    if kept.repainted_on and kept.repainted_on > kept.seen_on:
        return _("Repainted on %(day)s.") % {"day": day_year(kept.repainted_on)}
    words = {
        Condition.GOOD.value: _("Looked at on %(day)s: in good order."),
        Condition.FADED.value: _("Looked at on %(day)s: the colours have faded; it is on the list for repainting."),
        Condition.LOOSE.value: _("Found loose on %(day)s and passed on to be put right."),
    }[kept.seen_condition]
    return words % {"day": day_year(kept.seen_on)}


def next_words(due: date | None) -> str:
    if due is None:
        return ""
    if due <= clock.today():
        return _("This quarter's look is still to be done.")
    return _("The next look is due by %(day)s.") % {"day": day_year(due)}


@dataclass(frozen=True)
class Roundel:
    """One cover in the gallery."""

    cover: Cover
    picture: Shown | None
    names: str


def gallery(page: ProjectPage) -> Part | None:
    """The project's covers, filtered by ``?theme=``; one query beside that for all pieces, at any length."""
    covers = [piece for piece in page.pieces if isinstance(piece, Cover)]
    if not covers:
        return None
    there = {cover.theme for cover in covers}
    themes = [theme for theme in Theme if theme in there]
    wanted = page.query.get("theme", "")
    theme = wanted if wanted in there else ""
    return "projects/_covers.html", {
        "roundels": roundels(
            [cover for cover in covers if not theme or cover.theme == theme],
            page.shared.get("painters", lambda: painters(page.project)),
        ),
        "count": len(covers),
        "note": page.project.pieces_note,
        "trail": next((cover.trail for cover in covers if cover.trail), None),
        "chips": [
            {"label": _("All"), "url": "?#covers", "current": not theme},
            *({"label": one.label, "url": f"?theme={one.value}#covers", "current": one == theme} for one in themes),
        ],
    }


def painters(project: Project) -> list[CoverArtist]:
    """Who painted the project's covers, each with ``nickname_shown``; one query."""
    rows = with_nickname_shown(CoverArtist.objects.filter(cover__project=project))
    return list(rows.select_related("person"))


def roundels(covers: list[Cover], painters: list[CoverArtist]) -> list[Roundel]:
    """Pictures and public names (V6) of many covers at once."""
    painted = {cover.pk: cover.painted_on or clock.today() for cover in covers}
    names: dict[int, list[str]] = {}
    for row in painters:
        if row.cover_id not in painted:
            continue
        mine = names.setdefault(row.cover_id, [])
        name = name_of(row.person, row.nickname_shown, painted[row.cover_id])  # type: ignore[attr-defined]
        if name not in mine:  # two young volunteers without a nickname are one word here
            mine.append(name)
    return [Roundel(cover, shown(cover.main_photo), comma().join(names.get(cover.pk, []))) for cover in covers]


def comma() -> str:
    return pgettext("between names", ", ")
