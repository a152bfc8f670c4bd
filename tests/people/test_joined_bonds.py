"""S3: joining two records brings nobody a child; a confirmed guardian says yes first, or staff have seen a paper."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import SignUp
from activities.operations import sign_ups
from people.emails import decision_url
from people.models import BondQuestion, Guardianship, Message, Person, PersonMerge, PossibleDuplicate, User
from people.operations import duplicates, guardians, joined_bonds, merging, staff
from people.outbox.sending import dispatch
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db
BORN = NOW.date() - timedelta(days=365 * 9)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def clerk(db) -> User:
    return User.objects.create_user("clerk@example.org")


@pytest.fixture
def look_alikes(make_child, make_person):
    """A child of a confirmed mother, and what a stranger has declared: (mother, child, stranger, their record, the pair)."""
    mother, stranger = make_person(user=True, name="王芳", language="en"), make_person(user=True, name="来人")
    mine, theirs = (make_child(one, name="小满", birth_date=BORN) for one in (mother, stranger))
    Guardianship.objects.filter(guardian=mother).update(state="confirmed")
    duplicates.note(theirs)
    return mother, mine, stranger, theirs, PossibleDuplicate.objects.get()


def ask(pair, kept, dropped, clerk, paper=""):
    return merging.join_or_ask(pair, kept, dropped, reason="同名同生日", paper=paper, by=clerk, at=NOW)


def in_force() -> set[tuple[str, int]]:
    return set(Guardianship.objects.filter(ended_at=None).values_list("guardian__name", "child"))


@pytest.mark.parametrize("stays", ["mine", "theirs"])
def test_until_the_confirmed_guardian_says_yes_nothing_changes(look_alikes, make_activity, clerk, stays):
    """S3: a stranger who declared a child of a known name is not let in by staff who join the two records."""
    mother, mine, stranger, theirs, pair = look_alikes
    activity = make_activity()
    sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True)
    before = in_force()
    kept, dropped = (mine, theirs) if stays == "mine" else (theirs, mine)

    assert ask(pair, kept, dropped, clerk, paper="家长说的") is None  # no paper replaces the guardian's yes
    with pytest.raises(Refusal, match="has to say yes first"):
        merging.merge(kept, dropped, reason="同名", paper="家长说的", by=clerk, at=NOW)
    assert in_force() == before
    assert not PersonMerge.objects.exists()
    assert not sign_ups.may_act_for(stranger, SignUp.objects.get(person=mine))
    pair.refresh_from_db()
    assert pair.state == "asked"
    assert list(BondQuestion.objects.values_list("asked", "bond__guardian")) == [(mother.pk, stranger.pk)]
    ask(pair, kept, dropped, clerk)
    assert Message.objects.filter(kind="guardian_question").count() == 1  # asked once


def test_the_mail_names_nobody_and_the_page_asks(look_alikes, clerk):
    """S3: GET shows who it is and two buttons; a no leaves both records, and stands in the staff's list."""
    mother, mine, stranger, theirs, pair = look_alikes
    ask(pair, mine, theirs, clerk)
    dispatch()
    letter = mail.outbox[0]
    assert letter.to == [mother.email]
    for told in (letter.subject, letter.body):
        assert not [name for name in ("小满", "来人", stranger.email) if name in told]
    question = BondQuestion.objects.get()
    url = decision_url(mother, question=question.pk)
    page = Client().get(url).content.decode()
    assert "来人" in page
    assert "No, I do not know them" in page
    question.refresh_from_db()
    assert question.state == "asked"
    Client().post(url, {"answer": "perhaps"})
    answered = Client().post(url, {"answer": "no"}, follow=True).content.decode()
    assert "You have said no" in answered
    pair.refresh_from_db()
    assert pair.state == "refused"
    with translation.override("en"), pytest.raises(Refusal, match="has said no"):
        merging.merge(mine, theirs, reason="同名", paper="户口簿", by=clerk, at=NOW)


def test_by_the_yes_staff_join_and_the_bond_is_confirmed(look_alikes, clerk):
    """S3."""
    mother, mine, stranger, theirs, pair = look_alikes
    ask(pair, mine, theirs, clerk)
    Client().post(decision_url(mother, question=BondQuestion.objects.get().pk), {"answer": "yes"})
    pair.refresh_from_db()
    assert pair.state == "agreed"
    assert in_force() == {("王芳", mine.pk), ("来人", theirs.pk)}  # staff have the last word
    merge = ask(pair, mine, theirs, clerk)
    assert merge is not None
    bond = Guardianship.objects.get(guardian=stranger)
    assert (bond.child, bond.state, bond.confirmed_by_guardian) == (mine, "confirmed", mother)
    merging.undo(merge, by=clerk, at=NOW)
    bond.refresh_from_db()
    assert (bond.child, bond.state, bond.confirmed_by_guardian) == (theirs, "declared", None)


@pytest.mark.parametrize("case", ["settled", "no guardian any more", "another"])
def test_an_answer_that_cannot_count_says_so(look_alikes, clerk, case):
    """S3: the pair was told apart meanwhile, the mother is guardian no more, or somebody else answers."""
    mother, mine, stranger, theirs, pair = look_alikes
    ask(pair, mine, theirs, clerk)
    by = mother
    if case == "settled":
        staff.tell_apart(pair, by=clerk)
    elif case == "another":
        by = stranger
    else:
        Guardianship.objects.filter(guardian=mother).update(ended_at=NOW)
    with pytest.raises(Refusal):
        joined_bonds.answer(BondQuestion.objects.get(), by=by, agrees=True, at=NOW)
    assert BondQuestion.objects.get().state == "asked"


def test_where_nobody_can_be_asked_it_takes_a_paper(look_alikes, clerk):
    """S3."""
    mother, mine, stranger, theirs, pair = look_alikes
    Guardianship.objects.update(state="declared")
    with pytest.raises(Refusal, match="which paper"):
        ask(pair, mine, theirs, clerk)
    assert ask(pair, mine, theirs, clerk, paper="户口簿").paper == "户口簿"
    assert set(Guardianship.objects.values_list("state", "confirmed_by")) == {("confirmed", clerk.pk)}


def test_an_account_that_is_joined_to_a_mother_gets_no_child_by_that(make_person, make_child, clerk):
    """S3, the other way round: somebody joins as 王芳 and staff join the account to the mother whom they had on paper."""
    mother, account = make_person(name="王芳", email=""), make_person(user=True, name="王芳")
    child = make_child(mother)
    Guardianship.objects.update(state="confirmed")
    with pytest.raises(Refusal, match="which paper"):
        merging.merge(mother, account, reason="同名", by=clerk, at=NOW)
    father = make_person(user=True, name="父亲")
    baker.make(Guardianship, guardian=father, child=child, state="confirmed", declared_at=NOW)
    duplicates.note(account)
    assert ask(PossibleDuplicate.objects.get(), mother, account, clerk, paper="身份证") is None
    assert BondQuestion.objects.get().asked == father


def test_two_records_of_a_parent_with_no_child_need_nobody(make_person, clerk):
    kept, dropped = make_person(name="顾建国"), make_person(name="顾建国", user=True)
    assert merging.merge(kept, dropped, reason="同一人", by=clerk, at=NOW)


def test_a_confirmed_guardian_says_no_to_one_whom_staff_entered(person, make_child, make_person, neighbourhood):
    """S3: the mail names nobody, and offers a no; then the other one answers for the child no more."""
    child, other = make_child(person, name="小满"), make_person(user=True, name="来人")
    Guardianship.objects.update(state="confirmed")
    Person.objects.filter(pk=person.pk).update(language="en")
    bond = baker.make(Guardianship, guardian=other, child=child, declared_at=NOW)
    guardians.ask_to_confirm(bond, at=NOW)
    dispatch()
    assert not [name for name in ("小满", "来人") if name in mail.outbox[0].subject + mail.outbox[0].body]
    url = decision_url(person, bond=bond.pk)
    assert "No, I do not know them" in Client().get(url).content.decode()
    Client().post(url, {"answer": "no"})
    bond.refresh_from_db()
    assert bond.state == "refused"
    assert not Person.objects.wards_of(other).exists()
    office = client_of(staff_user("committee_admin", neighbourhood))
    assert "来人 → 小满" in office.get(reverse("admin:index")).content.decode()


def test_staff_are_told_that_a_guardian_is_asked_first(look_alikes, neighbourhood):
    """S3, on the page where records are joined."""
    mother, mine, stranger, theirs, pair = look_alikes
    office = client_of(staff_user("committee_admin", neighbourhood))
    url = reverse("admin:people_possibleduplicate_act", args=["join"]) + f"?ids={pair.pk}"
    data = {"ids": pair.pk, "stays": mine.pk, "reason": "同名同生日", "paper": ""}
    first = office.post(url, data)
    assert "is asked first. Nothing changes before the yes" in first.content.decode()
    done = office.post(url, data | {"seen": first.context["form"]["seen"].value()}, follow=True)
    assert said(done)[-1].startswith("A confirmed guardian of the child has been asked.")
    assert not PersonMerge.objects.exists()
