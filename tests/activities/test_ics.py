"""Files for other calendars (RFC 5545): what they say, for whom, and that no address tells more than its owner may see."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar
from model_bakery import baker

from activities.models import FeedToken, Invitation, SignUp, Status
from activities.operations import feeds, lifecycle, offers, reminders, sign_ups
from activities.rules import reminder_times
from community.models import Meeting
from people import outbox
from people.models import Guardianship, Location, PartyMember, PartyOrg, Team, TeamMembership, User
from portal import clock
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
SATURDAY = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def clerk(db):
    return User.objects.create_user("clerk@example.org")


def events(response) -> list:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).events


def told(response) -> list[tuple[str, str]]:
    return [(str(one["summary"]), str(one["status"])) for one in events(response)]


@pytest.fixture
def my_feed(client, person):
    """Reads ``person``'s feed as a calendar program does: signed out."""

    def read(owner=person):
        token = feeds.renew(owner, at=clock.now()).token
        client.logout()
        return client.get(reverse("activities:my-feed", args=[token]))

    person.language = "en"
    person.save()
    return read


def public(client, neighbourhood):
    return client.get(reverse("activities:calendar-ics", args=[neighbourhood.slug]))


def one(client, activity):
    return client.get(reverse("activities:ics", args=[activity.neighbourhood.slug, activity.pk]))


# --- one event ---


def test_an_event_says_what_when_and_where(client, activity):
    response = one(client, activity)
    (event,) = events(response)
    assert str(event["uid"]) == f"activity-{activity.pk}@testserver"
    assert str(event["summary"]) == activity.title
    assert event["dtstart"].dt == activity.starts_at
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event["dtstart"].to_ical() == b"20181223T090000"
    assert event["dtend"].dt == activity.ends_at
    assert str(event["location"]) == "墙下花坛"
    assert str(event["url"]) == f"http://testserver{activity.get_absolute_url()}"
    assert str(event["status"]) == "CONFIRMED"
    assert response.headers["Content-Disposition"] == f'attachment; filename="activity-{activity.pk}.ics"'
    assert [str(zone["tzid"]) for zone in Calendar.from_ical(response.content).timezones] == ["Asia/Shanghai"]


def test_words_cannot_break_out_of_their_line(client, make_activity):
    title = "第一行\r\nSTATUS:CANCELLED\r\nEND:VEVENT; a, b\\n"
    (event,) = events(one(client, make_activity(title=title, text="x" * 500)))
    assert str(event["status"]) == "CONFIRMED"
    assert str(event["summary"]).replace("\r", "") == title.replace("\r", "")


def test_the_number_rises_with_each_move_and_the_cancellation_and_the_name_stays(client, activity, clerk, location):
    def read():
        activity.refresh_from_db()
        (event,) = events(one(client, activity))
        return str(event["uid"]), int(event["sequence"]), str(event["status"])

    first = read()
    lifecycle.move(
        activity, at=NOW, by=clerk, starts_at=activity.starts_at + timedelta(hours=4),
        ends_at=activity.ends_at + timedelta(hours=4), location=location, reason="下雨",
    )  # fmt: skip
    second = read()
    lifecycle.cancel(activity, at=NOW, by=clerk, reason="寒潮")
    third = read()
    assert first[0] == second[0] == third[0]
    assert first[1] < second[1] < third[1]
    assert [first[2], second[2], third[2]] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


# --- hidden things ---


@pytest.fixture
def hidden(make_activity, neighbourhood, elsewhere):
    org = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", name="第一党小组")
    team = baker.make(Team, neighbourhood=neighbourhood, name="护花小队")
    place = baker.make(Location, neighbourhood=elsewhere, name="别处", kind="room")
    whole = make_activity(title="公开的")
    return [
        make_activity(model=Meeting, kind="meeting", type="party_group_meeting", title="党小组会", visibility="organisation",
                      organisation=org, open_to=[]),
        make_activity(kind="duty", title="每日晨扫", visibility="team", team=team),
        make_activity(title="草稿", status=Status.DRAFT),
        make_activity(title="别处的", neighbourhood=elsewhere, location=place),
        make_activity(model=Meeting, kind="meeting", type="party_lecture", title="党课", part_of=whole, open_to=[]),
    ]  # fmt: skip


def test_the_public_feed_holds_the_public_and_nothing_else(client, hidden, neighbourhood):
    assert told(public(client, neighbourhood)) == [("公开的", "CONFIRMED")]


def test_the_public_feed_is_the_same_for_whoever_asks(client, hidden, neighbourhood, make_person):
    """Its address is passed on, and caches must not mix readers."""
    gardener = make_person(user=True)
    baker.make(TeamMembership, team=Team.objects.get(), person=gardener, since=None, until=None)
    client.force_login(gardener.user)
    assert told(public(client, neighbourhood)) == [("公开的", "CONFIRMED")]


def test_guessed_addresses_find_nothing(client, hidden, neighbourhood):
    for activity in hidden:
        url = reverse("activities:ics", args=[neighbourhood.slug, activity.pk])
        assert client.get(url).status_code == 404, activity.title
    assert client.get(f"/{neighbourhood.slug}/activities/{10**30}.ics").status_code == 404


def test_a_member_gets_the_file_of_a_members_meeting(client, hidden, person, neighbourhood):
    org = PartyOrg.objects.get()
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    baker.make(
        PartyMember, neighbourhood=neighbourhood, person=person, branch=branch, group=org, since=None, until=None
    )
    client.force_login(person.user)
    assert told(one(client, hidden[0])) == [("党小组会", "CONFIRMED")]


def test_cancelled_ones_stay_in_the_public_feed(client, make_activity, neighbourhood):
    client.cookies["django_language"] = "en"
    make_activity(title="故事会", status=Status.CANCELLED, cancel_reason="寒潮大风")
    (event,) = events(public(client, neighbourhood))
    assert (str(event["summary"]), str(event["status"])) == ("Cancelled: 故事会", "CANCELLED")
    assert str(event["description"]).startswith("寒潮大风")


@pytest.mark.parametrize("length", [1, 50])
def test_the_public_feed_costs_the_same_at_any_length(
    client, make_activity, neighbourhood, length, django_assert_num_queries
):
    for _number in range(length):
        make_activity()
    with django_assert_num_queries(2):  # the neighbourhood, the activities with their places
        response = public(client, neighbourhood)
    assert len(events(response)) == length


# --- one's own feed ---


def test_my_feed_shows_what_i_am_signed_up_for(my_feed, make_activity, person):
    mine = make_activity(title="草帘")
    make_activity(title="别人的")
    sign_ups.sign_up(mine, [person], made_by=person, at=NOW)
    assert told(my_feed()) == [("草帘", "CONFIRMED")]


def test_waiting_is_no_appointment(my_feed, make_activity, make_person, person):
    full = make_activity(capacity=1)
    stranger = make_person()
    sign_ups.sign_up(full, [stranger], made_by=stranger, at=NOW)
    sign_ups.sign_up(full, [person], made_by=person, at=NOW)
    assert told(my_feed()) == []


def test_an_offered_seat_is_tentative(my_feed, make_activity, make_person, person):
    full = make_activity(title="汤圆", capacity=1, promotion="offer")
    stranger = make_person()
    booking = sign_ups.sign_up(full, [stranger], made_by=stranger, at=NOW)
    mine = sign_ups.sign_up(full, [person], made_by=person, at=NOW)
    sign_ups.withdraw(list(booking.sign_ups.all()), at=NOW, by=stranger)
    mine.refresh_from_db()
    assert mine.offered_at is not None
    assert told(my_feed()) == [("汤圆", "TENTATIVE")]
    offers.accept(mine, at=NOW, by=person)
    assert told(my_feed()) == [("汤圆", "CONFIRMED")]


def test_what_i_withdrew_from_is_cancelled_in_my_calendar_and_rises_each_time(my_feed, activity, person):
    numbers = []
    statuses = []
    for _round in range(2):
        booking = sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
        for act in (None, sign_ups.withdraw):
            if act:
                act(list(booking.sign_ups.all()), at=NOW, by=person)
            (event,) = events(my_feed())
            numbers.append(int(event["sequence"]))
            statuses.append(str(event["status"]))
    assert statuses == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    assert numbers == sorted(set(numbers))


def test_what_i_withdrew_from_goes_once_it_is_over(my_feed, activity, person):
    booking = sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    sign_ups.withdraw(list(booking.sign_ups.all()), at=NOW, by=person)
    with clock.frozen(activity.ends_at + timedelta(hours=1)):
        assert told(my_feed()) == []


def test_a_cancelled_activity_is_cancelled_in_my_calendar(my_feed, activity, person, clerk):
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    lifecycle.cancel(activity, at=NOW, by=clerk, reason="寒潮")
    assert told(my_feed()) == [(f"Cancelled: {activity.title}", "CANCELLED")]


def test_a_moved_activity_is_moved_in_my_calendar(my_feed, activity, person, clerk, location):
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    later = activity.starts_at + timedelta(days=1)
    lifecycle.move(
        activity, at=NOW, by=clerk, starts_at=later, ends_at=later + timedelta(hours=1), location=location, reason=""
    )
    (event,) = events(my_feed())
    assert event["dtstart"].dt == later


def test_what_i_came_to_stays_a_while(my_feed, activity, person, clerk):
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    SignUp.objects.update(status="attended")
    with clock.frozen(activity.ends_at + timedelta(days=30)):
        assert told(my_feed()) == [(activity.title, "CONFIRMED")]
    with clock.frozen(activity.ends_at + timedelta(days=61)):
        assert told(my_feed()) == []


def test_meetings_that_expect_me_stand_there_cancelled_ones_too(my_feed, hidden, person, neighbourhood, clerk):
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    group = hidden[0].organisation
    baker.make(
        PartyMember, neighbourhood=neighbourhood, person=person, branch=branch, group=group, since=None, until=None
    )
    assert told(my_feed()) == [("党小组会", "CONFIRMED")]
    lifecycle.cancel(hidden[0], at=NOW, by=clerk, reason="改期")
    assert told(my_feed()) == [("Cancelled: 党小组会", "CANCELLED")]


def test_an_invitation_stands_there_and_only_that(my_feed, hidden, person):
    baker.make(Invitation, activity=hidden[0], person=person, part="participant")
    assert told(my_feed()) == [("党小组会", "CONFIRMED")]


def test_who_left_the_group_no_longer_reads_of_its_meetings(my_feed, hidden, person, neighbourhood):
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    baker.make(PartyMember, neighbourhood=neighbourhood, person=person, branch=branch, group=hidden[0].organisation,
               since=None, until=NOW.date())  # fmt: skip
    assert told(my_feed()) == []


def test_signed_up_is_not_enough_where_one_may_no_longer_look(my_feed, make_activity, person, neighbourhood):
    """The activity became the team's own after the sign-up."""
    activity = make_activity(title="成了队里的")
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    activity.team = baker.make(Team, neighbourhood=neighbourhood)
    activity.visibility = "team"
    activity.save()
    assert told(my_feed()) == []


# --- children in a feed ---


def test_an_only_child_needs_no_name(my_feed, make_activity, person, make_child):
    child = make_child(person, name="裴小满", nickname="满满")
    activity = make_activity(title="草帘")
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    response = my_feed()
    assert told(response) == [("草帘 (you and your child)", "CONFIRMED")]
    assert "满" not in response.content.decode()


def test_of_several_children_the_one_is_named_by_nickname_or_given_name(my_feed, make_activity, person, make_child):
    nicknamed = make_child(person, name="裴小满", nickname="满满")
    plain = make_child(person, 15, name="裴一诺")
    first, second, third = (make_activity(title=word, minors="14_and_over" if word == "二" else "with_guardian",
                            starts_at=SATURDAY + timedelta(days=day)) for day, word in enumerate("一二三"))  # fmt: skip
    sign_ups.sign_up(first, [person, nicknamed], made_by=person, at=NOW, guardian_consents=True)
    sign_ups.sign_up(second, [plain], made_by=person, at=NOW, guardian_consents=True)
    sign_ups.sign_up(third, [person, nicknamed, plain], made_by=person, at=NOW, guardian_consents=True)
    response = my_feed()
    assert [summary for summary, _status in told(response)] == [
        "一 (you and 满满)", "二 (一诺)", "三 (you and all your children)",
    ]  # fmt: skip
    assert "裴" not in response.content.decode()


def test_a_former_wards_sign_ups_leave_the_feed(my_feed, make_activity, person, make_child):
    child = make_child(person, 15)
    sign_ups.sign_up(make_activity(minors="14_and_over"), [child], made_by=person, at=NOW, guardian_consents=True)
    assert len(told(my_feed())) == 1
    Guardianship.objects.update(ended_at=NOW)
    assert told(my_feed()) == []


def test_a_child_who_came_of_age_leaves_the_feed(my_feed, make_activity, person, make_person):
    grown = make_person(18)
    baker.make(Guardianship, guardian=person, child=grown, declared_at=NOW)
    sign_ups.sign_up(make_activity(), [grown], made_by=grown, at=NOW)
    assert told(my_feed()) == []


# --- the address ---


def test_a_new_address_stops_the_old_one(client, person):
    old = feeds.renew(person, at=NOW).token
    new = feeds.renew(person, at=NOW).token
    assert client.get(reverse("activities:my-feed", args=[old])).status_code == 404
    response = client.get(reverse("activities:my-feed", args=[new]))
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in response.headers


def test_an_address_dies_with_its_account(client, person):
    url = reverse("activities:my-feed", args=[feeds.renew(person, at=NOW).token])
    person.user.is_active = False
    person.user.save()
    assert client.get(url).status_code == 404
    User.objects.update(is_active=True)
    person.anonymised_at = timezone.now()
    person.save()
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 43, "-" * 500])
def test_a_guessed_token_finds_nothing(client, person, token):
    feeds.renew(person, at=NOW)
    assert client.get(f"/me/feed/{token}.ics").status_code == 404


def test_only_its_owner_renews_or_stops_it_and_only_by_pressing(client, person, make_person):
    url = reverse("activities:feed-reset")
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 404
    client.force_login(person.user)
    assert client.post(url, {"renew": ""}).status_code == 302
    first = FeedToken.objects.get(person=person).token
    client.force_login(make_person(user=True).user)
    client.post(url, {"renew": ""})
    client.post(url, {"stop": ""})
    assert FeedToken.objects.get().token == first
    client.force_login(person.user)
    client.post(url, {"stop": ""})
    assert not FeedToken.objects.exists()


def test_me_tells_the_address_only_after_one_was_asked_for(client, person):
    client.force_login(person.user)
    assert "/me/feed/" in (page := client.get(reverse("people:me")).content.decode())
    assert ".ics" not in page
    token = feeds.renew(person, at=NOW).token
    assert f"http://testserver/me/feed/{token}.ics" in client.get(reverse("people:me")).content.decode()


@pytest.mark.parametrize("length", [1, 50])
def test_my_feed_costs_the_same_at_any_length(
    client, make_activity, person, make_child, length, django_assert_num_queries
):
    child = make_child(person)
    for number in range(length):
        activity = make_activity(starts_at=SATURDAY + timedelta(days=number))
        sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    url = reverse("activities:my-feed", args=[feeds.renew(person, at=NOW).token])
    # token with owner, the reader, guardianships with children, sign-ups of both, bookings, those booked, with their bookings,
    # activities and people, noes to invitations, the activities shown; whoever belongs to nothing is asked for no more
    with django_assert_num_queries(12):
        response = client.get(url)
    assert len(events(response)) == length


def test_mails_carry_the_entry_as_it_stands(make_activity, people):
    """Issue 2: confirmations, offers, reminders and withdrawals come with the .ics; an offer is tentative."""
    activity = make_activity(capacity=1, promotion="offer", starts_at=NOW + timedelta(days=3))
    first, second = people[:2]
    row = sign_ups.sign_up(activity, [first], made_by=first, at=NOW).sign_ups.get()
    sign_ups.sign_up(activity, [second], made_by=second, at=NOW)
    outbox.dispatch()
    sign_ups.withdraw([row], at=NOW, by=first)
    outbox.dispatch()
    found = {}
    for message in mail.outbox:
        for name, content, kind in message.attachments:
            assert (name, kind.partition(";")[0]) == (f"activity-{activity.pk}.ics", "text/calendar")
            text = content if isinstance(content, str) else content.decode()
            found[message.to[0], text.split("STATUS:")[1].split()[0]] = int(text.split("SEQUENCE:")[1].split()[0])
    assert set(found) == {(first.email, "CONFIRMED"), (first.email, "CANCELLED"), (second.email, "TENTATIVE")}
    assert found[first.email, "CANCELLED"] > found[first.email, "CONFIRMED"]


def test_the_reminder_carries_the_entry_too(activity, person):
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    evening = reminder_times.remind_at(activity)
    reminders.queue_due(evening)
    with clock.frozen(evening):
        outbox.dispatch()
    assert [name for name, _content, _kind in mail.outbox[-1].attachments] == [f"activity-{activity.pk}.ics"]
