"""Whether the votes that were typed in add up, whole and by group (D2); whether an option is carried, Option.is_carried says."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from community.models import Group, Option
from portal.columns import column

#: The three counts, in the order in which they are kept everywhere.
COLUMNS = ("votes_for", "votes_against", "abstained")


def sum_wrong(option: Option, voters: int | None) -> str:
    """A sentence, or "" where for, against and abstained add up to the voters."""
    total = sum(option.votes)
    if voters is None:
        return _("Say first how many in the room have a vote.")
    if total == voters:
        return ""
    return _(
        "“%(option)s”: %(total)d votes of %(voters)d voters. In favour, against and abstained have to add up: please count again."
    ) % {
        "option": option.text,
        "total": total,
        "voters": voters,
    }


def groups_wrong(option: Option) -> str:
    """A sentence, or "" where no group voted by itself or all of them add up, column by column."""
    if not option.by_group:
        return ""
    for number, name in enumerate(COLUMNS):
        of_groups = sum(counts[number] for counts in option.by_group.values())
        if of_groups != getattr(option, name):
            return _(
                "“%(option)s”: the groups have %(groups)d votes “%(column)s”, not %(all)d. Please correct one of the two."
            ) % {
                "option": option.text,
                "groups": of_groups,
                "column": column(Option, name).verbose_name,
                "all": getattr(option, name),
            }
    return ""


def read_groups(lines: Sequence[str]) -> dict[str, list[int]]:
    """{group: [for, against, abstained]} of lines such as ``residents 5 0 1``; ValueError names the line that is none."""
    codes = {str(label): str(code) for code, label in Group.choices} | {code: code for code in Group.values}
    found: dict[str, list[int]] = {}
    for line in lines:
        words = line.replace(":", " ").replace("：", " ").split()
        name, counts = " ".join(words[:-3]), words[-3:]
        if name not in codes or not all(word.isascii() and word.isdigit() and len(word) < 6 for word in counts):
            raise ValueError(line)
        found[codes[name]] = [int(word) for word in counts]
    return found


def write_groups(by_group: dict[str, list[int]]) -> list[str]:
    """The lines that :func:`read_groups` reads."""
    return [
        " ".join([str(Group(code).label), *(str(count) for count in counts)])
        for code, counts in by_group.items()
        if code in Group.values
    ]
