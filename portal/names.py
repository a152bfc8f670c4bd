"""People's names: one way of writing them, one of comparing them, and where the family name ends."""

import re
import unicodedata

from portal.folding import DOTS, fold

HAN = "[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_BETWEEN_HAN = re.compile(f"(?<={HAN}) +(?={HAN})")
_FULL_WIDTH = {
    code: code - 0xFEE0  # the digits, capitals and small letters of a Chinese keyboard
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(first, last + 1)
}
_DOTS = str.maketrans(DOTS)
#: Full stops that a keyboard gives for the dot: it is one between two parts in Chinese, else the stop of an initial.
_STOP_BETWEEN_HAN = re.compile(f"(?<={HAN})\\s*[．。｡.﹒]\\s*(?={HAN})")
_WIDE_STOP = re.compile("[．﹒]")
_AROUND_DOT = re.compile(r"\s*·[\s·]*")

#: Family names of two characters. A given name that begins with one of these is cut wrongly at most in its length.
DOUBLE_SURNAMES = frozenset(
    """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙
    钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里
    呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫
    仲长 子书 子桑 即墨 达奚 褚师 纳兰 归海 淳于 单于 叔孙 屈突 尔朱 东乡 相里 胡母 司城 张廖 雍门 毋丘 贺兰 綦毋 屋庐 独吉
    """.split()
)


def written(name: str) -> str:
    """A name as everybody writes it, so that 张 三 and 张三 are found to be one: no space within Chinese, no wide letters,
    U+00B7 for every dot."""
    text = unicodedata.normalize("NFC", name.translate(_FULL_WIDTH)).lstrip("\ufeff")
    text = _BETWEEN_HAN.sub("", " ".join(text.split()))
    text = _WIDE_STOP.sub(".", _STOP_BETWEEN_HAN.sub("·", text))
    return _AROUND_DOT.sub("·", text.translate(_DOTS)).strip("·") if set(text) & set(DOTS) else text


def key(name: str) -> str:
    """What two names are compared by: dots, spaces, widths, capitals, traditional characters and variants make no difference."""
    return fold(written(name)).replace(" ", "").replace("·", "").replace(".", "")


def has_parts(name: str) -> bool:
    """阿依古丽·买买提: a given name and the father's, no family name; never cut."""
    return "·" in written(name)


def surname(name: str) -> str:
    """葛 of 葛芳, 欧阳 of 欧阳修文 (as it is written, 歐陽 too); "" where there is none to tell: names with a dot or in Latin."""
    text = written(name)
    if has_parts(text) or len(text) < 2 or not re.match(HAN, text):
        return ""
    if len(text) > 2 and fold(text[:2]) in DOUBLE_SURNAMES:
        return text[:2]
    return text[:1]


def given(name: str) -> str:
    """Without the family name; of a Latin name the first word; a name with a dot, or of one character, whole."""
    text = written(name)
    family = surname(text)
    if family:
        return text[len(family) :]
    return text if has_parts(text) else text.split()[0] if text.split() else text


def masked(name: str) -> str:
    """葛**, 欧阳**: for lists that strangers might see. Of a name with a dot, or in Latin, the first sign alone."""
    text = written(name)
    shown = surname(text) or text[:1]
    return shown + "*" * max(len(text) - len(shown), 1) if surname(text) else shown + "**"
