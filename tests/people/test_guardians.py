"""A second guardian: invited, accepting, let in by who invited; and confirmed by one who is (V4)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import SignUp
from activities.operations import sign_ups
from activities.operations.consents import give_consent
from people.emails import decision_url
from people.models import Consent, Family, GuardianInvitation, Guardianship, Message, Person
from people.operations import consents, guardians
from people.outbox.sending import dispatch
from portal import clock
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(person, make_child) -> Person:
    child = make_child(person, name="小满")
    Family.objects.create(neighbourhood=child.neighbourhood).members.set([person, child])
    return child


@pytest.fixture
def father(make_person) -> Person:
    return make_person(user=True, name="父亲")


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(person.user)
    return client


def confirmed(guardian: Person, child: Person) -> None:
    Guardianship.objects.filter(guardian=guardian, child=child).update(state="confirmed")


def test_a_second_guardian_is_invited_accepts_and_is_let_in(person, child, father):
    """Nothing of the child is shown before the guardian who invited says that it is the right person."""
    confirmed(person, child)
    mother, dad = signed_in(person), signed_in(father)
    page = reverse("people:family-guardians", args=[child.pk])
    link = mother.post(page, {"action": "invite"}, follow=True).context["link"]

    opened = dad.get(link)
    assert "小满" not in opened.content.decode()
    assert person.name not in opened.content.decode()
    assert "Please say what you are" in dad.post(link, {"relation": " "}).content.decode()
    dad.post(link, {"relation": "父亲"})
    assert "decides next; until then you see nothing" in dad.get(link).content.decode()
    assert not Person.objects.wards_of(father).exists()
    assert dad.get(reverse("people:family-guardians", args=[child.pk])).status_code == 404

    dispatch()
    assert [letter.to[0] for letter in mail.outbox] == [person.email]
    url = decision_url(person, invitation=GuardianInvitation.objects.get().pk)
    assert url.rpartition("/mail/")[0] in mail.outbox[0].body
    Client().get(url)  # reading changes nothing
    assert not Person.objects.wards_of(father).exists()
    answered = mother.post(url, {"answer": "yes"}, follow=True).content.decode()
    assert "父亲 is now a guardian of 小满 too." in answered
    assert "You are a guardian of this child now." in dad.get(link).content.decode()

    bond = Guardianship.objects.get(guardian=father)
    assert (bond.child, bond.relation, bond.state, bond.confirmed_by_guardian) == (child, "父亲", "confirmed", person)
    assert father in child.families.get().members.all()
    assert Message.objects.filter(recipient=father, kind="guardian_now").exists()
    assert dad.get(reverse("people:family-guardians", args=[child.pk])).status_code == 200


def test_a_no_lets_nobody_in(person, child, father):
    invitation = guardians.invite(child, by=person, at=NOW)
    guardians.accept(invitation, person=father, relation="父亲", at=NOW)
    answered = signed_in(person).post(decision_url(person, invitation=invitation.pk), {"answer": "no"}, follow=True)
    assert "You have said no. 父亲 sees nothing of 小满." in answered.content.decode()
    invitation.refresh_from_db()
    answer = signed_in(father).get(reverse("people:guardian-accept", args=[invitation.secret])).content.decode()
    assert "has said no" in answer
    assert "小满" not in answer
    assert invitation.state == "refused"
    assert not Guardianship.objects.filter(guardian=father).exists()


def test_let_in_by_a_declared_guardian_one_is_declared(person, child, father):
    invitation = guardians.invite(child, by=person, at=NOW)
    guardians.accept(invitation, person=father, relation="父亲", at=NOW)
    guardians.let_in(invitation, by=person, agrees=True, at=NOW)
    guardians.let_in(invitation, by=person, agrees=True, at=NOW)  # pressing twice does no harm
    assert Guardianship.objects.get(guardian=father).state == "declared"


@pytest.mark.parametrize("case", ["stranger invites", "late", "taken back", "newer", "self", "young", "elsewhere"])
def test_what_is_refused_says_why(person, child, father, make_person, elsewhere, case):
    invitation = guardians.invite(child, by=person, at=NOW)
    who, at, words = father, NOW, "no longer open. Please ask for a new one"
    match case:
        case "stranger invites":
            with pytest.raises(Refusal, match="Only a guardian of the child"):
                guardians.invite(child, by=father, at=NOW)
            return
        case "late":
            at = NOW + timedelta(days=15)
        case "taken back":
            guardians.take_back(invitation, by=person, at=NOW)
        case "newer":
            guardians.invite(child, by=person, at=NOW)
        case "self":
            who, words = person, "guardian already"
        case "young":
            who, words = make_person(16), "Only an adult"
        case "elsewhere":
            who, words = make_person(place=elsewhere), "another residential area"
    with pytest.raises(Refusal, match=words):
        guardians.accept(invitation, person=who, relation="父亲", at=at)


def test_a_confirmed_guardian_confirms_the_other_by_the_link_in_the_mail(person, child, father, neighbourhood):
    """Staff enter the second one; the first is asked."""
    confirmed(person, child)
    office = client_of(staff_user("committee_admin", neighbourhood))
    data = {"child": child.pk, "guardian": father.pk, "relation": "父亲"}
    added = office.post(reverse("admin:people_guardianship_add"), data, follow=True)
    assert any("is asked to confirm this one" in words for words in said(added))
    bond = Guardianship.objects.get(guardian=father)
    assert list(Message.objects.values_list("recipient", "kind")) == [(person.pk, "guardian_confirm")]

    url = decision_url(person, bond=bond.pk)
    assert "Is 父亲 a guardian of 小满?" in signed_in(person).get(url).content.decode()
    Client().post(url, {"answer": "yes"})
    bond.refresh_from_db()
    assert (bond.state, bond.confirmed_by_guardian, bond.confirmed_by) == ("confirmed", person, None)
    assert "Confirmed" in signed_in(person).get(url).content.decode()


@pytest.mark.parametrize("who", ["declared", "oneself", "former"])
def test_only_another_confirmed_guardian_confirms(person, child, father, who):
    bond = baker.make(Guardianship, guardian=father, child=child, declared_at=NOW)
    if who == "oneself":
        confirmed(father, child)
    if who == "former":
        Guardianship.objects.filter(guardian=person).update(state="confirmed", ended_at=NOW)
    with pytest.raises(Refusal, match="ask the committee"):
        guardians.confirm(bond, by=father if who == "oneself" else person, at=NOW)


@pytest.mark.parametrize("token", ["x", "a:b:c"])
def test_a_wrong_link_is_a_sentence(token):
    answer = Client(headers={"accept-language": "en"}).get(reverse("people:guardian-decision", args=[token]))
    assert answer.status_code == 410
    assert "not complete" in answer.content.decode()


def test_the_confirmed_second_guardian_may_agree_where_that_is_demanded(make_activity, person, child, father):
    """V4: an activity that takes confirmed guardians only."""
    activity = make_activity(confirmed_guardians_only=True)
    baker.make(Guardianship, guardian=father, child=child, state="confirmed", declared_at=NOW)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW)
    row = SignUp.objects.get(person=child)
    assert row.status == "consent_pending"
    give_consent(row, father, at=NOW)
    row.refresh_from_db()
    assert row.status == "confirmed"


def test_either_may_take_back_a_standing_consent(person, child, father, guardian_text):
    """V5: whoever said yes."""
    baker.make(Guardianship, guardian=father, child=child, declared_at=NOW)
    consents.give(child, "photo", given_by=person)
    with clock.frozen(NOW + timedelta(hours=1)), translation.override("en"):
        assert consents.revoke(child, "photo", revoked_by=father) == 1
    assert not Consent.objects.in_force().filter(purpose="photo").exists()


def test_the_pages_of_guardians_are_for_guardians(person, child, father):
    for client in (signed_in(father), Client()):
        answer = client.get(reverse("people:family-guardians", args=[child.pk]))
        assert answer.status_code in {302, 404}
        assert "小满" not in answer.content.decode()
