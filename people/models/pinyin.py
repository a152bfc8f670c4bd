"""Names as they are typed by their sound: ouyangxiuwen, or oyxw."""

import os
from functools import lru_cache

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # the list of phrases takes 45 MB, and names are no phrases

from pypinyin import Style, pinyin

from portal import names
from portal.folding import fold

#: Family names that sound otherwise than the word does; the usual reading is kept beside it, for whoever does not know.
AS_SURNAME = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "任": "ren", "区": "ou", "朴": "piao", "盖": "ge", "覃": "qin",
    "缪": "miao", "乐": "yue", "员": "yun", "翟": "zhai", "种": "chong", "折": "she", "尉": "wei", "召": "shao", "秘": "bi", "幺": "yao",
    "洗": "xian", "冼": "xian", "车": "che", "石": "shi", "盛": "sheng", "柏": "bai", "宁": "ning", "曲": "qu", "沈": "shen", "黑": "he",
    "繁": "po", "华": "hua", "纪": "ji", "褚": "chu", "逄": "pang", "晟": "cheng", "郇": "xun", "隗": "kui", "佴": "nai", "都": "du",
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai", "尔朱": "er zhu", "綦毋": "qi wu",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _syllables(text: str) -> tuple[str, ...]:
    found = pinyin(text, style=Style.NORMAL)
    return tuple(fold(readings[0]) for readings in found)


def readings(name: str) -> set[str]:
    """What a name in Chinese may be typed as: whole and given name, in full and by first letters. Empty for other names."""
    plain = fold(names.written(name)).replace("·", "").replace(" ", "")
    family = fold(names.surname(name))
    given = _syllables(plain[len(family) :])
    if not plain or plain.isascii():
        return set()
    found = {"".join(given), "".join(one[:1] for one in given)}
    for spelt in {_syllables(family), tuple(AS_SURNAME.get(family, "").split()) or _syllables(family)}:
        whole = (*spelt, *given)
        found |= {"".join(whole), "".join(one[:1] for one in whole)}
    return {one for key in found if key for one in (key, key.replace("v", "u"))}  # 吕: lv on a keyboard, lu to many
