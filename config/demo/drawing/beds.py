"""The eight beds below the wall in the four seasons, each with plants of its own; the soil stands at one height, so they join to a strip."""

from config.demo.drawing.motifs import (
    bed_edge,
    berries,
    bird,
    cloud,
    daisy,
    hosta,
    hydrangea,
    kale,
    pansy,
    salvia,
    seedling,
    tulip,
)  # fmt: skip
from config.demo.drawing.paper import (
    BRICK,
    GOLD,
    LEAF,
    LEAF_LIGHT,
    MINT,
    ORANGE,
    PAPER,
    PINK,
    ROSE,
    SAND,
    SUN,
    VIOLET,
    at,
    chance,
    cut,
    dot,
    line,
    path,
    rect,
)  # fmt: skip

SEASONS = ("spring", "summer", "autumn", "winter")
WIDTH, HEIGHT, SOIL = 480, 260, 178
BLUE, LILAC = "#7FA6C9", "#C9B2D9"

#: G2: nothing toxic stands in the children's bed, in its pictures either.
CHILDRENS, TOXIC = "bd8", {"tulip", "hydrangea", "berries", "hosta"}
PLANTS = {
    "spring": (("tulip", tulip(BRICK, 54)), ("tulip", tulip(PINK, 48)), ("tulip", tulip(SUN, 52)), ("daisy", daisy(PAPER, GOLD, 46)), ("pansy", pansy(VIOLET, SUN, 24)), ("daisy", daisy(ROSE, SUN, 40)), ("tulip", tulip(ORANGE, 56)), ("hosta", hosta(LEAF_LIGHT))),
    "summer": (("hydrangea", hydrangea(BLUE, 46)), ("hydrangea", hydrangea(PINK, 42)), ("daisy", daisy(ORANGE, BRICK, 54)), ("daisy", daisy(SUN, ORANGE, 62)), ("hosta", hosta(LEAF_LIGHT)), ("salvia", salvia(VIOLET, 60)), ("hydrangea", hydrangea(LILAC, 50)), ("daisy", daisy(BRICK, SUN, 48))),
    "autumn": (("daisy", daisy(SUN, ORANGE, 44)), ("daisy", daisy(ORANGE, BRICK, 50)), ("salvia", salvia(BRICK, 62)), ("hosta", hosta("#A9BE6A")), ("daisy", daisy(PAPER, GOLD, 42)), ("salvia", salvia(VIOLET, 54)), ("daisy", daisy(ROSE, SUN, 46)), ("berries", berries(64))),
    "winter": (("kale", kale(LEAF_LIGHT, PINK, 1.5)), ("kale", kale("#A9BE8E", PAPER, 1.3)), ("pansy", pansy(VIOLET, SUN, 24)), ("pansy", pansy(PAPER, SUN, 22)), ("berries", berries(72)), ("kale", kale("#7F9A78", "#B07FA0", 1.45)), ("pansy", pansy(ORANGE, SUN, 24)), ("kale", kale(MINT, ROSE, 1.2))),
}  # fmt: skip


def sky(season: str, dice) -> str:
    grounds = {"spring": "#DDE9DF", "summer": "#EFDDB0", "autumn": "#F0DFC0", "winter": "#E1E7E6"}
    found = rect(0, 0, WIDTH, HEIGHT, grounds[season])
    if season == "spring":
        return (
            found + path("M0 140Q120 104 250 136T480 120V200H0Z", "#C7D9BE") + cloud(110, 48, 0.9) + cloud(366, 66, 1.1)
        )
    if season == "summer":
        rays = "".join(at(404, 56, rect(-3, -64, 6, 16, GOLD, 3), 1, turn) for turn in range(0, 360, 30))
        return found + dot(404, 56, 38, GOLD) + rays + path("M0 146Q140 118 270 142T480 130V200H0Z", "#DCCF94")
    if season == "autumn":
        blown = "".join(
            at(dice.uniform(20, 460), dice.uniform(20, 120), path("M0 -9Q8 -3 0 9Q-8 -3 0 -9Z", fill), 1, dice.uniform(0, 360)) for fill in (BRICK, ORANGE, GOLD, ORANGE, BRICK, GOLD)
        )  # fmt: skip
        return found + path("M0 138Q150 112 290 140T480 124V200H0Z", "#DDBE8C") + blown
    snow = "".join(dot(dice.uniform(8, 472), dice.uniform(10, 140), dice.uniform(2.4, 4.2), PAPER) for _ in range(16))
    return found + path("M0 0H480V54Q360 82 240 60T0 66Z", "#C9D8DE") + snow


def bed(key: str, season: str) -> str:
    """A row of five or six kinds, in an order of the bed's own; fuller at the back."""
    dice = chance(f"{key} {season}")
    kinds = [shape for name, shape in PLANTS[season] if key != CHILDRENS or name not in TOXIC]
    dice.shuffle(kinds)
    kinds = (kinds * 2)[:5]
    wide = season == "winter"
    back, front = "", ""
    count = 9 if wide else 13
    for i in range(count):
        x = 26 + i * (WIDTH - 52) / (count - 1)
        back += at(x + dice.uniform(-5, 5), SOIL - 2, kinds[i % 5], dice.uniform(1.1, 1.4))
    for i in range(count - 1):
        x = 44 + i * (WIDTH - 88) / (count - 2)
        low = (
            kinds[(i + 2) % 5] if wide else (seedling() if season in {"spring", "autumn"} else pansy(LILAC, PAPER, 12))
        )
        front += at(x, SOIL + 4, low, 0.66 if wide else 0.9)
    extra = {
        "spring": cut(bird(250, 34, 0.9) + bird(276, 48, 0.6)),
        "summer": butterfly(dice),
        "autumn": "",
        "winter": "",
    }[season]
    board = at(
        WIDTH - 48,
        SOIL + 6,
        line("M0 0V-22", "#6B4A35", 4)
        + rect(-20, -42, 40, 24, SAND, 3)
        + line("M-12 -34H12M-12 -27H6", "#8A6A4A", 2.4),
    )
    return sky(season, dice) + bed_edge(SOIL, WIDTH, HEIGHT - SOIL) + cut(back) + cut(front) + cut(board) + extra


def butterfly(dice) -> str:
    wing = (
        path("M0 0Q-16 -18 -18 -4Q-18 6 0 2Z", ORANGE)
        + path("M0 0Q16 -18 18 -4Q18 6 0 2Z", ORANGE)
        + line("M0 -5V5", LEAF, 2.4)
    )
    return cut(at(dice.uniform(120, 300), dice.uniform(40, 80), wing, 1, dice.uniform(-20, 20)))
