"""Children for each adult (V5): at sign-up by every way, and again when an adult leaves."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from activities.emails import action_url
from activities.models import SignUp
from activities.operations import entered_by_staff, offers, sign_ups
from activities.rules import adult_ratio
from people.outbox.sending import dispatch
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def two_each(make_activity):
    return make_activity(minors="14_and_over", children_per_adult=2, capacity=12)


@pytest.fixture
def teens(person, make_child):
    return [make_child(person, 15) for _number in range(3)]


def book(activity, *people, made_by=None, **options):
    options.setdefault("guardian_consents", True)
    return sign_ups.sign_up(activity, list(people), made_by=made_by or people[0], at=NOW, **options)


def live(activity) -> dict[str, str]:
    return dict(activity.sign_ups.live().values_list("person__name", "status"))


def test_too_many_children_for_an_adult_are_refused_and_one_more_adult_mends_it(two_each, person, teens, people):
    with pytest.raises(Refusal, match="2 children for each adult here. 1 more is needed"):
        book(two_each, person, *teens)
    book(two_each, people[0])  # adults alone are always welcome
    book(two_each, person, *teens)
    assert adult_ratio.balance_with(two_each) == adult_ratio.Balance(2, 3, 2)


def test_staff_and_children_of_their_own_are_held_to_it_too(two_each, person, teens, neighbourhood):
    clerk = staff_user("committee_admin", neighbourhood)
    with pytest.raises(Refusal, match="1 more is needed"):
        entered_by_staff.enter(two_each, teens[:1], made_by=person, at=NOW, channel="phone", by=clerk)
    with pytest.raises(Refusal, match="1 more is needed"):
        book(two_each, teens[0])


def test_on_the_web_the_sentence_stands_in_the_form(two_each, person, teens):
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(person.user)
    assert "at most 2 children for each adult" in client.get(two_each.get_absolute_url()).content.decode()
    data = {"who": [one.pk for one in (person, *teens)], "consent": "on"}
    answer = client.post(two_each.get_sign_up_url(), data)
    assert "There may be 2 children for each adult here" in answer.content.decode()


def test_an_adult_may_leave_and_reads_what_becomes_of_the_children(two_each, person, teens, people, neighbourhood):
    """By the link in a mail; the mail of the withdrawal says it too, and staff find it to do today."""
    helper = book(two_each, people[0])
    book(two_each, person, *teens)
    url = action_url("withdraw", helper, people[0])
    client = Client()
    client.cookies["django_language"] = "en"
    page = client.post(url, {"who": people[0].pk}, follow=True).content.decode()
    assert "one adult too few" in page
    assert len(live(two_each)) == 4  # nobody lost a seat by it

    dispatch()
    assert any("还缺 1 位大人" in letter.body for letter in mail.outbox)
    office = client_of(staff_user("committee_admin", neighbourhood))
    home = office.get(reverse("admin:index")).content.decode()
    assert "Too few adults for the children" in home
    assert "1 adult is missing" in home


def test_whoever_leaves_on_the_page_reads_it_and_staff_too(two_each, person, teens, make_person, neighbourhood):
    helpers = [make_person(user=True), make_person()]
    for one in helpers:
        book(two_each, one)
    book(two_each, person, *teens)
    office = client_of(staff_user("committee_admin", neighbourhood))
    row = SignUp.objects.get(person=helpers[1])
    url = reverse("admin:volunteers_shift_withdraw", args=[two_each.pk, row.pk])
    first = office.post(url, {"who": row.pk, "reason": ""}, follow=True)
    assert "missing" not in said(first)[-1]  # two adults are enough for three
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(helpers[0].user)
    left = client.post(reverse("activities:withdraw", args=["lane-600", two_each.pk]), {"who": helpers[0].pk})
    assert any("one adult too few" in words for words in said(left))
    row = SignUp.objects.get(person=person)
    url = reverse("admin:volunteers_shift_withdraw", args=[two_each.pk, row.pk])
    assert "2 adults are missing" in said(office.post(url, {"who": row.pk, "reason": ""}, follow=True))[-1]


def test_with_a_guardian_present_nobody_leaves_a_child_alone(make_activity, person, make_child, neighbourhood):
    """V5: by the page, by staff; the child goes too, or another adult with a seat takes over."""
    activity = make_activity(minors="with_guardian", children_per_adult=2)
    child = make_child(person, name="小满")
    book(activity, person, child)
    own = SignUp.objects.filter(person=person)
    for by in ({"by": person}, {"by_staff": staff_user("committee_admin", neighbourhood)}):
        with pytest.raises(Refusal, match="Withdraw 小满 too, or name another adult"):
            sign_ups.withdraw(own, at=NOW, **by)
    sign_ups.withdraw(SignUp.objects.all(), at=NOW, by=person)
    assert live(activity) == {}


def test_a_child_whose_companion_has_gone_is_found(make_activity, person, make_child, neighbourhood):
    activity = make_activity(minors="with_guardian")
    book(activity, person, make_child(person))
    SignUp.objects.filter(person=person).update(status="excused")
    office = client_of(staff_user("committee_admin", neighbourhood))
    assert "1 child without an adult" in office.get(reverse("admin:index")).content.decode()


def test_a_waiting_family_that_would_break_it_is_passed_over_until_it_fits(make_activity, person, teens, people):
    activity = make_activity(minors="14_and_over", children_per_adult=1, capacity=4, starts_at=NOW + timedelta(days=5))
    first, second = book(activity, people[0]), book(activity, people[1])
    book(activity, people[2])
    waiting = book(activity, person, *teens[:2])  # two children, and adults enough, but only one seat
    assert set(waiting.sign_ups.values_list("status", flat=True)) == {"waiting"}
    sign_ups.withdraw(list(first.sign_ups.all()), at=NOW, by=people[0])
    sign_ups.withdraw(list(second.sign_ups.all()), at=NOW, by=people[1])
    assert live(activity)[teens[0].name] == "confirmed"  # one adult besides the parent is enough for two

    other = make_activity(minors="14_and_over", children_per_adult=1, capacity=3, starts_at=NOW + timedelta(days=6))
    booked = [book(other, one) for one in people[:3]]
    waiting = book(other, teens[2], made_by=person)
    book(other, people[3])
    for booking, one in zip(booked, people[:3], strict=True):
        sign_ups.withdraw(list(booking.sign_ups.all()), at=NOW, by=one)
    assert live(other) == {teens[2].name: "confirmed", people[3].name: "confirmed"}


def test_of_an_offer_the_children_do_not_come_without_enough_adults(make_activity, person, teens, people):
    activity = make_activity(minors="14_and_over", children_per_adult=2, capacity=2, promotion="offer")
    first = book(activity, *people[:2])
    booking = book(activity, person, teens[0])
    sign_ups.withdraw(list(first.sign_ups.all()), at=NOW, by=people[0])
    booking.refresh_from_db()
    with pytest.raises(Refusal, match="for each adult"):
        offers.accept(booking, at=NOW, by=person, people=[teens[0]])
    offers.accept(booking, at=NOW, by=person)
    assert set(live(activity).values()) == {"confirmed"}


def test_without_a_limit_nothing_is_asked(activity, person, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert adult_ratio.balance_with(activity).holds
