"""One form for everybody: a code to any address with the same answer (DESIGN.md §2, Person)."""

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.urls import reverse
from model_bakery import baker

from people.models import Consent, Person, PossibleDuplicate, User
from portal import clock
from tests.people.joining import *  # noqa: F403
from tests.people.joining import CODE, HOME, JOIN, join

pytestmark = pytest.mark.django_db


def test_a_newcomer_has_an_account_only_after_the_right_code(client, mailoutbox, code_in, resident_text, neighbourhood):
    response = join(client, "New@Example.org ", adult="on")
    assert response.status_code == 302
    assert response.url == CODE
    assert not User.objects.exists()
    assert not Person.objects.exists()

    response = client.post(CODE, {"code": code_in(mailoutbox[0].body)})

    assert response.status_code == 302
    assert response.url == reverse("people:me")
    person = Person.objects.get()
    assert (person.name, person.email, person.user.email) == ("王小明", "new@example.org", "new@example.org")
    assert person.neighbourhood == neighbourhood
    assert person.declared_adult_at == clock.now()
    assert person.language == "en"
    assert client.session["_auth_user_id"] == str(person.user_id)
    assert EmailAddress.objects.values_list("email", "verified", "primary").get() == ("new@example.org", True, True)


def test_submitting_records_the_data_consent_and_no_other(client, mailoutbox, code_in, resident_text):
    """V5: per purpose; only what is needed is asked for here."""
    join(client)
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})

    consent = Consent.objects.get()
    person = Person.objects.get()
    assert (consent.purpose, consent.channel, consent.text) == ("data", "web", resident_text)
    assert (consent.person, consent.given_by, consent.given_at) == (person, person, clock.now())


def test_the_answer_is_the_same_whoever_asks(client, mailoutbox, make_person):
    known = make_person(user=True)
    answers = []
    for email in (known.email, "nobody@example.org"):
        client.cookies.pop("sessionid", None)
        response = join(client, email)
        page = client.get(CODE).content.decode().replace(email, "…")
        answers.append((response.status_code, response.url, page.split("<main")[1].split("csrfmiddlewaretoken")[0]))
    assert answers[0] == answers[1]
    mails = [(m.subject[:9], len(m.body.replace(m.to[0], ""))) for m in mailoutbox]
    assert mails[0] == mails[1]


def test_the_mail_has_text_and_html_in_the_readers_language(client, mailoutbox):
    join(client)
    mail: EmailMessage = mailoutbox[0]
    assert mail.subject.startswith("Your code: ")
    assert "If you did not ask for it, do nothing" in mail.body
    assert mail.alternatives[0].mimetype == "text/html"  # type: ignore[attr-defined]
    assert '<html lang="en">' in mail.alternatives[0].content  # type: ignore[attr-defined]


def test_a_code_never_stands_in_the_outbox(client, mailoutbox):
    from people.models import Message

    join(client)
    assert len(mailoutbox) == 1
    assert not Message.objects.exists()


def test_an_account_logs_in_and_keeps_its_name(client, mailoutbox, code_in, person):
    join(client, person.email.upper(), name="Somebody Else")
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})

    assert client.session["_auth_user_id"] == str(person.user_id)
    assert list(Person.objects.values_list("name", flat=True)) == [person.name]


def test_the_wish_is_kept_through_the_log_in(client, mailoutbox, code_in):
    wanted = "/lane-600/?week=2018-12-17"
    page = client.get(JOIN, {"next": wanted})
    assert '<input type="hidden" name="next" value="/lane-600/?week=2018-12-17"' in page.content.decode()

    join(client, next=wanted)
    response = client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    assert response.url == wanted


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "/\x00",
        "x" * 9000,
    ],
)
def test_only_pages_of_the_portal_are_gone_on_to(client, mailoutbox, code_in, evil):
    assert client.get(JOIN, {"next": evil}).status_code == 200
    join(client, next=evil)
    response = client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    assert response.url == reverse("people:me")


def test_the_wished_page_tells_the_neighbourhood(client, mailoutbox, code_in, elsewhere):
    join(client, next="/lane-700/")
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    assert Person.objects.get().neighbourhood == elsewhere


def test_of_several_neighbourhoods_one_is_asked_for(client, mailoutbox, code_in, neighbourhood, elsewhere):
    response = join(client)
    assert "Please choose one." in response.content.decode()
    assert 'value="王小明"' in response.content.decode()

    join(client, neighbourhood=elsewhere.pk)
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    assert Person.objects.get().neighbourhood == elsewhere


def test_a_closed_neighbourhood_cannot_be_posted(client, elsewhere, make_person):
    third = baker.make("people.Neighbourhood", slug="closed", is_open=False)
    response = join(client, neighbourhood=third.pk)
    assert "Select a valid choice" in response.content.decode()


# --- taking over ---


def test_a_proven_address_takes_over_the_one_adult_who_has_it(client, mailoutbox, code_in, make_person):
    record = make_person(email="Known@Example.org", name="王秀英")
    join(client, "known@example.org", name="Auntie")
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})

    record.refresh_from_db()
    assert record.user.email == "known@example.org"
    assert record.name == "王秀英"
    assert Person.objects.count() == 1
    assert not PossibleDuplicate.objects.exists()


@pytest.mark.parametrize("age", [10, 16, None])
def test_never_a_childs_record_nor_one_of_unknown_age(client, mailoutbox, code_in, make_person, age):
    record = make_person(age, email="family@example.org", name="小满")
    join(client, "family@example.org", name="小满的妈妈")
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})

    record.refresh_from_db()
    assert record.user is None
    assert Person.objects.filter(user__isnull=False).get().name == "小满的妈妈"


def test_never_a_record_that_has_an_account(client, mailoutbox, code_in, make_person):
    owner = make_person(user=True, email="shared@example.org")
    User.objects.filter(pk=owner.user_id).update(email="other@example.org")
    join(client, "shared@example.org")
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})

    owner.refresh_from_db()
    assert owner.user.email == "other@example.org"
    duplicate = PossibleDuplicate.objects.get()
    assert (duplicate.other, duplicate.reason) == (owner, "same e-mail address")


def test_of_two_adults_with_one_address_none_is_taken_over(client, mailoutbox, code_in, make_person):
    couple = [make_person(email="two@example.org") for _ in range(2)]
    join(client, "two@example.org")
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})

    new = Person.objects.get(user__isnull=False)
    assert new not in couple
    assert set(PossibleDuplicate.objects.values_list("person", "other")) == {(new.pk, row.pk) for row in couple}


def test_the_same_name_is_listed_for_staff(client, mailoutbox, code_in, make_person):
    other = make_person(name="王小明")
    join(client, "new@example.org", name="王小明")
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    assert PossibleDuplicate.objects.values_list("other", "reason").get() == (other.pk, "same name")


def test_a_record_of_another_neighbourhood_stays_there(client, mailoutbox, code_in, make_person, elsewhere):
    theirs = make_person(email="known@example.org", place=elsewhere)
    join(client, "known@example.org", next=HOME)
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    theirs.refresh_from_db()
    assert theirs.user is None
    assert not PossibleDuplicate.objects.exists()


def test_an_account_from_elsewhere_becomes_known_where_it_asked_to(
    client, mailoutbox, code_in, make_person, elsewhere, neighbourhood
):
    theirs = make_person(user=True, place=elsewhere, name="李阿姨")
    join(client, theirs.email, name="ignored", next=HOME)
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    mine = Person.objects.get(neighbourhood=neighbourhood)
    assert (mine.name, mine.user) == ("李阿姨", theirs.user)


# --- what is typed ---


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Please fill this in."),
        ("  \u3000 ", "Please fill this in."),
        ("王\x00明", "There is a character in it that cannot be read."),
        ("王😀", "“😀” cannot stand in it"),
        ("\u202egnp.exe", "There is a character in it that cannot be read."),
        ("12345", "Please write the name in letters or characters."),
        ("王" * 5000, "At most 60 characters, please; these are 5000."),
    ],
)
def test_a_name_that_cannot_be_kept_gets_a_sentence_and_stays(client, mailoutbox, name, sentence):
    response = join(client, "a@example.org", name=name)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert 'value="a@example.org"' in response.content.decode()
    assert not mailoutbox


@pytest.mark.parametrize("name", ["Jean-Luc O’Neill", "阿依古丽·买买提", "李𠮷", "Nguyễn Thị Hoa", "王 (大)"])
def test_names_of_all_kinds_are_names(client, mailoutbox, code_in, name):
    join(client, name=name)
    client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    assert Person.objects.get().name == name


@pytest.mark.parametrize(
    "email", ["", "nobody", "a\x00@example.org", "a@b", "x" * 300 + "@example.org", "a@b.cn\nBcc: c@d.cn", "王@例子"]
)
def test_an_address_that_is_none_gets_a_sentence(client, mailoutbox, email):
    response = join(client, email)
    assert response.status_code == 200
    assert 'id="errors"' in response.content.decode()
    assert 'value="王小明"' in response.content.decode()
    assert not mailoutbox


def test_full_width_letters_of_a_chinese_keyboard_are_read(client, mailoutbox):
    join(client, "ａｂｃ@example。org")
    assert mailoutbox[0].to == ["abc@example.org"]
