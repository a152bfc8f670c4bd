"""N1, N2: names are compared by one key, and cut in one place."""

import pytest

from portal import names


@pytest.mark.parametrize("dot", ["·", "•", "．", "‧", "・", "。", "･", " · ", ".", ""])
def test_every_dot_is_one(dot):
    """N1: U+00B7 and U+2022 took two seats."""
    assert names.key(f"阿依古丽{dot}买买提") == names.key("阿依古丽·买买提")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("歐陽修文", "欧阳修文"),
        ("小滿", "小满"),
        ("张 三", "张三"),
        ("ＡＮＮＡ Li", "anna  li"),
        ("Jose\u0301", "José"),
        ("蔣莊", "蒋庄"),
    ],
)
def test_ways_of_writing_make_no_difference(one, other):
    """N1."""
    assert names.key(one) == names.key(other)
    assert names.key("王芳") != names.key("王方")


@pytest.mark.parametrize(
    ("name", "family", "given", "masked"),
    [
        ("葛芳", "葛", "芳", "葛*"),
        ("葛小芳", "葛", "小芳", "葛**"),
        ("欧阳修文", "欧阳", "修文", "欧阳**"),
        ("歐陽修文", "歐陽", "修文", "歐陽**"),
        ("司马光", "司马", "光", "司马*"),
        ("第五琦", "第五", "琦", "第五*"),
        ("东方", "东", "方", "东*"),
        ("阿依古丽·买买提", "", "阿依古丽·买买提", "阿**"),
        ("阿依古丽•买买提", "", "阿依古丽·买买提", "阿**"),
        ("Anna Li", "", "Anna", "A**"),
        ("满", "", "满", "满**"),
    ],
)
def test_where_the_family_name_ends(name, family, given, masked):
    """N2: 您和阳修文 and 您和依古丽·买买提 were cut wrongly."""
    assert (names.surname(name), names.given(name), names.masked(name)) == (family, given, masked)
