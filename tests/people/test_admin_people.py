"""Staff pages of people: minors only for those who may know them, and what a record may hold."""

import pytest
from django.urls import reverse

from people.models import AccessLog, Guardianship, Person
from tests.conftest import NOW
from tests.people.admin_pages import *  # noqa: F403
from tests.people.admin_pages import act, listed, url

pytestmark = pytest.mark.django_db


# --- minors (V6) ---


def test_whoever_lacks_the_grant_finds_no_minor_anywhere(party, person, make_child, make_person):
    child = make_child(person, name="裴小满")
    unknown = make_person(None, name="年龄不详", email="")
    search = {"term": "裴", "app_label": "community", "model_name": "meeting", "field_name": "chair"}

    assert listed(party, "people_person") == {person}
    assert listed(party, "people_person", q="裴小满") == set()
    for hidden in (child, unknown):
        assert party.get(url("people_person", "change", hidden.pk)).status_code == 302
        assert party.get(url("people_person", "history", hidden.pk)).status_code == 302
    assert party.get(reverse("admin:autocomplete"), search).json()["results"] == []


def test_whoever_has_it_finds_them_and_each_opening_is_logged(committee, person, make_child):
    child = make_child(person)

    committee.get(url("people_person", "changelist"))
    committee.get(url("people_person", "change", person.pk))
    nothing_yet = AccessLog.objects.count()
    committee.get(url("people_person", "change", child.pk))
    committee.get(url("people_person", "history", child.pk))
    committee.get(act("people_person", "consent", child))

    assert nothing_yet == 0
    rows = AccessLog.objects.order_by("pk").values_list("person", "user__email", "opened_at", "page")
    assert list(rows) == [
        (child.pk, "committee_admin-lane-600@example.org", NOW, "record"),
        (child.pk, "committee_admin-lane-600@example.org", NOW, "history"),
        (child.pk, "committee_admin-lane-600@example.org", NOW, "consents"),
    ]


def person_form(**changes) -> dict:
    formsets = ("guardianships_as_child", "guardianships", "consents", "team_memberships")
    management = {f"{name}-{kind}_FORMS": "0" for name in formsets for kind in ("TOTAL", "INITIAL")}
    return {
        "name": "陶永昌",
        "nickname": "",
        "language": "zh-hans",
        "email": "",
        "phone": "10000000201",
        **management,
        **changes,
    }


def test_a_role_without_minors_data_adds_only_known_adults(party):
    refused = party.post(url("people_person", "add"), person_form())
    child = party.post(url("people_person", "add"), person_form(birth_year="2010"))
    added = party.post(url("people_person", "add"), person_form(is_adult="on"))

    assert "Your role keeps no children" in refused.content.decode()
    assert child.status_code == 200
    assert added.status_code == 302
    person = Person.objects.get()
    assert (person.declared_adult_at, person.added_at) == (NOW, NOW)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "a\0b"}, "cannot be read"),
        ({"name": "😀"}, "cannot stand in it"),
        ({"birth_date": "2030-01-01"}, "This day is still to come."),
        ({"birth_year": "1066"}, "Please look at the year again."),
        ({"birth_date": "1980-01-01", "birth_year": "1979"}, "another year"),
        ({"email": "nobody@"}, "does not look like an e-mail address"),
        ({"building": "99999"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(committee, changes, sentence):
    response = committee.post(url("people_person", "add"), person_form(**changes))

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Person.objects.exists()


def test_the_address_of_somebody_with_an_account_is_not_changed_here(committee, person):
    before = person.email

    committee.post(url("people_person", "change", person.pk), person_form(email="other@example.org", birth_year="1970"))

    person.refresh_from_db()
    assert person.email == before


# --- guardians, consents, duplicates ---


def test_a_guardian_typed_in_by_staff_is_declared_until_confirmed(committee, make_person):
    child, guardian = make_person(10, email=""), make_person()

    committee.post(
        url("people_person", "change", child.pk),
        person_form(
            name=child.name,
            birth_date=str(child.birth_date),
            **{
                "guardianships_as_child-TOTAL_FORMS": "1",
                "guardianships_as_child-0-guardian": str(guardian.pk),
                "guardianships_as_child-0-child": str(child.pk),
                "guardianships_as_child-0-relation": "祖母",
            },
        ),
    )

    bond = Guardianship.objects.get()
    assert (bond.guardian, bond.relation, bond.state, bond.declared_at) == (guardian, "祖母", "declared", NOW)
