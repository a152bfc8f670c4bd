"""N3: staff find a person however they type the name, the number or the sound of it; two of one name are told apart."""

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Person, PersonKey, person_keys, pinyin
from tests.conftest import NOW
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(neighbourhood):
    return client_of(staff_user("committee_admin", neighbourhood))


def offered(office, term, model="guardianship", field="guardian") -> list[str]:
    """What the box of choices of a staff page offers."""
    query = {"app_label": "people", "model_name": model, "field_name": field, "term": term}
    return [row["text"] for row in office.get(reverse("admin:autocomplete"), query).json()["results"]]


@pytest.mark.parametrize(
    "term",
    [
        "歐陽修文", "欧阳 修文", "修文", "ouyangxiuwen", "ou yang xiu wen", "OuYang", "oyxw", "xiuwen", "xw", "阿欧",
        "+86 138-0000-1234", "138 0000 1234", "138-0000-1234", "１３８００００１２３４", "1234", "00001234", "008613800001234",
        "xiu@example.org",
    ],
)  # fmt: skip
def test_staff_find_one_however_it_is_typed(office, make_person, term):
    """N3: in the box of choices and in the list of people."""
    make_person(name="欧阳修文", nickname="阿欧", phone="+86 138-0000-1234", email="xiu@example.org")
    make_person(name="王芳", phone="139 9999 0000")
    assert [text.split(" · ")[0] for text in offered(office, term)] == ["欧阳修文"]
    listed = office.get(reverse("admin:people_person_changelist"), {"q": term}).context["cl"].result_list
    assert [person.name for person in listed] == ["欧阳修文"]


@pytest.mark.parametrize("term", ["999", "138-0000-9999", "wangfangfang", "\x00", "李芳芳", "%", "_"])
def test_what_nobody_has_finds_nobody(office, make_person, term):
    make_person(name="王芳", phone="13800001234")
    assert offered(office, term) == ([] if term != "\x00" else offered(office, ""))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", {"shanxiongxin", "danxiongxin", "sxx"}),
        ("曾小满", {"zengxiaoman", "zxm"}),
        ("仇英", {"qiuying", "qy"}),
        ("解缙", {"xiejin", "xj"}),
        ("查良", {"zhaliang", "zl"}),
        ("尉迟恭", {"yuchigong", "ycg"}),
        ("吕布", {"lvbu", "lubu", "lb"}),
    ],
)
def test_family_names_sound_as_they_do(name, typed):
    """N3: and the usual reading of the sign is kept for whoever does not know."""
    assert typed <= pinyin.readings(name)


def test_a_latin_name_or_one_with_a_dot_is_found_by_its_parts():
    assert {"anna li".replace(" ", ""), "li", "anna"} <= person_keys.of_name("Anna Li")
    assert "买买提" in person_keys.of_name("阿依古丽·买买提")


def test_two_of_one_name_are_told_apart_without_a_birth_date(office, make_person, neighbourhood):
    """N3: by building and age group."""
    compound = baker.make("people.Compound", neighbourhood=neighbourhood, name="一村")
    for age, number in ((72, "3 号楼"), (35, "5 号楼")):
        building = baker.make("people.Building", compound=compound, name=number, neighbourhood=neighbourhood)
        make_person(age, name="李芳", building=building)
    texts = offered(office, "lifang")
    assert len(set(texts)) == 2
    assert {text.split(" · ")[1] for text in texts} == {"一村 3 号楼", "一村 5 号楼"}
    assert not [text for text in texts for person in Person.objects.all() if str(person.birth_date) in text]


def test_other_lists_find_people_by_name_but_tell_no_number(office, make_person, make_child):
    """N3: the list of guardians answers to pinyin; whose number it is, only the list of people says."""
    make_child(make_person(name="欧阳修文", phone="13800001234"), name="小满")
    url = reverse("admin:people_guardianship_changelist")
    for term, found in (("oyxw", 1), ("歐陽", 1), ("xiaoman", 1), ("13800001234", 0), ("wf", 0)):
        assert office.get(url, {"q": term}).context["cl"].result_count == found, term


def test_the_keys_follow_the_record(make_person, neighbourhood):
    """N3: kept when it is saved, in bulk too; nothing is computed when somebody looks."""
    person = make_person(name="葛芳", phone="13800001234")
    person.name, person.phone = "王芳", ""
    person.save()
    assert not Person.objects.found_by("gefang").exists()
    assert not Person.objects.found_by("1234").exists()
    assert Person.objects.found_by("wf").get() == person
    assert PersonKey.objects.filter(person=person).count() == len(person.keys_wanted())
    Person.objects.bulk_create([Person(neighbourhood=neighbourhood, name="单小满", added_at=NOW)])
    assert Person.objects.found_by("shanxm").exists() is False
    assert Person.objects.found_by("sxm").exists()


@pytest.mark.parametrize("length", [1, 15])
def test_the_box_costs_the_same_at_any_length(
    office, make_person, neighbourhood, django_assert_max_num_queries, length
):
    compound = baker.make("people.Compound", neighbourhood=neighbourhood, name="一村")
    for number in range(length):
        building = baker.make("people.Building", compound=compound, name=f"{number}", neighbourhood=neighbourhood)
        make_person(40, name=f"李芳{number}", building=building)
    with django_assert_max_num_queries(14):
        assert len(offered(office, "lifang")) == length
