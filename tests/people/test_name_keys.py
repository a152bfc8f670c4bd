"""N1: one person however the name is typed, in the lists of staff, within a family, at sign-up; paired by hand where nothing shows it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from activities.operations import sign_ups
from people.models import Family, Person, PossibleDuplicate
from people.operations import duplicates, family
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db
BORN = NOW.date() - timedelta(days=365 * 9)
ONE, OTHER = "阿依古丽·买买提", "阿依古丽•买买提"


def test_the_key_is_true_however_a_row_is_written(make_person):
    """N1: saved, saved in part, changed in bulk, made in bulk."""
    person = make_person(name="歐陽 修文")
    assert person.name_key == "欧阳修文"
    person.name = "小滿"
    person.save(update_fields=["name"])
    person.refresh_from_db()
    assert person.name_key == "小满"
    Person.objects.filter(pk=person.pk).update(name=OTHER)
    assert Person.objects.called(ONE).get() == person
    made = Person(neighbourhood=person.neighbourhood, name="葛·芳", added_at=NOW)
    Person.objects.bulk_create([made])
    assert Person.objects.called("葛芳").exists()


def test_two_ways_of_writing_are_listed_as_one_name(make_person):
    """N1."""
    make_person(name=ONE)
    duplicates.note(make_person(name=OTHER))
    assert PossibleDuplicate.objects.get().reason == "same name and birth date"


def test_one_family_takes_one_seat_by_two_dots(activity, make_person, make_child):
    """N1: took two."""
    mother, father = make_person(), make_person()
    mine, his = make_child(mother, name=ONE, birth_date=BORN), make_child(father, name=OTHER, birth_date=BORN)
    Family.objects.create(neighbourhood=mine.neighbourhood).members.set([mother, father])
    sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True)
    with translation.override("en"), pytest.raises(Refusal, match="signed up here already"):
        sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True)


def test_a_parent_does_not_add_one_child_twice_by_another_dot(make_person, make_child, guardian_text):
    """N1, S4: within a family a double is refused with a sentence, also when a name is corrected into it."""
    mother = make_person()
    make_child(mother, name=ONE, birth_date=BORN)
    again = family.Child(OTHER, "", BORN, "母亲", frozenset({"data"}))
    with translation.override("en"), pytest.raises(Refusal, match="already in your family"):
        family.add_child(mother, again)
    other = make_child(mother, name="小满", birth_date=BORN)
    with translation.override("en"), pytest.raises(Refusal, match="already in your family"):
        family.change_child(mother, other, again)


def test_staff_pair_two_records_by_hand(neighbourhood, make_person):
    """N1: what no rule finds; the pair is compared and joined like any other."""
    office = client_of(staff_user("committee_admin", neighbourhood))
    one, other = make_person(name="顾建国"), make_person(name="Gu Jianguo")
    url = reverse("admin:people_possibleduplicate_add")
    assert office.get(url).status_code == 200
    same = office.post(url, {"person": one.pk, "other": one.pk}, headers={"accept-language": "en"})
    assert "Please choose two" in same.content.decode()
    office.post(url, {"person": one.pk, "other": other.pk})
    pair = PossibleDuplicate.objects.get()
    assert (pair.person, pair.other, pair.reason, pair.state) == (one, other, "put together by hand", "open")
    again = office.post(url, {"person": other.pk, "other": one.pk}, headers={"accept-language": "en"})
    assert "stand in the list already" in again.content.decode()
    assert office.get(reverse("admin:people_possibleduplicate_change", args=[pair.pk])).status_code == 200
