"""portal.registry: entries of many apps in one order, and no silent double."""

from typing import NamedTuple

import pytest

from portal.registry import Registry
from tests.registries import also, instead, only


class Kind(NamedTuple):
    code: str
    label: str = ""


@pytest.fixture
def kinds():
    kinds = Registry("kinds of a test")
    kinds.add(Kind("late"), order=20)
    kinds.add(Kind("early"), order=10)
    return kinds


def ask() -> str:
    return "?"


def test_entries_come_in_their_order_whoever_was_first(kinds):
    assert [kind.code for kind in kinds] == kinds.names() == ["early", "late"]
    assert len(kinds) == 2


def test_an_entry_is_found_by_its_name(kinds):
    assert kinds.get("late") == kinds["late"] == Kind("late")
    assert kinds.get("never") is None
    assert kinds.get("never", "nothing") == "nothing"
    assert "late" in kinds
    assert "never" not in kinds


def test_a_second_entry_of_a_name_is_refused(kinds):
    with pytest.raises(ValueError, match=r"kinds of a test: late at 30 clashes with late at 20"):
        kinds.add(Kind("late", "another"), order=30)

    assert kinds["late"].label == ""


def test_a_second_entry_at_a_place_is_refused(kinds):
    with pytest.raises(ValueError, match=r"next at 10 clashes with early at 10"):
        kinds.add(Kind("next"), order=10)

    assert kinds.names() == ["early", "late"]


def test_several_stand_one_after_the_other(kinds):
    kinds.add_all([Kind("a"), Kind("b")], order=11)

    assert kinds.names() == ["early", "a", "b", "late"]


def test_a_function_is_named_by_where_it_is_defined():
    questions = Registry("questions")
    questions.add(ask, order=1)

    assert questions.names() == ["tests.portal.test_registry.ask"]


def test_what_has_no_name_of_its_own_needs_one():
    questions = Registry("questions")
    with pytest.raises(ValueError, match="has no name of its own"):
        questions.add(lambda: "?", order=1)
    with pytest.raises(ValueError, match="has no name of its own"):
        questions.add(object(), order=1)
    questions.add(lambda: "?", order=1, name="asked")

    assert questions["asked"]() == "?"


def test_a_registry_may_name_its_entries_itself():
    tables = Registry("tables", named=str.lower)
    tables.add("People_Message", order=1)

    assert "people_message" in tables
    assert list(tables) == ["People_Message"]


def test_whoever_draws_from_it_hears_of_each_entry():
    heard: list[str] = []
    words = Registry("words", named=str, added=heard.append)
    words.add_all(["a", "b"], order=0)

    assert heard == ["a", "b"]


def test_a_test_adds_and_replaces_for_as_long_as_it_runs(kinds):
    with also(kinds, Kind("more")):
        assert kinds.names() == ["early", "late", "more"]
    with only(kinds, Kind("one"), two=Kind("other")):
        assert kinds.names() == ["one", "two"]
    with instead(kinds, "early", Kind("early", "changed")):
        assert [kind.label for kind in kinds] == ["changed", ""]

    assert list(kinds) == [Kind("early"), Kind("late")]
