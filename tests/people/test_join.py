"""One form for everybody: a code to any address with the same answer (DESIGN.md §2, Person)."""

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.urls import reverse
from model_bakery import baker

from people.models import Consent, Person, PossibleDuplicate, User
from portal import clock
from tests.people.joining import *  # noqa: F403
from tests.people.joining import CODE, HOME, JOIN, NAME, come_in, join, tell

pytestmark = pytest.mark.django_db


def test_a_newcomer_has_an_account_only_after_the_right_code(client, mailoutbox, code_in, resident_text, neighbourhood):
    """A1: nothing of a person is stored before the code, and nothing is asked."""
    response = join(client, "New@Example.org ")
    assert response.status_code == 302
    assert response.url == CODE
    assert not User.objects.exists()
    assert not Person.objects.exists()

    response = client.post(CODE, {"code": code_in(mailoutbox[0].body)})
    assert response.url == NAME
    assert not User.objects.exists()

    response = tell(client, adult="on")

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
    come_in(client, mailoutbox)

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


def test_who_is_known_is_asked_nothing_but_the_code(client, mailoutbox, code_in, person):
    come_in(client, mailoutbox, person.email.upper(), name="Somebody Else")

    assert client.session["_auth_user_id"] == str(person.user_id)
    assert list(Person.objects.values_list("name", flat=True)) == [person.name]


def test_the_wish_is_kept_through_the_log_in(client, mailoutbox, code_in):
    wanted = "/lane-600/?week=2018-12-17"
    page = client.get(JOIN, {"next": wanted})
    assert '<input type="hidden" name="next" value="/lane-600/?week=2018-12-17"' in page.content.decode()

    response = come_in(client, mailoutbox, wanted=wanted)
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
    response = come_in(client, mailoutbox, wanted=evil)
    assert response.url == reverse("people:me")


def test_the_wished_page_tells_the_neighbourhood(client, mailoutbox, code_in, elsewhere):
    come_in(client, mailoutbox, wanted="/lane-700/")
    assert Person.objects.get().neighbourhood == elsewhere


def test_of_several_neighbourhoods_one_is_asked_for(client, mailoutbox, code_in, neighbourhood, elsewhere):
    """A1: who is known is not asked; who is new is, behind the code, and the name stays."""
    response = come_in(client, mailoutbox)
    assert "Please choose one." in response.content.decode()
    assert 'value="王小明"' in response.content.decode()

    tell(client, neighbourhood=elsewhere.pk)
    assert Person.objects.get().neighbourhood == elsewhere


def test_a_closed_neighbourhood_cannot_be_posted(client, mailoutbox, elsewhere):
    third = baker.make("people.Neighbourhood", slug="closed", is_open=False)
    response = come_in(client, mailoutbox, neighbourhood=third.pk)
    assert "Select a valid choice" in response.content.decode()


# --- taking over ---


def test_a_proven_address_takes_over_the_one_adult_who_has_it(client, mailoutbox, code_in, make_person):
    record = make_person(email="Known@Example.org", name="王秀英")
    come_in(client, mailoutbox, "known@example.org", name="")
    assert "Are you 王秀英?" in client.get(NAME).content.decode()
    assert not User.objects.exists()  # nobody is taken for somebody without a word
    tell(client, "", is_known="yes")

    record.refresh_from_db()
    assert record.user.email == "known@example.org"
    assert record.name == "王秀英"
    assert Person.objects.count() == 1
    assert not PossibleDuplicate.objects.exists()


def test_the_other_one_of_a_couple_with_one_mailbox_keeps_a_name(client, mailoutbox, make_person):
    """A7: two share an address; the second name is not dropped."""
    record = make_person(email="two@example.org", name="王秀英")
    come_in(client, mailoutbox, "two@example.org", name="", is_known="no")
    assert "Please fill this in." in tell(client, "", is_known="no").content.decode()
    tell(client, "李国强", is_known="no")

    record.refresh_from_db()
    assert record.user is None
    assert Person.objects.get(user__email="two@example.org").name == "李国强"
    assert PossibleDuplicate.objects.get().other == record


@pytest.mark.parametrize("age", [10, 16, None])
def test_never_a_childs_record_nor_one_of_unknown_age(client, mailoutbox, code_in, make_person, age):
    record = make_person(age, email="family@example.org", name="小满")
    come_in(client, mailoutbox, "family@example.org", name="小满的妈妈")

    record.refresh_from_db()
    assert record.user is None
    assert Person.objects.filter(user__isnull=False).get().name == "小满的妈妈"


def test_never_a_record_that_has_an_account(client, mailoutbox, code_in, make_person):
    owner = make_person(user=True, email="shared@example.org")
    User.objects.filter(pk=owner.user_id).update(email="other@example.org")
    come_in(client, mailoutbox, "shared@example.org")

    owner.refresh_from_db()
    assert owner.user.email == "other@example.org"
    duplicate = PossibleDuplicate.objects.get()
    assert (duplicate.other, duplicate.reason) == (owner, "same e-mail address")


def test_of_two_adults_with_one_address_none_is_taken_over(client, mailoutbox, code_in, make_person):
    couple = [make_person(email="two@example.org") for _ in range(2)]
    come_in(client, mailoutbox, "two@example.org")

    new = Person.objects.get(user__isnull=False)
    assert new not in couple
    assert set(PossibleDuplicate.objects.values_list("person", "other")) == {(new.pk, row.pk) for row in couple}


def test_the_same_name_is_listed_for_staff(client, mailoutbox, code_in, make_person):
    other = make_person(name="王小明")
    come_in(client, mailoutbox, "new@example.org", name="王小明")
    assert PossibleDuplicate.objects.values_list("other", "reason").get() == (other.pk, "same name")


def test_a_record_of_another_neighbourhood_stays_there(client, mailoutbox, code_in, make_person, elsewhere):
    theirs = make_person(email="known@example.org", place=elsewhere)
    come_in(client, mailoutbox, "known@example.org", wanted=HOME)
    theirs.refresh_from_db()
    assert theirs.user is None
    assert not PossibleDuplicate.objects.exists()


def test_an_account_from_elsewhere_is_signed_in_and_made_known_nowhere_unasked(
    client, mailoutbox, code_in, make_person, elsewhere, neighbourhood
):
    """A1: another committee gets a name only by its bearer's own tick, on the page that needs it."""
    theirs = make_person(user=True, place=elsewhere, name="李阿姨")
    come_in(client, mailoutbox, theirs.email, name="ignored", wanted=HOME)
    assert client.session["_auth_user_id"] == str(theirs.user_id)
    assert not Person.objects.filter(neighbourhood=neighbourhood).exists()
    assert "does not know you as a resident yet" in client.get("/me/").content.decode()


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
    response = come_in(client, mailoutbox, "a@example.org", name=name)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["Jean-Luc O’Neill", "阿依古丽·买买提", "李𠮷", "Nguyễn Thị Hoa", "王 (大)"])
def test_names_of_all_kinds_are_names(client, mailoutbox, code_in, name):
    come_in(client, mailoutbox, name=name)
    assert Person.objects.get().name == name


@pytest.mark.parametrize(
    "email", ["", "nobody", "a\x00@example.org", "a@b", "x" * 300 + "@example.org", "a@b.cn\nBcc: c@d.cn", "王@例子"]
)
def test_an_address_that_is_none_gets_a_sentence(client, mailoutbox, email):
    response = join(client, email)
    assert response.status_code == 200
    assert 'id="errors"' in response.content.decode()
    assert not mailoutbox


def test_full_width_letters_of_a_chinese_keyboard_are_read(client, mailoutbox):
    join(client, "ａｂｃ@example。org")
    assert mailoutbox[0].to == ["abc@example.org"]


# --- who is new ---


def test_without_the_tick_nothing_is_kept(client, mailoutbox):
    """V5: consent before use."""
    come_in(client, mailoutbox, name="")
    page = client.post(NAME, {"name": "王小明"}).content.decode()
    assert "Without this we cannot keep your name" in page
    assert 'value="王小明"' in page
    assert not User.objects.exists()


def test_nobody_gets_past_the_code(client, mailoutbox):
    assert tell(client).url == JOIN
    join(client)
    assert tell(client).url == CODE
    assert not User.objects.exists()


def test_staff_come_in_by_a_door_of_their_own(client, mailoutbox, person):
    """A1: no newcomer's words; and an address without an account is told so instead of being made a resident."""
    page = client.get(JOIN, {"next": "/admin/"}).content.decode()
    assert "Sign in to the staff pages" in page
    assert "Nothing of you is kept before the code" not in page
    assert come_in(client, mailoutbox, person.email, wanted="/admin/").url == "/admin/"

    client.logout()
    answer = come_in(client, mailoutbox, "nobody@example.org", wanted="/admin/")
    assert answer.url == "/accounts/join/?next=%2Fadmin%2F"
    assert "There is no staff account with this address." in client.get(answer.url).content.decode()
    assert not User.objects.filter(email="nobody@example.org").exists()


def test_two_windows_make_one_account(client, mailoutbox):
    """The name is sent twice, or from the page of before: one account, one person, one consent."""
    come_in(client, mailoutbox)
    assert tell(client, "Another").url == reverse("people:me")
    assert list(Person.objects.values_list("name", flat=True)) == ["王小明"]
    assert Consent.objects.count() == 1
