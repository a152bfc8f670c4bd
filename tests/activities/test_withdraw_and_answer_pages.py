"""Withdrawing, taking an offer, coming with fewer and a guardian's consent: each by its page, and only one's own."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from activities.models import ActivityConsent, SignUp, SignUpStatus
from activities.operations import sign_ups
from people.models import Guardianship, Person, User
from portal import clock
from portal.refusals import Refusal
from tests.activities.activity_pages import *  # noqa: F403
from tests.activities.activity_pages import address, words
from tests.activities.booking import book
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# What must not be found


def test_somebody_elses_booking_is_nobody_elses(signed_in, activity, make_person):
    other = make_person(name="别人", user=True)
    booking = book(activity, other)

    for name in ("withdraw", "consent"):
        assert signed_in.get(address(name, activity)).status_code == 302
        assert signed_in.post(address(name, activity), {"who": [other.pk]}).status_code == 302
    assert signed_in.get(address("answer", activity), {"booking": booking.pk}).status_code == 404
    assert signed_in.post(address("answer", activity), {"booking": booking.pk}).status_code == 404
    page = signed_in.get(activity.get_absolute_url(), {"booked": booking.pk}).content.decode()
    assert "别人" not in page
    assert "Done, you are signed up" not in page
    assert SignUp.objects.get().status == SignUpStatus.CONFIRMED


def test_a_child_who_came_of_age_is_nobodys_ward(signed_in, activity, person, make_child):
    """V4: from 18 on a former guardian neither sees nor withdraws what they signed up for themself."""
    child = make_child(person, 17, name="成年了")
    Person.objects.filter(pk=child.pk).update(birth_date=NOW.date().replace(year=NOW.year - 18))
    child.refresh_from_db()
    book(activity, child)

    assert "成年了" not in words(signed_in.get(activity.get_absolute_url()))
    assert "成年了" not in words(signed_in.get(reverse("people:me")))
    with pytest.raises(Refusal, match="Only the person, their guardian"):
        sign_ups.withdraw(list(activity.sign_ups.all()), at=NOW, by=person)


def test_a_consent_is_taken_back_by_whoever_gave_it(signed_in, activity, person, make_child, make_person):
    child = make_child(person)
    book(activity, person, child, guardian_consents=True)
    consent = ActivityConsent.objects.get()
    revoke = reverse("activities:consent-revoke", args=[consent.pk])
    stranger = Client()
    stranger.force_login(make_person(user=True).user)

    assert stranger.post(revoke).status_code == 404
    assert signed_in.get(revoke).status_code == 405
    assert f"Take back the consent for {child.name}" in words(signed_in.get(reverse("people:me")))
    signed_in.post(revoke)

    consent.refresh_from_db()
    assert consent.revoked_at == NOW
    assert SignUp.objects.get(person=child).status == SignUpStatus.CONSENT_PENDING
    assert "A guardian's consent" not in words(signed_in.get(reverse("people:me")))
    assert "Read and decide" in words(signed_in.get(reverse("people:me")))


# Withdrawing


def test_withdrawing_takes_one_press(signed_in, activity, person):
    book(activity, person)
    assert "You cannot come after all?" in words(signed_in.get(address("withdraw", activity)))

    page = signed_in.post(address("withdraw", activity), {"who": [person.pk]}, follow=True)

    assert SignUp.objects.get().status == SignUpStatus.CANCELLED
    assert f"{person.name}: withdrawn. Thank you for telling us." in page.content.decode()
    assert "Seats free" in words(page)  # and one may sign up again


def test_one_of_the_family_withdraws(signed_in, make_activity, person, make_child):
    activity = make_activity(capacity=9)
    children = [make_child(person, 12, name="大"), make_child(person, 9, name="小")]
    book(activity, person, *children, guardian_consents=True)

    page = signed_in.get(address("withdraw", activity), {"who": children[1].pk})
    assert [pick.label for pick in page.context["form"].picks if pick.checked] == ["小"]
    signed_in.post(address("withdraw", activity), {"who": [children[1].pk]})

    assert dict(activity.sign_ups.values_list("person__name", "status")) == {
        person.name: "confirmed",
        "大": "confirmed",
        "小": "cancelled",
    }


def test_a_child_left_behind_needs_another_of_ones_own(signed_in, make_activity, person, make_child, make_person):
    """V5; strangers who are signed up are never listed."""
    activity = make_activity(capacity=9)
    child, grandmother = make_child(person, 9, name="小鸣"), make_person(name="奶奶")
    book(activity, make_person(name="陌生人"))
    book(activity, person, grandmother, child, guardian_consents=True, companion=person)
    url = address("withdraw", activity)

    page = signed_in.get(url)
    assert "奶奶" in words(page)
    assert "陌生人" not in page.content.decode()
    refused = signed_in.post(url, {"who": [person.pk]})
    assert refused.context["form"].errors == {
        "companion": ["小鸣 was to come with you. Withdraw 小鸣 too, or name another adult who is signed up."]
    }
    foreign = signed_in.post(url, {"who": [person.pk], "companion": Person.objects.get(name="陌生人").pk})
    assert foreign.context["form"].errors == {"companion": ["Please choose from the people named here."]}
    signed_in.post(url, {"who": [person.pk], "companion": grandmother.pk})

    assert SignUp.objects.get(person=child).companion == grandmother
    assert SignUp.objects.get(person=person).status == SignUpStatus.CANCELLED


def test_after_the_deadline_it_is_late_and_taken_all_the_same(signed_in, make_activity, person):
    activity = make_activity(cancel_until=NOW + timedelta(hours=1))
    book(activity, person)
    with clock.frozen(NOW + timedelta(hours=2)):
        page = signed_in.get(address("withdraw", activity))
        said = signed_in.post(address("withdraw", activity), {"who": [person.pk]})
    assert "The time to withdraw ended on Thu 20 Dec, 10:00. Please tell us all the same" in words(page)
    assert said.status_code == 302
    row = SignUp.objects.get()
    assert (row.status, row.end_code) == (SignUpStatus.CANCELLED, "said_late")


# Offers and coming with fewer


def test_an_offer_is_answered_on_the_page(signed_in, offer, person):
    url = address("answer", offer.activity)
    assert f"A seat is kept for {person.name}, 朋友 until Thu 20 Dec, 21:00." in words(signed_in.get(url))
    signed_in.post(url, {"who": [row.person_id for row in offer.sign_ups.all()], "action": "accept"})
    assert set(offer.sign_ups.values_list("status", flat=True)) == {"confirmed"}
    assert signed_in.get(url).status_code == 302


def test_an_offer_is_declined_on_the_page(signed_in, offer):
    signed_in.post(address("answer", offer.activity), {"action": "decline"})
    assert set(offer.sign_ups.values_list("status", flat=True)) == {"declined"}


def test_an_offer_that_has_ended_is_refused_with_a_sentence(signed_in, offer, person):
    with clock.frozen(offer.offer_until):
        refused = signed_in.post(address("answer", offer.activity), {"who": [person.pk]})
    assert "This offer has ended; the seat went to the next neighbour." in words(refused)


def test_a_friend_in_the_booking_takes_the_seats_for_both(client, offer):
    """Whoever does not speak for all splits nobody off."""
    friend = Person.objects.get(name="朋友")
    friend.user = User.objects.create_user("friend@example.org")
    friend.save()
    client.force_login(friend.user)

    client.post(address("answer", offer.activity), {"who": [friend.pk]})

    assert set(offer.sign_ups.values_list("status", flat=True)) == {"confirmed"}


def test_nobody_ticked_for_an_offer(signed_in, offer):
    refused = signed_in.post(address("answer", offer.activity), {"action": "accept"})
    assert refused.context["form"].errors == {"who": ["Please tick at least one person."]}


def test_a_guardian_decides_on_the_page(signed_in, make_activity, person, make_child):
    activity = make_activity(minors="14_and_over")
    child = make_child(person, 15, name="大鸣")
    book(activity, child)
    url = address("consent", activity)

    page = words(signed_in.get(url))
    assert page.index("低温") < page.index("I agree ")  # V1
    signed_in.post(url, {"who": [child.pk], "action": "agree"})

    assert SignUp.objects.get().status == SignUpStatus.CONFIRMED
    assert ActivityConsent.objects.get().guardian == person


def test_a_guardian_may_agree_while_the_child_still_waits(signed_in, make_activity, person, make_child, make_person):
    """A waiting child stays waiting; with the consent there its turn gives the seat at once. One guardian's yes is enough."""
    activity = make_activity(minors="14_and_over", capacity=1, starts_at=NOW + timedelta(days=5))
    early = make_person()
    book(activity, early)
    child = make_child(person, 15, name="大鸣")
    father = make_person(user=True)
    baker.make(Guardianship, guardian=father, child=child, relation="父亲", declared_at=NOW)
    book(activity, child)

    assert "Read and decide" in words(signed_in.get(activity.get_absolute_url()))
    signed_in.post(address("consent", activity), {"who": [child.pk], "action": "agree"})
    assert SignUp.objects.get(person=child).status == SignUpStatus.WAITING
    other = Client()
    other.cookies["django_language"] = "en"
    other.force_login(father.user)
    assert "Read and decide" not in words(other.get(activity.get_absolute_url()))
    assert other.get(address("consent", activity)).status_code == 302
    sign_ups.withdraw(list(SignUp.objects.filter(person=early)), at=NOW, by=early)

    assert SignUp.objects.get(person=child).status == SignUpStatus.CONFIRMED


def test_room_for_some_is_not_promised_when_it_is_gone(signed_in, make_activity, make_person, person):
    activity = make_activity(capacity=3, minors="no")
    seated = [make_person() for _ in range(2)]
    first = sign_ups.sign_up(activity, seated, made_by=seated[0], at=NOW)
    booking = sign_ups.sign_up(activity, [person, make_person(), make_person()], made_by=person, at=NOW)
    sign_ups.withdraw([first.sign_ups.first()], at=NOW, by=seated[0])
    assert "Choose who comes" in words(signed_in.get(activity.get_absolute_url()))
    assert "2 seats are free now." in words(signed_in.get(address("answer", activity)))

    type(activity).objects.filter(pk=activity.pk).update(capacity=1)

    assert "Choose who comes" not in words(signed_in.get(activity.get_absolute_url()))
    assert signed_in.get(address("answer", activity), {"booking": booking.pk}).status_code == 302


def test_a_guardian_whose_data_consent_is_missing_is_told(signed_in, make_activity, person, make_child):
    activity = make_activity(minors="14_and_over")
    child = make_child(person, 15, name="大鸣", data=False)
    book(activity, child)
    refused = signed_in.post(address("consent", activity), {"who": [child.pk], "action": "agree"})
    assert "Before 大鸣 can join, please give the consent to keep their data" in words(refused)
    assert not ActivityConsent.objects.exists()
