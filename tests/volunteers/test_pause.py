"""Calling mornings off (T17): all or nothing, one sentence, whatever colleagues do in the same moment."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from activities.operations import lifecycle
from people.models import Message
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.parallel import at_once
from tests.staff import client_of, said, staff_user
from volunteers.models import RotaBreak
from volunteers.operations import planning, promises

FIRST, LAST = date(2018, 12, 26), date(2018, 12, 28)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def office(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


@pytest.fixture
def planned(rota, member):
    promises.promise(rota, member("单巧云"), None, at=NOW)
    return rota


def pause(rota, by):
    return promises.pause(rota, FIRST, LAST, "寒潮", at=NOW, by=by)


def states(rota) -> list[str]:
    return [slot.status for slot in planning.slots_of(rota, FIRST, LAST).values()]


@pytest.fixture
def one_is_refused(monkeypatch):
    """The second morning is cancelled by a colleague, in the moment between the look at it and its own turn."""
    real, asked = lifecycle.cancel, []

    def cancel(slot, **how):
        asked.append(slot)
        if len(asked) == 2:
            real(slot, **how)
        return real(slot, **how)

    monkeypatch.setattr(promises.lifecycle, "cancel", cancel)
    return asked


@pytest.mark.django_db
def test_one_morning_refused_leaves_all_as_they_were(planned, office, one_is_refused):
    """T17: the break was kept and the first morning cancelled; nobody was told why the others were not."""
    with pytest.raises(Refusal, match="is cancelled already"):
        pause(planned, office)

    assert states(planned) == ["published"] * 3
    assert (RotaBreak.objects.count(), Message.objects.count()) == (0, 0)
    assert len(one_is_refused) == 2


@pytest.mark.django_db
def test_without_the_transaction_it_is_torn(planned, office, one_is_refused):
    """The control of the test above: T17 as it was."""
    with pytest.raises(Refusal):
        promises.pause.__wrapped__(planned, FIRST, LAST, "寒潮", at=NOW, by=office)

    assert sorted(states(planned)) == ["cancelled", "cancelled", "published"]
    assert RotaBreak.objects.count() == 1


@pytest.mark.django_db
def test_staff_read_one_sentence(planned, office, one_is_refused):
    url = reverse("admin:volunteers_rota_act", args=["off"])
    answer = client_of(office).post(
        url, {"ids": planned.pk, "first_day": FIRST.isoformat(), "last_day": LAST.isoformat(), "reason": "寒潮来了"}
    )

    assert (answer.status_code, len(said(answer))) == (200, 1)
    assert "is cancelled already" in said(answer)[0]
    assert "寒潮来了" in answer.content.decode()


@pytest.mark.django_db
def test_a_morning_that_is_cancelled_already_is_passed_over(planned, office):
    [_first, second, _third] = planning.slots_of(planned, FIRST, LAST).values()
    lifecycle.cancel(second, at=NOW, by=office, reason="先取消了")

    _row, cancelled = pause(planned, office)

    assert (cancelled, states(planned)) == (2, ["cancelled"] * 3)
    second.refresh_from_db()
    assert second.cancel_reason == "先取消了"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_colleagues_call_off_and_cancel_in_the_same_moment(planned, office, round_):
    """Whoever comes first: each morning is cancelled once, its people told once, and nobody waits in a circle."""
    slots = list(planning.slots_of(planned, FIRST, LAST).values())
    results = at_once(
        lambda: pause(planned, office),
        lambda: pause(planned, office),
        *[lambda slot=slot: lifecycle.cancel(slot, at=NOW, by=office, reason="下雨") for slot in reversed(slots)],
    )

    assert [one for one in results if isinstance(one, Exception) and not isinstance(one, Refusal)] == []
    assert states(planned) == ["cancelled"] * 3
    counted = [one[1] for one in results[:2] if isinstance(one, tuple)]
    single = sum(not isinstance(one, Exception) for one in results[2:])
    assert sum(counted) + single == 3
    assert RotaBreak.objects.count() == 2
