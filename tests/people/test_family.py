"""Children, guardians and what they agree to, by age on the day (V4, V6; docs/rules/children.md)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Consent, ConsentText, Family, Guardianship, Person, PossibleDuplicate, User
from people.operations import family
from people.operations.consents import agree, give, revoke
from people.operations.family import Child, add_child, change_child, remove_child
from people.rules import consent
from portal import clock
from portal.refusals import Refusal
from portal.registry import Registry

pytestmark = pytest.mark.django_db
ADD = "/me/family/add/"


def child(born: str = "2010-05-31", *agreed: str, name="小满", nickname="满满") -> Child:
    return Child(name, nickname, date.fromisoformat(born), "母亲", frozenset(agreed or {"data"}))


def posted(**fields):
    values = {"name": "小满", "nickname": "满满", "birth_date": "2010-05-31", "relation": "母亲", "data": "on"}
    return {key: value for key, value in (values | fields).items() if value is not None}


@pytest.fixture
def signed_in(client, person):
    client.force_login(person.user)
    return client


def test_a_child_taken_off_leaves_the_family_too(make_person, make_child):
    """Else it would still stand on the forms on which the family signs up."""
    mother = make_person()
    child = make_child(mother)
    household = Family.objects.create(neighbourhood=mother.neighbourhood)
    household.members.set([mother, child])
    family.remove_child(mother, child)
    assert list(household.members.all()) == [mother]


def test_a_guardian_adds_a_child_with_the_consents_ticked(signed_in, person, guardian_text):
    response = signed_in.post(ADD, posted(service="on", record="on"))

    assert response.url == "/me/#family"
    new = Person.objects.get(name="小满")
    guardianship = Guardianship.objects.get()
    assert (guardianship.guardian, guardianship.child, guardianship.relation) == (person, new, "母亲")
    assert guardianship.state == "declared"
    assert set(Family.objects.get().members.all()) == {person, new}
    assert set(Consent.objects.values_list("purpose", "given_by", "text", "channel")) == {
        (purpose, person.pk, guardian_text.pk, "web") for purpose in ("data", "service", "record")
    }


def test_nothing_is_ticked_beforehand(signed_in):
    """V5, and DESIGN.md: consent is never pre-ticked."""
    page = signed_in.get(ADD).content.decode()
    assert page.count('type="checkbox"') == 5
    assert " checked" not in page


def test_without_the_data_consent_no_name_is_kept(signed_in):
    page = signed_in.post(ADD, posted(data=None)).content.decode()
    assert "Without this agreement we may not keep the child’s name." in page.replace("&#x27;", "’").replace("'", "’")
    assert 'value="小满"' in page
    assert not Person.objects.filter(name="小满").exists()


def test_from_14_the_child_agrees_to_its_data_itself(person, guardian_text, resident_text):
    """V4: 14 to 17 own consent to data, the guardian's to the rest."""
    new = add_child(person, child("2004-12-20", "data", "photo"), by=person.user)
    own, guardians = Consent.objects.order_by("purpose")
    assert (own.purpose, own.given_by, own.channel, own.entered_by, own.text) == (
        "data",
        new,
        "in_person",
        person.user,
        resident_text,
    )
    assert (guardians.purpose, guardians.given_by, guardians.channel, guardians.text) == (
        "photo",
        person,
        "web",
        guardian_text,
    )


@pytest.mark.parametrize(
    ("born", "decides"),
    [("2004-12-21", "guardian"), ("2004-12-20", "self"), ("2004-12-19", "self"), ("2000-12-21", "self")],
)
def test_age_counts_on_the_day_itself(person, born, decides):
    """V4: the 14th birthday is 2018-12-20 here."""
    assert consent.who_decides(Person(birth_date=date.fromisoformat(born)), "data", clock.today()) == decides


def test_a_guardians_data_consent_ends_with_the_14th_birthday(person, make_child):
    kid = make_child(person, age=13)
    assert consent.has(kid, "data")
    fourteenth = kid.birth_date.replace(year=kid.birth_date.year + 14)
    assert consent.has(kid, "data", fourteenth - timedelta(days=1))
    assert not consent.has(kid, "data", fourteenth)


def test_an_unknown_age_counts_as_under_14(make_person, make_child, person):
    someone = make_person(None)
    baker.make(Consent, person=someone, given_by=someone, purpose="data", given_at=clock.now(), _fill_optional=["text"])
    assert not consent.has(someone, "data")
    someone.declared_adult_at = clock.now()
    assert consent.has(someone, "data")


@pytest.mark.parametrize(
    ("born", "sentence"),
    [
        ("2000-12-20", "Whoever is 18 or over signs in with their own e-mail address."),
        ("1960-01-01", "Whoever is 18 or over signs in with their own e-mail address."),
        ("2018-12-21", "This day is still to come."),
        ("1066-10-14", "Please look at the year again."),
        ("31/12/2010", "Please write the day like 2012-05-31."),
        ("2010-02-30", "Please write the day like 2012-05-31."),
        ("2010-05-31\x00", "Please write the day like 2012-05-31."),
        ("99999-01-01", "Please write the day like 2012-05-31."),
    ],
)
def test_a_birth_date_that_cannot_be_gets_a_sentence(signed_in, born, sentence):
    page = signed_in.post(ADD, posted(birth_date=born)).content.decode()
    assert sentence in page
    assert 'value="小满"' in page
    assert not Person.objects.filter(name="小满").exists()


@pytest.mark.parametrize("born", ["2010/5/31", "2010.05.31", "2010年5月31日"])
def test_a_birth_date_is_read_as_people_write_it(signed_in, born):
    signed_in.post(ADD, posted(birth_date=born))
    assert Person.objects.get(name="小满").birth_date == date(2010, 5, 31)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "小\x00满", "There is a character in it that cannot be read."),
        ("name", "😀", "“😀” cannot stand in it"),
        ("nickname", "x" * 31, "At most 30 characters, please; these are 31."),
        ("relation", "妈" * 5000, "At most 20 characters, please; these are 5000."),
    ],
)
def test_words_that_cannot_be_kept_get_a_sentence(signed_in, field, value, sentence):
    page = signed_in.post(ADD, posted(**{field: value})).content.decode()
    assert sentence in page
    assert not Person.objects.filter(birth_date=date(2010, 5, 31)).exists()


def test_two_taps_add_one_child(person):
    add_child(person, child())
    with pytest.raises(Refusal, match="already in your family"):
        add_child(person, child())


def test_who_is_not_known_as_an_adult_adds_nobody(make_person):
    with pytest.raises(Refusal, match="tell us on your page that you are 18 or over"):
        add_child(make_person(None, email="x@example.org"), child())


# --- changing and removing ---


def test_unticking_takes_back_and_ticking_gives_again(signed_in, person):
    kid = add_child(person, child("2010-05-31", "data", "photo"))
    url = reverse("people:family-edit", args=[kid.pk])
    assert signed_in.get(url).content.decode().count(" checked") == 2

    signed_in.post(url, posted(service="on"))
    assert set(Consent.objects.in_force().values_list("purpose", flat=True)) == {"data", "service"}
    assert Consent.objects.get(purpose="photo").revoked_by == person


def test_correcting_the_birth_date_across_a_limit_is_for_the_committee(signed_in, person):
    kid = add_child(person, child("2010-05-31"))
    page = signed_in.post(
        reverse("people:family-edit", args=[kid.pk]), posted(birth_date="2004-05-31")
    ).content.decode()
    assert "Please ask the residents&#x27; committee." in page
    change_child(person, kid, child("2011-05-31"))
    kid.refresh_from_db()
    assert kid.birth_date == date(2011, 5, 31)


def test_another_family_finds_nothing(client, person, make_person, make_child):
    """Ownership on every child URL: 404, whether the child exists or not."""
    theirs = make_child(make_person(user=True))
    client.force_login(person.user)
    for pk in (theirs.pk, theirs.pk + 999, 99999999999999999999, person.pk):
        for address in (f"/me/family/{pk}/", f"/me/family/{pk}/remove/"):
            assert client.get(address).status_code == 404
            assert client.post(address, posted(name="Mine now")).status_code == 404
    theirs.refresh_from_db()
    assert theirs.name != "Mine now"
    assert Guardianship.objects.get(child=theirs).ended_at is None


def test_an_ended_guardianship_opens_nothing(signed_in, person, make_child):
    kid = make_child(person)
    Guardianship.objects.update(ended_at=clock.now())
    assert signed_in.get(f"/me/family/{kid.pk}/").status_code == 404
    assert kid.name not in signed_in.get("/me/").content.decode()


def test_a_ward_who_turned_18_is_no_longer_on_the_page(signed_in, person, make_child):
    grown = make_child(person, age=18, data=False, name="长大了")
    assert "长大了" not in signed_in.get("/me/").content.decode()
    assert signed_in.get(f"/me/family/{grown.pk}/").status_code == 404


def test_removing_asks_first_and_takes_back_only_ones_own(signed_in, person, make_person, make_child, guardian_text):
    kid = make_child(person)
    other = make_person()
    baker.make(Guardianship, guardian=other, child=kid, declared_at=clock.now())
    give(kid, "photo", given_by=other)
    url = reverse("people:family-remove", args=[kid.pk])

    page = signed_in.get(url).content.decode()
    assert f"Take {kid.name} off my page?" in page
    assert Guardianship.objects.filter(guardian=person, ended_at=None).exists()

    signed_in.post(url)
    assert not Guardianship.objects.filter(guardian=person, ended_at=None).exists()
    assert Guardianship.objects.filter(guardian=other, ended_at=None).exists()
    assert list(Consent.objects.in_force().values_list("purpose", "given_by")) == [("photo", other.pk)]


def test_an_app_can_have_a_reason_against_removing(signed_in, person, make_child, monkeypatch):
    kid = make_child(person)
    reasons = Registry("reasons of this test")
    reasons.add(lambda guardian, child: "Please withdraw first.", order=0, name="withdraw")
    monkeypatch.setattr(family, "reasons_to_stay", reasons)
    response = signed_in.post(reverse("people:family-remove", args=[kid.pk]), follow=True)
    assert "Please withdraw first." in response.content.decode()
    with pytest.raises(Refusal, match="withdraw first"):
        remove_child(person, kid)


def test_removing_somebody_elses_child_is_refused(person, make_person, make_child):
    with pytest.raises(Refusal, match="not in your family"):
        remove_child(person, make_child(make_person()))


# --- consents ---


def test_only_the_person_or_a_guardian_agrees(person, make_person, make_child):
    stranger = make_person()
    kid = make_child(person, data=False)
    with pytest.raises(Refusal, match="Only the person or a guardian can agree"):
        give(kid, "data", given_by=stranger)
    with pytest.raises(Refusal, match="Only the person or a guardian can take this back"):
        revoke(kid, "data", revoked_by=stranger)
    with pytest.raises(Refusal, match="a guardian has to agree"):
        give(kid, "photo", given_by=kid)


def test_nobody_agrees_for_an_adult(person, make_child):
    grown = make_child(person, age=18, data=False)
    with pytest.raises(Refusal, match="old enough to agree to this themself"):
        agree(grown, "photo", actor=person)


def test_giving_twice_is_one_consent(person, resident_text):
    assert give(person, "photo", given_by=person) == give(person, "photo", given_by=person)
    assert Consent.objects.count() == 1


def test_a_portal_without_texts_makes_its_own_words(person):
    """Nobody is asked to agree to nothing, in neither language."""
    text = give(person, "photo", given_by=person).text
    assert (text.audience, text.version) == ("resident", "0")
    assert text.body
    assert text.body_en
    assert len(text.sha256) == 64


def test_the_newest_text_in_force_is_the_one_agreed_to(person, resident_text):
    newer = baker.make(ConsentText, audience="resident", version="2", body="x", published_on=clock.today())
    baker.make(ConsentText, audience="resident", version="3", body="x", published_on=clock.today() + timedelta(days=1))
    assert give(person, "photo", given_by=person).text == newer


def test_taking_back_is_as_easy_as_giving(signed_in, person):
    """V5: one button each."""
    page = signed_in.get("/me/consents/").content.decode()
    assert page.count('<button class="linkbtn"') == 5

    signed_in.post("/me/consents/", {"person": person.pk, "purpose": "photo", "action": "give"})
    assert consent.has(person, "photo")
    signed_in.post("/me/consents/", {"person": person.pk, "purpose": "photo", "action": "revoke"})
    assert not consent.has(person, "photo")
    row = Consent.objects.get(purpose="photo")
    assert (row.revoked_at, row.revoked_by) == (clock.now(), person)
    assert "Everything so far" in signed_in.get("/me/consents/").content.decode()


@pytest.mark.parametrize(
    "change", [{"person": "x"}, {"purpose": "everything"}, {"action": "sell"}, {"person": "9" * 30}, {}]
)
def test_a_consent_of_nobody_is_not_there(signed_in, person, make_person, change):
    stranger = make_person()
    values = {"person": stranger.pk, "purpose": "photo", "action": "give"} | change
    assert signed_in.post("/me/consents/", values).status_code == 404
    assert not Consent.objects.filter(purpose="photo").exists()


def test_a_minor_with_an_account_decides_on_their_data_only(client, make_person):
    teen = make_person(16, user=True, email="teen@example.org")
    client.force_login(teen.user)
    page = client.get("/me/consents/").content.decode()
    assert page.count('<button class="linkbtn"') == 1
    assert page.count("A guardian decides") == 4
    client.post("/me/consents/", {"person": teen.pk, "purpose": "photo", "action": "give"})
    assert not Consent.objects.exists()


# --- one's own page ---


@pytest.mark.parametrize("children", [1, 20])
def test_the_page_costs_the_same_for_any_family(signed_in, person, make_child, children, django_assert_max_num_queries):
    for number in range(children):
        make_child(person, name=f"孩子{number}")
    with django_assert_max_num_queries(10):
        response = signed_in.get("/me/")
    assert response.status_code == 200
    assert response.content.decode().count("/me/family/") >= children


def test_whoever_did_not_say_so_can_say_they_are_an_adult(client, make_person):
    someone = make_person(None, user=True, email="x@example.org")
    client.force_login(someone.user)
    assert "I am 18 or over" in client.get("/me/").content.decode()
    client.post("/me/", {"adult": "on"})
    someone.refresh_from_db()
    assert someone.declared_adult_at == clock.now()
    assert "I am 18 or over" not in client.get("/me/").content.decode()


def test_a_known_minor_cannot_declare_otherwise(client, make_person):
    teen = make_person(16, user=True, email="teen@example.org")
    client.force_login(teen.user)
    response = client.post("/me/", {"adult": "on"}, follow=True)
    assert "According to the birth date we have, you are not 18 yet." in response.content.decode()
    teen.refresh_from_db()
    assert teen.declared_adult_at is None


def test_an_account_nobody_knows_here_may_become_known(client, neighbourhood):
    user = User.objects.create_user("staff@example.org")
    client.force_login(user)
    assert "does not know you as a resident yet" in client.get("/me/").content.decode()
    assert client.get("/me/settings/").url == "/me/"
    client.post("/me/", {"name": "新来的", "adult": "on", "agrees": "on"})
    assert Person.objects.get(user=user).neighbourhood == neighbourhood


def test_settings_keep_what_one_chose(signed_in, person):
    from people import outbox
    from people.models import OptOut

    page = signed_in.get("/me/settings/").content.decode()
    assert f'value="{person.name}"' in page
    kinds = [kind.code for kind in outbox.optional_kinds()]
    response = signed_in.post(
        "/me/settings/", {"name": "新名字", "nickname": "", "language": "en", "wanted": kinds[:0]}
    )
    assert response.url == "/me/"
    assert response.cookies["django_language"].value == "en"
    person.refresh_from_db()
    assert (person.name, person.language) == ("新名字", "en")
    assert sorted(OptOut.objects.values_list("kind", flat=True)) == sorted(kinds)

    signed_in.post("/me/settings/", {"name": "新名字", "nickname": "", "language": "en", "wanted": kinds})
    assert not OptOut.objects.exists()


@pytest.mark.parametrize("change", [{"language": "tlh"}, {"name": "\x00"}, {"wanted": ["spam"]}])
def test_settings_that_do_not_exist_get_a_sentence(signed_in, person, change):
    response = signed_in.post("/me/settings/", {"name": "新名字", "language": "en"} | change)
    assert response.status_code in {200, 302}
    person.refresh_from_db()
    assert person.language == "zh-hans"


# --- a child with an account of its own, and the other parent ---


@pytest.fixture
def teen(person, make_child, resident_text):
    kid = make_child(person, age=16, data=False)
    kid.user = User.objects.create_user("teen@example.org")
    kid.save()
    return kid


def test_no_guardian_gives_or_takes_back_what_a_teen_decides(signed_in, person, teen):
    """V4: from 14 the data are the child's own matter; with an account it says so itself."""
    with pytest.raises(Refusal, match="old enough to agree to this themself"):
        agree(teen, "data", actor=person, by=person.user)
    give(teen, "data", given_by=teen)
    with pytest.raises(Refusal, match="old enough to decide this themself"):
        revoke(teen, "data", revoked_by=person)

    page = signed_in.get("/me/consents/").content.decode()
    assert page.count("Decides this themself") == 1
    url = reverse("people:family-edit", args=[teen.pk])
    assert 'name="data"' not in signed_in.get(url).content.decode()
    signed_in.post(url, posted(name="新名字", birth_date=teen.birth_date.isoformat(), photo="on", data=None))
    teen.refresh_from_db()
    assert teen.name == "新名字"
    assert consent.has(teen, "data")
    assert consent.has(teen, "photo")


def test_a_teen_can_have_its_pictures_taken_down(client, person, teen):
    give(teen, "photo", given_by=person)
    client.force_login(teen.user)
    client.post("/me/consents/", {"person": teen.pk, "purpose": "photo", "action": "revoke"})
    assert not consent.has(teen, "photo")


def test_a_child_added_by_both_parents_is_listed_for_staff(person, make_person):
    first = add_child(person, child())
    second = add_child(make_person(), child())
    assert PossibleDuplicate.objects.values_list("person", "other", "reason").get() == (
        second.pk,
        first.pk,
        "same name and birth date",
    )


def test_children_of_one_name_but_another_birthday_are_two(person, make_person):
    add_child(person, child())
    add_child(make_person(), child("2011-01-01"))
    assert not PossibleDuplicate.objects.exists()


def test_the_words_a_teen_agrees_to_can_be_read(signed_in, guardian_text, resident_text):
    page = signed_in.get(ADD).content.decode()
    assert "What your child agrees to itself from 14 (居民告知书 1.0)" in page
    assert "Version: 监护人告知书 1.0" in page
