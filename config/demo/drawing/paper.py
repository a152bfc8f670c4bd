"""Cut paper: flat shapes, each cut with a hard shadow of 2.5 by 3. Everything is an attribute, no style, no script, no filter.

A shape is a piece of SVG text; pieces are joined with ``+``. Colours are the art's own, next to those of tokens.css.
"""

import random
import re
from html import escape
from math import cos, pi, sin

INK, NIGHT, DUSK, IRON, RUST = "#2B2723", "#26384F", "#2F4A5C", "#4A453D", "#8C6142"
PAPER, CREAM, SAND, STONE, CLAY = "#FAF6EE", "#F1E7D2", "#E6D5B6", "#C8B899", "#8A6A4A"
BRICK, BRICK_DEEP, ROSE, PINK = "#B4452F", "#7E2A1C", "#C9645E", "#E3A09A"
GOLD, SUN, ORANGE, STRAW = "#DDA63A", "#F0CE7E", "#E0813C", "#A9833F"
LEAF, LEAF_DEEP, LEAF_LIGHT, MINT = "#4F7F45", "#2F5530", "#8DAE77", "#BFD3B4"
WATER, WATER_DEEP, SKY, VIOLET = "#8FB9C4", "#3F7690", "#CFE3E4", "#8E6FB0"
SKIN, BROWN, BARK, GREY = "#EBC49C", "#6B3A22", "#6B4A35", "#8A8378"
SHADOW = "#1d1a16"

_COLOURED = re.compile(r'(fill|stroke)="#[0-9A-Fa-f]{6}"')


def n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def rect(x: float, y: float, w: float, h: float, fill: str, r: float = 0) -> str:
    return f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}"{f" rx={chr(34)}{n(r)}{chr(34)}" if r else ""} fill="{fill}"/>'


def dot(x: float, y: float, r: float, fill: str, ry: float | None = None) -> str:
    if ry is None:
        return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="{fill}"/>'
    return f'<ellipse cx="{n(x)}" cy="{n(y)}" rx="{n(r)}" ry="{n(ry)}" fill="{fill}"/>'


def path(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def line(d: str, stroke: str, width: float = 4) -> str:
    return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{n(width)}" stroke-linecap="round" stroke-linejoin="round"/>'


def words(x: float, y: float, text: str, size: float, fill: str = INK) -> str:
    return (
        f'<text x="{n(x)}" y="{n(y)}" font-size="{n(size)}" fill="{fill}" text-anchor="middle" font-weight="bold" '
        f'font-family="Songti SC,STSong,Noto Serif CJK SC,PingFang SC,Microsoft YaHei,sans-serif">{escape(text)}</text>'
    )


def at(x: float, y: float, shape: str, scale: float = 1, turn: float = 0, flip: bool = False) -> str:
    moves = f"translate({n(x)} {n(y)})"
    if turn:
        moves += f" rotate({n(turn)})"
    if scale != 1 or flip:
        moves += f" scale({scale * (-1 if flip else 1):.2f} {scale:.2f})"
    return f'<g transform="{moves}">{shape}</g>'


def cut(shape: str, depth: float = 1) -> str:
    """``shape`` with its shadow, as if it were glued on."""
    under = _COLOURED.sub(rf'\1="{SHADOW}"', shape)
    return f'<g opacity=".16" transform="translate({n(2.5 * depth)} {n(3 * depth)})">{under}</g>{shape}'


def faint(shape: str, opacity: float) -> str:
    return f'<g opacity="{opacity:.2f}">{shape}</g>'


def sheet(title: str, shape: str, width: int = 480, height: int = 320, clip: str = "") -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
        f"<title>{escape(title)}</title>{clip}{shape}</svg>"
    )


def star(x: float, y: float, r: float, fill: str, points: int = 5) -> str:
    corners = []
    for step in range(points * 2):
        far = r if step % 2 == 0 else r * 0.42
        angle = pi * step / points - pi / 2
        corners.append(f"{n(x + far * cos(angle))} {n(y + far * sin(angle))}")
    return path(f"M{'L'.join(corners)}Z", fill)


def chance(key: str) -> random.Random:
    """The same dice for the same key, so that a drawing looks the same every time."""
    return random.Random(f"lane {key}")


def bricks(
    x: float, y: float, w: float, h: float, ground: str, tones: tuple[str, ...], key: str, size: float = 30
) -> str:
    """A wall of bricks with joints of the ground's colour, a few missing to the tone."""
    dice = chance(key)
    found = rect(x, y, w, h, ground)
    tall = size * 0.42
    for row in range(int(h // tall) + 1):
        left = x - (size / 2 if row % 2 else 0)
        while left < x + w:
            if dice.random() < 0.72:
                a, b = max(left, x), min(left + size - 2, x + w)
                top = y + row * tall
                if b > a and top < y + h:
                    found += rect(a, top, b - a, min(tall - 2, y + h - top), dice.choice(tones), 1)
            left += size
    return found
