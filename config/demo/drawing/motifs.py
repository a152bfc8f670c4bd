"""What recurs in the lane's pictures: people without faces that could be anybody's, plants, pots, lamps, clouds."""

from config.demo.drawing.paper import (
    BARK,
    BRICK,
    BRICK_DEEP,
    BROWN,
    CREAM,
    GOLD,
    GREY,
    INK,
    IRON,
    LEAF,
    LEAF_DEEP,
    LEAF_LIGHT,
    MINT,
    NIGHT,
    ORANGE,
    PAPER,
    PINK,
    ROSE,
    SAND,
    SKIN,
    STONE,
    STRAW,
    SUN,
    VIOLET,
    WATER,
    WATER_DEEP,
    at,
    cut,
    dot,
    line,
    path,
    rect,
)  # fmt: skip

COATS = (LEAF, BRICK, NIGHT, GOLD, WATER_DEEP, ROSE, ORANGE, VIOLET)
HAIR = (INK, BROWN, GREY, INK, "#3A2A1E")


def person(
    x: float,
    y: float,
    scale: float = 1,
    coat: str = LEAF,
    hair: str = INK,
    legs: str = NIGHT,
    back: bool = False,
    arms: str = "",
) -> str:
    """Neck at (x, y), feet 84 below. ``back``: seen from behind. ``arms``: a path of the sleeve, in the person's own measure."""
    head = dot(0, -12, 13, SKIN)
    head += dot(0, -13, 13.5, hair) if back else path("M-14 -12A14 14 0 0 1 14 -12Q4 -20 -14 -8Z", hair)
    sleeve = line(arms, coat, 8) if arms else ""
    body = line("M-7 60V84M7 60V84", legs, 7) + path("M-18 60L-12 8Q0 -4 12 8L18 60Z", coat) + sleeve + head
    return at(x, y, body, scale)


def crouching(x: float, y: float, scale: float = 1, coat: str = BRICK, hair: str = INK, flip: bool = False) -> str:
    """Somebody squatting and reaching to the right; feet at (x, y)."""
    body = path("M-14 -14Q-22 6 -4 8H22Q30 8 26 0L8 -8Z", NIGHT) + dot(22, 7, 8, INK, 4)
    body += path("M-20 -6Q-24 -48 6 -48Q24 -44 16 -20L6 -2Q-8 6 -20 -6Z", coat)
    body += line("M8 -38L34 -16", coat, 9) + dot(36, -14, 5, SKIN)
    body += dot(14, -60, 14, SKIN) + path("M-1 -62A15 15 0 0 1 27 -68Q14 -72 8 -56Q4 -50 0 -52Z", hair)
    return at(x, y, body, scale, flip=flip)


def crowd_of_backs(y: float, count: int, left: float, right: float, scale: float = 1, shift: int = 0) -> str:
    step = (right - left) / max(1, count - 1)
    return "".join(
        person(
            left + step * i, y + (i * 7 % 5), scale * (0.94 + (i * 3 % 4) * 0.04), COATS[(i + shift) % 8], HAIR[(i * 2 + shift) % 5], back=True
        )
        for i in range(count)
    )  # fmt: skip


# --- the sky ---


def cloud(x: float, y: float, scale: float = 1, fill: str = PAPER) -> str:
    return at(x, y, path("M-34 12a13 13 0 0 1 8 -24a18 18 0 0 1 34 -4a14 14 0 0 1 22 14a9 9 0 0 1 2 14Z", fill), scale)


def bird(x: float, y: float, scale: float = 1, fill: str = INK) -> str:
    return at(x, y, path("M-12 -4Q-5 -8 0 0Q5 -8 12 -4Q5 -3 0 5Q-5 -3 -12 -4Z", fill), scale)


# --- plants ---


def tree(x: float, y: float, scale: float = 1, fill: str = LEAF) -> str:
    crown = dot(0, -74, 32, fill) + dot(-20, -54, 22, fill) + dot(22, -56, 24, fill) + dot(6, -86, 14, LEAF_LIGHT)
    return at(x, y, path("M-5 0L-3 -50H3L5 0Z", BARK) + crown, scale)


def leaves(height: float, fill: str = LEAF) -> str:
    return line(f"M0 0V{-height}", fill, 2.6) + path(f"M0 {-height * 0.25}Q-13 {-height * 0.4} -10 {-height * 0.62}Q-2 {-height * 0.5} 0 {-height * 0.25}Z", fill) + path(
        f"M0 {-height * 0.35}Q13 {-height * 0.5} 10 {-height * 0.74}Q2 {-height * 0.6} 0 {-height * 0.35}Z", fill
    )  # fmt: skip


def daisy(petal: str, heart: str = GOLD, height: float = 46) -> str:
    around = "".join(
        f'<g transform="translate(0 {-height}) rotate({turn})">{dot(0, -9, 4.6, petal, 8)}</g>'
        for turn in range(0, 360, 45)
    )
    return leaves(height) + around + dot(0, -height, 5.5, heart)


def tulip(petal: str, height: float = 48) -> str:
    return leaves(height, LEAF) + path(f"M-11 {-height - 16}L-5 {-height - 8}L0 {-height - 19}L5 {-height - 8}L11 {-height - 16}Q13 {-height + 4} 0 {-height + 5}Q-13 {-height + 4} -11 {-height - 16}Z", petal)  # fmt: skip


def kale(outer: str = LEAF_LIGHT, inner: str = PINK, scale: float = 1) -> str:
    """Ornamental kale: what the lane's beds wear in winter."""
    leaf = "M0 0Q-17 -8 -12 -25Q-6 -32 0 -27Q6 -32 12 -25Q17 -8 0 0Z"
    rings = (
        (range(-99, 100, 33), 1.0, outer),
        (range(-66, 67, 44), 0.78, MINT),
        (range(-48, 49, 48), 0.54, PAPER),
        ((-24, 24), 0.36, inner),
    )
    body = "".join(
        f'<g transform="rotate({turn}) scale({size})">{path(leaf, fill)}</g>'
        for turns, size, fill in rings
        for turn in turns
    )
    return f'<g transform="scale({scale})">{body}</g>' if scale != 1 else body


def pansy(top: str = VIOLET, face: str = SUN, height: float = 20) -> str:
    y = -height
    return leaves(height) + dot(-5, y - 6, 6.5, top) + dot(5, y - 6, 6.5, top) + dot(-6, y + 2, 5.5, face) + dot(6, y + 2, 5.5, face) + dot(0, y + 5, 5.5, face) + dot(0, y, 2.6, INK)  # fmt: skip


def hydrangea(fill: str, height: float = 44) -> str:
    spots = ((-10, -4), (0, -9), (10, -4), (-6, 5), (6, 5), (0, -1), (-13, 3), (13, 3))
    return leaves(height, LEAF_DEEP) + "".join(
        dot(x, -height + y, 6.2, fill) + dot(x, -height + y, 1.7, PAPER) for x, y in spots
    )


def salvia(fill: str, height: float = 58) -> str:
    bells = "".join(dot(side * 5, -height + step * 8, 4.6 + step * 0.5, fill) for step in range(5) for side in (-1, 1))
    return leaves(height) + bells + dot(0, -height - 6, 4.4, fill)


def hosta(fill: str = LEAF_LIGHT) -> str:
    leaf = path("M0 0Q-13 -16 0 -42Q13 -16 0 0Z", fill) + line("M0 -4V-34", LEAF, 1.6)
    return "".join(f'<g transform="rotate({turn})">{leaf}</g>' for turn in (-68, -36, 36, 68, 0))


def berries(height: float = 62) -> str:
    twig = line(
        f"M0 0Q4 {-height * 0.5} 0 {-height}M1 {-height * 0.5}L14 {-height * 0.8}M1 {-height * 0.4}L-13 {-height * 0.7}",
        BARK,
        2.4,
    )
    return twig + "".join(
        dot(x, -height + y, 4.2, BRICK)
        for x, y in ((0, -2), (6, 6), (-6, 8), (14, 12), (18, 20), (-13, 20), (-17, 26), (10, 20))
    )


def seedling() -> str:
    return (
        line("M0 0V-12", LEAF, 2.4)
        + path("M0 -11Q-12 -12 -13 -22Q-2 -22 0 -11Z", LEAF_LIGHT)
        + path("M0 -11Q12 -12 13 -22Q2 -22 0 -11Z", LEAF)
    )


def bed_edge(y: float, width: float = 480, depth: float = 70) -> str:
    """Soil with a low brick edge; what grows stands on y."""
    edge = y + 12
    found = rect(0, y - 6, width, 20, BARK) + rect(0, edge, width, depth, BRICK_DEEP)
    for row in range(int(depth // 17) + 1):
        for column in range(-1, int(width // 48) + 1):
            found += rect(
                column * 48 + (24 if row % 2 else 0),
                edge + row * 17,
                45,
                14.5,
                ("#9C4A36", "#A9533D", "#B05B44")[(row + column * 2) % 3],
            )
    return found


# --- things ---


def watering_can(fill: str = WATER_DEEP) -> str:
    body = (
        path("M-26 -38H20L24 0H-28Z", fill)
        + line("M-20 -38Q-2 -66 18 -38", fill, 6)
        + path("M22 -10L52 -44L58 -38L24 2Z", fill)
    )
    return body + at(58, -44, path("M-10 8L8 -12L14 -4L-2 14Z", SAND)) + rect(-27, -26, 49, 6, PAPER)


def broom() -> str:
    straw = "".join(line(f"M0 -40Q{side * 0.4} -20 {side} 0", STRAW, 4) for side in range(-26, 27, 6))
    return line("M0 -150V-38", CLAYISH, 7) + straw + path("M-10 -46H10L13 -34H-13Z", BRICK)


CLAYISH = "#A9733F"


def bucket(fill: str, handle: str = IRON) -> str:
    return (
        line("M-22 -44Q0 -70 22 -44", handle, 3.5)
        + path("M-24 -46H24L18 0H-18Z", fill)
        + dot(0, -46, 24, CREAM, 5)
        + dot(0, -46, 20, WATER, 3.6)
    )


def key(fill: str, bits: int = 2, round_: bool = True) -> str:
    """Hangs from (0, 0) downwards."""
    bow = (
        dot(0, 20, 17, fill) + dot(0, 14, 6, CREAM)
        if round_
        else path("M-14 4H14L18 30Q0 42 -18 30Z", fill) + dot(0, 14, 6, CREAM)
    )
    teeth = "".join(rect(3, 74 + 14 * i, 13 - 3 * (i % 2), 7, fill) for i in range(bits))
    return bow + rect(-4.5, 32, 9, 76, fill, 3) + teeth


def stove(fill: str = IRON) -> str:
    """A coal-ball stove; its top at (0, -78)."""
    body = (
        line("M-30 -60Q0 -112 30 -60", GREY, 3) + path("M-30 -74H30L26 -4H-26Z", fill) + rect(-33, -80, 66, 10, GREY, 3)
    )
    body += rect(-12, -30, 24, 16, SUN, 3) + rect(-12, -22, 24, 8, ORANGE, 2) + line("M-20 -4V4M20 -4V4", INK, 6)
    return body + line("M-28 -54H28M-27 -44H27", GREY, 1.6)


def umbrella(fill: str = BRICK, rib: str = "#D4664C") -> str:
    """Its tip at (0, -70), its grip at (0, 40)."""
    top = path(
        "M-70 -8A70 62 0 0 1 70 -8Q58 -18 46 -8Q34 -18 23 -8Q11 -18 0 -8Q-11 -18 -23 -8Q-34 -18 -46 -8Q-58 -18 -70 -8Z",
        fill,
    )
    return (
        line("M0 -74V34Q0 44 -9 42", INK, 4)
        + top
        + path("M-23 -8Q-18 -52 0 -70Q18 -52 23 -8Q11 -18 0 -8Q-11 -18 -23 -8Z", rib)
    )


def flag(fill: str = BRICK) -> str:
    return line("M0 0V-44", BARK, 3) + path("M0 -44H26L20 -35L26 -26H0Z", fill)


def glowing_window(x: float, y: float, w: float, h: float, frame: str = BARK, glass: str = SUN) -> str:
    return (
        rect(x - 4, y - 4, w + 8, h + 8, frame)
        + rect(x, y, w, h, glass)
        + line(f"M{x + w / 2} {y}V{y + h}M{x} {y + h / 2}H{x + w}", frame, 3)
    )


def shikumen(x: float, y: float, scale: float = 1) -> str:
    """A stone gate; its threshold at (x, y), 120 high."""
    gate = (
        rect(-52, -112, 104, 112, STONE)
        + path("M-60 -112Q0 -176 60 -112Z", STONE)
        + path("M-44 -112Q0 -154 44 -112Z", SAND)
        + rect(-62, -116, 124, 10, SAND)
    )
    gate += (
        rect(-34, -100, 68, 100, INK)
        + rect(-30, -96, 28, 96, "#3A2420")
        + rect(2, -96, 28, 96, "#3A2420")
        + dot(-8, -48, 5, GOLD)
        + dot(8, -48, 5, GOLD)
    )
    return at(x, y, gate + rect(-40, -6, 80, 8, GREY), scale)


def pot(fill: str = ORANGE, paint: str = WATER_DEEP) -> str:
    return path("M-12 -18H12L9 0H-9Z", fill) + dot(0, -18, 12, CREAM, 4) + dot(0, -18, 9.5, paint, 3)


def placed(things: list[tuple[float, float, str]], y: float = 0) -> str:
    return cut("".join(at(x, y + dy, shape) for x, dy, shape in things))
