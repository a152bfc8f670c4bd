"""By what somebody is found where staff choose a person: parts of the name, its sound, numbers and addresses."""

import re

from people.models.pinyin import readings
from portal import names

LONGEST = 80
SHORTEST_NUMBER = 4  # of a phone: its last four digits are what people say
_NUMBER = re.compile(r"[+\d][\d\s().\-‐-―－/]*")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$|0\d{9,11}$)")


def digits(phone: str) -> str:
    """A number however it was typed: without spaces, dashes and China's +86."""
    plain = re.sub(r"\D", "", names.written(phone))
    return _COUNTRY.sub("", plain)


def of_name(*called: str) -> set[str]:
    """Every end of the name and of the nickname (修文 finds 欧阳修文), and how they sound."""
    found: set[str] = set()
    for name in called:
        key = names.key(name)
        found |= {key[start:] for start in range(len(key))} | readings(name)
        found |= {names.key(word) for word in name.split()}
    return {key[:LONGEST] for key in found if key}


def of_address(phone: str, email: str) -> set[str]:
    """The number by each of its ends, and the e-mail address."""
    number = digits(phone)
    ends = {number[start:] for start in range(max(len(number) - SHORTEST_NUMBER + 1, 0))} if number else set()
    return {key[:LONGEST] for key in {*ends, number, email.lower()} if key}


def wanted(term: str) -> list[str]:
    """What was typed, as keys each of which somebody has to have; [] for nothing. Names in one piece, a number whole."""
    text = term.replace("\x00", " ").strip()
    if _NUMBER.fullmatch(text):
        return [digits(text)[:LONGEST]] if digits(text) else []
    words = [word.lower() if "@" in word else names.key(word) for word in text.split()]
    return [word[:LONGEST] for word in words if word]


def typed_as_one(term: str) -> str:
    """What was typed as one word: ou yang xiu wen, 张 三."""
    return names.key(term.replace("\x00", " "))[:LONGEST]
