"""V6: what people are called in public."""

from datetime import date

import pytest
from model_bakery import baker

from people.access.public_names import credits, name_of, public_names, with_nickname_shown
from people.models import Consent, Person
from people.operations import consents
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def mother(make_person):
    return make_person(name="茅秀英")


@pytest.fixture
def agree(guardian_text):
    def give(child, guardian):
        return baker.make(
            Consent, person=child, purpose="nickname", text=guardian_text, given_by=guardian, given_at=NOW
        )

    return give


def test_a_child_is_the_nickname_with_consent_and_nothing_else_without(mother, make_child, agree):
    """V6: never the full name; the nickname only by consent."""
    named = make_child(mother, name="茅语橙", nickname="小橙子")
    quiet = make_child(mother, name="闵星辰", nickname="小星")
    agree(named, mother)

    assert public_names([named, quiet]) == {named.pk: "小橙子", quiet.pk: "a young volunteer"}


def test_taking_the_consent_back_hides_the_nickname_at_once(mother, make_child, agree):
    """V5, V6."""
    child = make_child(mother, nickname="小橙子")
    agree(child, mother)
    consents.revoke(child, Consent.Purpose.NICKNAME, revoked_by=mother)

    assert public_names([child]) == {child.pk: "a young volunteer"}


def test_an_unknown_age_counts_as_a_child_and_an_adult_is_not_named_either(make_person, mother):
    """V6: adults too are named only by what they agreed to show."""
    unknown = make_person(None, name="谁也不知道")

    assert public_names([unknown, mother]) == {unknown.pk: "a young volunteer", mother.pk: "a volunteer"}


def test_whoever_was_a_child_then_stays_a_young_volunteer(make_person):
    grown_up = make_person(18)

    assert public_names([grown_up], date(2018, 4, 21)) == {grown_up.pk: "a young volunteer"}


def test_credits_name_first_and_count_the_others(mother, make_child, agree):
    quiet, named, other = (make_child(mother, nickname=name) for name in ("小星", "小橙子", ""))
    agree(named, mother)

    assert credits([quiet, named, other, mother]) == ["小橙子", "2 young volunteers", "1 volunteer"]


def test_an_erased_person_has_no_nickname(mother, make_child, agree):
    child = make_child(mother, nickname="小橙子", anonymised_at=NOW)
    agree(child, mother)

    assert public_names([child]) == {child.pk: "a young volunteer"}


def test_names_cost_two_queries_however_many(mother, make_child, agree, django_assert_num_queries):
    children = [make_child(mother, nickname=f"小{number}") for number in range(9)]
    with django_assert_num_queries(2):
        public_names(children)
    with django_assert_num_queries(0):
        assert public_names([]) == {}


def test_the_annotation_says_the_same_as_the_question(mother, make_child, make_person, agree):
    """V6: one rule, asked of one row or of many."""
    cases = [make_child(mother, age, nickname=f"小{age}") for age in (8, 14, 17)]
    for child in cases:
        agree(child, mother)
    grown_up = make_child(mother, 18, nickname="大了")  # what a guardian gave no longer counts
    agree(grown_up, mother)
    adult = make_person(nickname="老陶")
    agree(adult, adult)
    own = make_child(mother, 15, nickname="自己说的")  # a minor's own yes does not count
    agree(own, own)
    erased = make_child(mother, nickname="走了", anonymised_at=NOW)
    agree(erased, mother)
    stranger = make_child(mother, nickname="旁人")
    agree(stranger, adult)
    everyone = [*cases, grown_up, adult, own, erased, stranger]

    rows = with_nickname_shown(Person.objects.filter(pk__in=[one.pk for one in everyone]), path="")

    said = {row.pk: name_of(row, row.nickname_shown, NOW.date()) for row in rows}
    assert said == public_names(everyone)
    assert sorted(said.values()).count("a young volunteer") == 3
    assert {"小8", "小14", "小17", "老陶", "a volunteer"} <= set(said.values())
