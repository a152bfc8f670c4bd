"""T9: mornings that nobody noted are lost to nobody: they stand on first pages, can be noted until the sheet is closed, and read so."""

from datetime import date, datetime, timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from activities.operations import attendance_sheet, lifecycle
from people.models import TeamMembership
from portal import clock
from portal.refusals import Refusal
from tests.conftest import NOW, SHANGHAI
from tests.staff import client_of, staff_user
from volunteers.admin.not_noted import mornings_to_note
from volunteers.models import Shift
from volunteers.operations import diary, promises
from volunteers.rules import not_noted

pytestmark = pytest.mark.django_db
URL = "/lane-600/volunteers/rota/flower/"
TITLE = "Mornings that nobody noted"
BEGINS = datetime(2018, 12, 27, 7, tzinfo=SHANGHAI)  # until 7:45
JUST_BEFORE_NOON, NOON = BEGINS.replace(hour=11, minute=59), BEGINS.replace(hour=12)
LAST_MOMENT, CLOSED = datetime(2019, 1, 10, 23, 59, tzinfo=SHANGHAI), datetime(2019, 1, 11, 0, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def pair(rota, member):
    first, second = member("单巧云"), member("俞素珍")
    promises.promise(rota, first, 3, at=NOW)
    promises.promise(rota, second, 3, at=NOW)
    return first, second


@pytest.fixture
def only(pair, slot):
    """The morning of 27 December; those before and after it are noted."""
    Shift.objects.exclude(pk=slot(27).pk).update(outcome="done")
    return slot(27)


def job_of(client):
    return next(job for job in client.get(reverse("admin:index")).context["jobs"] if job.title == TITLE)


def test_from_noon_it_stands_on_the_leaders_own_page(client, team, only):
    """T9: without a second factor; members and others read nothing of it there."""
    client.force_login(team.leader.user)
    shown = {}
    for moment in (JUST_BEFORE_NOON, NOON, NOON + timedelta(days=9)):
        with clock.frozen(moment):
            shown[moment] = TITLE in client.get("/me/").content.decode()
    assert shown == {JUST_BEFORE_NOON: False, NOON: True, NOON + timedelta(days=9): True}


def test_only_the_leader_is_asked_on_their_own_page(client, pair, only):
    client.force_login(pair[0].user)
    with clock.frozen(NOON):
        assert TITLE not in client.get("/me/").content.decode()


def test_the_leaders_staff_page_has_it_from_noon_the_coordinators_after_three_days(team, only, neighbourhood):
    """T9: and while it waits no such page says that nothing is to be done."""
    leader = client_of(staff_user("team_leader", neighbourhood, team=team))
    desk = client_of(staff_user("volunteer_coordinator", neighbourhood))
    counts = []
    for moment in (JUST_BEFORE_NOON, NOON, BEGINS + timedelta(days=3, minutes=1), LAST_MOMENT, CLOSED):
        with clock.frozen(moment):
            counts.append((job_of(leader).count, job_of(desk).count))
    with clock.frozen(NOON):
        said = job_of(desk).nothing
    assert counts == [(0, 0), (1, 0), (1, 1), (1, 1), (0, 0)]
    assert said == "No morning waits to be noted for more than three days."


def test_members_and_the_leader_note_it_until_the_sheet_is_closed(client, pair, team, only):
    """T9: three weeks later, not three days; then the coordinator opens it again."""
    client.force_login(pair[0].user)
    with clock.frozen(LAST_MOMENT):
        assert client.get(f"{URL}{only.pk}/").context["diary_form"] is not None
        diary.record(only, [pair[0]], at=LAST_MOMENT, by=pair[0])
        diary.record(only, pair, at=LAST_MOMENT, by=team.leader)
    with clock.frozen(CLOSED):
        page = client.get(f"{URL}{only.pk}/")
        for who in ({"by": pair[0]}, {"by": team.leader}, {"by_staff": team.leader.user}):
            with pytest.raises(Refusal, match="closed|关闭"):
                diary.record(only, [pair[0]], at=CLOSED, **who)
    assert page.context["diary_form"] is None
    assert "is closed since" in page.content.decode()


def test_an_opened_sheet_takes_the_morning_again(pair, team, only):
    """T9: and it stands on the first pages again."""
    attendance_sheet.reopen(only, reason="漏记", by=team.leader.user, at=CLOSED)
    assert list(not_noted.to_note(CLOSED)) == [only]
    diary.record(only, [pair[0]], at=CLOSED, by=team.leader)
    assert not not_noted.not_noted(CLOSED).exists()


def test_it_reads_not_noted_and_never_nothing_or_done(client, pair, only):
    """T9: in the month, on the morning's page, on the activity's, in the staff's list; one's own turn is no green tick then."""
    client.force_login(pair[0].user)
    with clock.frozen(NOON):
        lifecycle.finish_past(NOON)
        month = client.get(f"{URL}?month=2018-12").content.decode()
        row = month[month.index(f'id="slot-{only.pk}"') :].partition("</tr>")[0]
        pages = [client.get(f"{URL}{only.pk}/"), client.get(only.get_absolute_url())]
    assert "not noted" in row
    assert "my turn" not in row
    assert ["not noted" in page.content.decode() for page in pages] == [True, True]


def test_a_morning_to_come_or_called_off_is_not_missing_its_note(pair, slot, rota):
    promises.pause(rota, date(2018, 12, 27), date(2018, 12, 27), "雨", at=NOW, by=rota.team.leader.user)
    assert not not_noted.not_noted(NOW).exists()
    assert slot(27) not in set(not_noted.not_noted(NOON))


def test_the_staffs_list_finds_what_waits_and_what_nobody_can_note_any_more(only, neighbourhood):
    """T9, T0: rows of before are listed, not altered."""
    desk = client_of(staff_user("volunteer_coordinator", neighbourhood))
    found = {}
    for moment in (NOON, CLOSED):
        with clock.frozen(moment):
            for value in ("no", "never"):
                page = desk.get(reverse("admin:volunteers_shift_changelist"), {"noted": value})
                found[moment, value] = list(page.context["cl"].queryset)
            shown = desk.get(reverse("admin:volunteers_shift_changelist"), {"noted": "never"}).content.decode()
    assert found == {(NOON, "no"): [only], (NOON, "never"): [], (CLOSED, "no"): [], (CLOSED, "never"): [only]}
    assert '<span class="state due">not noted</span>' in shown


def test_whoever_left_the_team_since_can_still_be_said_to_have_been_there(client, team, pair, only, member):
    """T1, M3: the members of that day are offered, not those of today."""
    left, came = member("尤碧云"), member("尹素娟", since=date(2018, 12, 29))
    TeamMembership.objects.filter(person=left).update(until=date(2018, 12, 29))
    client.force_login(team.leader.user)
    with clock.frozen(NOON + timedelta(days=5)):
        form = client.get(f"{URL}{only.pk}/").context["diary_form"]
        diary.record(only, [left], at=NOON + timedelta(days=5), by=team.leader)
    assert str(left.pk) in form.members
    assert str(came.pk) not in form.members


@pytest.mark.parametrize("length", [1, 8])
def test_the_job_costs_one_query_however_many_wait(team, only, neighbourhood, length, django_assert_num_queries):
    others = Shift.objects.exclude(pk=only.pk).order_by("starts_at").values_list("pk", flat=True)[: length - 1]
    Shift.objects.filter(pk__in=list(others)).update(outcome="pending")
    request = RequestFactory().get("/admin/")
    request.user = staff_user("committee_admin", neighbourhood)
    mornings_to_note(request)  # the grants are read
    with clock.frozen(NOON + timedelta(days=10)), django_assert_num_queries(1):
        assert mornings_to_note(request).count == length
