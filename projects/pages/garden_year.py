"""The four seasons of the beds as one strip, the year month by month, and the home page's word on flowers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter

from django.db.models import CharField, F, IntegerField, Value
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.access.requests import PortalRequest
from people.access.viewer import Viewer
from portal import clock
from portal.panels import Part
from portal.words import listed
from projects.models import Bed, Plant, PlantCandidate, Planting, Season, SeasonPlan
from projects.pages.sections import ProjectPage
from projects.rules.fitting import season_of

NAMED = 3  # plants named below a picture of the strip
Stand = SeasonPlan.Status


@dataclass
class Told:
    """What is known of one season: names of plants, and of its plan the latest."""

    year: int = 0
    status: str = ""
    project: str = ""
    plants: list[str] = field(default_factory=list)


def known(viewer: Viewer, project_id: int | None = None) -> tuple[list[str], dict[str, Told]]:
    """(plants that stand now, the most first; {season: its latest plan}); one query.

    The plantings with a plan and the plans' candidates in one union; ``project_id``: of one project alone.
    """
    only = {} if project_id is None else {"project": project_id}
    plans = SeasonPlan.objects.visible_to(viewer).filter(**only).order_by().values("pk")
    stands = Planting.objects.visible_to(viewer).standing()
    if project_id is not None:
        stands = stands.filter(bed__project=project_id)
    word = lambda text: Value(text, CharField())  # noqa: E731
    number = lambda value: Value(value, IntegerField())  # noqa: E731
    columns = ("what", "in_year", "in_season", "stand", "slug", "name", "many")
    standing = stands.order_by().annotate(
        what=word("stands"), in_year=number(0), in_season=word(""), stand=word(""), slug=word(""),
        name=F("plant__name"), many=F("quantity"),
    )  # fmt: skip
    planned = PlantCandidate.objects.filter(plan__in=plans).order_by().annotate(
        what=word("planned"), in_year=F("plan__year"), in_season=F("plan__season"), stand=F("plan__status"),
        slug=F("plan__project__slug"), name=F("plant__name"), many=F("pk"),
    )  # fmt: skip
    chosen = planned.filter(chosen=True) | planned.exclude(plan__status__in=[Stand.DECIDED, Stand.PLANTED])
    grown = Planting.objects.filter(plan__in=plans).order_by().annotate(
        what=word("planned"), in_year=F("plan__year"), in_season=F("plan__season"), stand=F("plan__status"),
        slug=F("plan__project__slug"), name=F("plant__name"), many=F("pk"),
    )  # fmt: skip
    rows = standing.values_list(*columns).union(chosen.values_list(*columns), grown.values_list(*columns), all=True)
    now: dict[str, int] = defaultdict(int)
    seasons: dict[str, Told] = {}
    in_turn = sorted(rows, key=itemgetter(-1, -2))  # a union comes in no order; candidates stand as they came
    for what, year, season, stand, slug, name, many in in_turn:
        if what == "stands":
            now[name] += many
            continue
        told = seasons.setdefault(season, Told())
        if year > told.year:
            told.year, told.status, told.project, told.plants = year, stand, slug, []
        if year == told.year and name not in told.plants:
            told.plants.append(name)
    return sorted(now, key=lambda name: (-now[name], name)), seasons


def strip(viewer: Viewer, today: date, project_id: int | None = None) -> list[dict]:
    """The four pictures of ``projects/_seasons.html``, from this season on; empty where nothing grows nor is planned."""
    now, seasons = known(viewer, project_id)
    if not now and not seasons:
        return []
    this = list(Season).index(season_of(today))
    return [
        picture(season, seasons.get(season.value, Told()), now if step == 0 else [], viewer)
        for step, season in enumerate([*Season][this:] + [*Season][:this])
    ]


def picture(season: Season, told: Told, now: list[str], viewer: Viewer) -> dict:
    """``tag``: (tint, words); a season without a plan says so."""
    tag: tuple[str, str] = ("", "")
    names = now or told.plants
    words = listed(names[:NAMED])
    if now:
        tag = ("leaf", _("stands now"))
    elif told.status == Stand.VOTING:
        tag = ("ochre", _("being chosen"))
        words = ngettext("%(names)s: %(n)d candidate", "%(names)s and others: %(n)d candidates", len(names)) % {
            "names": listed(names[: NAMED - 1]),
            "n": len(names),
        }
    elif told.status == Stand.COLLECTING:
        tag = ("", _("candidates are being collected"))
    elif told.status == Stand.CLOSED:
        tag = ("", _("the meeting decides"))
    elif told.status == Stand.DECIDED:
        tag = ("leaf", _("decided"))
    elif told.status == Stand.PLANTED:
        words = _("Last time: %(names)s") % {"names": words}
    url = ""
    if told.project and viewer.neighbourhood is not None:
        slug = f"{told.year}-{season.value}"
        url = reverse("projects:season", args=[viewer.neighbourhood.slug, told.project, slug])
    return {
        "season": season.label,
        "src": static(f"art/bed-{season.value}.svg"),
        "tag": tag,
        "words": words or _("Still open: propose something at the monthly meeting."),
        "url": url,
        "now": bool(now),
        "voting": told.status == Stand.VOTING,
    }


def section(page: ProjectPage) -> Part | None:
    """On the page of a project with beds."""
    if not any(isinstance(piece, Bed) for piece in page.pieces):
        return None
    pictures = strip(page.viewer, clock.local_date(page.at), page.project.pk)
    url = reverse("projects:flowers", args=[page.project.neighbourhood.slug, page.project.slug])
    return "projects/_seasons.html", {"seasons": pictures, "flowers_url": url}


def home(request: PortalRequest) -> Part | None:
    """The flower season now."""
    pictures = strip(request.viewer, clock.today())
    if not pictures:
        return None
    chosen = next((one for one in pictures if one["voting"]), None)
    return "projects/_home_flowers.html", {"seasons": pictures, "vote": chosen}


@dataclass(frozen=True)
class Month:
    """``blooming``: (plant, beds) of what stands and is worth seeing then; ``planting``: names of what may be planted."""

    number: int
    blooming: list[tuple[str, str]]
    planting: list[str]
    now: bool


def months(standing: Iterable[Planting], plants: Iterable[Plant], today: date) -> list[Month]:
    """Twelve months, from this one on."""
    beds: dict[str, list[str]] = defaultdict(list)
    shown: dict[str, list[int]] = {}
    for planting in standing:
        beds[planting.plant.name].append(planting.bed.code)
        shown[planting.plant.name] = planting.plant.show_months
    plants = list(plants)
    return [
        Month(
            number=number,
            blooming=[(name, listed(beds[name])) for name in beds if number in shown[name]],
            planting=[plant.name for plant in plants if number in plant.planting_months],
            now=step == 0,
        )
        for step, number in enumerate((today.month - 1 + step) % 12 + 1 for step in range(12))
    ]
