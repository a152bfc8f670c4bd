"""A sheet of plaster above the lane's roofs with what would be seen written on it, where nobody has drawn it."""

from textwrap import wrap

from config.demo.drawing.paper import BRICK, BRICK_DEEP, LEAF, PAPER, SUN, cut, path, rect, words


def lettered(title: str) -> str:
    lines = wrap(title, 14)[:5]
    top = 150 - 15 * (len(lines) - 1)
    written = "".join(words(240, top + 30 * index, line, 21) for index, line in enumerate(lines))
    roofs = "".join(
        path(f"M{x} 320v-{36 + x // 3 % 24}l28-18 28 18v{36 + x // 3 % 24}z", fill) + rect(x + 23, 296, 10, 13, SUN)
        for x, fill in zip(range(-8, 480, 56), [BRICK, BRICK_DEEP, LEAF] * 4, strict=False)
    )
    return rect(0, 0, 480, 320, "#F1E9DA") + cut(rect(16, 16, 448, 236, PAPER, 8)) + roofs + written
