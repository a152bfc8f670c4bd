"""The twelve covers before they were painted: iron, and what had gathered on it. After: static/art, one roundel each."""

from math import cos, pi, sin

from config.demo.drawing.paper import (
    BARK,
    INK,
    LEAF,
    LEAF_DEEP,
    LEAF_LIGHT,
    PAPER,
    STONE,
    at,
    chance,
    dot,
    faint,
    line,
    n,
    path,
    rect,
)

GROUNDS = {"rust": "#6B5242", "grey": "#5F574B", "worn": "#77705F", "blue": "#565E60"}
#: What the files say of each ("before_alt"), as what is drawn: ground, and the things upon it.
BEFORE = {
    "mh01": ("grey", ("rust", "mud")), "mh02": ("worn", ("cracks",)), "mh03": ("grey", ("butts", "leaves")), "mh04": ("grey", ("oil",)),
    "mh05": ("worn", ("peeling",)), "mh06": ("rust", ("rust", "rust")), "mh07": ("blue", ("puddle",)), "mh08": ("blue", ("peeling",)),
    "mh09": ("grey", ("stain",)), "mh10": ("worn", ("tyres",)), "mh11": ("grey", ("weeds",)), "mh12": ("rust", ("rust", "gap")),
}  # fmt: skip


def before(key: str, mark: str) -> str:
    """240 by 240. ``mark``: the sign that stays visible (P4): 雨, 污, or one sign of a number plate."""
    ground, things = BEFORE.get(key, ("grey", ("rust",)))
    dice = chance(key)
    tread = "".join(
        rect(x, y, 10, 10, "#000000", 1.5)
        for x in range(30, 212, 18)
        for y in range(30, 212, 18)
        if (x - 115) ** 2 + (y - 115) ** 2 < 92**2 and dice.random() < 0.9
    )
    found = faint(tread, 0.16) + "".join(THINGS[thing](dice) for thing in things)
    if key == "mh08":  # the one square cover
        rim = rect(6, 6, 228, 228, "#4A453D", 8) + "".join(
            rect(12 + 19 * i, y, 11, 7, "#6A6357") for i in range(12) for y in (10, 223)
        )
        inside, clip = (
            rect(24, 24, 192, 192, GROUNDS[ground], 4),
            '<clipPath id="c"><rect x="24" y="24" width="192" height="192"/></clipPath>',
        )
    else:
        rim = dot(120, 120, 118, "#4A453D") + (
            '<circle cx="120" cy="120" r="109" fill="none" stroke="#6A6357" stroke-width="9" stroke-dasharray="9.5 7.35"/>'
        ) + dot(120, 120, 101, "#332f29")  # fmt: skip
        inside, clip = (
            rect(20, 20, 200, 200, GROUNDS[ground]),
            '<clipPath id="c"><circle cx="120" cy="120" r="98.5"/></clipPath>',
        )
    badge = dot(120, 205, 16.5, "#4A453D") + dot(120, 205, 13, "#332f29")
    sign = (
        f'<text x="120" y="211" font-size="17" fill="#E9E0CB" text-anchor="middle" font-weight="bold" '
        f'font-family="PingFang SC,Microsoft YaHei,Noto Sans CJK SC,sans-serif">{mark[:1]}</text>'
    )
    over = "".join(OVER[thing](dice) for thing in things if thing in OVER)
    return f'<defs>{clip}</defs>{rim}<g clip-path="url(#c)">{inside}{found}</g>{badge}{sign}{over}'


def blot(x: float, y: float, r: float, fill: str, dice, corners: int = 9) -> str:
    points = [
        (
            x + r * dice.uniform(0.6, 1.15) * cos(2 * pi * i / corners),
            y + r * dice.uniform(0.6, 1.15) * sin(2 * pi * i / corners),
        )
        for i in range(corners)
    ]
    middle = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in zip(points, points[1:] + points[:1], strict=True)]
    d = f"M{n(middle[-1][0])} {n(middle[-1][1])}" + "".join(
        f"Q{n(p[0])} {n(p[1])} {n(m[0])} {n(m[1])}" for p, m in zip(points, middle, strict=True)
    )
    return path(d + "Z", fill)


def rust(dice) -> str:
    return "".join(
        faint(blot(dice.uniform(50, 190), dice.uniform(50, 180), dice.uniform(12, 34), fill, dice), 0.6)
        for fill in ("#8C6142", "#7A5238", "#A06A3F", "#8C6142", "#6B4A35", "#A06A3F", "#8C6142")
    )


def mud(dice) -> str:
    return faint(path("M20 176Q70 150 110 178T220 168V220H20Z", "#8A7A61"), 0.75) + faint(
        blot(78, 164, 22, "#9A8A6E", dice), 0.7
    )


def cracks(dice) -> str:
    return line(
        "M120 24L112 60L128 84L118 112M112 60L84 70M128 84L160 92M34 150L70 142L84 160M206 130L176 140L170 166",
        "#3B342C",
        3.2,
    ) + faint(blot(160, 90, 26, "#8F8775", dice), 0.6)


def butts(dice) -> str:
    return "".join(
        at(dice.uniform(60, 180), dice.uniform(60, 170), rect(-11, -3, 22, 6, PAPER, 2) + rect(4, -3, 8, 6, "#D9A468", 2), 1, dice.uniform(0, 180)) for _ in range(4)
    )  # fmt: skip


def fallen(dice) -> str:
    leaf = "M0 -14Q12 -4 0 14Q-12 -4 0 -14Z"
    return "".join(
        at(
            dice.uniform(46, 194),
            dice.uniform(46, 180),
            path(leaf, fill) + line("M0 -10V18", BARK, 1.6),
            dice.uniform(0.9, 1.4),
            dice.uniform(0, 360),
        )
        for fill in ("#C98A22", "#B4652F", "#DDA63A", "#8A6A35", "#C98A22")
    )


def oil(dice) -> str:
    return (
        faint(blot(112, 112, 62, INK, dice), 0.55)
        + faint(blot(104, 104, 34, "#4B5A6B", dice), 0.7)
        + faint(blot(98, 98, 16, "#7A6A86", dice), 0.7)
    )


def peeling(dice) -> str:
    return "".join(
        blot(dice.uniform(48, 192), dice.uniform(48, 176), dice.uniform(16, 36), fill, dice)
        for fill in ("#8FA0A0", "#9DACA6", "#8FA0A0", "#7D8E8E", "#A7B3AC", "#9DACA6", "#8FA0A0")
    )


def puddle(dice) -> str:
    return dot(120, 122, 70, "#3F4A4E", 52) + dot(118, 118, 62, "#7C97A0", 44) + dot(104, 108, 34, "#A9C0C6", 16)


def stain(dice) -> str:
    return (
        faint(blot(160, 150, 26, "#4A3524", dice), 0.9)
        + faint(blot(142, 166, 14, "#4A3524", dice), 0.9)
        + faint(blot(170, 140, 10, "#6B4A2E", dice), 0.9)
    )


def tyres(dice) -> str:
    track = "".join(rect(x, y, 12, 5, "#3B342C") for y in range(16, 226, 11) for x in (72, 90, 140, 158))
    return faint(at(0, 0, track), 0.5) + faint(
        rect(66, 14, 44, 214, "#9A927E") + rect(134, 14, 44, 214, "#9A927E"), 0.35
    )


def nothing(dice) -> str:
    return ""


def weeds(dice) -> str:
    """Grass that grows over half of it, also over the rim."""
    found = ""
    for i in range(70):
        x = 2 + i * 3.3 + dice.uniform(-3, 3)
        tall, lean = dice.uniform(70, 140) * (0.55 + abs(x - 150) / 300), dice.uniform(-16, 16)
        fill = dice.choice((LEAF, LEAF_DEEP, LEAF_LIGHT))
        found += path(
            f"M{n(x)} 238Q{n(x + lean * 0.3)} {n(238 - tall * 0.6)} {n(x + lean)} {n(238 - tall)}Q{n(x + lean * 0.3 + 6)} {n(238 - tall * 0.5)} {n(x + 7)} 238Z",
            fill,
        )
    return found


def gap(dice) -> str:
    """It rattled: lifted at one side, with the rubber that was put below it."""
    return path("M24 62A112 112 0 0 1 84 14L88 24A100 100 0 0 0 34 68Z", INK) + path("M40 50L56 36L62 44L46 58Z", STONE)


THINGS = {
    "rust": rust, "mud": mud, "cracks": cracks, "butts": butts, "leaves": fallen, "oil": oil, "peeling": peeling, "puddle": puddle, "stain": stain,
    "tyres": tyres, "weeds": nothing, "gap": nothing,
}  # fmt: skip
OVER = {"weeds": weeds, "gap": gap}
