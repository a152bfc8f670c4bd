"""The eight pictures of the archive, drawn from their alt texts. Nobody in them is anybody: no face has a feature."""

from config.demo.drawing.motifs import (
    COATS,
    HAIR,
    bed_edge,
    crouching,
    crowd_of_backs,
    daisy,
    flag,
    glowing_window,
    kale,
    pansy,
    person,
    pot,
    shikumen,
    tree,
    tulip,
    umbrella,
    watering_can,
)  # fmt: skip
from config.demo.drawing.paper import (
    BARK,
    BRICK,
    BRICK_DEEP,
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
    SKIN,
    SKY,
    STONE,
    SUN,
    VIOLET,
    WATER,
    WATER_DEEP,
    at,
    bricks,
    chance,
    cut,
    dot,
    faint,
    line,
    path,
    rect,
    star,
)  # fmt: skip


def bullet_wall() -> str:
    """ph01: people before a wall with bullet holes."""
    wall = bricks(0, 0, 480, 250, "#8C7B69", ("#A08D78", "#97846F", "#A9967F", "#8F7C68"), "ph01", 34)
    dice = chance("holes")
    holes = ""
    for _ in range(60):
        x, y, r = dice.uniform(10, 470), dice.uniform(10, 166), dice.uniform(2.2, 6.5)
        if 26 < y < 126 and any(left - 12 < x < left + 64 for left in (60, 214, 368)):
            continue
        turn = dice.uniform(0, 180)
        chip = path("M-9 -2L-5 -8L2 -6L8 -8L9 0L6 7L-1 6L-8 8Z", "#B5A28B") + path(
            "M-5 -1L-2 -5L4 -4L5 2L1 5L-4 4Z", "#4A3F35"
        )
        holes += at(x, y, chip, r / 5, turn)
    panes = "".join(
        rect(x - 5, 34, 62, 86, "#6B5B4B")
        + rect(x, 40, 52, 74, "#39424A")
        + line(f"M{x + 26} 40V114M{x} 77H{x + 52}", "#6B5B4B", 4)
        for x in (60, 214, 368)
    )
    ground = rect(0, 250, 480, 70, "#C9BDA6") + rect(0, 250, 480, 8, "#A99B82")
    people = crowd_of_backs(206, 9, 44, 440, 1.02)
    return wall + cut(panes) + holes + ground + cut(people) + cut(at(478 - 24, 250, flag()))


def painting_children() -> str:
    """ph02: two children crouch and paint a cover, a parent holds the umbrella."""
    ground = (
        rect(0, 0, 480, 320, "#DDE5D2") + path("M0 118H480V320H0Z", "#D8CBB2") + path("M0 118H480V128H0Z", "#B9AA8C")
    )
    ground += "".join(
        rect(x, y, 46, 3, "#CBBDA1", 1)
        for x, y in ((20, 150), (120, 172), (380, 156), (30, 232), (400, 240), (300, 146), (420, 300), (60, 300))
    )
    back = tree(46, 122, 0.9) + tree(118, 120, 0.7, LEAF_DEEP) + tree(430, 122, 1) + tree(376, 120, 0.66, LEAF_DEEP)
    lid = (
        dot(244, 262, 118, IRON, 44)
        + dot(244, 260, 104, "#332f29", 38)
        + dot(244, 260, 99, WATER, 35)
        + path("M147 266Q190 250 244 262T341 258Q336 294 244 295Q156 293 147 266Z", WATER_DEEP)
    )
    fish = (
        path("M206 258Q226 236 262 250Q276 256 286 250Q282 262 288 272Q276 266 262 270Q228 280 206 258Z", ORANGE)
        + dot(222, 256, 3, INK)
        + line("M238 248Q243 258 238 270M250 248Q255 258 250 270", CREAM, 3)
    )
    fish += faint(path("M244 226A100 36 0 0 1 343 262L300 262Q290 244 244 240Z", "#5F574B"), 1)
    pots = at(392, 300, pot(BRICK, SUN)) + at(420, 294, pot(LEAF, ORANGE)) + at(92, 304, pot(GOLD, WATER_DEEP))
    children = crouching(136, 258, 1.15, GOLD, INK) + crouching(352, 256, 1.08, ROSE, "#3A2A1E", flip=True)
    parent = person(414, 152, 1.32, NIGHT, INK, "#4F5F78", arms="M-8 14L-30 -4")
    brushes = line("M178 242L196 254", BARK, 4) + line("M313 242L296 256", BARK, 4)
    return (
        ground
        + cut(back)
        + cut(lid)
        + fish
        + cut(pots)
        + cut(children + brushes)
        + cut(parent + at(376, 96, umbrella(), 1.24))
    )


def film() -> str:
    """ph03: the backs of a full cinema."""
    hall = (
        rect(0, 0, 480, 320, "#231F2B")
        + path("M0 0H60V214L0 262Z", "#34263A")
        + path("M480 0H420V214L480 262Z", "#34263A")
    )
    folds = "".join(line(f"M{x} 0V{222 + abs(240 - x) / 8 - 22}", "#4A2F45", 5) for x in (12, 30, 48, 432, 450, 468))
    beam = faint(path("M240 320L96 34H384Z", PAPER), 0.08)
    screen = rect(88, 30, 304, 146, PAPER) + rect(94, 36, 292, 134, SKY) + dot(320, 74, 22, SUN)
    screen += path("M94 150L150 92L196 132L252 78L316 140L386 108V170H94Z", "#7F9FA3") + path(
        "M94 152Q180 138 250 150T386 144V170H94Z", LEAF
    )
    bridge = (
        line("M94 140H386", IRON, 4)
        + "".join(line(f"M{x} 140V166", IRON, 4) for x in range(120, 386, 44))
        + path("M150 122H284Q302 122 306 138H150Z", PAPER)
        + rect(150, 131, 150, 4, BRICK)
    )
    bridge += "".join(rect(x, 125, 12, 5, WATER_DEEP) for x in range(160, 284, 20))
    rows = ""
    dice = chance("film")
    for row, (y, step, size) in enumerate(((222, 38, 0.8), (258, 46, 1.02), (302, 58, 1.32))):
        for x in range(-6 + row * 13, 500, step):
            tone = dice.choice(("#3D3644", "#463A44", "#332E3D", "#4A3F3C"))
            rows += at(
                x,
                y,
                path("M-20 40Q-20 8 0 8Q20 8 20 40Z", tone)
                + dot(0, -6, 13, tone)
                + rect(-22, 22, 44, 40, "#6B2A2A", 7),
                size,
            )
    return hall + folds + cut(screen + bridge) + beam + cut(rows)


WALL = (14, 52, 452, 150)  # x, y, w, h of the story wall, the same before and after


def wall_frame(sky: str = "#E4ECE4") -> str:
    x, y, w, _h = WALL
    houses = "".join(
        rect(a, 8, 70, 60, fill)
        + path(f"M{a - 6} 16L{a + 35} -12L{a + 76} 16Z", IRON)
        + rect(a + 14, 26, 14, 18, "#7B8A90")
        + rect(a + 42, 26, 14, 18, "#7B8A90")
        for a, fill in ((30, "#E6D5B6"), (150, "#EBDDC2"), (262, "#E6D5B6"), (376, "#EBDDC2"))
    )
    coping = rect(x - 8, y - 14, w + 16, 16, BRICK) + "".join(
        line(f"M{a} {y - 14}V{y + 1}", BRICK_DEEP, 2) for a in range(x + 16, x + w, 24)
    )
    return rect(0, 0, 480, 320, sky) + faint(houses, 0.8) + coping


def new_wall() -> str:
    """ph04: the whole wall with its ten pictures, and people who have stopped before it."""
    x, y, w, h = WALL
    wall = rect(x, y, w, h, PAPER)
    grounds = ("#EBC98A", "#E9DDC6", NIGHT, "#CFDDDC", "#2F4A5C", "#E4C7BC", WATER, "#E8D9BC", "#F0CE7E", "#BFD3B4")
    signs = (
        path("M-10 16V-6Q0 -18 10 -6V16Z", BRICK) + dot(0, 2, 3, SUN),
        path("M-13 10Q-6 4 0 10Q6 4 13 10V-6Q6 -12 0 -6Q-6 -12 -13 -6Z", PAPER) + line("M0 -6V10", BRICK, 2),
        rect(-9, -11, 18, 22, SUN) + line("M0 -11V11M-9 0H9", BARK, 2),
        dot(-6, 10, 5, INK) + dot(8, 10, 5, INK) + rect(-14, -6, 26, 12, BRICK) + rect(-10, -15, 6, 10, INK),
        path("M-14 6A14 14 0 0 1 14 6Z", ROSE) + line("M-15 7H15", LEAF_DEEP, 4),
        rect(-8, -4, 16, 16, IRON) + dot(0, -12, 6, PAPER) + dot(8, -16, 5, PAPER),
        path("M0 -14C7 -4 11 2 11 7A11 11 0 0 1 -11 7C-11 2 -7 -4 0 -14Z", WATER_DEEP),
        dot(0, -7, 7, GOLD) + rect(-2, -2, 4, 18, GOLD) + rect(2, 9, 6, 4, GOLD),
        dot(-6, 0, 8, SKIN) + dot(7, 4, 5, "#F3D3B0") + path("M0 -12C-8 -18 -6 -22 0 -18C6 -22 8 -18 0 -12Z", BRICK),
        "".join(at(a, 12, tulip(c, 14), 0.8) for a, c in ((-8, BRICK), (2, VIOLET), (10, ORANGE))),
    )
    frames = ""
    for i, (ground, sign) in enumerate(zip(grounds, signs, strict=True)):
        left = x + 10 + (i % 10) * 43.6
        frames += rect(left, y + 18, 38, 88, ground) + at(left + 19, y + 62, sign, 1.15)
    foot = rect(x, y + h - 30, w, 30, "#3B322B")
    bed = bed_edge(214, 480, 22)
    row = "".join(
        at(
            a,
            216,
            (kale(LEAF_LIGHT, PINK, 0.62), pansy(VIOLET, SUN, 16), daisy(PAPER, GOLD, 22), kale(MINT, ROSE, 0.55))[
                i % 4
            ],
        )
        for i, a in enumerate(range(14, 480, 22))
    )
    lane = rect(0, 248, 480, 72, "#D3C3A5") + rect(0, 248, 480, 4, "#B9AA8C")
    people = (
        person(136, 222, 0.92, BRICK, INK, back=True)
        + person(168, 242, 0.66, GOLD, INK, back=True)
        + person(330, 218, 0.96, NIGHT, GREY, back=True)
        + person(366, 222, 0.92, LEAF, GREY, back=True, arms="M8 10L30 -20")
    )
    return wall_frame() + cut(wall) + frames + foot + bed + cut(row) + lane + cut(people)


def old_wall() -> str:
    """ph08: the same wall before: black with salt and damp, its paint coming off."""
    x, y, w, h = WALL
    dice = chance("old wall")
    wall = rect(x, y, w, h, "#B9B3A4") + bricks(
        x, y + h - 46, w, 46, "#6E5A4C", ("#8A5F4C", "#7D5545", "#93705B"), "ph08", 26
    )
    patches = ""
    for _ in range(15):
        a, b, r = dice.uniform(x + 16, x + w - 40), dice.uniform(y + 8, y + h - 50), dice.uniform(12, 34)
        shape = f"M{a:.0f} {b:.0f}l{r:.0f} {-r * 0.3:.0f}l{r * 0.7:.0f} {r * 0.5:.0f}l{-r * 0.3:.0f} {r * 0.7:.0f}l{-r:.0f} {r * 0.1:.0f}Z"
        patches += path(shape, dice.choice(("#CFC9BA", "#A39C8C", "#D8D3C6", "#8F8879")))
    bare = bricks(x + 70, y + 34, 74, 52, "#7A5A4A", ("#9A6A54", "#8A5F4C"), "bare", 24) + bricks(
        x + 300, y + 58, 92, 40, "#7A5A4A", ("#9A6A54", "#8A5F4C"), "bare2", 24
    )
    damp = "".join(
        path(
            f"M{x + a} {y}Q{x + a + 8} {y + deep * 0.6} {x + a + 16} {y + deep}Q{x + a + 24} {y + deep * 0.6} {x + a + 34} {y}Z",
            "#4A463F",
        )
        for a, deep in ((22, 74), (120, 50), (206, 96), (268, 60), (392, 84))
    )
    mould = "".join(
        dot(dice.uniform(x + 10, x + w - 10), y + h - dice.uniform(14, 62), dice.uniform(5, 17), "#3D3A34")
        for _ in range(26)
    )
    cracks = line(
        f"M{x + 178} {y}L{x + 170} {y + 36}L{x + 186} {y + 60}L{x + 174} {y + 104}M{x + 186} {y + 60}L{x + 214} {y + 78}M{x + 424} {y + 4}L{x + 410} {y + 50}L{x + 420} {y + 92}",
        "#4A453D",
        2.6,
    )
    flakes = "".join(
        at(
            dice.uniform(20, 460),
            dice.uniform(206, 226),
            path("M-5 0L2 -4L6 1L-1 4Z", "#CFC9BA"),
            1,
            dice.uniform(0, 180),
        )
        for _ in range(16)
    )
    ground = rect(0, 202, 480, 46, "#9A8E78") + rect(0, 248, 480, 72, "#BDB09A") + rect(0, 248, 480, 4, "#9A8E78")
    weeds = "".join(
        line(f"M{a} 206Q{a + 3} {196 - a % 7} {a + (6 if a % 2 else -6)} {186 - a % 11}", LEAF_DEEP, 2.4)
        for a in (30, 36, 41, 128, 134, 262, 268, 273, 380, 444, 449)
    )
    bike = "".join(
        f'<circle cx="{a}" cy="270" r="19" fill="none" stroke="#4A453D" stroke-width="4"/>' for a in (352, 404)
    ) + line("M352 270L372 240H396L404 270M372 240L380 270L396 240M366 234H378M396 240L394 228H404", BRICK_DEEP, 4)
    return (
        wall_frame("#DDE0DA")
        + cut(wall)
        + faint(patches, 0.9)
        + bare
        + faint(damp, 0.55)
        + faint(mould, 0.45)
        + cracks
        + ground
        + flakes
        + weeds
        + cut(bike)
    )


def planting() -> str:
    """ph05: adults and children plant ornamental kale."""
    ground = rect(0, 0, 480, 320, "#E4ECE4") + rect(0, 60, 480, 96, PAPER) + rect(0, 46, 480, 16, BRICK)
    murals = "".join(
        rect(a, 74, 84, 66, fill)
        for a, fill in ((16, "#EBC98A"), (112, NIGHT), (208, WATER), (304, "#E8D9BC"), (400, "#BFD3B4"))
    )
    bed = bed_edge(176, 480, 30)
    row = "".join(
        at(a, 182, kale((LEAF_LIGHT, MINT, "#7F9A78")[i % 3], (PINK, PAPER, ROSE)[i % 3], 1.02))
        for i, a in enumerate((26, 78, 130, 182, 234, 286))
    )
    lane = rect(0, 218, 480, 102, "#D3C3A5")
    people = (
        crouching(284, 292, 1.3, LEAF, GREY)
        + crouching(424, 296, 0.96, GOLD, INK, flip=True)
        + person(120, 186, 1.2, BRICK, INK, arms="M9 12L30 34")
    )
    plants = at(352, 262, kale(LEAF_LIGHT, PINK, 0.9)) + at(74, 300, watering_can(), 0.9)
    return ground + murals + bed + cut(row) + lane + cut(people) + cut(plants)


def listening() -> str:
    """ph06: members sit in a circle and listen."""
    room = (
        rect(0, 0, 480, 320, "#EFE4CE")
        + rect(0, 214, 480, 106, "#B98F66")
        + "".join(line(f"M0 {y}H480", "#A97F58", 2) for y in (236, 262, 292))
        + rect(0, 208, 480, 8, "#8A6A4A")
    )
    panes = cut(glowing_window(40, 50, 78, 92, BARK, SKY) + glowing_window(362, 50, 78, 92, BARK, SKY)) + faint(
        dot(80, 128, 20, LEAF) + dot(402, 130, 18, LEAF), 0.8
    )
    board = (
        cut(rect(160, 42, 160, 104, BRICK) + rect(168, 50, 144, 88, "#C4513A"))
        + star(240, 84, 18, SUN)
        + line("M196 116H284M206 126H274", SUN, 4)
    )
    speaker = person(240, 142, 0.98, NIGHT, GREY, arms="M8 12L30 0")
    far = "".join(person(a, 174, 0.78, COATS[i], HAIR[i % 5]) for i, a in enumerate((104, 152, 328, 376)))
    table = (
        dot(240, 258, 172, BARK, 34)
        + dot(240, 252, 172, "#A9733F", 34)
        + "".join(
            rect(a, b, 22, 12, PAPER, 1)
            for a, b in ((140, 240), (206, 230), (274, 230), (332, 242), (180, 262), (286, 264))
        )
    )
    cups = "".join(rect(a, b, 10, 11, WATER_DEEP, 2) for a, b in ((176, 238), (306, 236), (236, 258)))
    near = "".join(
        at(a, 276, path("M-24 62Q-24 8 0 8Q24 8 24 62Z", COATS[(i + 3) % 8]) + dot(0, -8, 16, HAIR[(i + 1) % 5]), 1)
        for i, a in enumerate((66, 150, 240, 330, 414))
    )
    return room + panes + board + cut(speaker + far) + cut(table) + cut(cups) + cut(near)


def group_photo() -> str:
    """ph07: a group before a stone gate; the faces are blurred."""
    wall = bricks(0, 0, 480, 262, "#8A4A3C", ("#A05A48", "#97523F", "#A86450", "#8F4C3C"), "ph07", 34) + rect(
        0, 262, 480, 58, "#C9BDA6"
    )
    bands = rect(0, 40, 480, 8, STONE) + rect(0, 150, 480, 5, STONE)
    gate = cut(at(0, 0, shikumen(240, 258, 1.5)))
    panes = cut(
        glowing_window(54, 70, 56, 62, "#5B4636", "#4F5F60") + glowing_window(370, 70, 56, 62, "#5B4636", "#4F5F60")
    )
    blur = (
        dot(1, -10, 11, "#E6C6A2")
        + rect(-7, -17, 8, 7, "#F0D6B6")
        + rect(1, -10, 8, 7, "#D9B48C")
        + rect(-7, -10, 8, 7, "#E3BE98")
        + rect(1, -17, 8, 7, "#EBCFAE")
    )
    people = ""
    for i, a in enumerate((84, 136, 188, 240, 292, 344, 396)):
        people += person(a, 186, 0.98, COATS[(i + 2) % 8], HAIR[i % 5]) + at(a, 186, blur, 0.98)
    for i, a in enumerate((112, 176, 240, 304, 368)):
        people += person(a, 224, 1.02, COATS[(i + 5) % 8], HAIR[(i + 2) % 5]) + at(a, 224, blur, 1.02)
    return wall + bands + panes + gate + cut(people) + cut(at(440, 300, flag()))


SCENES = {
    "ph01": bullet_wall, "ph02": painting_children, "ph03": film, "ph04": new_wall, "ph05": planting, "ph06": listening, "ph07": group_photo,
    "ph08": old_wall,
}  # fmt: skip
