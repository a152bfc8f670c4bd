"""Links in mails: a page with one button that acts for the reader, and nothing at all on GET."""

import re
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.emails import action_url
from activities.models import ActivityConsent, SignUp
from activities.operations import lifecycle, offers, sign_ups
from people import outbox
from people.models import Message
from portal import clock, tokens
from tests.conftest import NOW
from tests.staff import grant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def opener() -> Client:
    """A fresh one that checks CSRF, as the browser that opens a mail does."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    return client


def link(purpose, booking, reader) -> str:
    return action_url(purpose, booking, reader).removeprefix(settings.SITE_URL)


def press(opener, url, **data):
    """What pressing the page's button sends."""
    page = opener.get(url)
    assert page.status_code == 200, page
    text = page.content.decode()
    found = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert len(found) == 1, "one form, one button"
    fields = {"who": re.findall(r'name="who" value="(\d+)"', text)} | data
    return opener.post(url, fields | {"csrfmiddlewaretoken": found[0]}, follow=True)


def words(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def states(activity) -> dict[str, str]:
    return dict(activity.sign_ups.order_by("pk").values_list("person__name", "status"))


@pytest.fixture
def booking(activity, person):
    return sign_ups.sign_up(activity, [person], made_by=person, at=NOW)


@pytest.fixture
def offered(make_activity, make_person, person):
    """A booking of two who have been offered both seats of an activity."""
    activity = make_activity(capacity=2, promotion="offer", minors="no")
    early, friend = make_person(), make_person(name="朋友")
    first = sign_ups.sign_up(activity, [early, make_person()], made_by=early, at=NOW)
    booking = sign_ups.sign_up(activity, [person, friend], made_by=person, at=NOW)
    sign_ups.withdraw(list(first.sign_ups.all()), at=NOW, by=early)
    booking.refresh_from_db()
    return booking


@pytest.mark.parametrize("purpose", ["withdraw", "accept", "decline", "consent"])
def test_reading_changes_nothing(opener, offered, purpose, person):
    """Mail scanners and previews follow links."""
    before = (states(offered.activity), Message.objects.count(), ActivityConsent.objects.count())

    response = opener.get(link(purpose, offered, person))
    opener.head(link(purpose, offered, person))
    opener.options(link(purpose, offered, person))

    assert response.status_code == 200
    assert (states(offered.activity), Message.objects.count(), ActivityConsent.objects.count()) == before
    assert response.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_withdrawing_from_the_mail(opener, booking, person, activity):
    url = link("withdraw", booking, person)
    assert "You cannot come after all?" in words(opener.get(url))

    done = words(press(opener, url))

    assert states(activity) == {person.name: "cancelled"}
    assert f"{person.name}: not signed up any more" in done
    assert "The seat goes to whoever waits for it." in done
    assert words(opener.get(url)) == words(opener.get(url))  # the used link says how things stand


def test_a_token_is_needed_even_without_log_in(opener, booking, person, activity):
    assert opener.post(link("withdraw", booking, person), {"who": [person.pk]}).status_code == 403
    assert states(activity) == {person.name: "confirmed"}


def test_one_of_a_family_stays_away(opener, make_activity, person, make_child):
    activity = make_activity(capacity=9)
    children = [make_child(person, 10, name="大"), make_child(person, 8, name="小")]
    booking = sign_ups.sign_up(activity, [person, *children], made_by=person, at=NOW, guardian_consents=True)

    press(opener, link("withdraw", booking, person), who=[children[1].pk])

    assert states(activity) == {person.name: "confirmed", "大": "confirmed", "小": "cancelled"}


def test_the_last_companion_does_not_leave_a_child_behind(opener, make_activity, person, make_child):
    """V5"""
    activity = make_activity(capacity=9)
    child = make_child(person, 10, name="小鸣")
    booking = sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)

    page = press(opener, link("withdraw", booking, person), who=[person.pk])

    assert states(activity) == {person.name: "confirmed", "小鸣": "confirmed"}
    assert "小鸣 was to come with you. Withdraw 小鸣 too, or name another adult who is signed up." in words(page)


def test_after_the_deadline_the_link_of_the_reminder_still_works(
    opener, make_activity, make_person, person, neighbourhood
):
    """M5: taken until the start, and the leader of the team is told at once; a child is not named to them."""
    leader = make_person(language="en")
    team = baker.make("people.Team", neighbourhood=neighbourhood, leader=leader)
    activity = make_activity(cancel_until=NOW + timedelta(hours=1), team=team)
    booking = sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    with clock.frozen(NOW + timedelta(hours=2)):
        page = opener.get(link("withdraw", booking, person))
        assert "Please tell us all the same: whoever is in charge hears it at once." in words(page)
        press(opener, link("withdraw", booking, person))
        assert states(activity) == {person.name: "cancelled"}
        mail.outbox.clear()
        outbox.dispatch()
        told = [one for one in mail.outbox if one.to == [leader.email]]
    assert [one.subject for one in told] == [f"Cannot come after all: {activity.title}, Sun 23 Dec"]
    assert f"{person.name} cannot come after all" in told[0].body


def test_without_a_team_the_staff_who_enter_sign_ups_are_told(
    opener, make_activity, make_person, person, neighbourhood
):
    """M5"""
    desk = make_person(user=True, language="en")
    grant(desk.user, "volunteer_coordinator", neighbourhood)
    activity = make_activity(cancel_until=NOW + timedelta(hours=1))
    booking = sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    with clock.frozen(NOW + timedelta(hours=2)):
        sign_ups.withdraw(booking.sign_ups.all(), at=clock.now(), by=person)
        outbox.dispatch()
    assert Message.objects.filter(kind="sign_up_withdrawn_late", recipient=desk).exists()


def test_in_time_nobody_in_charge_is_written_to(make_activity, make_person, person, neighbourhood):
    activity = make_activity(team=baker.make("people.Team", neighbourhood=neighbourhood, leader=make_person()))
    booking = sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    sign_ups.withdraw(booking.sign_ups.all(), at=NOW, by=person)
    assert not Message.objects.filter(kind="sign_up_withdrawn_late").exists()


def test_accepting_and_what_the_link_says_afterwards(opener, offered, person):
    url = link("accept", offered, person)
    assert "2 seats are free for you" in words(opener.get(url))

    done = press(opener, url)

    assert set(states(offered.activity).values()) == {"cancelled", "confirmed"}
    assert f"{person.name}, 朋友: signed up" in words(done)
    assert "signed up" in words(opener.get(link("decline", offered, person)))  # no way to lose it by the other link


def test_accepting_for_one_gives_the_other_seat_back(opener, offered, person):
    press(opener, link("accept", offered, person), who=[person.pk])
    assert offered.sign_ups.get(person=person).status == "confirmed"
    assert offered.sign_ups.exclude(person=person).get().status == "declined"


def test_declining(opener, offered, person):
    page = words(opener.get(link("decline", offered, person)))
    assert "It then goes to the next neighbour at once." in page
    done = press(opener, link("decline", offered, person))
    assert set(offered.sign_ups.values_list("status", flat=True)) == {"declined"}
    assert "You said no to the seat" in words(done)


def test_an_offer_that_is_over_says_so(opener, offered, person):
    later = NOW + timedelta(hours=13)
    with clock.frozen(later):
        offers.lapse_due(later)
        page = opener.get(link("accept", offered, person))
    assert "The seat went to the next neighbour." in words(page)


def test_an_offer_that_ends_while_the_page_is_open(opener, offered, person):
    url = link("accept", offered, person)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', opener.get(url).content.decode()).group(1)
    with clock.frozen(offered.offer_until):
        page = opener.post(
            url, {"who": [row.person_id for row in offered.sign_ups.all()], "csrfmiddlewaretoken": token}
        )
    assert "This offer has ended; the seat went to the next neighbour." in words(page)


def test_coming_with_fewer_from_the_mail(opener, make_activity, make_person, person):
    activity = make_activity(capacity=3, minors="no")
    seated = [make_person() for _ in range(2)]
    first = sign_ups.sign_up(activity, seated, made_by=seated[0], at=NOW)
    family = [person, make_person(name="二"), make_person(name="三")]
    booking = sign_ups.sign_up(activity, family, made_by=person, at=NOW)
    sign_ups.withdraw([first.sign_ups.first()], at=NOW, by=seated[0])
    booking.refresh_from_db()
    url = link("accept", booking, person)

    assert "2 seats are free now." in words(opener.get(url))
    too_many = press(opener, url, who=[one.pk for one in family])
    assert "There are 2 free seats now. Please choose no more than that." in words(too_many)
    assert "You keep waiting together." in words(press(opener, link("decline", booking, person)))
    press(opener, url, who=[person.pk, family[1].pk])

    assert [states(activity)[one.name] for one in family] == ["confirmed", "confirmed", "declined"]


@pytest.fixture
def pending(make_activity, make_child, person):
    activity = make_activity(minors="14_and_over", capacity=5)
    child = make_child(person, 15, name="大鸣")
    return sign_ups.sign_up(activity, [child], made_by=child, at=NOW)


def test_a_guardian_agrees_by_mail(opener, pending, person):
    """V4: the risks stand above the button; the row stores whose consent it is."""
    url = link("consent", pending, person)
    page = words(opener.get(url))
    assert "Do you agree to 大鸣 taking part?" in page
    assert page.index("低温") < page.index("I agree ")

    done = press(opener, url, action="agree")

    assert states(pending.activity) == {"大鸣": "confirmed"}
    assert ActivityConsent.objects.get().guardian == person
    assert "大鸣: signed up" in words(done)


def test_a_guardian_says_no_by_mail_even_after_the_withdrawal_end(opener, pending, person):
    """V5: as easily as yes."""
    type(pending.activity).objects.filter(pk=pending.activity_id).update(cancel_until=NOW)
    press(opener, link("consent", pending, person), action="decline")
    assert states(pending.activity) == {"大鸣": "cancelled"}


def test_the_child_cannot_use_a_consent_link_of_their_own(opener, pending):
    """V4: a token of whoever is no guardian gives nothing to press."""
    child = pending.made_by
    page = opener.get(link("consent", pending, child))
    assert "I agree" not in words(page)
    assert "csrfmiddlewaretoken" not in page.content.decode()


def test_a_stranger_with_a_token_sees_no_names(opener, booking, make_person, person):
    page = opener.get(link("withdraw", booking, make_person()))
    assert person.name not in words(page)


def test_a_cancelled_activity_needs_nothing(opener, booking, person, activity, make_person):
    by = make_person(user=True).user
    lifecycle.cancel(activity, at=NOW, by=by, reason="下雨")
    assert "You need not do anything." in words(opener.get(link("withdraw", booking, person)))


@pytest.mark.parametrize("purpose", ["withdraw", "accept", "decline", "consent", "elsewhere"])
@pytest.mark.parametrize("token", ["x", "eyJib29raW5nIjoxfQ:1hX:abc", "%00", "a" * 3000])
def test_a_tampered_token_gets_a_sentence(opener, db, purpose, token):
    response = opener.get(f"/mail/{purpose}/{token}/")
    assert response.status_code == 404
    assert "This link is not complete." in re.sub(r"\s+", " ", response.content.decode())


def test_a_token_for_one_action_is_not_one_for_another(opener, booking, person):
    token = tokens.make("booking-withdraw", booking=booking.pk, reader=person.pk)
    assert opener.get(reverse("activities:mail-action", args=["accept", token])).status_code == 404


@pytest.mark.parametrize(
    "data", [{}, {"booking": "x", "reader": 1}, {"booking": 10**30, "reader": 1}, {"booking": None}]
)
def test_a_signed_token_without_sense(opener, db, data):
    token = tokens.make("booking-withdraw", **data)
    assert opener.get(reverse("activities:mail-action", args=["withdraw", token])).status_code == 404


def test_an_old_token_says_that_it_is_too_old(opener, booking, person, monkeypatch):
    url = link("withdraw", booking, person)
    later = time.time() + timedelta(days=31).total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: later)
    response = opener.get(url)
    assert response.status_code == 410
    assert "This link is too old." in re.sub(r"\s+", " ", response.content.decode())


def test_the_page_speaks_the_language_of_the_mail(booking, person):
    person.language = "en"
    person.save()
    assert "You cannot come after all?" in words(Client().get(link("withdraw", booking, person)))


def test_rows_of_others_in_a_booking_stay_theirs(opener, make_activity, make_person, person, make_child):
    """An adult of a booking that somebody else made answers for themself alone."""
    activity = make_activity(capacity=9)
    friend = make_person(name="朋友")
    booking = sign_ups.sign_up(activity, [person, friend], made_by=person, at=NOW)

    press(opener, link("withdraw", booking, friend))

    assert SignUp.objects.get(person=person).status == "confirmed"
    assert SignUp.objects.get(person=friend).status == "cancelled"
