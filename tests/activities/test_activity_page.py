"""The page of one activity: what it says, to whom, and at what price; what one may not see is not there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import ActivityConsent, SignUp
from activities.operations import lifecycle, offers
from community.models import Meeting
from people.models import Message, PartyMember, PartyOrg, Person
from tests.activities.activity_pages import *  # noqa: F403
from tests.activities.activity_pages import address, queries, words
from tests.activities.booking import book
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PAGES = ["detail", "sign-up", "withdraw", "answer", "consent", "seen", "attendance"]


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
    lifecycle.move(
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
    lifecycle.cancel(activity, at=NOW, by=clerk, reason="下大雨")
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
def test_signed_out_what_nobody_may_see_looks_like_no_such_number(client, meeting, activity, make_activity, name):
    """O10: nobody registers for a draft and finds nothing then; members are offered to sign in."""
    client.cookies["django_language"] = "en"
    draft = make_activity(status="draft")
    pages = set()
    for pk in (meeting.pk, draft.pk, 999999):
        url = reverse(f"activities:{name}", args=["lane-600", pk])
        response = client.get(url)
        assert response.status_code == 404
        assert f'href="/accounts/login/?next={url}"' in response.content.decode()
        pages.add(response.content.decode().replace(f"activities/{pk}/", "…"))
    assert len(pages) == 1
    response = client.get(reverse(f"activities:{name}", args=["lane-600", activity.pk]))
    assert response.url.startswith("/accounts/join/?next=")


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


# What it costs


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
