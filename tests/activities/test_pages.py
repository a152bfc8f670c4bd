"""The page of one activity, "me", home's next thing, withdrawing and answering: what each shows, to whom, at what price."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import ActivityConsent, Booking, SignUp, SignUpStatus
from activities.operations import offers, seats, staff
from community.models import Meeting
from people.models import Guardianship, Message, PartyMember, PartyOrg, Person, RoleGrant, User
from portal import clock
from portal.refusals import Refusal
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

PAGES = ["detail", "sign-up", "withdraw", "answer", "consent", "seen", "attendance"]


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def signed_in(client, person):
    client.force_login(person.user)
    return client


@pytest.fixture
def clerk(neighbourhood) -> User:
    user = User.objects.create_user("clerk@example.org", is_staff=True)
    baker.make(RoleGrant, user=user, neighbourhood=neighbourhood, role="committee_admin", given_at=NOW, until=None)
    return user


@pytest.fixture
def meeting(make_activity, neighbourhood):
    """A Party group's meeting, which its members alone may know of."""
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", name="第一党支部")
    group = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", parent=branch, name="第一党小组")
    return make_activity(
        model=Meeting,
        kind="meeting",
        type="party_group_meeting",
        title="党小组会",
        organisation=group,
        visibility="organisation",
        open_to=[],
    )


@pytest.fixture
def member_of(neighbourhood):
    def join(person: Person, meeting: Meeting) -> Person:
        group = meeting.organisation
        baker.make(
            PartyMember,
            neighbourhood=neighbourhood,
            person=person,
            branch=group.parent,
            group=group,
            since=None,
            until=None,
            exempt_from=None,
        )
        return person

    return join


def address(name: str, activity) -> str:
    return reverse(f"activities:{name}", args=["lane-600", activity.pk])


def words(response) -> str:
    assert response.status_code == 200, response
    main = response.content.decode().split('<main id="main"')[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def book(activity, *people: Person, **fields) -> Booking:
    return seats.sign_up(activity, people, made_by=people[0], at=NOW, **fields)


# What the page says


def test_the_page_tells_what_v1_asks_before_any_form(client, make_activity):
    activity = make_activity(
        capacity=24,
        insurance=True,
        signup_until=NOW + timedelta(days=2),
        cancel_until=NOW + timedelta(days=2, hours=3),
        min_age=6,
        location_note="南门集合",
    )
    text = words(client.get(activity.get_absolute_url()))

    for expected in [
        "盖草帘",
        "Sunday 23 December 2018",
        "9:00–11:00",
        "墙下花坛",
        "南门集合",
        "No steps on the way",
        "residents",
        "with a guardian present",
        "from 6 years on",
        "Sign up by Sat 22 Dec, 9:00",
        "Withdraw by Sat 22 Dec, 12:00",
        "Everyone who takes part is insured against accidents.",
        "低温",
        "This is how we guard against them: 手套",
        "24 seats",
        "24 left",
        "We remind you on Sat 22 Dec, 18:00 by e-mail",
        "If you cannot come, one press is enough",
    ]:
        assert expected in text, expected
    assert text.index("低温") < text.index("Come along")


def test_signed_out_it_carries_no_token_and_no_session(client, activity):
    """DESIGN §6: so that it can be cached."""
    response = client.get(activity.get_absolute_url())
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert 'method="post"' not in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize(
    ("capacity", "booked", "waiting", "said"),
    [
        (24, 1, 0, "Seats free 24 seats 23 left"),
        (3, 1, 0, "Few seats left 3 seats 2 left"),
        (1, 1, 0, "Full 1 seat Whoever signs up now waits, and moves up when a seat becomes free."),
        (1, 1, 2, "Full 1 seat 2 people are waiting Whoever signs up now waits"),
        (None, 1, 0, "Seats free"),
    ],
)
def test_seats_are_a_word_and_numbers(client, make_activity, make_person, capacity, booked, waiting, said):
    activity = make_activity(capacity=capacity)
    for _ in range(booked + waiting):
        book(activity, make_person())
    assert said in words(client.get(activity.get_absolute_url()))


def test_a_free_seat_that_belongs_to_a_waiting_family_is_not_promised(client, make_activity, make_person):
    activity = make_activity(capacity=2)
    book(activity, make_person())
    book(activity, make_person(), make_person())
    text = words(client.get(activity.get_absolute_url()))
    assert "Full 2 seats 1 left 2 people are waiting The free seats are kept for those who wait already." in text
    assert "Join the waiting list" in text


def test_a_move_tells_what_it_was_before(signed_in, activity, person, clerk, location):
    book(activity, person)
    starts = NOW + timedelta(days=4)
    staff.move(
        activity,
        at=NOW,
        by=clerk,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        location=location,
        reason="停电",
    )

    text = words(signed_in.get(activity.get_absolute_url()))
    assert "Time or place have changed. Before it was: Sun 23 Dec, 9:00, 墙下花坛. Why: 停电" in text
    assert "I know, we will come" in text

    signed_in.post(address("seen", activity))
    assert SignUp.objects.get().seen_revision == 2
    assert "I know, we will come" not in words(signed_in.get(activity.get_absolute_url()))


def test_a_cancelled_activity_says_why_and_asks_for_nothing(signed_in, activity, person, clerk):
    book(activity, person)
    staff.cancel(activity, at=NOW, by=clerk, reason="下大雨")
    response = signed_in.get(activity.get_absolute_url())
    assert "This is cancelled. Why: 下大雨" in words(response)
    assert "Sign up" not in words(response).replace("Sign up by", "")
    assert "Cancelled 盖草帘" in words(signed_in.get(reverse("people:me")))


def test_who_is_expected_reads_so_without_signing_up(client, meeting, member_of, make_person):
    someone = member_of(make_person(user=True), meeting)
    client.force_login(someone.user)
    assert "You are expected here; nobody needs to sign up." in words(client.get(meeting.get_absolute_url()))
    assert "党小组会" in words(client.get(reverse("people:me")))


def test_the_parts_of_a_day_are_shown_to_those_who_may_see_them(client, make_activity, meeting, member_of, make_person):
    """M9: the parent's page shows a part only to those who may see it."""
    day = make_activity(title="主题日", capacity=None)
    Meeting.objects.filter(pk=meeting.pk).update(part_of=day.pk)
    inside = member_of(make_person(user=True), meeting)

    assert "党小组会" not in client.get(day.get_absolute_url()).content.decode()
    client.force_login(make_person(user=True).user)
    assert "党小组会" not in client.get(day.get_absolute_url()).content.decode()
    client.force_login(inside.user)
    assert "Within it" in words(client.get(day.get_absolute_url()))


def test_the_link_that_is_shared_says_when_and_where(client, activity):
    page = client.get(activity.get_absolute_url()).content.decode()
    assert '<meta name="description" content="Sun 23 Dec 9:00–11:00 · 墙下花坛 · 给花坛盖草帘">' in page


# What must not be found


@pytest.mark.parametrize("name", PAGES)
def test_what_one_may_not_see_is_not_there(client, meeting, make_activity, make_person, elsewhere, name):
    """Guessed addresses: a members' meeting, a draft, another neighbourhood's, no such number."""
    client.force_login(make_person(user=True).user)
    hidden = [meeting.pk, make_activity(status="draft").pk, make_activity(neighbourhood=elsewhere).pk, 999999, 10**30]
    for pk in hidden:
        url = reverse(f"activities:{name}", args=["lane-600", pk])
        response = client.post(url) if name == "seen" else client.get(url)
        assert response.status_code in ({302} if name == "attendance" else {404}), (name, pk)
        assert "党小组会" not in response.content.decode()


@pytest.mark.parametrize("name", ["sign-up", "withdraw", "answer", "consent"])
def test_signed_out_every_number_looks_the_same(client, meeting, activity, name):
    for pk in (meeting.pk, activity.pk, 999999):
        response = client.get(reverse(f"activities:{name}", args=["lane-600", pk]))
        assert response.status_code == 302
        assert response.url.startswith("/accounts/join/?next=")


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
        seats.withdraw(list(activity.sign_ups.all()), at=NOW, by=person)


@pytest.mark.parametrize("day", [date(2018, 12, 20), date(2018, 2, 28), date(2020, 2, 29), date(2020, 3, 1)])
def test_minors_are_the_same_in_the_database(make_person, day):
    """``minors_on`` mirrors ``is_adult_on``, on the day before, the day itself and the day after, leap days too."""
    for years in (17, 18, 19):
        for month, number in ((2, 28), (2, 29), (3, 1), (12, 19), (12, 20), (12, 21)):
            if number == 29 and (day.year - years) % 4:
                continue
            make_person(None, birth_date=date(day.year - years, month, number))
        make_person(None, birth_year=day.year - years)
    make_person(None)
    make_person(None, declared_adult_at=NOW)

    minors = {one.pk for one in Person.objects.all() if not one.is_adult_on(day)}

    assert set(Person.objects.minors_on(day).values_list("pk", flat=True)) == minors


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


# GET changes nothing


def test_reading_any_page_changes_nothing(signed_in, activity, person, make_child):
    child = make_child(person, 15)
    book(activity, person)
    book(activity, child)
    before = (list(SignUp.objects.values_list("pk", "status", "seen_revision")), Message.objects.count())

    for name in PAGES:
        signed_in.get(address(name, activity))
        signed_in.head(address(name, activity))
    for url in (reverse("people:me"), "/lane-600/", reverse("activities:consent-revoke", args=[1])):
        signed_in.get(url)

    assert (list(SignUp.objects.values_list("pk", "status", "seen_revision")), Message.objects.count()) == before
    assert not ActivityConsent.objects.exists()


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


def test_after_the_deadline_the_page_says_whom_to_call(signed_in, make_activity, person):
    activity = make_activity(cancel_until=NOW + timedelta(hours=1))
    book(activity, person)
    with clock.frozen(NOW + timedelta(hours=2)):
        page = signed_in.get(address("withdraw", activity))
        refused = signed_in.post(address("withdraw", activity), {"who": [person.pk]})
    sentence = "Withdrawal has closed. Please call the committee so that nobody waits for you: 10000000001."
    assert sentence in words(page)
    assert refused.context["form"].errors == {"__all__": [sentence]}


# Offers and coming with fewer


@pytest.fixture
def offer(make_activity, make_person, person) -> Booking:
    activity = make_activity(capacity=2, promotion="offer", minors="no")
    early = make_person()
    first = seats.sign_up(activity, [early, make_person()], made_by=early, at=NOW)
    booking = seats.sign_up(activity, [person, make_person(name="朋友")], made_by=person, at=NOW)
    seats.withdraw(list(first.sign_ups.all()), at=NOW, by=early)
    booking.refresh_from_db()
    return booking


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
    seats.withdraw(list(SignUp.objects.filter(person=early)), at=NOW, by=early)

    assert SignUp.objects.get(person=child).status == SignUpStatus.CONFIRMED


def test_room_for_some_is_not_promised_when_it_is_gone(signed_in, make_activity, make_person, person):
    activity = make_activity(capacity=3, minors="no")
    seated = [make_person() for _ in range(2)]
    first = seats.sign_up(activity, seated, made_by=seated[0], at=NOW)
    booking = seats.sign_up(activity, [person, make_person(), make_person()], made_by=person, at=NOW)
    seats.withdraw([first.sign_ups.first()], at=NOW, by=seated[0])
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


# "Me" and home


def test_me_lists_what_is_to_come_with_its_promise(signed_in, make_activity, person, make_person, offer):
    sure = make_activity(title="晨扫", starts_at=NOW + timedelta(days=2))
    full = make_activity(title="合唱", capacity=1, starts_at=NOW + timedelta(days=5))
    book(sure, person)
    book(full, make_person())
    book(full, person)

    text = words(signed_in.get(reverse("people:me")))

    assert text.index("晨扫") < text.index("盖草帘") < text.index("合唱")
    assert "We will remind you on Fri 21 Dec, 18:00 by e-mail." in text
    assert "You are the next to get a seat." in text
    assert "Answer: yes or no" in text


def test_me_keeps_the_last_ones_short(signed_in, make_activity, person):
    for day in range(8):
        past = make_activity(title=f"第{day}天", starts_at=NOW - timedelta(days=day + 1), status="done")
        booking = baker.make(Booking, activity=past, made_by=person, sequence=1, offered_at=None, offer_until=None)
        baker.make(SignUp, booking=booking, activity=past, person=person, status="attended")
    text = words(signed_in.get(reverse("people:me")))
    assert [f"第{day}天" in text for day in range(8)] == [True] * 5 + [False] * 3


def test_home_shows_the_next_thing_first(signed_in, make_activity, person, make_child, offer):
    child = make_child(person, name="小鸣")
    first = make_activity(title="晨扫", starts_at=NOW + timedelta(days=1))
    book(first, person, child, guardian_consents=True)
    book(make_activity(title="合唱", starts_at=NOW + timedelta(days=2)), person)

    text = words(signed_in.get("/lane-600/"))

    hello = text.index(f"Hello, {person.name}")
    assert (
        hello < text.index("晨扫") < text.index(f"Signed up {person.name}, 小鸣") < text.index("A seat for you: 盖草帘")
    )


def test_home_without_anything_leads_to_the_calendar(signed_in, activity):
    assert "You are signed up for nothing yet." in words(signed_in.get("/lane-600/"))


# What it costs


def queries(client, url) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("others", [1, 50])
def test_the_page_costs_the_same_at_any_length(client, make_activity, make_person, person, make_child, others):
    """DESIGN §6: details ≤ 10 queries."""
    activity = make_activity(capacity=20)
    make_child(person)
    for _ in range(others):
        book(activity, make_person())
    url = activity.get_absolute_url()

    assert queries(client, url) <= 4
    client.force_login(person.user)
    assert queries(client, url) <= 10
    book(activity, person)
    assert queries(client, url) <= 10


@pytest.mark.parametrize("length", [1, 30])
def test_me_costs_the_same_at_any_length(signed_in, make_activity, make_person, person, make_child, length):
    """DESIGN §6: "me" ≤ 10 queries."""
    child = make_child(person)
    for number in range(length):
        activity = make_activity(starts_at=NOW + timedelta(days=number + 2), capacity=2)
        if number % 3 == 0:
            book(activity, make_person())
        book(activity, person, child, guardian_consents=True)
    assert queries(signed_in, reverse("people:me")) <= 10


def test_positions_count_bookings_not_people(make_activity, make_person):
    activity = make_activity(capacity=1)
    for size in (1, 2, 3, 1):
        book(activity, *[make_person() for _ in range(size)])
    rows = SignUp.objects.waiting().with_position().order_by("booking__sequence", "pk")
    assert [(row.booking.sequence, row.ahead) for row in rows] == [(2, 0), (2, 0), (3, 1), (3, 1), (3, 1), (4, 2)]
    offers.lapse_due(NOW)


def test_a_team_member_who_is_expected_is_not_asked_to_sign_up(
    client, make_activity, make_person, neighbourhood, make_child
):
    """A team's public meeting: members need not, but may bring somebody of the family."""
    team = baker.make("people.Team", neighbourhood=neighbourhood, name="护花小队", leader=make_person(user=True))
    activity = make_activity(model=Meeting, kind="meeting", type="team_meeting", team=team, capacity=30)
    client.force_login(team.leader.user)

    alone = client.get(activity.get_absolute_url())
    make_child(team.leader, name="小鸣")
    with_child = client.get(activity.get_absolute_url())

    assert "You are expected here; nobody needs to sign up." in words(alone)
    assert alone.context["form"] is None
    assert "Sign up another one" not in words(alone)
    assert "Sign up another one" in words(with_child)


def test_home_says_where_one_waits(signed_in, make_activity, make_person, person):
    full = make_activity(title="合唱", capacity=1)
    book(full, make_person())
    book(full, person)
    text = words(signed_in.get("/lane-600/"))
    assert f"On the waiting list {person.name} You are the next to get a seat." in text
    assert "You are signed up for nothing yet" not in text
    leaving = words(signed_in.get(address("withdraw", full)))
    assert "No reasons asked. Whoever waits behind you moves up." in leaving  # one has no seat to leave to anybody


def test_whoever_is_in_nothing_yet_finds_what_to_begin_with(
    client, make_activity, make_person, django_assert_max_num_queries
):
    """Two public ones with seats; not what is full, not open yet, cancelled or somebody's own."""
    soon, later = (
        make_activity(title="先来这一场", capacity=3),
        make_activity(title="再来那一场", starts_at=NOW + timedelta(days=9)),
    )
    full = make_activity(title="满了的", capacity=1, starts_at=NOW + timedelta(days=1))
    seats.sign_up(full, [other := make_person()], made_by=other, at=NOW)
    make_activity(title="还没开始报名", signup_from=NOW + timedelta(days=1), starts_at=NOW + timedelta(days=2))
    make_activity(title="取消了的", status="cancelled", starts_at=NOW + timedelta(days=2))
    newcomer = make_person(user=True)
    client.force_login(newcomer.user)
    with django_assert_max_num_queries(10):
        page = client.get("/me/").content.decode()
    assert [title for title in ("先来这一场", "再来那一场", "满了的", "还没开始报名", "取消了的") if title in page] == [
        soon.title,
        later.title,
    ]

    seats.sign_up(soon, [newcomer], made_by=newcomer, at=NOW)
    assert "再来那一场" not in client.get("/me/").content.decode()
