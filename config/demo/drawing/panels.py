"""The ten pictures of the story wall. Four hang on the portal's own pages too and lie in static/art; six are drawn here."""

from config.demo.drawing.motifs import (
    bed_edge,
    bird,
    broom,
    bucket,
    cloud,
    daisy,
    key,
    pansy,
    person,
    salvia,
    stove,
    tulip,
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
    LEAF_LIGHT,
    NIGHT,
    ORANGE,
    PAPER,
    PINK,
    ROSE,
    SKIN,
    SKY,
    STONE,
    STRAW,
    SUN,
    VIOLET,
    WATER,
    WATER_DEEP,
    at,
    bricks,
    cut,
    dot,
    faint,
    line,
    path,
    rect,
    words,
)  # fmt: skip

SHIPPED = {"wp01": "panel-01", "wp02": "panel-02", "wp03": "panel-03", "wp05": "panel-05"}


def whistle() -> str:
    """wp04: a steam engine and a clock on the wall."""
    ground = rect(0, 0, 480, 320, "#E9DDC6") + rect(0, 210, 480, 110, "#D9C7A6")
    hall = path("M0 210V120L60 84L120 120L180 84L240 120L300 84L360 120V210Z", "#DCCBAA")
    panes = "".join(rect(x, 138, 22, 40, "#EFE4CE") for x in range(20, 350, 48))
    steam = cut(cloud(150, 66, 1.5, PAPER) + cloud(84, 40, 1.15, PAPER) + cloud(40, 78, 0.8, PAPER))
    rails = (
        rect(0, 284, 480, 6, IRON)
        + "".join(rect(x, 290, 26, 8, BARK) for x in range(8, 480, 48))
        + rect(0, 300, 480, 20, "#B59E78")
    )
    wheels = "".join(
        dot(x, 262, 24, INK)
        + dot(x, 262, 17, BRICK)
        + dot(x, 262, 5, SUN)
        + line(f"M{x - 17} 262H{x + 17}M{x} 245V279", INK, 3)
        for x in (168, 224, 280)
    )
    wheels += "".join(dot(x, 270, 15, INK) + dot(x, 270, 10, BRICK) + dot(x, 270, 3.5, SUN) for x in (104, 346, 384))
    engine = rect(150, 172, 170, 62, NIGHT, 10) + rect(88, 180, 70, 54, NIGHT, 6) + rect(84, 228, 320, 14, BRICK_DEEP)
    engine += path("M80 242L58 276H112V242Z", IRON) + dot(100, 207, 22, SUN) + dot(100, 207, 15, PAPER)
    engine += (
        path("M132 180L138 118H166L172 180Z", INK)
        + rect(130, 108, 44, 14, GOLD, 4)
        + path("M206 172Q206 148 226 148Q246 148 246 172Z", GOLD)
        + rect(268, 152, 12, 20, GOLD)
    )
    engine += (
        rect(316, 130, 88, 104, BRICK)
        + rect(306, 118, 108, 16, BRICK_DEEP, 4)
        + rect(330, 148, 28, 34, SKY)
        + rect(366, 148, 26, 34, SKY)
    )
    engine += "".join(rect(x, 172, 5, 62, GOLD) for x in (176, 250, 292))
    rod = line("M168 262H280", STONE, 6)
    clock = line("M422 0V26", INK, 4) + dot(422, 62, 40, BARK) + dot(422, 62, 33, CREAM) + "".join(
        at(422, 62, rect(-1.5, -30, 3, 7, INK), 1, turn) for turn in range(0, 360, 30)
    ) + line("M422 62V40M422 62L438 72", INK, 4) + dot(422, 62, 4, BRICK)  # fmt: skip
    return ground + hall + panes + steam + rails + cut(engine + wheels + rod) + cut(clock)


def stoves() -> str:
    """wp06: a row of coal-ball stoves whose smoke turns into clouds."""
    ground = rect(0, 0, 480, 320, "#CFDDDC") + path("M0 150Q120 118 240 146T480 132V320H0Z", "#DCE5DF")
    lane = rect(0, 262, 480, 58, "#B9A88A") + "".join(
        rect(x, 272 + (x // 60 % 3) * 14, 34, 5, "#A69474", 2) for x in range(6, 480, 60)
    )
    houses = "".join(
        rect(x, 168, 108, 94, fill) + path(f"M{x - 8} 168L{x + 54} 132L{x + 116} 168Z", IRON) + rect(x + 18, 188, 24, 30, "#5B4636") + rect(x + 66, 188, 24, 30, "#5B4636") + rect(x + 44, 222, 22, 40, "#5B4636")
        for x, fill in ((6, "#E6D5B6"), (126, "#EBDDC2"), (246, "#E6D5B6"), (366, "#EBDDC2"))
    )  # fmt: skip
    smoke = "".join(
        line(f"M{x} 196Q{x - 22} 170 {x} 148Q{x + 20} 126 {x - 2} 104", "#F3EFE6", 13) for x in (70, 170, 270, 370)
    )
    clouds = cut(
        "".join(
            cloud(x, y, s, PAPER)
            for x, y, s in ((66, 92, 1.05), (172, 62, 1.35), (274, 84, 1.1), (378, 52, 1.45), (436, 104, 0.7))
        )
    )
    row = cut(
        "".join(
            at(x, 288, stove(fill), 1.05) for x, fill in ((70, IRON), (170, BRICK_DEEP), (270, IRON), (370, "#54606A"))
        )
    )
    coal = "".join(
        dot(x, y, 9, INK) + dot(x - 3, y - 2, 1.6, GREY) + dot(x + 3, y - 2, 1.6, GREY) + dot(x, y + 4, 1.6, GREY)
        for x, y in ((428, 296), (446, 296), (437, 281))
    )
    fan = at(
        118,
        292,
        path("M0 0L-24 -36Q0 -52 24 -36Z", SUN) + line("M0 0V14M0 -2L-12 -38M0 -2L12 -38M0 -2V-42", STRAW, 2.4),
    )
    return (
        ground
        + faint(houses, 0.9)
        + lane
        + faint(smoke, 0.85)
        + clouds
        + row
        + cut(coal + fan)
        + cut(bird(226, 30) + bird(250, 40, 0.7))
    )


def tap() -> str:
    """wp07: buckets queueing at the only tap."""
    ground = bricks(0, 0, 480, 250, "#D8C4A0", ("#E2D0AE", "#DCC8A4", "#E7D8BA"), "tap", 44) + rect(
        0, 250, 480, 70, "#A9AFA6"
    )
    wet = dot(96, 276, 78, "#8FA6A8", 12) + dot(88, 274, 46, WATER, 7)
    pipe = (
        rect(78, 0, 22, 96, IRON)
        + rect(72, 88, 34, 16, GREY, 3)
        + path("M78 100H154Q166 100 166 116V138H142V124H78Z", IRON)
    )
    pipe += rect(138, 134, 32, 10, GREY, 3) + rect(112, 76, 8, 26, GREY) + rect(94, 66, 44, 13, BRICK, 6)
    drop = path("M154 160C163 174 170 182 170 192A16 16 0 0 1 138 192C138 182 145 174 154 160Z", WATER_DEEP) + path(
        "M146 190A9 9 0 0 0 152 202", PAPER
    )
    row = "".join(
        at(x, 284, bucket(fill), s) for x, fill, s in ((154, BRICK, 1.15), (218, "#5F97AB", 0.95), (272, GOLD, 1))
    )
    neighbour = person(384, 172, 1.22, LEAF, GREY, NIGHT, arms="M-10 12L-30 -14")
    pole = line("M308 178Q384 156 462 178", STRAW, 8) + line("M314 178V222M456 178V222", BARK, 3)
    pole += at(314, 276, bucket(PINK), 0.85) + at(456, 276, bucket("#5F97AB"), 0.85)
    return ground + wet + cut(pipe) + cut(drop) + cut(row) + cut(neighbour) + cut(pole)


def keys() -> str:
    """wp08: the building leader's keys, each of another colour."""
    ground = rect(0, 0, 480, 320, "#E8D9BC") + "".join(
        rect(x, y, 58, 74, "#EFE3CB") + rect(x + 8, y + 10, 42, 26, "#DDCDAB") + rect(x + 8, y + 44, 42, 22, "#DDCDAB") for x in range(12, 480, 80) for y in (14, 122, 230)
    )  # fmt: skip
    hook = rect(222, 0, 36, 18, BARK) + line("M240 14V34", IRON, 7)
    ring = '<circle cx="240" cy="92" r="58" fill="none" stroke="#4A453D" stroke-width="10"/><circle cx="240" cy="92" r="58" fill="none" stroke="#8A8378" stroke-width="3"/>'
    fan = (
        (-64, BRICK, 2, True), (-47, LEAF, 3, False), (-30, GOLD, 2, True), (-14, WATER_DEEP, 2, False), (2, ROSE, 3, True), (18, VIOLET, 2, False),
        (34, ORANGE, 2, True), (50, NIGHT, 3, True), (66, LEAF_LIGHT, 2, False),
    )  # fmt: skip
    bunch = "".join(at(240, 92, at(0, 50, key(fill, bits, round_), 1.12), 1, -turn) for turn, fill, bits, round_ in fan)
    tag = at(
        240,
        92,
        at(
            0,
            54,
            path("M-4 0L4 0L26 26V66H-26V26Z", PAPER)
            + dot(0, 18, 5, BRICK)
            + at(0, 48, words(0, 7, "6楼", 20, BRICK_DEEP), 1, -88),
        ),
        1,
        88,
    )
    return ground + cut(hook) + cut(bunch) + cut(ring) + cut(tag)


def hands() -> str:
    """wp09: a large hand holds a small one; three metres of wall are left blank for next year."""
    left = rect(0, 0, 336, 320, "#EBC98A") + "".join(
        at(130, 168, rect(-4, -420, 26, 330, "#F0D79F"), 1, turn) for turn in range(0, 360, 20)
    )
    left += dot(130, 168, 96, "#F0D79F")
    fingers = "".join(
        line(f"M{a}", SKIN, 24) for a in ("120 146L206 176", "118 164L196 204", "110 182L178 226", "98 194L152 240")
    )
    joints = "".join(line(f"M{a}", "#D9AE84", 2) for a in ("152 170L172 178", "148 188L166 198", "136 206L154 218"))
    large = line("M-20 96L84 150", SKIN, 74) + dot(104, 164, 48, SKIN) + line("M110 132Q150 108 176 128", SKIN, 25)
    small = (
        line("M344 292L262 232", "#F3D3B0", 44)
        + dot(250, 222, 28, "#F3D3B0")
        + line("M244 212Q222 192 232 172", "#F3D3B0", 17)
    )
    small += "".join(line(f"M{a}", "#F3D3B0", 15) for a in ("240 216L192 200", "240 226L186 220", "246 236L196 238"))
    cuffs = at(8, 112, rect(-34, -52, 52, 104, NIGHT, 8), 1, 27)
    sleeve = at(312, 270, rect(-18, -38, 60, 76, BRICK, 8), 1, 36)
    hearts = "".join(
        at(x, y, path("M0 8C-16 -4 -10 -16 -2 -12L0 -9L2 -12C10 -16 16 -4 0 8Z", fill), s) for x, y, s, fill in ((220, 66, 1.6, BRICK), (262, 104, 1, ROSE), (186, 34, 0.9, ROSE))
    )  # fmt: skip
    blank = rect(336, 0, 144, 320, CREAM) + rect(330, 0, 8, 320, STONE)
    frame = "".join(
        line(f"M{a}", STONE, 2.5)
        for a in (
            "356 30H380",
            "436 30H460",
            "356 30V54",
            "460 30V54",
            "356 290H380",
            "436 290H460",
            "356 290V266",
            "460 290V266",
        )
    )
    words_ = words(408, 118, "年", 48, BRICK) + words(408, 182, "年", 48, BRICK) + words(408, 246, "新", 48, BRICK)
    return left + cut(hearts) + cut(small + sleeve) + cut(large + cuffs + fingers) + joints + blank + frame + words_


def morning() -> str:
    """wp10: half past six at the bed."""
    sky = (
        rect(0, 0, 480, 320, "#F3D9B0")
        + rect(0, 0, 480, 90, "#F7E6C8")
        + dot(352, 150, 62, "#F0CE7E")
        + dot(352, 150, 46, ORANGE)
    )
    hills = path("M0 176Q90 140 190 172T480 156V260H0Z", "#D9C08E") + path(
        "M0 200Q130 168 260 196T480 190V260H0Z", "#B9B27E"
    )
    roofs = "".join(
        path(f"M{x} 200V{150 - h}L{x + 34} {128 - h}L{x + 68} {150 - h}V200Z", fill)
        for x, h, fill in ((-14, 0, "#C99A72"), (50, 22, "#B98462"), (112, 4, "#C99A72"))
    )
    bed = bed_edge(236)
    plants = "".join(
        at(x, 238, shape)
        for x, shape in (
            (24, pansy(VIOLET, SUN, 24)), (58, tulip(BRICK, 52)), (92, daisy(PAPER, GOLD, 44)), (126, tulip(PINK, 44)), (160, salvia(VIOLET, 60)), (196, daisy(SUN, ORANGE, 40)), (232, tulip(ORANGE, 54)),
            (266, pansy("#C9645E", SUN, 26)), (300, daisy(PAPER, GOLD, 50)), (334, salvia(ROSE, 54)), (372, tulip(SUN, 46)), (408, daisy(PAPER, GOLD, 42)), (440, tulip(BRICK, 50)), (468, pansy(VIOLET, PAPER, 24)),
        )
    )  # fmt: skip
    tools = at(384, 304, watering_can(), 1.05) + at(104, 300, broom(), 1.15, 14)
    drops = "".join(path(f"M{x} {y}q4 7 0 11q-4 -4 0 -11Z", WATER_DEEP) for x, y in ((452, 262), (444, 276)))
    return (
        sky
        + hills
        + faint(roofs, 0.85)
        + bed
        + cut(plants)
        + cut(tools)
        + drops
        + cut(bird(96, 60) + bird(124, 74, 0.7) + bird(226, 44, 0.8))
    )


DRAWN = {"wp04": whistle, "wp06": stoves, "wp07": tap, "wp08": keys, "wp09": hands, "wp10": morning}
