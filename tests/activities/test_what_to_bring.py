"""What to bring or wear: told wherever somebody is called, signed up or reminded; left empty, nowhere."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar
from model_bakery import baker

from activities.admin.phone_calls import tomorrow
from activities.models import Activity
from activities.operations import consents, reminders, sign_ups
from activities.rules import building_leader
from people import outbox
from people.models import Message
from portal import clock
from tests.conftest import NOW
from tests.staff import grant

pytestmark = pytest.mark.django_db
GLOVES = "手套、防滑鞋"


@pytest.fixture
def places(client, make_activity, make_person, neighbourhood):
    """{where: what is said there} of an activity that asks for ``bring``."""

    def told(bring: str) -> dict[str, str]:
        compound = baker.make("people.Compound", neighbourhood=neighbourhood)
        building = baker.make("people.Building", neighbourhood=neighbourhood, compound=compound)
        activity = make_activity(starts_at=NOW + timedelta(days=1), bring=bring)
        writer = make_person(name="裴莉")
        # Told by the leader of their building, and phoned by the office.
        by_leader = make_person(80, email="", told_by_building_leader=True, building=building)
        by_phone = make_person(70, email="", phone="10000000005")
        for one in (writer, by_leader, by_phone):
            booking = sign_ups.sign_up(activity, [one], made_by=one, at=NOW)
        leader, desk = make_person(user=True).user, make_person(user=True).user
        grant(leader, "building_leader", neighbourhood, building=building)
        grant(desk, "committee_admin", neighbourhood)
        found = {"page": client.get(activity.get_absolute_url()).content.decode()}
        poster = client.get(reverse("activities:poster", args=[neighbourhood.slug, activity.pk]))
        found["poster"] = poster.content.decode().split("<article")[1].split("</article")[0]
        found["chat"] = poster.context["chat"]
        calendar = Calendar.from_ical(
            client.get(reverse("activities:ics", args=[neighbourhood.slug, activity.pk])).content
        )
        found["calendar"] = str(calendar.events[0]["description"])
        Message.objects.filter(channel="phone").delete()  # the confirmations; what follows is of the evening before
        found["leader"] = " ".join(one.sentence for one in building_leader.to_tell(leader, [building], neighbourhood))
        found["office"] = " ".join(one.sentence for one in tomorrow(desk, neighbourhood))
        with clock.frozen(NOW.replace(hour=18)):
            reminders.queue_due(clock.now())
            outbox.dispatch()
        found["confirmation"], found["reminder"] = (
            next(one.body for one in mail.outbox if word in one.subject) for word in ("报名成功", "提醒")
        )
        phoned = Message.objects.filter(channel="phone", recipient=by_phone)
        found["phone list"] = " ".join(sentence for _message, sentence in outbox.spoken(phoned))
        client.force_login(leader)
        slip = reverse("activities:slip", args=[neighbourhood.slug, booking.pk])
        booking.entered_by = leader
        booking.save()
        found["slip"] = client.get(slip).content.decode()
        return found

    with translation.override("zh-hans"):
        yield told


def test_it_is_told_everywhere(places):
    found = places(GLOVES)
    silent = {where for where, words in found.items() if GLOVES not in words or "请自备" not in words}
    assert silent == set()
    assert "请自备：手套、防滑鞋。" in found["reminder"]


def test_left_empty_nothing_is_said(places):
    found = places("")
    assert {where for where, words in found.items() if "请自备" in words} == set()
    assert all("盖草帘" in words for words in found.values())


def test_other_words_ask_no_guardian_again(make_activity, person, make_child):
    """V4: a consent is to place, time and risks; what to bring is none of them."""
    activity = make_activity()
    child = make_child(person)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    Activity.objects.update(bring=GLOVES)
    assert consents.terms_changed(Activity.objects.get(), at=NOW) == 0
