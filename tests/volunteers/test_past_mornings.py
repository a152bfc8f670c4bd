"""T1: a team that swept before its rota stood in the portal enters those mornings, and notes who was there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override
from model_bakery import baker

from people.models import Consent, Message
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.staff import client_of, staff_user
from volunteers.models import RotaBreak, ServiceRecord, Shift, duties
from volunteers.operations import diary, past_mornings, planning
from volunteers.rules import not_noted

pytestmark = pytest.mark.django_db
EVERY_DAY = range(7)
FIRST, LAST = date(2018, 12, 3), date(2018, 12, 9)  # Monday to Sunday


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def user(neighbourhood):
    return staff_user("volunteer_coordinator", neighbourhood)


def test_past_mornings_are_made_once_and_nobody_is_told(rota, member, user):
    """T1: as of the hour of that day, with the day of entry; what stands and days off are passed over."""
    member("单巧云")
    baker.make(RotaBreak, rota=rota, first_day=date(2018, 12, 9), last_day=date(2018, 12, 9), reason="雪")

    made = past_mornings.enter(rota, FIRST, LAST, [0, 2, 6], at=NOW, by=user)
    again = past_mornings.enter(rota, FIRST, LAST, [0, 1, 2, 6], at=NOW, by=user)

    assert [str(slot.slot_key)[-5:] for slot in made] == ["12-03", "12-05"]
    assert [str(slot.slot_key)[-5:] for slot in again] == ["12-04"]
    assert {(slot.status, slot.outcome, slot.entered_at) for slot in made} == {("done", "pending", NOW)}
    assert not Message.objects.exists()
    assert not made[0].sign_ups.exists()
    assert made[0].history.get().history_user == user


def test_they_wait_to_be_noted_and_nothing_was_swapped(rota, member, user):
    """T1, T9: who was there has their minutes; the sheet is open although it is long ago."""
    pair = [member("单巧云"), member("俞素珍")]
    rota.team.founded_on = date(2018, 1, 1)
    rota.team.save()
    for person in pair:
        person.team_memberships.update(since=date(2018, 1, 1))
        baker.make(Consent, person=person, purpose="record", given_by=person, given_at=NOW)
    [slot] = past_mornings.enter(rota, date(2018, 6, 4), date(2018, 6, 4), EVERY_DAY, at=NOW, by=user)
    waiting = list(not_noted.to_note(NOW + timedelta(hours=4)))

    noted = diary.record(slot, pair, at=NOW, by_staff=user)

    assert waiting == [slot]
    assert noted.outcome == "done"
    assert list(ServiceRecord.objects.values_list("minutes", flat=True)) == [45, 45]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (LAST, FIRST, "before the first"),
        (date(2018, 12, 19), date(2018, 12, 20), "before today"),
        (date(2018, 10, 1), date(2018, 12, 9), "two months"),
        (date(2018, 11, 16), date(2018, 11, 20), "founded on"),
    ],
)
def test_other_days_are_refused(rota, user, first, last, words):
    with pytest.raises(Refusal, match=words):
        past_mornings.enter(rota, first, last, EVERY_DAY, at=NOW, by=user)
    assert not Shift.objects.exists()


def test_planning_leaves_them_alone(rota, user):
    past_mornings.enter(rota, FIRST, LAST, EVERY_DAY, at=NOW, by=user)
    planning.generate(rota, at=NOW)
    assert duties(rota.team_id).filter(starts_at__lt=NOW, status="done").count() == 7


def test_the_act_says_what_follows(rota, user):
    """T1: from the staff's page, and the morning's page says when it was entered."""
    desk = client_of(user)
    url = f"{reverse('admin:volunteers_rota_act', args=['past'])}?ids={rota.pk}"

    before = desk.get(url).content.decode()
    desk.post(url, {"ids": rota.pk, "first_day": "2018-12-03", "last_day": "2018-12-04", "weekdays": ["0", "1"]})
    slot = duties(rota.team_id).first()
    page = desk.get(reverse("volunteers:morning", args=["lane-600", "flower", slot.pk])).content.decode()

    assert "Nobody is told, and nobody is put down." in before
    assert duties(rota.team_id).count() == 2
    assert "Entered afterwards, on Thu 20 Dec 2018." in page
